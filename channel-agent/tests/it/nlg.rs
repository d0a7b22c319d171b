//! Responses worded on an NLG server, over HTTP.

use channel_agent::{HttpNlgServer, NlgRequest, NlgServer};
use channel_core::{Event, Metadata, Tracker, UserMessage};
use serde_json::{Value, json};

use crate::support::StandIn;

async fn worded(status: u16, body: &str) -> (Result<Metadata, String>, StandIn) {
    let stand_in = StandIn::answering([(status, body)]).await;
    let server = HttpNlgServer::new(stand_in.config()).unwrap();
    let mut tracker = Tracker::new("u-17");
    tracker.apply(Event::user(&UserMessage::new("Hi", "u-17"), Metadata::new()));
    let arguments = Metadata::from_iter([("x".to_owned(), json!(1))]);
    let headers = [("traceparent".to_owned(), "00-1-2-01".to_owned())];
    let request = NlgRequest::new("utter_greet", &arguments, &tracker, "myio")
        .with_id(Some("greet_default"))
        .with_headers(&headers);
    (server.generate(&request).await.map_err(|error| error.to_string()), stand_in)
}

#[tokio::test]
async fn the_request_is_that_of_rasa() {
    let (message, stand_in) = worded(200, r#"{"text": "Hello!"}"#).await;
    assert_eq!(Value::Object(message.unwrap()), json!({ "text": "Hello!" }));
    let asked = &stand_in.asked()[0];
    assert_eq!(asked.headers["traceparent"], "00-1-2-01");
    let mut body = asked.json();
    let tracker = body["tracker"].take();
    assert_eq!((&tracker["sender_id"], &tracker["events"][0]["text"]), (&json!("u-17"), &json!("Hi")));
    assert_eq!(
        body,
        json!({ "response": "utter_greet", "id": "greet_default", "arguments": { "x": 1 }, "tracker": null,
            "channel": { "name": "myio" } })
    );
}

#[tokio::test]
async fn a_message_may_have_everything_and_nothing() {
    let whole = json!({
        "text": "Hello!", "id": "a", "image": "http://x/i.png", "attachment": { "type": "video" },
        "buttons": [{ "title": "Yes", "payload": "/yes" }], "elements": [{ "title": "E" }], "custom": { "k": 1 },
        "mood": "", "tries": 0,
    });
    assert_eq!(Value::Object(worded(200, &whole.to_string()).await.0.unwrap()), whole);
    let empty = r#"{"text": null, "id": null, "image": null, "attachment": null, "buttons": [], "elements": [],
        "custom": {}, "quick_replies": []}"#;
    assert_eq!(worded(200, empty).await.0.unwrap(), Metadata::new());
}

#[tokio::test]
async fn what_is_no_message_is_told() {
    for (body, problem) in [
        ("null", "it is no object"),
        (r#""Hello!""#, "it is no object"),
        (r#"[{"text": "Hello!"}]"#, "it is no object"),
        (r#"{"text": 5}"#, "text: invalid type: integer `5`, expected a string"),
        (r#"{"buttons": "yes"}"#, r#"buttons: invalid type: string "yes", expected a sequence"#),
        (r#"{"buttons": ["yes"]}"#, r#"buttons[0]: invalid type: string "yes", expected struct Button"#),
        (r#"{"image": {"url": "x"}}"#, "image: invalid type: map, expected a string"),
        (r#"{"attachment": "http://x"}"#, "attachment: it is no object"),
        (r#"{"custom": [1]}"#, "custom: it is no object"),
    ] {
        let (message, stand_in) = worded(200, body).await;
        let expected = format!(
            "the NLG server at {} answered for `utter_greet` what is no message: {problem}; it has to be an object \
             such as {{\"text\": \"…\", \"buttons\": []}}",
            stand_in.url()
        );
        assert_eq!(message.unwrap_err(), expected);
    }
}

#[tokio::test]
async fn a_failure_names_the_server() {
    let (message, stand_in) = worded(503, "busy").await;
    let expected = format!(
        "the NLG server can't word `utter_greet`: {} answered 503 (busy); look into its log",
        stand_in.url()
    );
    assert_eq!(message.unwrap_err(), expected);
    let (message, _) = worded(200, "Hello!").await;
    assert!(message.unwrap_err().contains("is no JSON"));
}
