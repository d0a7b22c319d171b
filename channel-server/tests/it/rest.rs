//! `rest`: what it takes, and how it refuses everything else.

use channel_core::{Agent, AgentError, Turn, UserMessage, async_trait};
use channel_server::{Server, core::axum::extract::Request};
use serde_json::json;

use crate::support::{Answer, Step, ask, logged, post, puppet, server};

const PATH: &str = "/webhooks/rest/webhook";

async fn answer_to(body: impl AsRef<[u8]>) -> Answer {
    ask(&server("rest:").build().unwrap(), post(PATH, body.as_ref().to_vec())).await
}

/// Answers with what it sees of the message.
async fn seen(message: UserMessage) -> String {
    let UserMessage { text, sender_id, input_channel, metadata, .. } = message;
    json!({ "text": text, "sender": sender_id, "channel": input_channel, "metadata": metadata }).to_string()
}

/// What the agent sees of a message that is posted with this body.
async fn message_of(server: &Server, body: &str) -> serde_json::Value {
    serde_json::from_str(&ask(server, post(PATH, body.to_owned())).await.texts()[0]).unwrap()
}

#[tokio::test]
async fn answers_with_the_replies() {
    let answer = answer_to(r#"{"sender": "test_user", "message": "Hi there!", "metadata": {}}"#).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.json(), json!([{ "recipient_id": "test_user", "text": "Hi there!" }]));
}

#[tokio::test]
async fn takes_a_text_that_was_cut_within_an_emoji() {
    let answer = answer_to(r#"{"sender": "ada", "message": "Hi \ud83d"}"#).await;
    assert_eq!(answer.texts(), ["Hi \u{fffd}"]);
}

#[tokio::test]
async fn takes_every_spelling_of_a_message() {
    let server = server("rest:").agent(seen).build().unwrap();
    let plain = json!({ "text": "Hi", "sender": "ada", "channel": "rest", "metadata": null });
    for body in [
        r#"{"sender": "ada", "message": "Hi"}"#,
        r#"{"sender": "ada", "text": "Hi"}"#,
        r#"{"sender": "ada", "message": null, "text": "Hi"}"#,
        r#"{"sender": "ada", "message": " Hi\n", "metadata": null, "input_channel": null}"#,
        r#"{"sender": "ada", "message": "Hi", "input_channel": "", "more": [1, 2]}"#,
    ] {
        assert_eq!(message_of(&server, body).await, plain, "{body}");
    }
    let all = r#"{"sender": 42, "message": "", "metadata": {"a": [1]}, "input_channel": "elsewhere"}"#;
    let seen = json!({ "text": "", "sender": "42", "channel": "elsewhere", "metadata": { "a": [1] } });
    assert_eq!(message_of(&server, all).await, seen);
}

#[tokio::test]
async fn without_a_sender_the_default_one_speaks() {
    let server = server("rest: { default_sender: somebody }").agent(seen).build().unwrap();
    for body in
        [r#"{"message": "Hi"}"#, r#"{"sender": null, "message": "Hi"}"#, r#"{"sender": "", "message": "Hi"}"#]
    {
        assert_eq!(message_of(&server, body).await["sender"], "somebody", "{body}");
    }
    assert_eq!(message_of(&server, r#"{"sender": "ada", "message": "Hi"}"#).await["sender"], "ada");
}

#[tokio::test]
async fn refuses_a_message_without_a_sender() {
    for body in
        [r#"{"message": "Hi"}"#, r#"{"sender": null, "message": "Hi"}"#, r#"{"sender": "", "message": "Hi"}"#]
    {
        let answer = answer_to(body).await;
        assert!(answer.refused(400).starts_with("`sender` is missing"), "{answer:?}");
        assert_eq!(answer.field(), "sender");
    }
}

#[tokio::test]
async fn refuses_a_message_without_text() {
    for body in [r#"{"sender": "ada"}"#, r#"{"sender": "ada", "message": null}"#] {
        let answer = answer_to(body).await;
        assert!(answer.refused(400).starts_with("`message` is missing or null"), "{answer:?}");
        assert_eq!(answer.field(), "message");
    }
}

#[tokio::test]
async fn refuses_values_of_the_wrong_type_by_their_field() {
    for (field, value, found) in [
        ("message", "7", "integer `7`"),
        ("message", "[]", "sequence"),
        ("message", "{}", "map"),
        ("text", "true", "boolean `true`"),
        ("sender", "1.5", "floating point `1.5`"),
        ("sender", "true", "boolean `true`"),
        ("sender", "{}", "map"),
        ("metadata", "\"x\"", "string \"x\""),
        ("metadata", "[]", "sequence"),
        ("input_channel", "1", "integer `1`"),
    ] {
        let answer = answer_to(format!(r#"{{"{field}": {value}}}"#)).await;
        let message = answer.refused(400);
        assert!(message.starts_with(&format!("`{field}`: invalid type: {found}")), "{message}");
        assert_eq!(answer.field(), field);
    }
}

#[tokio::test]
async fn refuses_a_body_that_is_no_object() {
    for (body, why) in [
        (&b""[..], "the body is empty"),
        (b" \r\n", "the body is empty"),
        (b"null", "the body has the wrong shape: invalid type: null, expected a JSON object"),
        (b"[]", "the body has the wrong shape: invalid type: sequence, expected a JSON object"),
        (b"[\"ada\", \"Hi\"]", "the body has the wrong shape: invalid type: sequence"),
        (b"\"Hi\"", "the body has the wrong shape: invalid type: string \"Hi\", expected a JSON object"),
        (b"3", "the body has the wrong shape: invalid type: integer `3`, expected a JSON object"),
        (b"{", "the body is not JSON: EOF while parsing an object"),
        (br#"{"sender": "ada", "message": "Hi"} more"#, "the body is not JSON: trailing characters"),
        (b"\xef\xbb\xbf{\"sender\": \"ada\", \"message\": \"Hi\"}", "the body is not JSON: "),
        (b"{\"sender\": \"ada\", \"message\": \"\xff\"}", "the body is not JSON: invalid unicode"),
        (br#"{"sender": NaN, "message": "Hi"}"#, "the body is not JSON: "),
        (b"sender=ada&message=Hi", "the body is not JSON: "),
    ] {
        let message = answer_to(body).await.refused(400);
        assert!(message.starts_with(why), "{}: {message}", String::from_utf8_lossy(body));
    }
}

#[tokio::test]
async fn refuses_nesting_without_end() {
    let nested = format!(r#"{{"metadata": {}"#, r#"{"a":"#.repeat(100_000));
    assert!(answer_to(nested).await.refused(400).contains("recursion limit"));
}

#[tokio::test]
async fn takes_json_under_every_name_that_it_has() {
    let server = server("rest:").build().unwrap();
    let body = r#"{"sender": "ada", "message": "Hi"}"#;
    for media_type in [
        "application/json",
        "application/json; charset=utf-8",
        "application/json;charset=UTF-8",
        "Application/JSON",
        "application/vnd.chat+json",
        "application/x+json; a=b",
    ] {
        let request = Request::post(PATH).header("content-type", media_type).body(body.into()).unwrap();
        assert_eq!(ask(&server, request).await.texts(), ["Hi"], "{media_type}");
    }
    assert_eq!(ask(&server, Request::post(PATH).body(body.into()).unwrap()).await.texts(), ["Hi"]);
}

#[tokio::test]
async fn refuses_other_media_types() {
    let server = server("rest:").build().unwrap();
    for media_type in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "application/jsonp",
        "json",
        "",
    ] {
        let request = Request::post(PATH).header("content-type", media_type).body("{}".into()).unwrap();
        let answer = ask(&server, request).await;
        assert!(answer.refused(415).contains("`Content-Type: application/json`"), "{media_type}: {answer:?}");
        assert_eq!(answer.field(), "Content-Type");
    }
}

struct SaysAndFails;

#[async_trait]
impl Agent for SaysAndFails {
    async fn handle(&self, turn: &mut Turn<'_>) -> Result<(), AgentError> {
        turn.reply("one moment");
        turn.flush().await?;
        Err(AgentError::new("no database"))
    }
}

#[tokio::test]
async fn a_turn_that_fails_is_never_a_success() {
    let server = server("rest:").agent(SaysAndFails).build().unwrap();
    let answer = ask(&server, post(PATH, r#"{"sender": "ada", "message": "Hi"}"#)).await;
    let message = answer.refused(500);
    assert!(message.contains("the server's log says why") && !message.contains("database"), "{message}");
    let log = logged(answer.header("x-request-id"));
    assert!(log.iter().any(|line| line.contains("turn failed") && line.contains("no database")), "{log:?}");
}

#[tokio::test]
async fn a_turn_that_panics_is_never_a_success() {
    let (agent, steps) = puppet();
    let server = server("rest:").agent(agent).build().unwrap();
    steps.send(Step::Panic).unwrap();
    let answer = ask(&server, post(PATH, r#"{"sender": "ada", "message": "Hi"}"#)).await;
    assert!(!answer.refused(500).contains("nerves"));
    let log = logged(answer.header("x-request-id"));
    assert!(log.iter().any(|line| line.contains("the agent panicked")), "{log:?}");

    steps.send(Step::Say("better now")).unwrap();
    steps.send(Step::End).unwrap();
    let next = ask(&server, post(PATH, r#"{"sender": "ada", "message": "Hi"}"#)).await;
    assert_eq!(next.texts(), ["better now"], "the conversation goes on");
}

#[tokio::test]
async fn a_message_that_is_sent_again_gets_the_same_replies() {
    let said = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let agent = move |_: UserMessage| {
        let count = said.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        async move { format!("answer {count}") }
    };
    let server = server("rest:").agent(agent).build().unwrap();
    let with = |header: Option<&str>, body: &str| {
        let mut request = post(PATH, body.to_owned());
        if let Some(id) = header {
            request.headers_mut().insert("idempotency-key", id.parse().unwrap());
        }
        ask(&server, request)
    };
    let ada = r#"{"sender": "ada", "message": "Hi"}"#;
    let first = with(Some("1"), ada).await.texts();
    for (header, body) in [
        (Some("1"), ada),
        (Some("\"1\""), ada),
        (None, r#"{"sender": "ada", "message": "Hi", "message_id": "1"}"#),
        (Some("1"), r#"{"sender": "ada", "message": "Hi", "message_id": 1}"#),
    ] {
        assert_eq!(with(header, body).await.texts(), first, "{header:?} {body}");
    }
    for (header, body) in [
        (Some("2"), ada),
        (None, ada),
        (Some(""), ada),
        (Some("1"), r#"{"sender": "bob", "message": "Hi"}"#),
        (None, r#"{"sender": "ada", "message": "Hi", "message_id": null}"#),
    ] {
        assert_ne!(with(header, body).await.texts(), first, "{header:?} {body}");
    }
    let two = with(Some("3"), r#"{"sender": "ada", "message": "Hi", "message_id": "4"}"#).await;
    assert_eq!(two.json()["field"], "message_id");
}
