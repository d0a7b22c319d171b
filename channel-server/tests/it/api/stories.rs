//! Conversations as test stories.

use channel_core::axum::http::Method;

use super::support::{call, get, reason, with_bot};

const EVENTS: &str = r#"[
  {"event": "action", "name": "action_session_start", "timestamp": 1},
  {"event": "session_started", "timestamp": 1},
  {"event": "action", "name": "action_listen", "timestamp": 1},
  {"event": "user", "text": "hi", "parse_data": {"intent": {"name": "greet"}}, "timestamp": 2},
  {"event": "user_featurization", "use_text_for_featurization": false, "timestamp": 2},
  {"event": "action", "name": "utter_greet", "timestamp": 3},
  {"event": "bot", "text": "Hello.", "timestamp": 3},
  {"event": "action", "name": "action_session_start", "timestamp": 10},
  {"event": "session_started", "timestamp": 10},
  {"event": "user", "text": "to Rome: now\n- and", "timestamp": 11,
   "parse_data": {"intent": {"name": "remind"}, "entities": [{"entity": "city", "value": "Rome", "start": 3, "end": 7}, {"entity": "time", "value": "12:00", "start": 9, "end": 12}]}},
  {"event": "slot", "name": "city", "value": "Rome", "timestamp": 12},
  {"event": "slot", "name": "odd", "value": {"yes": [1, null, "no"]}, "timestamp": 12},
  {"event": "active_loop", "name": null, "timestamp": 13},
  {"event": "user", "text": "by its words", "parse_data": {"intent": {"name": "greet"}}, "timestamp": 14},
  {"event": "user_featurization", "use_text_for_featurization": true, "timestamp": 14},
  {"event": "action", "action_text": "Fine.", "timestamp": 15}
]"#;

const FIRST: &str = "  steps:
  - intent: greet
    user: |-
      hi
  - action: utter_greet
";

const LAST: &str = r#"  steps:
  - intent: remind
    user: |-
      to [Rome](city): [now]{"entity": "time", "value": "12:00"}
      - and
  - slot_was_set:
    - city: Rome
  - slot_was_set:
    - odd:
        "yes":
        - 1
        - null
        - "no"
  - active_loop: null
  - user: |-
      by its words
  - bot: Fine.
"#;

#[tokio::test]
async fn a_conversation_is_told() {
    let server = with_bot("open:\n").build().unwrap();
    assert_eq!(call(&server, Method::PUT, "/conversations/a%20b/tracker/events", EVENTS).await.status, 200);
    let story = |query: &'static str| {
        let server = &server;
        async move { get(server, &format!("/conversations/a%20b/story?{query}")).await.body }
    };
    let head = "version: \"3.1\"\n";
    assert_eq!(story("").await, format!("{head}stories:\n- story: a b\n{LAST}"));
    let both = format!("{head}stories:\n- story: a b, story 1\n{FIRST}- story: a b, story 2\n{LAST}");
    assert_eq!(story("all_sessions=True").await, both);
    assert_eq!(story("all_sessions=true&until=5").await, format!("{head}stories:\n- story: a b\n{FIRST}"));
    assert_eq!(story("until=5").await, head);
    assert_eq!(reason(&get(&server, "/conversations/never/story").await, 404), "Not found");
}
