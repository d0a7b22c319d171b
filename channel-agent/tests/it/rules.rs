//! What the rules decide.

use crate::support::{CONFIG, Talk, agent, load};

use channel_agent::{ActionCall, ActionOutcome, DomainAgent};
use channel_core::{Event, EventKind};

const DOMAIN: &str = "
intents: [greet, order, buy]
entities: [size]
slots:
  city: {type: text, mappings: [{type: custom}]}
  vip: {type: bool, mappings: [{type: custom}]}
  tier: {type: categorical, values: [gold, silver], mappings: [{type: custom}]}
responses:
  utter_a: [{text: a}]
  utter_b: [{text: b}]
  utter_c: [{text: c}]
  utter_default: [{text: what?}]
actions: [action_set]
";

/// A bot with these rules; `/buy` runs an action that sets a slot.
fn bot(rules: &str, slot: &'static str, value: &'static str) -> Talk {
    let buy = "\n  - rule: buy\n    steps:\n      - intent: buy\n      - action: action_set\n";
    let set = move |_: &ActionCall<'_>| {
        let value: serde_json::Value = serde_json::from_str(value).unwrap();
        Ok(ActionOutcome::new().event(Event::slot(slot, value)))
    };
    Talk::to(agent(DOMAIN, &format!("rules:{rules}{buy}")).action("action_set", set))
}

#[tokio::test]
async fn a_condition_needs_its_slot() {
    let rules = "
  - rule: known
    condition:
      - slot_was_set:
          - city
    steps:
      - intent: greet
      - action: utter_a
  - rule: unknown
    condition:
      - slot_was_set:
          - city: null
    steps:
      - intent: greet
      - action: utter_b
";
    let mut talk = bot(rules, "city", "\"Rome\"");
    assert_eq!(talk.say("/greet").await, ["b"]);
    assert!(talk.say("/buy").await.is_empty());
    assert_eq!(talk.say("/greet").await, ["a"]);
}

#[tokio::test]
async fn of_rules_that_fit_the_more_particular_one_decides() {
    let rules = "
  - rule: anyone
    steps:
      - intent: greet
      - action: utter_a
  - rule: gold
    condition:
      - slot_was_set:
          - tier: Gold
    steps:
      - intent: greet
      - action: utter_b
";
    let mut talk = bot(rules, "tier", "\"GOLD\"");
    assert_eq!(talk.say("/greet").await, ["a"]);
    talk.say("/buy").await;
    assert_eq!(talk.say("/greet").await, ["b"]);
}

#[tokio::test]
async fn a_truth_value_is_told_from_its_absence() {
    let rules = "
  - rule: not a vip
    condition:
      - slot_was_set:
          - vip: false
    steps:
      - intent: greet
      - action: utter_a
";
    let mut talk = bot(rules, "vip", "false");
    assert_eq!(talk.say("/greet").await, ["what?"]);
    talk.say("/buy").await;
    assert_eq!(talk.say("/greet").await, ["a"]);
}

#[tokio::test]
async fn an_entity_makes_a_rule_more_particular() {
    let rules = "
  - rule: order
    steps:
      - intent: order
      - action: utter_a
  - rule: order of a size
    steps:
      - intent: order
        entities:
          - size
      - action: utter_b
";
    let mut talk = bot(rules, "city", "1");
    assert_eq!(talk.say("/order").await, ["a"]);
    assert_eq!(talk.say(r#"/order{"size": "xl"}"#).await, ["b"]);
}

#[tokio::test]
async fn a_slot_set_by_an_action_decides_how_a_rule_goes_on() {
    let rules = "
  - rule: order with a city
    steps:
      - intent: order
      - action: action_set
      - slot_was_set:
          - city
      - action: utter_a
  - rule: order without a city
    steps:
      - intent: order
      - action: action_set
      - slot_was_set:
          - city: null
      - action: utter_b
";
    assert_eq!(bot(rules, "city", "\"Rome\"").say("/order").await, ["a"]);
    assert_eq!(bot(rules, "city", "null").say("/order").await, ["b"]);
}

#[tokio::test]
async fn only_the_first_turn_is_the_start_of_a_conversation() {
    let rules = "
  - rule: first
    conversation_start: true
    steps:
      - intent: greet
      - action: utter_a
  - rule: later
    steps:
      - intent: greet
      - action: utter_b
";
    let mut talk = bot(rules, "city", "1");
    assert_eq!(talk.say("/greet").await, ["a"]);
    assert_eq!(talk.say("/greet").await, ["b"]);
}

#[tokio::test]
async fn a_rule_that_does_not_wait_leaves_the_next_action_to_others() {
    let rules = "
  - rule: greet
    wait_for_user_input: false
    steps:
      - intent: greet
      - action: utter_a
  - rule: after a
    steps:
      - action: utter_a
      - action: utter_b
";
    let mut talk = bot(rules, "city", "1");
    assert_eq!(talk.say("/greet").await, ["a", "b"]);
    let listens = talk.events().iter().filter(|event| *event == "action_listen").count();
    assert_eq!(listens, 2);
}

#[tokio::test]
async fn each_action_is_a_step_of_its_own() {
    let rules = "
  - rule: greet
    steps:
      - intent: greet
      - action: utter_a
      - action: utter_b
";
    let mut talk = bot(rules, "city", "1");
    let message = channel_core::UserMessage::payload("/greet", "test_user");
    assert_eq!(talk.send(message).await.steps, [1, 1]);
}

#[tokio::test]
async fn without_a_rule_the_fallback_answers_and_the_turn_is_forgotten() {
    let mut talk = bot("", "city", "1");
    assert_eq!(talk.say("/greet").await, ["what?"]);
    let expected =
        ["user", "user_featurization", "action_default_fallback", "bot", "rewind", "action_listen"];
    assert_eq!(talk.events()[3..], expected);
    assert_eq!(talk.say("/greet").await, ["what?"]);
}

#[tokio::test]
async fn the_fallback_can_be_changed_and_turned_off() {
    let say = async |option: &str| {
        let config = format!("{CONFIG}    {option}\n");
        let bot = load(DOMAIN, "rules: []", &config).unwrap();
        let nothing = |_: &ActionCall<'_>| Ok(ActionOutcome::new());
        let mut talk = Talk::to(DomainAgent::builder(bot).action("action_set", nothing));
        (talk.say("/greet").await, talk.events().pop())
    };
    let listens = Some("action_listen".to_owned());
    assert_eq!(say("enable_fallback_prediction: false").await, (Vec::new(), listens));
    // Nothing says what comes after `utter_a`, so that it answers again and again, but not for ever.
    let (said, last) = say("core_fallback_action_name: utter_a").await;
    assert_eq!((said.len(), last.as_deref()), (10, Some("bot")));
}

#[tokio::test]
async fn an_action_may_ask_for_the_next_one() {
    let rules = "
  - rule: order
    steps:
      - intent: order
      - action: action_set
";
    let follow = |_: &ActionCall<'_>| {
        Ok(ActionOutcome::new().event(Event::new(EventKind::Followup { name: "utter_c".to_owned() })))
    };
    let mut talk = Talk::to(agent(DOMAIN, &format!("rules:{rules}")).action("action_set", follow));
    assert_eq!(talk.say("/order").await[0], "c");
}

#[tokio::test]
async fn a_paused_bot_is_silent_until_it_is_restarted() {
    let rules = "
  - rule: greet
    steps:
      - intent: greet
      - action: utter_a
";
    let mut talk = bot(rules, "city", "1");
    talk.say("/greet").await;
    talk.trackers.get_mut("test_user").unwrap().apply(Event::new(EventKind::Pause));
    assert!(talk.say("/greet").await.is_empty());
    assert!(talk.say("/restart").await.is_empty());
    assert_eq!(talk.say("/greet").await, ["a"]);
}

#[tokio::test]
async fn back_takes_the_last_turn_back() {
    let rules = "
  - rule: order
    steps:
      - intent: order
      - action: utter_a
";
    let mut talk = bot(rules, "city", "\"Rome\"");
    talk.say("/buy").await;
    assert_eq!(talk.tracker().slot("city").unwrap(), "Rome");
    assert!(talk.say("/back").await.is_empty());
    assert!(talk.tracker().slot("city").unwrap().is_null());
}

/// Whether a rule that needs `wanted` of the slot fires where the slot holds `value`.
async fn fires(kind: &str, wanted: &str, value: &'static str) -> bool {
    let domain = format!(
        "{{intents: [greet, buy], slots: {{it: {kind}}},
          responses: {{utter_a: [{{text: a}}], utter_default: [{{text: what?}}]}}, actions: [action_set]}}"
    );
    let rules = format!(
        "{{rules: [
          {{rule: buy, steps: [{{intent: buy}}, {{action: action_set}}]}},
          {{rule: greet, condition: [{{slot_was_set: [{{it: {wanted}}}]}}],
            steps: [{{intent: greet}}, {{action: utter_a}}]}}]}}"
    );
    let set = move |_: &ActionCall<'_>| {
        let value: serde_json::Value = serde_json::from_str(value).unwrap();
        Ok(ActionOutcome::new().event(Event::slot("it", value)))
    };
    let mut talk = Talk::to(agent(&domain, &rules).action("action_set", set));
    talk.say("/buy").await;
    talk.say("/greet").await == ["a"]
}

#[tokio::test]
async fn values_are_compared_as_rasas_policies_see_them() {
    let categorical = "{type: categorical, values: [Gold, 5]}";
    let float = "{type: float, min_value: 0, max_value: 10}";
    for (kind, wanted, value, expected) in [
        ("{type: text}", "anything", r#""Rome""#, true),
        ("{type: text}", "null", r#""Rome""#, false),
        ("{type: text}", "null", "null", true),
        ("{type: bool}", "true", r#""True""#, true),
        ("{type: bool}", "true", r#""1""#, true),
        ("{type: bool}", "true", "1", true),
        ("{type: bool}", "true", "0", false),
        ("{type: bool}", "false", r#""false""#, true),
        ("{type: bool}", "null", r#""maybe""#, true),
        (categorical, "gold", r#""GOLD""#, true),
        (categorical, "5", r#""5""#, true),
        (categorical, "gold", r#""5""#, false),
        (categorical, "bronze", r#""copper""#, true),
        (float, "5", "5.0", true),
        (float, "5", r#""5""#, true),
        (float, "10", "12", true),
        (float, "5", "6", false),
        (float, "null", r#""many""#, true),
        ("{type: list}", "[a]", r#"["b", "c"]"#, true),
        ("{type: list}", "[a]", "[]", false),
        ("{type: list}", "null", "[]", true),
        // Rules don't see these.
        ("{type: any}", "a", r#""b""#, true),
        ("{type: text, influence_conversation: false}", "null", r#""b""#, true),
    ] {
        assert_eq!(fires(kind, wanted, value).await, expected, "{kind} {wanted} {value}");
    }
}
