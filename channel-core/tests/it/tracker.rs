//! The memory of a conversation, against recordings of Rasa 3.6.21.

use channel_core::{Event, EventKind, EventVerbosity, Metadata, Tracker, UserMessage};
use proptest::{prelude::prop_assert_eq, proptest};
use serde_json::{Value, json};

mod event_json;

macro_rules! recorded {
    ($name:literal) => {
        serde_json::from_str::<Value>(include_str!(concat!("../fixtures/tracker/", $name, ".json"))).unwrap()
    };
}

/// A tracker with the slots and the events of a dump.
fn replay(dump: &Value) -> Tracker {
    let slots = dump["slots"].as_object().unwrap().keys().map(|name| (name, Value::Null));
    let mut tracker = Tracker::new(dump["sender_id"].as_str().unwrap()).with_slots(slots);
    tracker.extend(events(&dump["events"]));
    tracker
}

fn events(json: &Value) -> Vec<Event> {
    serde_json::from_value(json.clone()).unwrap()
}

fn tracker_after(json: &Value) -> Tracker {
    let mut tracker = Tracker::new("test_user");
    tracker.extend(events(json));
    tracker
}

fn dump(tracker: &Tracker, verbosity: EventVerbosity) -> Value {
    serde_json::to_value(tracker.state(verbosity)).unwrap()
}

/// The user says something, through a channel of the same name.
fn user(text: &str) -> Event {
    Event::user(&UserMessage::new(text, "test_user").with_input_channel(text), Metadata::new())
}

/// The names of the events that still count; of actions and slots, what they are called.
fn applied(tracker: &Tracker) -> Vec<String> {
    let events = tracker.state(EventVerbosity::Applied).events.unwrap();
    let name = |event: &Event| match &event.kind {
        EventKind::Action { name: Some(name), .. } | EventKind::Slot { name, .. } => name.clone(),
        kind => kind.name().to_owned(),
    };
    events.iter().map(|event| name(event)).collect()
}

#[test]
fn dumps_are_rasas_key_by_key() {
    for recorded in [
        recorded!("new_conversation"),
        recorded!("slots_and_metadata"),
        recorded!("rewound"),
        recorded!("entities_all"),
        recorded!("nothing_happened"),
        recorded!("before_restart"),
        recorded!("failed_action"),
    ] {
        let state = replay(&recorded).state(EventVerbosity::All);
        assert_eq!(serde_json::to_string(&state).unwrap(), recorded.to_string());
    }
}

#[test]
fn verbosity_chooses_the_events() {
    let tracker = replay(&recorded!("entities_all"));
    assert_eq!(dump(&tracker, EventVerbosity::AfterRestart), recorded!("entities_all"));
    assert_eq!(dump(&tracker, EventVerbosity::Applied), recorded!("entities_applied"));
    assert_eq!(dump(&tracker, EventVerbosity::None), recorded!("entities_none"));
}

#[test]
fn verbosity_is_read_in_either_case() {
    assert_eq!("None".parse(), Ok(EventVerbosity::None));
    assert_eq!("applied".parse(), Ok(EventVerbosity::Applied));
    assert_eq!("after_Restart".parse(), Ok(EventVerbosity::AfterRestart));
    assert_eq!("ALL".parse(), Ok(EventVerbosity::All));

    let error = "SOME".parse::<EventVerbosity>().unwrap_err();
    assert_eq!(error.to_string(), "unknown event verbosity `SOME`; use NONE, APPLIED, AFTER_RESTART or ALL");
}

#[test]
fn restart_resets_everything() {
    let recorded = recorded!("after_restart");
    let mut tracker = replay(&recorded!("before_restart"));
    let restart = json!({ "event": "restart", "timestamp": recorded["latest_event_time"] });
    tracker.apply(serde_json::from_value(restart).unwrap());

    assert_eq!(dump(&tracker, EventVerbosity::AfterRestart), recorded);
    assert!(applied(&tracker).is_empty());
    assert_eq!(tracker.state(EventVerbosity::All).events.unwrap().len(), tracker.events().len());
}

#[test]
fn undo_takes_back_the_last_action_and_what_came_of_it() {
    let mut tracker =
        Tracker::new("test_user").with_slots([("city", json!("unknown")), ("name", json!(null))]);
    tracker.extend([
        Event::action("action_listen"),
        Event::slot("name", "Ada"),
        Event::action("action_ask"),
        Event::slot("city", "Rome"),
        Event::new(EventKind::Pause),
        Event::new(EventKind::Undo),
    ]);

    assert_eq!(*tracker.slots(), *json!({ "city": "unknown", "name": "Ada" }).as_object().unwrap());
    assert_eq!(tracker.latest_action().name(), Some("action_listen"));
    assert!(!tracker.is_paused());
    assert_eq!(applied(&tracker), ["action_listen", "name"]);
    assert_eq!(tracker.events().len(), 6);
}

#[test]
fn rewind_goes_back_to_before_what_the_user_said() {
    let user =
        |text| Event::user(&UserMessage::new(text, "test_user").with_input_channel(text), Metadata::new());
    let mut tracker = Tracker::new("test_user");
    tracker.extend([
        Event::action("action_listen"),
        user("first"),
        Event::action("utter_greet"),
        Event::action("action_listen"),
        user("second"),
        Event::slot("city", "Rome"),
        Event::action("utter_greet"),
        Event::action("action_listen"),
        Event::new(EventKind::Rewind),
    ]);

    assert_eq!(applied(&tracker), ["action_listen", "user", "utter_greet"]);
    assert_eq!(tracker.latest_message()["text"], "first");
    assert_eq!(tracker.slot("city"), Some(&Value::Null));
    assert_eq!(tracker.latest_action().name(), Some("utter_greet"));
    // The channel is the one that the user spoke through last, whatever became of it.
    assert_eq!(tracker.latest_input_channel(), Some("second"));
}

#[test]
fn undo_and_rewind_of_nothing_leave_nothing() {
    for kind in [EventKind::Undo, EventKind::Rewind] {
        let mut tracker = Tracker::new("test_user");
        tracker.extend([Event::slot("city", "Rome"), Event::new(kind)]);
        assert!(applied(&tracker).is_empty());
        assert_eq!(tracker.followup_action(), Some("action_listen"));
    }
}

#[test]
fn slots_that_are_not_declared_are_not_set() {
    let mut tracker = Tracker::new("test_user").with_slots([("city", Value::Null)]);
    tracker.extend([Event::slot("town", "Rome"), Event::slot("city", "Rome")]);
    assert_eq!(*tracker.slots(), *json!({ "city": "Rome" }).as_object().unwrap());
}

#[test]
fn a_session_start_and_reset_slots_give_slots_their_initial_values() {
    for kind in [EventKind::SessionStarted, EventKind::ResetSlots] {
        let mut tracker = Tracker::new("test_user").with_slots([("city", json!("unknown"))]);
        tracker.extend([Event::slot("city", "Rome"), Event::new(kind)]);
        assert_eq!(tracker.slot("city"), Some(&json!("unknown")));
    }
}

#[test]
fn followups_last_until_an_action_runs_or_the_user_speaks() {
    let followup = || Event::new(EventKind::Followup { name: "action_next".to_owned() });
    let mut tracker = Tracker::new("test_user");
    assert_eq!(tracker.followup_action(), Some("action_listen"));

    tracker.apply(followup());
    assert_eq!(tracker.followup_action(), Some("action_next"));
    tracker.apply(Event::action("action_next"));
    assert_eq!(tracker.followup_action(), None);

    tracker.apply(followup());
    tracker.apply(user("hi"));
    assert_eq!(tracker.followup_action(), None);
}

#[test]
fn paused_until_resumed() {
    let mut tracker = Tracker::new("test_user");
    tracker.apply(Event::new(EventKind::Pause));
    assert!(tracker.is_paused());
    tracker.apply(Event::new(EventKind::Resume));
    assert!(!tracker.is_paused());
}

#[test]
fn loops_are_interrupted_rejected_and_ended() {
    let mut tracker = tracker_after(&json!([
        { "event": "action", "name": "action_listen" },
        { "event": "user", "text": "book a table", "message_id": "1" },
        { "event": "active_loop", "name": "booking" },
        { "event": "action_execution_rejected", "name": "booking" },
        { "event": "loop_interrupted", "is_interrupted": true },
    ]));
    assert_eq!(
        dump(&tracker, EventVerbosity::None)["active_loop"],
        json!({
            "name": "booking",
            "is_interrupted": true,
            "rejected": true,
            "trigger_message":
                { "intent": {}, "entities": [], "text": "book a table", "message_id": "1", "metadata": {} },
        })
    );

    tracker.apply(Event::action("utter_chitchat"));
    let active = tracker.active_loop().unwrap();
    assert!(active.rejected && !active.is_interrupted);

    tracker.apply(Event::action("booking"));
    assert!(!tracker.active_loop().unwrap().rejected);

    tracker.apply(Event::new(EventKind::ActiveLoop { name: None }));
    assert_eq!(dump(&tracker, EventVerbosity::None)["active_loop"], json!({}));
}

/// The user answers, and the loop runs.
fn loop_turn() -> Vec<Event> {
    events(&json!([
        { "event": "action", "name": "action_listen" },
        { "event": "user", "text": "Rome" },
        { "event": "user_featurization", "use_text_for_featurization": false },
        { "event": "action", "name": "booking" },
    ]))
}

/// A loop that has begun, and asked for something.
fn begun_loop() -> Tracker {
    let mut tracker = Tracker::new("test_user");
    tracker.extend(loop_turn());
    tracker.apply(Event::new(EventKind::ActiveLoop { name: Some("booking".to_owned()) }));
    tracker.apply(Event::slot("requested_slot", "city"));
    tracker
}

const BEGUN: [&str; 6] =
    ["action_listen", "user", "user_featurization", "booking", "active_loop", "requested_slot"];

#[test]
fn a_loop_that_runs_again_stands_for_all_of_its_runs() {
    let mut tracker = begun_loop();
    assert_eq!(applied(&tracker), BEGUN);
    tracker.extend(loop_turn());
    tracker.apply(Event::slot("city", "Rome"));
    assert_eq!(applied(&tracker), [BEGUN.as_slice(), &["city"]].concat());
}

#[test]
fn a_loop_that_was_left_in_between_runs_anew() {
    let booking = Event::action("booking");
    let ended = Event::new(EventKind::ActiveLoop { name: None });
    let rejected =
        EventKind::ActionExecutionRejected { name: "booking".to_owned(), policy: None, confidence: None };
    let another_action_answered =
        vec![Event::action("action_listen"), user("your name?"), Event::action("utter_name")];

    for between in [vec![ended], vec![Event::new(rejected)], another_action_answered] {
        let mut tracker = begun_loop();
        tracker.extend(between.clone());
        tracker.apply(booking.clone());
        assert_eq!(applied(&tracker).len(), BEGUN.len() + between.len() + 1, "{between:?}");
    }
}

#[test]
fn a_rejection_of_another_action_does_not_concern_the_loop() {
    let mut tracker = begun_loop();
    tracker.extend(events(&json!([{ "event": "action_execution_rejected", "name": "action_other" }])));
    assert!(!tracker.active_loop().unwrap().rejected);
}

#[test]
fn entities_found_later_join_the_latest_message() {
    let user = json!({
        "event": "user", "text": "to Rome", "parse_data": { "entities": [{ "entity": "city", "value": "Rome" }] },
    });
    let found = json!({
        "event": "entities",
        "entities": [{ "entity": "city", "value": "Rome" }, { "entity": "direction", "value": "to" }],
    });
    let both = json!([{ "entity": "city", "value": "Rome" }, { "entity": "direction", "value": "to" }]);

    let listening = json!([{ "event": "action", "name": "action_listen" }, user, found, found]);
    let mut tracker = tracker_after(&listening);
    assert_eq!(tracker.latest_message()["entities"], both);
    tracker.apply(self::user("hi"));
    assert_eq!(tracker.latest_message()["entities"], json!([]));

    let busy = json!([user, { "event": "action", "name": "utter_greet" }, found]);
    assert_eq!(tracker_after(&busy).latest_message()["entities"], user["parse_data"]["entities"]);
}

#[test]
fn an_action_of_words_is_the_latest_action() {
    let tracker = tracker_after(&json!([{ "event": "action", "action_text": "Hello!" }]));
    let dump = dump(&tracker, EventVerbosity::None);
    assert_eq!(dump["latest_action"], json!({ "action_text": "Hello!" }));
    assert_eq!(dump["latest_action_name"], "Hello!");
}

#[test]
fn what_is_taken_back_has_not_been() {
    let mut tracker = Tracker::new("test_user").with_slots([("city", json!("unknown"))]);
    tracker.extend([Event::action("action_a"), Event::slot("city", "Rome")]);
    let before = tracker.clone();
    for event in [
        Event::new(EventKind::UserFeaturization { use_text_for_featurization: None }),
        Event::slot("city", "Oslo"),
        Event::action("action_b"),
        Event::new(EventKind::Undo),
        Event::restart(),
    ] {
        tracker.apply(event.clone());
        assert_eq!(tracker.take_back().as_deref(), Some(&event));
        assert_eq!(tracker.state(EventVerbosity::All), before.state(EventVerbosity::All));
        assert_eq!(tracker.applied_events(), before.applied_events());
    }
    assert_eq!(Tracker::new("test_user").take_back(), None);
}

#[test]
fn what_counts_is_the_same_however_it_is_found_out() {
    let active = |name: Option<&str>| Event::new(EventKind::ActiveLoop { name: name.map(str::to_owned) });
    let user = || Event::user(&UserMessage::new("hi", "test_user"), Metadata::new());
    let turn = [Event::action("action_listen"), user(), Event::action("form"), Event::slot("a", 1)];
    let mut events = [&turn[..], &turn, &[active(Some("form"))], &turn, &turn].concat();
    events.extend([Event::new(EventKind::Undo), active(None)]);
    events.extend([&turn[..], &[Event::new(EventKind::Rewind)], &turn].concat());
    let mut tracker = Tracker::new("test_user");
    for event in events {
        tracker.apply(event);
        let step_by_step = tracker.applied_events().to_vec();
        tracker.apply(Event::new(EventKind::Export));
        tracker.take_back();
        assert_eq!(tracker.applied_events(), step_by_step);
    }
    assert!(tracker.applied_events().len() < tracker.events().len() / 2);
}

#[test]
fn the_latest_message_is_known_in_parts() {
    let mut tracker = Tracker::new("test_user");
    assert_eq!(
        (tracker.latest_intent(), tracker.latest_text(), tracker.latest_entities().count()),
        (None, None, 0)
    );
    let parsed =
        json!({ "intent": { "name": "inform" }, "entities": [{ "entity": "city" }], "text": "parsed" });
    let message = UserMessage::new("said", "test_user");
    tracker.apply(Event::action("action_listen"));
    tracker.apply(Event::user(&message, parsed.as_object().unwrap().clone()));
    tracker.apply(Event::new(EventKind::Entities { entities: vec![json!({ "entity": "name" })] }));
    assert_eq!((tracker.latest_intent(), tracker.latest_text()), (Some("inform"), Some("said")));
    let entities: Vec<_> =
        tracker.latest_entities().map(|entity| entity["entity"].as_str().unwrap()).collect();
    assert_eq!(entities, ["city", "name"]);
}

proptest! {
    #[test]
    fn going_back_is_the_same_however_it_is_done(choices in proptest::collection::vec(0..14usize, 0..40)) {
        let entities = || vec![json!({ "entity": "city" })];
        let kinds = [
            EventKind::Undo,
            EventKind::Rewind,
            EventKind::Rewind,
            Event::user(&UserMessage::new("hi", "test_user").with_message_id("1"), Metadata::new()).kind,
            Event::action("action_listen").kind,
            Event::action("form").kind,
            Event::slot("city", "Rome").kind,
            Event::slot("city", "Oslo").kind,
            EventKind::ResetSlots,
            EventKind::Pause,
            EventKind::Followup { name: "form".to_owned() },
            EventKind::ActiveLoop { name: Some("form".to_owned()) },
            EventKind::ActiveLoop { name: None },
            EventKind::Entities { entities: entities() },
        ];
        let mut tracker = Tracker::new("test_user").with_slots([("city", json!("unknown"))]);
        for kind in choices.into_iter().map(|choice| &kinds[choice]) {
            tracker.apply(Event::new(kind.clone()));
            let went_back = matches!(kind, EventKind::Undo | EventKind::Rewind);
            let (state, applied) = (tracker.state(EventVerbosity::All), tracker.applied_events().to_vec());
            let mut anew = tracker.clone();
            anew.apply(Event::new(EventKind::Export));
            anew.take_back();
            prop_assert_eq!(anew.applied_events(), applied);
            if went_back {
                prop_assert_eq!(anew.state(EventVerbosity::All), state);
            }
        }
    }
}
