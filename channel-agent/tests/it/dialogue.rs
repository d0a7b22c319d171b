//! What can be asked of an agent besides answering, as Rasa's HTTP API was asked.

use std::fs;

use channel_agent::{ActionCall, ActionOutcome, DomainAgent};
use channel_core::{Agent, Dialogue, Event, EventVerbosity, Metadata, Tracker, Turn, UserMessage};
use serde_json::{Value, json};

use crate::{
    replay::recorded_bot,
    support::{Said, Talk, agent, fixture},
};

fn object(value: &Value) -> Metadata {
    value.as_object().cloned().unwrap_or_default()
}

/// What an intent that is triggered from outside is as a message.
fn external(sender: &str, intent: &Value, entities: &Value) -> UserMessage {
    let name = intent.as_str().unwrap();
    let entities = match entities {
        Value::Object(entities) => {
            entities.iter().map(|(name, value)| json!({ "entity": name, "value": value })).collect()
        }
        Value::Null => json!([]),
        list => list.clone(),
    };
    UserMessage::new(format!("EXTERNAL: {name}"), sender)
        .with_metadata(object(&json!({ "is_external": true })))
        .with_parse_data(object(&json!({ "intent": { "name": name }, "entities": entities })))
}

fn events(body: &Value) -> Vec<Event> {
    match body {
        Value::Array(events) => {
            events.iter().map(|event| serde_json::from_value(event.clone()).unwrap()).collect()
        }
        event => vec![serde_json::from_value(event.clone()).unwrap()],
    }
}

/// Does what a row of the recording asks for.
async fn asked(talk: &mut Talk, row: &Value) -> Option<Said> {
    let (sender, output, body) = (row["sender"].as_str()?, row["output"].as_str()?, &row["body"]);
    let from_outside = UserMessage::payload(body["text"].as_str().unwrap_or_default(), sender);
    let begun = async |talk: &mut Talk| {
        talk.turn(&from_outside, output, async |agent, turn| agent.begin_session(turn).await).await.unwrap()
    };
    match row["do"].as_str()? {
        "say" => {
            let message = UserMessage::payload(row["text"].as_str()?, sender)
                .with_input_channel(row["channel"].as_str()?)
                .with_metadata(row["metadata"].as_object().cloned());
            talk.turn(&message, output, async |agent, turn| agent.handle(turn).await).await.ok()
        }
        "trigger" => {
            let message = external(sender, &body["name"], &body["entities"]);
            talk.turn(&message, output, async |agent, turn| agent.handle(turn).await).await.ok()
        }
        "messages" => {
            let parsed = body.get("parse_data").map(object).unwrap_or_default();
            let message = from_outside.with_parse_data(parsed);
            talk.turn(&message, output, async |agent, turn| agent.hear(turn).await).await.ok()
        }
        "execute" => {
            let (name, policy) = (body["name"].as_str()?, body["policy"].as_str());
            let confidence = body["confidence"].as_f64();
            let execute = async |agent: &DomainAgent, turn: &mut Turn<'_>| {
                agent.execute(turn, name, policy, confidence).await
            };
            talk.turn(&from_outside, output, execute).await.ok()
        }
        "replace" => {
            let mut tracker = talk.agent.tracker(sender);
            tracker.extend(events(body));
            talk.trackers.insert(sender.to_owned(), tracker);
            None
        }
        "events" => {
            begun(talk).await;
            let id = talk.agent.assistant_id().unwrap().to_owned();
            let marked = events(body).into_iter().map(|mut event| {
                event.metadata.insert("assistant_id".to_owned(), id.as_str().into());
                event
            });
            talk.trackers.get_mut(sender)?.extend(marked);
            None
        }
        _ if talk.trackers.contains_key(sender) => None,
        _ => Some(begun(talk).await),
    }
}

fn without_times(value: &mut Value) {
    match value {
        Value::Object(entries) => {
            entries.retain(|key, value| {
                !["timestamp", "latest_event_time"].contains(&key.as_str())
                    && (key != "message_id" || value.is_null())
            });
            entries.values_mut().for_each(without_times);
        }
        Value::Array(items) => items.iter_mut().for_each(without_times),
        _ => {}
    }
}

fn dump(tracker: &Tracker, verbosity: &Value) -> Value {
    let verbosity = verbosity.as_str().map_or(EventVerbosity::AfterRestart, |name| name.parse().unwrap());
    let mut found = serde_json::to_value(tracker.state(verbosity)).unwrap();
    without_times(&mut found);
    found
}

#[tokio::test]
async fn does_what_rasa_did() {
    let mut talk = Talk::to(recorded_bot());
    let (mut compared, mut different) = (0, Vec::new());
    let mut compare = |id: &Value, found: Value, expected: &Value| {
        compared += 1;
        // As text: the order of the keys is Rasa's, too.
        let (found, expected) = (found.to_string(), expected.to_string());
        if found != expected {
            different.push(format!("{id}:\n{found}\nand not\n{expected}"));
        }
    };
    for line in fs::read_to_string(fixture("dialogue.jsonl")).unwrap().lines() {
        let row: Value = serde_json::from_str(line).unwrap();
        let id = &row["id"];
        if let Some(parsed) = row.get("parsed") {
            compare(id, talk.agent.parse(row["body"]["text"].as_str().unwrap()).into(), parsed);
            continue;
        }
        let sender = row["sender"].as_str().unwrap();
        let before = talk.trackers.get(sender).cloned();
        let said = asked(&mut talk, &row).await;
        // Rasa answers with the conversation as it was before the action.
        let tracker =
            before.filter(|_| row["do"] == "execute").unwrap_or_else(|| talk.trackers[sender].clone());
        if let Some(expected) = row.get("messages").filter(|messages| !messages.is_null()) {
            compare(id, said.unwrap().messages, expected);
        }
        if let Some(expected) = row.get("tracker") {
            compare(id, dump(&tracker, &row["include_events"]), expected);
        }
        if let Some(expected) = row.get("prediction") {
            let found = talk.agent.predict(&tracker);
            let scores: Vec<_> = found
                .scores
                .iter()
                .map(|(action, score)| json!({ "action": action, "score": score }))
                .collect();
            let found = json!({ "scores": scores, "policy": found.policy, "confidence": found.confidence });
            compare(id, found, expected);
        }
    }
    assert!(different.is_empty(), "{} differ:\n{}", different.len(), different.join("\n"));
    assert_eq!(compared, 66);
}

#[tokio::test]
async fn an_unknown_action_is_refused_and_changes_nothing() {
    let mut talk = Talk::to(recorded_bot());
    let message = UserMessage::new("", "test_user");
    let execute = async |agent: &DomainAgent, turn: &mut Turn<'_>| {
        agent.execute(turn, "action_nowhere", None, None).await
    };
    let error = talk.turn(&message, "collector", execute).await.err().unwrap();
    assert_eq!(error.to_string(), "there is no action `action_nowhere`; the domain lists all of them");
    assert!(talk.tracker().events().is_empty());
}

#[tokio::test]
async fn an_action_is_run_in_the_name_of_a_policy() {
    let mut talk = Talk::to(recorded_bot());
    let message = UserMessage::new("", "test_user");
    let execute = async |agent: &DomainAgent, turn: &mut Turn<'_>| {
        agent.execute(turn, "utter_greet", Some("me"), Some(0.75)).await
    };
    let said = talk.turn(&message, "myio", execute).await.unwrap();
    assert_eq!(said.messages[0]["text"], "Hi! I'm the custom channel greeting");
    assert_eq!(
        talk.events(),
        ["action_session_start", "session_started", "action_listen", "utter_greet", "bot"]
    );
    let ran = serde_json::to_value(&*talk.tracker().events()[3]).unwrap();
    assert_eq!((&ran["policy"], &ran["confidence"]), (&json!("me"), &json!(0.75)));
}

#[tokio::test]
async fn a_prediction_is_what_comes_next() {
    let domain = "
intents: [greet]
responses: {utter_hi: [{text: hi}], utter_no: [{text: no}]}
actions: [action_go]
";
    let rules = "{rules: [{rule: greet, steps: [{intent: greet}, {action: utter_hi}]}]}";
    let go = |_: &ActionCall<'_>| Ok(ActionOutcome::new());
    let mut talk = Talk::to(agent(domain, rules).action("action_go", go));
    let best = |talk: &Talk| {
        let found = talk.agent.predict(talk.tracker());
        let speaking = found.scores.into_iter().filter(|(_, score)| *score > 0.0).collect::<Vec<_>>();
        (speaking, found.policy.unwrap(), found.confidence)
    };

    let message = UserMessage::payload("/greet", "test_user");
    talk.turn(&message, "", async |agent, turn| agent.hear(turn).await).await.unwrap();
    let scores = vec![("utter_hi".to_owned(), 1.0), ("action_default_fallback".to_owned(), 0.3)];
    assert_eq!(best(&talk), (scores, "RulePolicy".to_owned(), 1.0));

    let rejected = json!({ "event": "action_execution_rejected", "name": "utter_hi" });
    talk.trackers.get_mut("test_user").unwrap().extend(events(&rejected));
    let scores = vec![("action_default_fallback".to_owned(), 0.3)];
    assert_eq!(best(&talk), (scores, "RulePolicy".to_owned(), 0.3));

    let followup = json!({ "event": "followup", "name": "action_go" });
    talk.trackers.get_mut("test_user").unwrap().extend(events(&followup));
    assert_eq!(best(&talk), (vec![("action_go".to_owned(), 1.0)], "followup_action".to_owned(), 1.0));
}

#[tokio::test]
async fn a_message_is_heard_once_and_not_answered() {
    let mut talk = Talk::to(recorded_bot());
    let message = UserMessage::new("hi", "test_user");
    for _ in 0..2 {
        let said =
            talk.turn(&message, "collector", async |agent, turn| agent.hear(turn).await).await.unwrap();
        assert_eq!(said.messages, json!([]));
    }
    assert_eq!(talk.events(), ["action_session_start", "session_started", "action_listen", "user"]);
}

#[tokio::test]
async fn what_is_understood_already_is_taken_as_it_is() {
    let mut talk = Talk::to(recorded_bot());
    let parsed = json!({ "intent": { "name": "goodbye" }, "entities": [{ "entity": "name", "value": "Ann" }], "tone": 1 });
    let message = UserMessage::new("hi", "test_user").with_message_id("m1").with_parse_data(object(&parsed));
    let said = talk.send(message).await.messages;
    assert_eq!(said[0]["text"], "Bye Ann!");
    let expected = json!({
        "intent": { "name": "goodbye" },
        "entities": [{ "entity": "name", "value": "Ann" }],
        "text": "hi",
        "message_id": "m1",
        "metadata": {},
        "tone": 1,
    });
    assert_eq!(json!(talk.tracker().latest_message()).to_string(), expected.to_string());
}

#[test]
fn knows_its_domain() {
    let agent = recorded_bot().build().unwrap();
    assert!(agent.has_intent("greet") && agent.has_intent("restart") && !agent.has_intent("nosuch"));
    assert!(
        agent.has_action("utter_greet")
            && agent.has_action("action_rich")
            && agent.has_action("action_listen")
    );
    assert!(!agent.has_action("nosuch") && !agent.has_action("..."));
    assert_eq!(agent.domain()["actions"][0], "action_echo_metadata");
    assert_eq!(agent.assistant_id(), Some("connector-peer"));
}
