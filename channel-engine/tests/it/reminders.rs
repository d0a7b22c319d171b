//! Reminders: what the bot asked to be reminded of.

use std::{
    sync::{Arc, Mutex},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use channel_core::{Agent, AgentError, Event, Turn, async_trait};
use channel_engine::{Engine, Options, SqliteStore, Store};
use serde_json::{Value, json};
use tokio::sync::Notify;

use crate::faulty::Faulty;

const HOUR: Duration = Duration::from_hours(1);

/// Adds the events that its user sends as JSON, and notes what it is reminded of.
#[derive(Default)]
struct Forgetful {
    reminded: Mutex<Vec<Value>>,
    news: Notify,
}

#[async_trait]
impl Agent for Forgetful {
    async fn handle(&self, turn: &mut Turn<'_>) -> Result<(), AgentError> {
        let message = turn.message();
        let parse_data = message.parse_data.clone().unwrap_or_default();
        turn.tracker_mut().apply(Event::user(message, parse_data.clone()));
        if message.text.starts_with("EXTERNAL: ") {
            let seen = json!({ "text": message.text, "data": parse_data, "metadata": message.metadata });
            self.reminded.lock().unwrap().push(seen);
            self.news.notify_one();
            return Ok(());
        }
        if let Ok(Value::Array(events)) = serde_json::from_str(&message.text) {
            for event in events {
                turn.tracker_mut().apply(serde_json::from_value(event).unwrap());
            }
        }
        Ok(())
    }
}

struct World<S> {
    store: Arc<S>,
    agent: Arc<Forgetful>,
    engine: Engine,
}

impl<S: Store> World<S> {
    fn start(store: Arc<S>) -> Self {
        let agent = Arc::new(Forgetful::default());
        let engine = Engine::new(agent.clone(), store.clone(), Options::default());
        engine.start();
        Self { store, agent, engine }
    }

    /// Has the bot do this; `text` is what its user says.
    async fn says(&self, text: &str) {
        let sent = Arc::new(channel_core::CollectingOutputChannel::new("chat"));
        let on_new_message = crate::support::way_in(&self.engine, &sent);
        let message = channel_core::UserMessage::new(text, "ada");
        on_new_message.handle(message, on_new_message.collector()).await.unwrap();
    }

    async fn adds(&self, events: Value) {
        self.says(&events.to_string()).await;
    }

    fn reminded(&self) -> Vec<String> {
        let reminded = self.agent.reminded.lock().unwrap();
        reminded.iter().map(|seen| seen["data"]["intent"]["name"].as_str().unwrap().to_owned()).collect()
    }
}

/// The intents that the bot is reminded of in an hour, if this happens by then; after a restart.
async fn in_an_hour(happenings: impl IntoIterator<Item = Happening>) -> Vec<String> {
    let world = World::start(Arc::new(Faulty::durable()));
    for happening in happenings {
        match happening {
            Happening::Events(events) => world.adds(events).await,
            Happening::Says(text) => world.says(text).await,
        }
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert!(world.reminded().is_empty(), "it is not time yet");
    world.engine.stop(HOUR).await;
    world.store.hurry(HOUR);
    let world = World::start(world.store.clone());
    loop {
        let backlog = world.store.backlog().await.unwrap();
        if backlog.pending == 0 && backlog.scheduled == 0 {
            return world.reminded();
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

enum Happening {
    Events(Value),
    Says(&'static str),
}

use Happening::{Events, Says};

fn at(time: SystemTime) -> String {
    let since = time.duration_since(UNIX_EPOCH).unwrap();
    jiff::Timestamp::from_microsecond(i64::try_from(since.as_micros()).unwrap()).unwrap().to_string()
}

fn reminder(intent: &str, name: Option<&str>) -> Value {
    let soon = at(SystemTime::now() + HOUR / 2);
    json!({ "event": "reminder", "intent": intent, "date_time": soon, "name": name, "kill_on_user_msg": false })
}

#[tokio::test(start_paused = true)]
async fn a_reminder_comes_at_its_time_also_after_a_restart() {
    assert_eq!(in_an_hour([Events(json!([reminder("water", None)]))]).await, ["water"]);
}

#[tokio::test(start_paused = true)]
async fn two_reminders_of_one_moment_both_come() {
    let (mut first, mut second) = (reminder("water", None), reminder("feed", None));
    first["timestamp"] = 1.5.into();
    second["timestamp"] = 1.5.into();
    assert_eq!(in_an_hour([Events(json!([first, second]))]).await, ["water", "feed"]);
}

#[tokio::test(start_paused = true)]
async fn a_reminder_of_the_same_name_replaces_the_one_before() {
    let events = json!([reminder("water", Some("plants")), reminder("feed", Some("plants"))]);
    assert_eq!(in_an_hour([Events(events)]).await, ["feed"]);
    let events = json!([reminder("water", Some("plants")), reminder("feed", Some("cat"))]);
    assert_eq!(in_an_hour([Events(events)]).await, ["water", "feed"]);
}

#[tokio::test(start_paused = true)]
async fn reminders_are_taken_back() {
    for (cancel, left) in [
        (json!({ "name": "plants" }), vec!["feed"]),
        (json!({ "intent": "feed" }), vec!["water"]),
        (json!({}), vec![]),
        (json!({ "name": "nothing" }), vec!["water", "feed"]),
    ] {
        let mut event = json!({ "event": "cancel_reminder" });
        event.as_object_mut().unwrap().extend(cancel.as_object().unwrap().clone());
        let set = json!([reminder("water", Some("plants")), reminder("feed", None)]);
        assert_eq!(in_an_hour([Events(set), Events(json!([event]))]).await, left, "{cancel}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_conversation_that_begins_anew_has_no_reminders() {
    let events = json!([reminder("water", None), { "event": "restart" }, reminder("feed", None)]);
    assert_eq!(in_an_hour([Events(events)]).await, ["feed"]);
}

#[tokio::test(start_paused = true)]
async fn a_user_who_speaks_ends_those_that_are_to_end_then() {
    let mut ends = reminder("water", None);
    ends["kill_on_user_msg"] = true.into();
    let set = json!([ends, reminder("feed", None)]);
    assert_eq!(in_an_hour([Events(set.clone()), Says("Hi")]).await, ["feed"]);
    assert_eq!(in_an_hour([Events(set)]).await, ["water", "feed"], "another reminder is not the user");
}

#[tokio::test(start_paused = true)]
async fn times_have_an_offset_or_are_those_of_this_machine() {
    let soon = jiff::Timestamp::try_from(SystemTime::now() + HOUR / 2).unwrap();
    let local = jiff::tz::TimeZone::system().to_datetime(soon).to_string();
    let offset = format!("{}+05:00", jiff::tz::offset(5).to_datetime(soon));
    for time in [local, offset] {
        let mut reminder = reminder("water", None);
        reminder["date_time"] = time.clone().into();
        assert_eq!(in_an_hour([Events(json!([reminder]))]).await, ["water"], "{time}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_time_that_is_none_is_logged_and_the_turn_goes_on() {
    let mut nonsense = reminder("water", None);
    nonsense["date_time"] = "soon".into();
    assert_eq!(in_an_hour([Events(json!([nonsense, reminder("feed", None)]))]).await, ["feed"]);
}

#[tokio::test]
async fn what_is_due_at_once_comes_at_once_from_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let world = World::start(Arc::new(SqliteStore::open(folder.path().join("bot.db")).unwrap()));
    let mut now = reminder("water", Some("plants"));
    now["date_time"] = at(SystemTime::now() + Duration::from_millis(5)).into();
    now["entities"] = json!({ "plant": "fern" });
    world.adds(json!([now])).await;
    world.agent.news.notified().await;
    let seen = world.agent.reminded.lock().unwrap()[0].clone();
    let expected = json!({
        "text": "EXTERNAL: water",
        "data": {
            "intent": { "name": "water" },
            "entities": [{ "entity": "plant", "value": "fern" }],
        },
        "metadata": { "is_external": true },
    });
    assert_eq!(seen, expected);
}
