//! `callback`: replies are posted to an address, in order, and again where that may help.

use std::collections::HashSet;

use channel_connectors::Callback;
use channel_core::{
    BotMessage, Button, Element, FromSettings, InputChannel, Recipient, Retry, Settings, UserMessage,
};
use channel_server::{Server, core::axum::extract::Request};
use serde_json::{Value, json};
use tokio::net::TcpSocket;

use crate::support::{
    Answer,
    Reaction::{Again, Silence, Status},
    Target, ask, logged, post, server,
};

const PATH: &str = "/webhooks/callback/webhook";

fn credentials(target: &Target) -> String {
    format!("callback: {{ url: 'http://{}/bot', timeout: 10 }}", target.address)
}

async fn say(server: &Server, body: &Value) -> Answer {
    ask(server, post(PATH, body.to_string())).await
}

fn hi() -> Value {
    json!({ "sender": "ada", "message": "Hi" })
}

/// Answers with what it sees of the message.
async fn seen(message: UserMessage) -> String {
    let UserMessage { sender_id, input_channel, metadata, .. } = message;
    json!([sender_id, input_channel, metadata]).to_string()
}

/// One of everything.
async fn everything(_: UserMessage) -> Vec<BotMessage> {
    vec![
        BotMessage::text("one\n\ntwo"),
        BotMessage::text("three")
            .with_buttons([Button::new("T", "/greet")])
            .with_image("http://example.com/rich.png"),
        BotMessage::default()
            .with_attachment(json!({ "type": "video" }))
            .with_custom(json!({ "hello": ["world", 1, null, true] })),
        BotMessage::default().with_elements([Element::new("E1", "S1")]),
    ]
}

#[tokio::test]
async fn every_message_is_a_post_in_order() {
    let mut target = Target::reacting([]).await;
    let server = server(&credentials(&target)).agent(everything).build().unwrap();
    let answer = say(&server, &hi()).await;
    assert_eq!((answer.status, answer.body.as_str()), (200, "success"));
    assert_eq!(answer.header("content-type"), "text/plain; charset=utf-8");
    let expected = [
        json!({ "recipient_id": "ada", "text": "one" }),
        json!({ "recipient_id": "ada", "text": "two" }),
        json!({ "recipient_id": "ada", "text": "three", "buttons": [{ "title": "T", "payload": "/greet" }] }),
        json!({ "recipient_id": "ada", "image": "http://example.com/rich.png" }),
        json!({ "recipient_id": "ada", "custom": { "hello": ["world", 1, null, true] } }),
        json!({ "recipient_id": "ada", "attachment": { "type": "video" } }),
        json!({ "recipient_id": "ada", "text": "E1 : S1", "buttons": [] }),
    ];
    assert_eq!(target.bodies(), expected, "all were taken before the answer");
}

#[tokio::test]
async fn the_settings_go_along() {
    let mut target = Target::reacting([]).await;
    let settings = format!(
        "callback: {{ url: 'http://{}/bot?a=b', token: s3cret, token_name: key, params: {{ x: y }}, headers: {{ x-from: \
         us }}, basic_auth: {{ username: ann, password: pw }} }}",
        target.address
    );
    let server = server(&settings).build().unwrap();
    say(&server, &hi()).await;
    let posted = target.posted().await;
    assert_eq!(posted.uri, "/bot?a=b&x=y&key=s3cret");
    assert_eq!(posted.headers["content-type"], "application/json");
    assert_eq!(posted.headers["x-from"], "us");
    assert_eq!(posted.headers["authorization"], "Basic YW5uOnB3");
}

#[tokio::test]
async fn metadata_and_the_input_channel_count() {
    let mut target = Target::reacting([]).await;
    let server = server(&credentials(&target)).agent(seen).build().unwrap();
    say(&server, &hi()).await;
    assert_eq!(target.posted().await.body["text"], r#"["ada","callback",null]"#);
    let body =
        json!({ "sender": "ada", "text": "Hi", "metadata": { "a": [1] }, "input_channel": "elsewhere" });
    say(&server, &body).await;
    assert_eq!(target.posted().await.body["text"], r#"["ada","elsewhere",{"a":[1]}]"#);
}

#[tokio::test]
async fn what_is_no_message_is_refused() {
    let mut target = Target::reacting([]).await;
    let server = server(&credentials(&target)).build().unwrap();
    for (body, field) in [
        (r#"{"message": "Hi"}"#, "sender"),
        (r#"{"sender": "ada"}"#, "message"),
        (r#"{"sender": "ada", "message": 5}"#, "message"),
        (r#"{"sender": "ada", "message": "Hi", "metadata": []}"#, "metadata"),
        ("", ""),
        ("{", ""),
    ] {
        let answer = ask(&server, post(PATH, body)).await;
        answer.refused(400);
        assert_eq!(answer.field(), field, "{body}");
    }
    let get = Request::get(PATH).body("".into()).unwrap();
    assert_eq!(ask(&server, get).await.status, 405);
    let health = Request::get("/webhooks/callback/").body("".into()).unwrap();
    assert_eq!(ask(&server, health).await.json(), json!({ "status": "ok" }));
    assert!(target.bodies().is_empty());
}

#[tokio::test]
async fn what_fails_for_now_is_posted_again_before_the_next() {
    let mut target = Target::reacting([Again(503), Again(429), Status(200), Again(500)]).await;
    let server =
        server(&credentials(&target)).agent(|_| async { ["one", "two"].map(str::to_owned).to_vec() });
    let server = server.build().unwrap();
    assert_eq!(say(&server, &hi()).await.body, "success");
    let mut tries = Vec::new();
    for _ in 0..5 {
        let posted = target.posted().await;
        let key = posted.headers["idempotency-key"].to_str().unwrap().to_owned();
        tries.push((posted.body["text"].as_str().unwrap().to_owned(), key));
    }
    let texts: Vec<_> = tries.iter().map(|(text, _)| text.as_str()).collect();
    assert_eq!(texts, ["one", "one", "one", "two", "two"]);
    assert_eq!(HashSet::<_>::from_iter(tries).len(), 2, "a key is that of a message, and of no other");
}

#[tokio::test]
async fn what_times_out_is_posted_again() {
    let mut target = Target::reacting([Silence]).await;
    let settings = credentials(&target).replace("timeout: 10", "timeout: 0.3");
    let server = server(&settings).build().unwrap();
    assert_eq!(say(&server, &hi()).await.body, "success");
    let keys =
        [target.posted().await, target.posted().await].map(|post| post.headers["idempotency-key"].clone());
    assert_eq!(keys[0], keys[1]);
}

#[tokio::test]
async fn after_four_tries_the_turn_fails() {
    let mut target = Target::reacting([Again(503); 9]).await;
    let server = server(&credentials(&target)).build().unwrap();
    let answer = say(&server, &hi()).await;
    answer.refused(500);
    assert_eq!(target.bodies().len(), 4);
    let reason = format!("the callback was not taken: http://{}/bot answered 503", target.address);
    let log = logged(answer.header("x-request-id"));
    assert!(log.iter().any(|line| line.contains(&reason)), "{log:?}");
}

#[tokio::test]
async fn what_is_wrong_for_good_is_not_posted_again() {
    for status in [400, 401, 404, 410, 501, 302] {
        let mut target = Target::reacting([Again(status); 9]).await;
        let server = server(&credentials(&target)).agent(everything).build().unwrap();
        say(&server, &hi()).await.refused(500);
        assert_eq!(target.bodies().len(), 1, "{status}");
    }
}

#[tokio::test]
async fn nobody_is_there() {
    // Bound, lest somebody else get the port, and not listening.
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let address = socket.local_addr().unwrap();
    let server = server(&format!("callback: {{ url: 'http://{address}/bot' }}")).build().unwrap();
    let answer = say(&server, &hi()).await;
    answer.refused(500);
    let log = logged(answer.header("x-request-id"));
    assert!(
        log.iter().any(|line| line.contains(&format!("could not connect to http://{address}/bot"))),
        "{log:?}"
    );
}

fn channel(target: &Target) -> Callback {
    let settings = json!({ "url": format!("http://{}/bot", target.address), "timeout": 0.3 });
    Callback::from_settings(&Settings::from_json(&settings)).unwrap()
}

#[tokio::test]
async fn a_message_goes_out_unasked() {
    let mut target = Target::reacting([]).await;
    let to = Recipient::new("ada");
    let output = channel(&target).output_channel(&to).unwrap();
    assert_eq!(output.name(), "callback");
    output.send(&to, &BotMessage::text("Your parcel is there")).await.unwrap();
    assert_eq!(target.bodies(), [json!({ "recipient_id": "ada", "text": "Your parcel is there" })]);
    output.send_image(&to, "http://example.com/i.png", &BotMessage::default()).await.unwrap();
    assert_eq!(target.bodies(), [json!({ "recipient_id": "ada", "image": "http://example.com/i.png" })]);
}

#[tokio::test]
async fn a_failure_says_whether_another_try_helps() {
    for (reactions, retry) in [
        ([Status(400); 4], Retry::Never),
        ([Again(429); 4], Retry::After(std::time::Duration::ZERO)),
        ([Silence; 4], Retry::Unknown),
    ] {
        let target = Target::reacting(reactions).await;
        let to = Recipient::new("ada");
        let output = channel(&target).output_channel(&to).unwrap();
        assert_eq!(output.send(&to, &"Hi".into()).await.unwrap_err().retry(), retry);
    }
}

#[tokio::test]
async fn secrets_stay_out_of_the_log() {
    let target = Target::reacting([Again(503), Status(400)]).await;
    let settings = format!(
        "callback: {{ url: 'http://{}/bot', token: CALLBACK-SENTINEL, headers: {{ x: CALLBACK-SENTINEL }} }}",
        target.address
    );
    let server = server(&settings).build().unwrap();
    let answer = say(&server, &hi()).await;
    assert!(!answer.refused(500).contains("CALLBACK-SENTINEL"));
    let log = logged(&target.address.to_string());
    assert!(log.iter().any(|line| line.contains("no use for /bot?token=…")), "{log:?}");
    assert!(logged("CALLBACK-SENTINEL").is_empty());
}

#[test]
fn settings_are_read_with_all_their_mistakes() {
    for (credentials, expected) in [
        ("callback:", "`url`"),
        ("callback: { url: 'http://x', tokn: CALLBACK-SENTINEL }", "did you mean `token`?"),
        ("callback: { url: 'http://x', bearer_tokn: CALLBACK-SENTINEL }", "did you mean `bearer_token`?"),
        ("callback: { url: 'ftp://CALLBACK-SENTINEL/' }", "`url` begins with neither http:// nor https://"),
        ("callback: { url: 'http://x', timeout: 0 }", "`timeout`"),
    ] {
        let mistakes = server(credentials).build().err().unwrap().to_string();
        assert!(mistakes.contains(expected) && !mistakes.contains("SENTINEL"), "{mistakes}");
    }
}
