//! An agent whose responses an NLG server words.

use std::sync::{Arc, Mutex};

use channel_agent::{ActionCall, ActionOutcome, NlgRequest, NlgServer};
use channel_core::{BoxError, Metadata, UserMessage, async_trait};
use serde_json::{Value, json};

use crate::support::{Log, Talk, agent};

const DOMAIN: &str = "
intents: [greet, act, fail]
slots:
  vip: {type: bool, initial_value: true, influence_conversation: false, mappings: [{type: custom}]}
responses:
  utter_hi:
    - {text: 'hi {name}', id: plain}
    - {text: hi, id: vip, condition: [{type: slot, name: vip, value: true}]}
    - {text: hi, channel: other}
  utter_twice: [{text: a, id: same}, {text: b, id: same}]
  utter_fails: [{text: a}]
  utter_none: [{text: a}, {text: b, id: b}]
actions: [action_act]
";

const RULES: &str = "{rules: [
  {rule: greet, steps: [{intent: greet}, {action: utter_hi}, {action: utter_twice}, {action: utter_none}]},
  {rule: fail, steps: [{intent: fail}, {action: utter_fails}]},
  {rule: act, steps: [{intent: act}, {action: action_act}]}]}";

/// Says what it is asked for; fails for one response.
#[derive(Default)]
struct Server(Mutex<Vec<Value>>);

#[async_trait]
impl NlgServer for Server {
    async fn generate(&self, request: &NlgRequest<'_>) -> Result<Metadata, BoxError> {
        self.0.lock().unwrap().push(serde_json::to_value(request)?);
        if request.response == "utter_fails" {
            return Err("no words".into());
        }
        let message = json!({ "text": format!("{{{}}}", request.response), "buttons": [{ "title": "a" }] });
        Ok(message.as_object().cloned().unwrap_or_default())
    }
}

fn talk(server: &Arc<Server>) -> Talk {
    let act =
        |_: &ActionCall<'_>| Ok(ActionOutcome::new().respond_with("utter_new", [("x", 1.into())]).say("own"));
    Talk::to(agent(DOMAIN, RULES).action("action_act", act).nlg_server(server.clone()))
}

#[tokio::test]
async fn every_response_is_asked_for() {
    let server = Arc::new(Server::default());
    let mut talk = talk(&server);
    // Nothing is filled in, and the domain need not have the response.
    assert_eq!(talk.say("/greet").await, ["{utter_hi}", "{utter_twice}", "{utter_none}"]);
    assert_eq!(talk.say("/act").await, ["{utter_new}", "own"]);
    talk.say("/restart").await;

    let asked = server.0.lock().unwrap().clone();
    let found: Vec<_> = asked.iter().map(|request| json!([request["response"], request["id"]])).collect();
    let expected = json!([
        ["utter_hi", "vip"],
        ["utter_twice", null],
        ["utter_none", null],
        ["utter_new", null],
        ["utter_restart", null],
    ]);
    assert_eq!(json!(found), expected);
    assert_eq!(asked[3]["arguments"], json!({ "x": 1 }));
    assert_eq!(asked[0]["channel"], json!({ "name": "test" }));
    let events = asked[0]["tracker"]["events"].as_array().unwrap();
    assert_eq!(events.last().unwrap()["event"], "user_featurization");
}

#[tokio::test]
async fn what_it_says_is_a_message_of_the_bot() {
    let mut talk = talk(&Arc::default());
    let message = UserMessage::payload("/greet", "test_user").with_input_channel("test");
    let said = talk.send(message).await.messages;
    assert_eq!(said[0]["buttons"], json!([{ "title": "a" }]));
    let event = serde_json::to_value(&*talk.tracker().events()[6]).unwrap();
    assert_eq!(
        (&event["event"], &event["metadata"]),
        (&json!("bot"), &json!({ "utter_action": "utter_hi" }))
    );
}

#[tokio::test]
async fn without_words_the_action_fails() {
    let log = Log::kept();
    let mut talk = talk(&Arc::default());
    assert!(talk.say("/fail").await.is_empty());
    assert_eq!(talk.events()[5..], ["utter_fails", "action_listen"]);
    let said = "action=\"utter_fails\" sender_id=\"test_user\" error=\"no words\"";
    assert!(log.text().contains(said), "{}", log.text());
}
