//! Custom actions, and what becomes of what they say.

use std::sync::Arc;

use channel_agent::{
    ActionCall, ActionError, ActionOutcome, ActionRequest, ActionServer, DomainAgentBuilder,
};
use channel_core::{BotMessage, Button, Event, UserMessage, async_trait};
use serde_json::json;

use crate::support::{Talk, agent};

const DOMAIN: &str = "
intents: [act]
entities: [city]
slots:
  city: {type: text, mappings: [{type: from_entity, entity: city}]}
  mood: {type: any, mappings: [{type: custom, action: action_mood}]}
responses:
  utter_card:
    - text: 'Hi {who} from {city}'
      buttons: [{title: one, payload: /one}]
      sound: ping
  utter_default: [{text: what?}]
actions: [action_act, action_mood, action_validate_slot_mappings]
";

const RULES: &str = "{rules: [{rule: act, steps: [{intent: act}, {action: action_act}]}]}";

#[allow(clippy::unnecessary_wraps, reason = "an action may fail")]
fn nothing(_: &ActionCall<'_>) -> Result<ActionOutcome, ActionError> {
    Ok(ActionOutcome::new())
}

fn bot() -> DomainAgentBuilder {
    agent(DOMAIN, RULES)
        .action("action_act", nothing)
        .action("action_mood", nothing)
        .action("action_validate_slot_mappings", nothing)
}

#[tokio::test]
async fn a_response_is_filled_with_arguments_and_extended() {
    let act = |_: &ActionCall<'_>| {
        let mut outcome =
            ActionOutcome::new().respond_with("utter_card", [("who", "Ann".into()), ("image", "".into())]);
        outcome.responses[0].insert("buttons".to_owned(), json!([{ "title": "two" }]));
        Ok(outcome.respond("utter_unknown"))
    };
    let mut talk = Talk::to(bot().action("action_act", act));
    let said = talk.send(UserMessage::payload(r#"/act{"city": "Rome"}"#, "test_user")).await.messages;
    let buttons = json!([{ "title": "one", "payload": "/one" }, { "title": "two" }]);
    assert_eq!(
        said,
        json!([{ "recipient_id": "test_user", "text": "Hi Ann from Rome", "buttons": buttons }])
    );
    let metadata = talk
        .tracker()
        .events()
        .iter()
        .rev()
        .find(|event| event.kind.name() == "bot")
        .unwrap()
        .metadata
        .clone();
    assert_eq!(json!(metadata), json!({ "sound": "ping", "utter_action": "utter_card", "who": "Ann" }));
}

#[tokio::test]
async fn what_it_says_goes_before_what_it_changes() {
    let act = |call: &ActionCall<'_>| {
        assert_eq!(call.tracker().latest_message()["intent"]["name"], "act");
        assert_eq!(
            (call.name(), call.slot("city"), call.slot("x")),
            ("action_act", Some(&json!(null)), None)
        );
        let choices = BotMessage::text("well?").with_buttons([Button::new("a", "/a")]);
        Ok(ActionOutcome::new().event(Event::slot("city", "Oslo")).say("one").say(choices))
    };
    let mut talk = Talk::to(bot().action("action_act", act));
    assert_eq!(talk.say("/act").await, ["one", "well?"]);
    assert_eq!(talk.events()[5..], ["action_act", "bot", "bot", "city=\"Oslo\"", "action_listen"]);
}

#[tokio::test]
async fn a_failure_leaves_no_trace_but_its_name() {
    let mut talk =
        Talk::to(bot().action("action_act", |_: &ActionCall<'_>| Err(ActionError::failed("boom"))));
    assert!(talk.say("/act").await.is_empty());
    assert_eq!(talk.events()[5..], ["action_act", "action_listen"]);
}

#[tokio::test]
async fn a_rejection_leaves_the_turn_to_the_fallback() {
    let reject = |_: &ActionCall<'_>| Err(ActionError::Rejected("busy".to_owned()));
    let mut talk = Talk::to(bot().action("action_act", reject));
    assert_eq!(talk.say("/act").await, ["what?"]);
    assert_eq!(talk.events()[4], "action_execution_rejected");
}

#[tokio::test]
async fn actions_set_and_check_slots() {
    let mood = |_: &ActionCall<'_>| {
        Ok(ActionOutcome::new().event(Event::slot("mood", "good")).event(Event::restart()))
    };
    let validate = |call: &ActionCall<'_>| {
        assert_eq!(call.slot("mood"), Some(&json!("good")));
        Ok(ActionOutcome::new().say("no such city").event(Event::slot("city", json!(null))))
    };
    let mut talk =
        Talk::to(bot().action("action_mood", mood).action("action_validate_slot_mappings", validate));
    assert_eq!(talk.say(r#"/act{"city": "Atlantis"}"#).await, ["no such city"]);
    assert_eq!(talk.events()[3..7], ["user", "bot", "city=null", "mood=\"good\""]);
}

#[tokio::test]
async fn an_action_may_wait() {
    async fn greet(call: &ActionCall<'_>) -> Result<ActionOutcome, ActionError> {
        tokio::task::yield_now().await;
        Ok(ActionOutcome::new().say(call.name()))
    }
    let wait = async |call: &ActionCall<'_>| {
        tokio::task::yield_now().await;
        Ok(ActionOutcome::new().say(call.tracker().sender_id()))
    };
    assert_eq!(Talk::to(bot().action("action_act", greet)).say("/act").await, ["action_act"]);
    assert_eq!(Talk::to(bot().action("action_act", wait)).say("/act").await, ["test_user"]);
}

#[tokio::test]
async fn an_action_in_rust_stands_before_the_servers() {
    struct Server;

    #[async_trait]
    impl ActionServer for Server {
        async fn run(&self, request: &ActionRequest<'_>) -> Result<ActionOutcome, ActionError> {
            Ok(ActionOutcome::new().say(format!("server: {}", request.next_action)))
        }
    }

    let domain = "{intents: [a, b], actions: [action_a, action_b]}";
    let rules = "{rules: [{rule: a, steps: [{intent: a}, {action: action_a}]},
                         {rule: b, steps: [{intent: b}, {action: action_b}]}]}";
    let here = |_: &ActionCall<'_>| Ok(ActionOutcome::new().say("here"));
    let mut talk = Talk::to(agent(domain, rules).action_server(Arc::new(Server)).action("action_a", here));
    assert_eq!(talk.say("/a").await, ["here"]);
    assert_eq!(talk.say("/b").await, ["server: action_b"]);
}

#[test]
fn actions_and_the_domain_have_to_agree() {
    let error = agent(DOMAIN, RULES)
        .action("action_act", nothing)
        .action("action_moood", nothing)
        .build()
        .err()
        .unwrap()
        .to_string();
    let expected = "\
domain.yml:13:23: nothing runs the action `action_mood`
  help: add it in Rust, or name an action server (`action_endpoint` in endpoints.yml)
domain.yml:13:36: nothing runs the action `action_validate_slot_mappings`
  help: add it in Rust, or name an action server (`action_endpoint` in endpoints.yml)
the action `action_moood` is not in the domain
  help: did you mean `action_mood`?";
    assert_eq!(error, expected);
}
