//! Tricks with paths lead nowhere, and never round a guard.

use std::sync::Arc;

use channel_core::{
    ChannelState, InputChannel, OnNewMessage,
    axum::{Router, body::to_bytes, http::Uri, routing::post as on_post},
    channel, routes,
};
use channel_server::{
    Server,
    core::axum::{body::Body, extract::Request},
};

use crate::support::{Peer, ask, post, server};

const HI: &str = r#"{"sender": "ada", "message": "Hi"}"#;

#[tokio::test]
async fn no_spelling_of_a_path_goes_round_the_token() {
    let server = server("open: { bearer_token: open sesame }").build().unwrap().start().await.unwrap();
    for path in [
        "//webhooks/open/webhook",
        "/webhooks//open/webhook",
        "/webhooks/open//webhook",
        "/webhooks/open/webhook//",
        "/webhooks/open/./webhook",
        "/webhooks/open/../open/webhook",
        "/webhooks/open/webhook/../webhook",
        "/webhooks/open/%2e%2e/open/webhook",
        "/webhooks/open%2fwebhook",
        "/webhooks/%6fpen/webhook",
        "/webhooks/open/%77ebhook",
        "/webhooks/OPEN/webhook",
        "/webhooks/open;x=y/webhook",
        "/webhooks/open/webhook;x=y",
        "/webhooks/open/webhook%00",
        "/webhooks\\open\\webhook",
        "/webhooks/open/?/webhook",
        "/webhooks/open?/webhook",
        "http://elsewhere/webhooks/open/webhook",
        "/%77ebhooks/open/webhook",
        "*",
        "/webhooks/öpen/webhook",
    ] {
        let answer = Peer::post_to(server.address(), path, HI).await;
        assert!(matches!(answer.status, 400 | 401 | 404 | 405), "{path}: {answer:?}");
    }
}

#[tokio::test]
async fn a_very_long_path_is_not_found() {
    let server = server("rest:").build().unwrap();
    for part in ["x", "/", "/x", "/webhooks/rest", "%2e"] {
        let path = format!("/webhooks/rest/{}", part.repeat(60_000 / part.len()));
        ask(&server, post(&path, HI)).await.refused(404);
    }
}

#[tokio::test]
async fn instances_are_found_by_their_very_names() {
    let server = server("open: { instances: { a: , a.b: , A: , \"1\": } }").build().unwrap();
    for name in ["a", "a.b", "A", "1"] {
        let path = format!("/webhooks/open/{name}/webhook");
        assert_eq!(ask(&server, post(&path, HI)).await.texts(), ["Hi"], "{path}");
    }
    for name in ["", "b", "a/", "a.", "a/b", "%61", "more"] {
        ask(&server, post(&format!("/webhooks/open/{name}/webhook"), HI)).await.refused(404);
    }
    ask(&server, post("/webhooks/open/webhook", HI)).await.refused(404);
}

/// A channel made by hand, which answers with its prefix.
struct At(&'static str);

impl InputChannel for At {
    fn name(&self) -> &str {
        self.0
    }

    fn router(self: Arc<Self>) -> Router<ChannelState> {
        let receive = async move |_: OnNewMessage| self.0;
        Router::new().route("/webhook", on_post(receive.clone())).route("/more/webhook", on_post(receive))
    }
}

#[tokio::test]
async fn the_longest_prefix_wins() {
    let server = server("rest:").channel(At("team")).channel(At("team/myio")).channel(At("a/b/c"));
    let server = server.build().unwrap();
    for (path, channel) in [
        ("/webhooks/team/webhook", "team"),
        ("/webhooks/team/more/webhook", "team"),
        ("/webhooks/team/myio/webhook", "team/myio"),
        ("/webhooks/team/myio/more/webhook", "team/myio"),
        ("/webhooks/a/b/c/webhook", "a/b/c"),
    ] {
        assert_eq!(
            ask(&server, Request::post(path).body(Body::empty()).unwrap()).await.body,
            channel,
            "{path}"
        );
    }
    for path in ["/webhooks/a/webhook", "/webhooks/a/b/webhook", "/webhooks/team/myio2/webhook"] {
        ask(&server, post(path, "")).await.refused(404);
    }
}

#[test]
fn a_prefix_that_no_url_has_is_refused() {
    for prefix in ["", "/", "/a", "a/", "a//b", ".", "..", "a/../b", "a b", "a?b", "a#b", "%61", "ä", "{a}"]
    {
        let error = server("rest:").channel(At(prefix)).build().err();
        let error = error.unwrap_or_else(|| panic!("`{prefix}` was taken")).to_string();
        assert!(error.contains(&format!("the prefix `{prefix}`")), "{error}");
    }
}

#[test]
fn two_channels_never_share_a_route() {
    for (first, second) in [("team", "team"), ("rest", "rest/webhook"), ("rest/webhook", "rest")] {
        let error = server("open:").channel(At(first)).channel(At(second)).build().err();
        let error = error.unwrap_or_else(|| panic!("`{second}` was taken")).to_string();
        assert!(error.contains(&format!("`{first}` and `{second}`")), "{error}");
    }
    let error = server("rest:").channel(At("rest/webhook")).build().err().unwrap().to_string();
    assert!(error.contains("`rest` and `rest/webhook`"), "{error}");
}

#[channel(name = "proxy")]
struct Proxy;

impl Proxy {
    #[routes]
    fn routes(&self) -> Router {
        Router::new().fallback(async |uri: Uri| format!("forwarded {uri}"))
    }
}

#[tokio::test]
async fn a_fallback_among_routes_by_hand_is_kept() {
    let server = Server::builder().channel(Proxy).build().unwrap();
    let request = Request::get("/webhooks/proxy/any/where?x=1").body(Body::empty()).unwrap();
    let answer = server.answer(request).await;
    let body = to_bytes(answer.into_body(), 100).await.unwrap();
    assert_eq!(body, "forwarded /any/where?x=1");
}
