//! Actions that fail or lie harm their own turn at most: the next message is answered as ever.

use channel_agent::{ActionCall, ActionError, ActionOutcome, DomainAgent};
use channel_core::{
    Agent, AgentError, BotMessage, Event, EventKind, Steps, Tracker, Turn, UserMessage, async_trait,
};
use serde_json::{Value, json};

use crate::support::{Log, Talk, agent};

const DOMAIN: &str = "
intents: [greet, act]
entities: [city]
slots:
  city: {type: text, mappings: [{type: from_entity, entity: city}]}
responses:
  utter_hi: [{text: hi}]
  utter_default: [{text: what?}]
actions: [action_act]
";

const RULES: &str = "
rules:
  - rule: greet
    steps: [{intent: greet}, {action: utter_hi}]
  - rule: act
    steps: [{intent: act}, {action: action_act}]
";

/// A bot whose action answers with this JSON, as an action server would.
fn answering(answer: Value) -> Talk {
    let act = move |_: &ActionCall<'_>| -> Result<ActionOutcome, ActionError> {
        serde_json::from_value(answer.clone()).map_err(ActionError::failed)
    };
    Talk::to(agent(DOMAIN, RULES).action("action_act", act))
}

/// The events after the session's beginning.
fn happened(talk: &Talk) -> Vec<String> {
    talk.events()[3..].to_vec()
}

const TURN: [&str; 3] = ["user", "user_featurization", "action_act"];

/// What `/act` comes to after the action, and what the log says; the next message is answered.
async fn acted(answer: Value) -> (Vec<String>, String) {
    let log = Log::kept();
    let mut talk = answering(answer.clone());
    talk.say("/act").await;
    let happened = happened(&talk);
    assert_eq!(happened[..3], TURN, "{answer}");
    if !talk.tracker().is_paused() {
        assert_eq!(talk.say("/greet").await, ["hi"], "{answer}");
    }
    (happened[3..].to_vec(), log.text())
}

#[tokio::test]
async fn a_slot_that_is_unknown_is_not_set() {
    let (events, log) = acted(json!({ "events": [{ "event": "slot", "name": "town", "value": 5 }] })).await;
    assert_eq!(events, ["town=5", "action_listen"]);
    assert!(log.contains("a slot that is not declared was not set slot=\"town\""), "{log}");
}

#[tokio::test]
async fn an_event_that_is_unknown_has_no_effect() {
    let (events, log) = acted(json!({ "events": [{ "event": "nosuch", "x": 1 }] })).await;
    assert_eq!(events, ["nosuch", "action_listen"]);
    assert!(log.contains("an event of an unknown type is kept, and has no effect event=\"nosuch\""), "{log}");
}

#[tokio::test]
async fn an_unknown_action_does_not_follow() {
    let (events, log) = acted(json!({ "events": [{ "event": "followup", "name": "action_nowhere" }] })).await;
    assert_eq!(events, ["followup", "action_listen"]);
    assert!(
        log.contains("an unknown action was to follow; the rules decide instead action=\"action_nowhere\""),
        "{log}"
    );
}

#[tokio::test]
async fn an_action_that_follows_itself_is_stopped() {
    for answer in [
        json!({ "events": [{ "event": "followup", "name": "action_act" }] }),
        json!({ "events": [
            { "event": "user", "text": "me", "parse_data": { "intent": { "name": "act" } } },
            { "event": "followup", "name": "action_act" },
        ] }),
        json!({ "events": [{ "event": "undo" }, { "event": "followup", "name": "action_act" }] }),
    ] {
        let log = Log::kept();
        let mut talk = answering(answer.clone());
        talk.say("/act").await;
        let runs = talk.events().iter().filter(|event| *event == "action_act").count();
        assert_eq!(runs, 10, "{answer}");
        assert!(
            log.text().contains("10 actions answered one message; no more are run sender_id=\"test_user\"")
        );
        assert_eq!(talk.say("/greet").await, ["hi"], "{answer}");
    }
}

#[tokio::test]
async fn actions_that_refuse_for_ever_are_stopped() {
    let reject = |_: &ActionCall<'_>| Err(ActionError::Rejected("busy".to_owned()));
    let config = format!("{}    core_fallback_action_name: action_other\n", crate::support::CONFIG);
    let domain = DOMAIN.replace("[action_act]", "[action_act, action_other]");
    let bot = crate::support::load(&domain, RULES, &config).unwrap();
    let mut talk =
        Talk::to(DomainAgent::builder(bot).action("action_act", reject).action("action_other", reject));
    talk.say("/act").await;
    assert_eq!(talk.say("/greet").await, ["hi"]);

    let mut talk = answering(json!({ "events": [
        { "event": "action_execution_rejected", "name": "action_act" },
        { "event": "followup", "name": "action_act" },
    ] }));
    talk.say("/act").await;
    assert_eq!(talk.say("/greet").await, ["hi"]);
}

#[tokio::test]
async fn a_followup_that_refuses_is_asked_once() {
    let reject = |_: &ActionCall<'_>| Err(ActionError::Rejected("busy".to_owned()));
    let follow = |_: &ActionCall<'_>| {
        Ok(ActionOutcome::new().event(Event::new(EventKind::Followup { name: "action_other".to_owned() })))
    };
    let domain = DOMAIN.replace("[action_act]", "[action_act, action_other]");
    let builder = agent(&domain, RULES).action("action_act", follow).action("action_other", reject);
    let mut talk = Talk::to(builder);
    talk.say("/act").await;
    assert_eq!(happened(&talk)[3..], ["followup", "action_execution_rejected", "action_listen"]);
    assert_eq!(talk.say("/greet").await, ["hi"]);
}

#[tokio::test]
async fn what_is_too_much_or_malformed_is_lost_with_its_action() {
    let event = json!({ "event": "slot", "name": "city", "value": "Rome" });
    for (answer, cause) in [
        (
            json!({ "events": vec![event.clone(); 10_001] }),
            "it came to 10001 events and responses, and at most 10000 are taken",
        ),
        (json!({ "events": [{ "event": "slot" }] }), "missing field `name`"),
        (json!({ "events": [5] }), "invalid type: integer `5`"),
        (json!({ "responses": ["hi"] }), "invalid type: string \"hi\""),
        (json!([1]), "invalid"),
        (json!({ "responses": [{ "text": 5 }] }), "a message of it can't be sent: invalid type: integer `5`"),
        (
            json!({ "responses": [{ "text": "hi", "buttons": ["a"] }] }),
            "a message of it can't be sent: invalid type: string \"a\"",
        ),
    ] {
        let (events, log) = acted(answer).await;
        assert_eq!(events, ["action_listen"], "{cause}");
        let said = "an action failed; the conversation goes on as if it had done nothing action=\"action_act\" sender_id=\"test_user\" error=";
        assert!(log.contains(said) && log.contains(&cause.replace('"', "\\\"")), "{cause}:\n{log}");
    }
}

#[tokio::test]
async fn what_is_odd_is_taken_as_rasa_takes_it() {
    for (answer, expected) in [
        (
            json!({ "responses": [{ "response": "utter_nowhere" }, { "response": 5 }] }),
            &["bot", "action_listen"][..],
        ),
        (json!({ "responses": [{ "template": "utter_hi" }] }), &["bot", "action_listen"]),
        (json!({ "responses": [{ "buttons": "a", "text": "b" }] }), &["bot", "action_listen"]),
        (json!({ "events": [{ "event": "pause" }] }), &["pause"]),
        (
            json!({ "events": [{ "event": "pause" }, { "event": "resume" }] }),
            &["pause", "resume", "action_listen"],
        ),
        (
            json!({ "events": [{ "event": "restart" }] }),
            &["restart", "action_session_start", "session_started", "action_listen"],
        ),
        (json!({ "events": [{ "event": "session_started" }] }), &["session_started", "action_listen"]),
        (
            json!({ "events": [{ "event": "action", "name": "action_listen" },
                { "event": "user", "text": "hey", "parse_data": { "intent": { "name": "greet" },
                "entities": [{ "entity": "city", "value": "Oslo" }] } }] }),
            &[
                "action_listen",
                "user",
                "city=\"Oslo\"",
                "user_featurization",
                "utter_hi",
                "bot",
                "action_listen",
            ],
        ),
    ] {
        let (events, log) = acted(answer.clone()).await;
        assert_eq!(events, expected, "{answer}\n{log}");
    }
}

#[tokio::test]
async fn what_is_undone_rewound_or_said_for_the_user_ends() {
    let user = json!({ "event": "user", "text": "hey", "parse_data": { "intent": { "name": "greet" } } });
    let odd = json!({ "event": "user", "text": null, "parse_data": { "intent": 5, "entities": [5, "x"] } });
    for event in [json!({ "event": "undo" }), json!({ "event": "rewind" }), user, odd] {
        let mut talk = answering(json!({ "events": [event] }));
        talk.say("/act").await;
        assert_eq!(talk.say("/greet").await, ["hi"], "{event}");
    }
}

#[tokio::test]
async fn a_bot_that_is_paused_is_silent_until_it_resumes() {
    let mut talk = answering(json!({ "events": [{ "event": "pause" }] }));
    talk.say("/act").await;
    assert!(talk.say("/greet").await.is_empty());
    talk.trackers.get_mut("test_user").unwrap().apply(Event::new(EventKind::Resume));
    assert_eq!(talk.say("/greet").await, ["hi"]);
}

/// Keeps everything, and sends nothing.
struct Down;

#[async_trait]
impl Steps for Down {
    fn channel(&self) -> &str {
        "down"
    }

    async fn commit(
        &self,
        _: &Tracker,
        _: Vec<BotMessage>,
        _: Vec<(std::time::SystemTime, BotMessage)>,
    ) -> Result<(), AgentError> {
        Err(AgentError::new("connection refused"))
    }
}

#[tokio::test]
async fn a_turn_that_failed_half_way_does_not_spoil_the_next() {
    let mut talk = answering(json!({}));
    let message = UserMessage::payload("/greet", "test_user");
    let mut tracker = talk.agent.tracker("test_user");
    let mut turn = Turn::new(&message, &mut tracker, &Down);
    assert_eq!(talk.agent.handle(&mut turn).await.unwrap_err().to_string(), "connection refused");
    drop(turn);
    talk.trackers.insert("test_user".to_owned(), tracker);
    assert_eq!(happened(&talk), ["user", "user_featurization", "utter_hi", "bot"]);
    assert_eq!(talk.say("/greet").await, ["hi"]);
}
