//! What lets a request in: a bearer token, a channel's own check, both, or the word that none is needed.

use channel_server::core::axum::{body::Body, extract::Request, http::Method};

use crate::support::{ask, logged, post, server};

const HI: &str = r#"{"sender": "ada", "message": "Hi"}"#;

fn with(path: &str, headers: &[(&str, &str)]) -> Request {
    let mut request = post(path, HI);
    for (name, value) in headers {
        request.headers_mut().append(
            name.parse::<channel_server::core::axum::http::HeaderName>().unwrap(),
            value.parse().unwrap(),
        );
    }
    request
}

const TOKEN: (&str, &str) = ("authorization", "Bearer open sesame");

#[tokio::test]
async fn a_bearer_token_guards_every_route() {
    let server = server("open: { bearer_token: open sesame }").build().unwrap();
    for path in ["/webhooks/open/webhook", "/webhooks/open/webhook/", "/webhooks/open/more/1"] {
        let refused = ask(&server, with(path, &[])).await;
        assert!(refused.refused(401).contains("bearer token"), "{path}");
        assert_eq!(refused.header("www-authenticate"), "Bearer");
        assert_eq!(ask(&server, with(path, &[TOKEN])).await.texts(), ["Hi"], "{path}");
    }
    for path in ["/webhooks/open/none", "/webhooks/open//webhook", "/webhooks/open//"] {
        ask(&server, with(path, &[])).await.refused(401);
    }
}

#[tokio::test]
async fn only_the_very_token_opens() {
    let server = server("open: { bearer_token: open sesame }").build().unwrap();
    for value in [
        "",
        "Bearer",
        "Bearer ",
        "Bearer open",
        "Bearer open sesame!",
        "Bearer OPEN SESAME",
        "Basic open sesame",
        "open sesame",
        "Bearer\topen sesame",
        "Bearer open sesame, Bearer x",
        "Bearéopen sesame",
    ] {
        let mut request = post("/webhooks/open/webhook", HI);
        request.headers_mut().insert(
            "authorization",
            channel_server::core::axum::http::HeaderValue::from_bytes(value.as_bytes()).unwrap(),
        );
        ask(&server, request).await.refused(401);
    }
    for value in ["bearer open sesame", "BEARER  open sesame "] {
        let request = with("/webhooks/open/webhook", &[("authorization", value)]);
        assert_eq!(ask(&server, request).await.texts(), ["Hi"], "{value}");
    }
    let twice = [("authorization", "Bearer wrong"), TOKEN];
    ask(&server, with("/webhooks/open/webhook", &twice)).await.refused(401);
}

#[tokio::test]
async fn health_is_open_to_load_balancers_and_to_nothing_else() {
    let server = server("open: { bearer_token: open sesame }\nguarded: { token: secret }").build().unwrap();
    let asked = |method: Method, path: &str| Request::builder().method(method).uri(path).body(Body::empty());
    for path in ["/webhooks/open", "/webhooks/open/", "/webhooks/open?a=b", "/webhooks/guarded/"] {
        assert_eq!(ask(&server, asked(Method::GET, path).unwrap()).await.status, 200, "{path}");
        assert_eq!(ask(&server, asked(Method::HEAD, path).unwrap()).await.status, 200, "{path}");
    }
    ask(&server, asked(Method::POST, "/webhooks/open/").unwrap()).await.refused(401);
}

#[tokio::test]
async fn a_check_of_the_channel_guards_every_route() {
    let server = server("guarded: { token: secret }").build().unwrap();
    for path in ["/webhooks/guarded/webhook", "/webhooks/guarded/more/1"] {
        for shown in [&[][..], &[("x-token", "wrong")], &[("x-token", "")]] {
            let refused = ask(&server, with(path, shown)).await;
            assert_eq!(refused.refused(401), "the request could not be verified", "no word of why");
        }
        assert_eq!(ask(&server, with(path, &[("x-token", "secret")])).await.texts(), ["Hi"], "{path}");
    }
}

#[tokio::test]
async fn a_check_that_panics_lets_nobody_in() {
    let server = server("guarded: { token: secret }").build().unwrap();
    for path in ["/webhooks/guarded/webhook", "/webhooks/guarded/more/1"] {
        ask(&server, with(path, &[("x-token", "panic")])).await.refused(500);
    }
}

#[tokio::test]
async fn what_is_not_verified_is_not_parsed() {
    let server = server("guarded: { token: secret }").build().unwrap();
    ask(&server, post("/webhooks/guarded/webhook", "not JSON")).await.refused(401);
}

#[tokio::test]
async fn a_token_does_not_replace_the_check() {
    let server = server("guarded: { token: secret, bearer_token: open sesame }").build().unwrap();
    for path in ["/webhooks/guarded/webhook", "/webhooks/guarded/more/1"] {
        ask(&server, with(path, &[TOKEN])).await.refused(401);
        ask(&server, with(path, &[("x-token", "secret")])).await.refused(401);
        assert_eq!(ask(&server, with(path, &[TOKEN, ("x-token", "secret")])).await.texts(), ["Hi"]);
    }
}

#[tokio::test]
async fn insecure_switches_the_check_off_and_says_so() {
    let server = server("guarded: { token: secret, insecure: true }").build().unwrap();
    for path in ["/webhooks/guarded/webhook", "/webhooks/guarded/more/1"] {
        assert_eq!(ask(&server, with(path, &[])).await.texts(), ["Hi"], "{path}");
    }
    assert!(!logged("anyone who reaches /webhooks/guarded/webhook can write to the bot").is_empty());
    assert!(!logged("verification=\"none (insecure: true)\"").is_empty());
}

#[tokio::test]
async fn insecure_leaves_the_token() {
    let server =
        server("guarded: { token: secret, insecure: true, bearer_token: open sesame }").build().unwrap();
    ask(&server, with("/webhooks/guarded/webhook", &[])).await.refused(401);
    assert_eq!(ask(&server, with("/webhooks/guarded/webhook", &[TOKEN])).await.texts(), ["Hi"]);
}

#[tokio::test]
async fn each_instance_has_its_own_secret() {
    let server =
        server("guarded: { instances: { a: { token: alpha }, b: { token: beta, insecure: true } } }");
    let server = server.build().unwrap();
    let alpha = [("x-token", "alpha")];
    assert_eq!(ask(&server, with("/webhooks/guarded/a/webhook", &alpha)).await.texts(), ["Hi"]);
    assert_eq!(ask(&server, with("/webhooks/guarded/b/webhook", &[])).await.texts(), ["Hi"]);
    ask(&server, with("/webhooks/guarded/a/webhook", &[("x-token", "beta")])).await.refused(401);
    ask(&server, with("/webhooks/guarded/webhook", &alpha)).await.refused(404);
}
