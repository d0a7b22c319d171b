//! What the bot says: variations chosen, slots filled in.

use channel_core::UserMessage;
use serde_json::{Value, json};

use crate::support::{Talk, agent};

/// A bot that answers `/ask` with these variations.
fn asked(slots: &Value, variations: &Value) -> Talk {
    let domain = json!({ "intents": ["ask"], "slots": slots, "responses": { "utter_it": variations } });
    let rules = json!({ "rules": [
        { "rule": "it", "steps": [{ "intent": "ask" }, { "action": "utter_it" }] },
    ] });
    Talk::to(agent(&domain.to_string(), &rules.to_string()))
}

fn slot(kind: &str, value: &Value) -> Value {
    json!({ "type": kind, "initial_value": value, "influence_conversation": false })
}

/// What comes of a text; `None` where the action fails.
async fn filled(text: &str) -> Option<String> {
    let slots = json!({
        "name": slot("text", &json!("Ada")),
        "nothing": slot("text", &json!(null)),
        "a b": slot("text", &json!("q")),
        "indexed": slot("text", &json!("a0[1]")),
        "yes": slot("bool", &json!(true)),
        "number": slot("float", &json!(1.0)),
        "map": slot("any", &json!({ "k": ["it's", null, 2, false] })),
    });
    asked(&slots, &json!([{ "text": text }])).say("/ask").await.pop()
}

#[tokio::test]
async fn slots_are_filled_in_as_recorded() {
    for (text, expected) in [
        ("Hi {name}", "Hi Ada"),
        ("Hi {name} {x}", "Hi {name} {x}"),
        ("{nothing}", "None"),
        ("{a b}", "q"),
        ("{{name}}", "{name}"),
        ("a {{}} b {name}", "a {} b Ada"),
        ("{{name}} {name}", "{{name}} {name}"),
        ("{name!r}", "{name!r}"),
        ("{name:>5}", "{name:>5}"),
        ("{name.x}", "{name.x}"),
        (r#"{"k":"{name}"}"#, r#"{"k":"{name}"}"#),
        ("{indexed}", "{indexed}"),
        ("0[ stays", "0[ stays"),
        ("0[ and {name}", "0[ and {name}"),
        ("{0}", "{0}"),
        ("{yes} {number} {map}", "True 1.0 {'k': [\"it's\", None, 2, False]}"),
        ("no placeholder", "no placeholder"),
        ("{x} {}", "{x} {}"),
    ] {
        assert_eq!(filled(text).await.as_deref(), Some(expected), "{text}");
    }
}

#[tokio::test]
async fn what_python_refuses_is_not_said() {
    for text in ["{} {name}", "{ {name}", "{name} {}", "}", "{", "{a]b} {]}"] {
        let said = filled(text).await;
        // The last one is unknown before it is wrong.
        let expected = if text.starts_with("{a]") { Some(text.to_owned()) } else { None };
        assert_eq!(said, expected, "{text}");
    }
}

#[tokio::test]
async fn each_text_in_a_list_or_map_is_filled_in_on_its_own() {
    let slots = json!({ "name": slot("text", &json!("Ada")) });
    let variations = json!([{
        "custom": { "{name}": ["{x}", "{name}", 3, null, { "deep": "{name}" }] },
        "elements": [{ "title": "{name}" }],
    }]);
    let message = UserMessage::payload("/ask", "test_user");
    let said = asked(&slots, &variations).send(message).await.messages;
    assert_eq!(said[0]["custom"], json!({ "{name}": ["{x}", "Ada", 3, null, { "deep": "Ada" }] }));
    assert_eq!(said[1]["text"], "{name} : ");
}

#[tokio::test]
async fn the_channel_goes_before_the_condition() {
    let slots = json!({ "tier": slot("text", &json!("Gold")), "count": slot("float", &json!(3)) });
    let gold = json!([{ "type": "slot", "name": "tier", "value": "GOLD" }]);
    let silver = json!([{ "type": "slot", "name": "tier", "value": "silver" }]);
    let both = json!([
        { "type": "slot", "name": "tier", "value": "gold" },
        { "type": "slot", "name": "count", "value": 3.0 },
    ]);
    let plain = json!({ "text": "plain" });
    let cases = [
        (
            json!([plain, { "text": "here", "channel": "test" }, { "text": "gold", "condition": gold }]),
            "here",
        ),
        (json!([plain, { "text": "gold", "condition": gold }]), "gold"),
        (json!([plain, { "text": "both", "condition": both }]), "both"),
        (json!([plain, { "text": "silver", "condition": silver }]), "plain"),
        (json!([plain, { "text": "elsewhere", "channel": "other" }]), "plain"),
        (json!([plain, { "text": "never", "condition": [] }]), "plain"),
        (
            json!([
                { "text": "here", "channel": "test" },
                { "text": "here and gold", "channel": "test", "condition": gold },
            ]),
            "here and gold",
        ),
    ];
    for (variations, expected) in cases {
        assert_eq!(asked(&slots, &variations).say("/ask").await, [expected], "{variations}");
    }
}

#[tokio::test]
async fn nothing_is_said_where_no_variation_fits() {
    let mut talk = asked(&json!({}), &json!([{ "text": "elsewhere", "channel": "other" }]));
    assert!(talk.say("/ask").await.is_empty());
    assert!(talk.events().contains(&"utter_it".to_owned()));
}

#[tokio::test]
async fn chance_chooses_among_those_that_fit_alike() {
    let domain = "{intents: [ask], responses: {utter_it: [{text: a}, {text: b}, {text: c, channel: other}]}}";
    let rules = "{rules: [{rule: it, steps: [{intent: ask}, {action: utter_it}]}]}";
    let mut talk = Talk::to(agent(domain, rules).chooser(|count: usize| count - 1));
    assert_eq!(talk.say("/ask").await, ["b"]);
}
