//! Conversations recorded with Rasa 3.6.21, spoken again.

use std::fs;

use channel_agent::{
    ActionCall, ActionError, ActionOutcome, Bot, CustomAction, DomainAgent, DomainAgentBuilder,
};
use channel_core::{BotMessage, Button, Event, EventVerbosity, UserMessage, async_trait};
use serde_json::{Value, json};

use crate::support::{Talk, fixture};

/// What the recorded bot's actions do, in Rust.
pub(crate) fn recorded_bot() -> DomainAgentBuilder {
    let bot = Bot::load(fixture("bot")).unwrap_or_else(|error| panic!("{error}"));
    DomainAgent::builder(bot)
        .action("action_echo_metadata", echo_metadata)
        .action("action_rich", Rich)
        .action("action_fail", |_: &ActionCall<'_>| Err(ActionError::failed("boom")))
        .action("action_reject", |_: &ActionCall<'_>| Err(ActionError::Rejected("on purpose".to_owned())))
        .action("action_slow", |_: &ActionCall<'_>| Ok(ActionOutcome::new().say("slow done")))
}

#[allow(clippy::unnecessary_wraps, reason = "an action may fail")]
fn echo_metadata(call: &ActionCall<'_>) -> Result<ActionOutcome, ActionError> {
    let metadata = json!(call.metadata().cloned().unwrap_or_default());
    let source = metadata["source"].clone();
    let text = format!("metadata={}", dumps(&metadata));
    Ok(ActionOutcome::new().say(text).event(Event::slot("last_source", source)))
}

struct Rich;

#[async_trait]
impl CustomAction for Rich {
    async fn run(&self, _: &ActionCall<'_>) -> Result<ActionOutcome, ActionError> {
        let video = json!({ "type": "video", "payload": { "src": "http://example.com/v.mp4" } });
        let cards: BotMessage = serde_json::from_value(json!({ "elements": [
            { "title": "E1", "subtitle": "S1", "buttons": [{ "title": "EB", "payload": "/greet" }] },
            { "title": "E2" },
        ] }))
        .unwrap();
        Ok(ActionOutcome::new()
            .say("one")
            .say(BotMessage::text("two").with_buttons([Button::new("T", "/greet")]))
            .say(BotMessage::image("http://example.com/rich.png"))
            .say(BotMessage::default().with_attachment(video))
            .say(BotMessage::custom(json!({ "hello": ["world", 1, null, true] })))
            .respond_with(
                "utter_template_kwargs",
                // Rasa's SDK gives the name under its old key as well.
                [("template", "utter_template_kwargs".into()), ("what", "kwarg".into())],
            )
            .say(cards)
            .say(
                BotMessage::text("all")
                    .with_image("http://example.com/a.png")
                    .with_buttons([Button::new("B", "/b")])
                    .with_custom(json!({ "k": 1 }))
                    .with_attachment("http://example.com/a.pdf"),
            ))
    }
}

/// Python's `json.dumps(…, sort_keys=True)`.
fn dumps(value: &Value) -> String {
    match value {
        Value::Object(entries) => {
            let mut entries: Vec<_> = entries.iter().collect();
            entries.sort_by_key(|(key, _)| *key);
            let entries: Vec<_> = entries
                .into_iter()
                .map(|(key, value)| format!("{}: {}", dumps(&json!(key)), dumps(value)))
                .collect();
            format!("{{{}}}", entries.join(", "))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(dumps).collect::<Vec<_>>().join(", ")),
        Value::String(text) => {
            let escape = |unit: u16| match char::from_u32(unit.into()) {
                Some(c) if c.is_ascii() => c.to_string(),
                _ => format!("\\u{unit:04x}"),
            };
            format!("\"{}\"", text.encode_utf16().map(escape).collect::<String>())
        }
        value => value.to_string(),
    }
}

fn recorded() -> Vec<Value> {
    let lines = fs::read_to_string(fixture("replay.jsonl")).unwrap();
    lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn message(row: &Value) -> UserMessage {
    UserMessage::payload(row["message"].as_str().unwrap(), row["sender"].as_str().unwrap())
        .with_input_channel(row["channel"].as_str().unwrap())
        .with_metadata(row["metadata"].as_object().cloned())
}

/// Times and ids differ from run to run; Rasa also stamps its model.
fn without_volatile(value: &mut Value) {
    match value {
        Value::Object(entries) => {
            for key in ["timestamp", "latest_event_time", "message_id", "model_id"] {
                entries.shift_remove(key);
            }
            entries.values_mut().for_each(without_volatile);
            entries.retain(|key, value| key != "metadata" || *value != json!({}));
        }
        Value::Array(items) => items.iter_mut().for_each(without_volatile),
        _ => {}
    }
}

#[tokio::test]
async fn says_what_rasa_said() {
    let mut talk = Talk::to(recorded_bot());
    let mut down =
        Talk::to(recorded_bot().action("action_echo_metadata", |_: &ActionCall<'_>| {
            Err(ActionError::failed("connection refused"))
        }));
    let (mut answers, mut trackers, mut different) = (0, 0, Vec::new());
    for row in recorded() {
        let talk = if row["id"].as_str().unwrap().starts_with("down.") { &mut down } else { &mut talk };
        if let Some(expected) = row.get("tracker") {
            trackers += 1;
            let tracker = &talk.trackers[row["sender"].as_str().unwrap()];
            let mut found = serde_json::to_value(tracker.state(EventVerbosity::AfterRestart)).unwrap();
            let mut expected = expected.clone();
            found["sender_id"] = expected["sender_id"].clone();
            without_volatile(&mut found);
            without_volatile(&mut expected);
            if found != expected {
                different.push(format!("{}:\n{found}\nand not\n{expected}", row["id"]));
            }
            continue;
        }
        let said = talk.send(message(&row)).await.messages;
        let mut expected = row["response"].clone();
        if expected.is_null() {
            continue;
        }
        answers += 1;
        for message in expected.as_array_mut().unwrap() {
            message["recipient_id"] = row["sender"].clone();
        }
        if said != expected {
            different.push(format!("{}:\n{said}\nand not\n{expected}", row["id"]));
        }
    }
    assert!(different.is_empty(), "{} differ:\n{}", different.len(), different.join("\n"));
    assert_eq!((answers, trackers), (90, 5));
}

#[tokio::test]
async fn asks_an_action_server_as_rasa_does() {
    use std::sync::{Arc, Mutex};

    use channel_agent::{ActionRequest, ActionServer};

    struct Server(Mutex<Vec<Value>>);

    #[async_trait]
    impl ActionServer for Server {
        async fn run(&self, request: &ActionRequest<'_>) -> Result<ActionOutcome, ActionError> {
            self.0.lock().unwrap().push(serde_json::to_value(request).unwrap());
            let answer = json!({
                "events": [{ "event": "slot", "timestamp": null, "name": "last_source", "value": "web" }],
                "responses": [{ "text": "seen", "buttons": [], "elements": [], "custom": {}, "template": null,
                    "response": null, "image": null, "attachment": null }],
            });
            Ok(serde_json::from_value(answer).unwrap())
        }
    }

    let recorded: Value =
        serde_json::from_str(&fs::read_to_string(fixture("action-server-request.json")).unwrap()).unwrap();
    let mut expected = recorded["request"]["body"].clone();
    let metadata = expected["tracker"]["latest_message"]["metadata"].as_object().cloned();
    let server = Arc::new(Server(Mutex::default()));
    let bot = Bot::load(fixture("bot")).unwrap();
    let mut talk = Talk::to(DomainAgent::builder(bot).action_server(server.clone()));
    let message =
        UserMessage::new("metadata", "golden-user").with_input_channel("rest").with_metadata(metadata);
    let said = talk.send(message).await.messages;
    assert_eq!(said, json!([{ "recipient_id": "golden-user", "text": "seen" }]));
    assert_eq!(talk.trackers["golden-user"].slot("last_source"), Some(&json!("web")));

    let mut asked = server.0.lock().unwrap().remove(0);
    without_volatile(&mut asked);
    without_volatile(&mut expected);
    for key in ["next_action", "sender_id", "tracker", "domain", "version"] {
        assert_eq!(asked[key], expected[key], "{key}");
    }
}
