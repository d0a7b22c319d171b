//! What is understood of a message.

use serde_json::{Value, json};

use crate::support::{CONFIG, Log, Talk, agent, load};

use channel_agent::DomainAgent;

const DOMAIN: &str = "
intents: [greet, thank, nlu_fallback]
entities: [city, name]
slots:
  city: {type: list, mappings: [{type: from_entity, entity: city}]}
  words: {type: text, mappings: [{type: from_text, not_intent: greet}]}
  polite: {type: bool, mappings: [{type: from_intent, intent: [thank], value: true}]}
";

const DATA: &str = "
nlu:
  - intent: greet
    examples: |
      - hi
      - I am in [Rome](city)
      - good morning
  - intent: thank
    examples:
      - thanks a lot
      - text: how kind?
  - lookup: city
    examples: |
      - Rome
      - San Marino
  - regex: name
    examples: |
      - [A-Z]+
  - synonym: Roma
    examples: |
      - rome
";

async fn understood(pipeline: &str, text: &str) -> (Value, Talk) {
    let policies = CONFIG.find("policies").unwrap();
    let policies = &CONFIG[policies..];
    let config = format!("pipeline: {pipeline}\n{policies}    enable_fallback_prediction: false\n");
    let bot = load(DOMAIN, DATA, &config).unwrap_or_else(|error| panic!("{error}"));
    let mut talk = Talk::to(DomainAgent::builder(bot));
    talk.say(text).await;
    (last(&talk), talk)
}

/// What was understood of the last message.
fn last(talk: &Talk) -> Value {
    let user = talk.tracker().events().iter().rev().find_map(|event| match &event.kind {
        channel_core::EventKind::User { parse_data, .. } => Some(json!(parse_data)),
        _ => None,
    });
    user.unwrap()
}

#[tokio::test]
async fn what_somebody_types_is_no_payload() {
    let bot = load(DOMAIN, DATA, CONFIG).unwrap_or_else(|error| panic!("{error}"));
    let mut talk = Talk::to(DomainAgent::builder(bot));
    let text = r#"/greet{"city": "Rome"}"#;
    for (message, intent) in [
        (channel_core::UserMessage::new(text, "test_user"), json!(null)),
        (channel_core::UserMessage::payload(text, "test_user"), json!("greet")),
    ] {
        talk.send(message).await;
        assert_eq!(last(&talk)["intent"]["name"], intent);
    }
}

const KEYWORDS: &str =
    "[{name: WhitespaceTokenizer}, {name: KeywordIntentClassifier, case_sensitive: false}]";

#[tokio::test]
async fn keywords_are_whole_words() {
    for (text, intent) in [
        ("Hi there", Some("greet")),
        ("high", None),
        ("this", None),
        ("say hi!", Some("greet")),
        ("I am in Rome", Some("greet")),
        ("GOOD MORNING", Some("greet")),
        ("Thanks a lot", Some("thank")),
        ("how kind", Some("thank")),
        ("Grüße, hi", Some("greet")),
        ("hié", None),
        ("hi and thanks a lot", Some("greet")),
        ("thanks a lot, hi", Some("greet")),
        ("", None),
    ] {
        let (parsed, _) = understood(KEYWORDS, text).await;
        assert_eq!(parsed["intent"]["name"], json!(intent), "{text}");
        assert_eq!(parsed["intent"]["confidence"], if intent.is_some() { 1.0 } else { 0.0 }, "{text}");
    }
}

#[tokio::test]
async fn keywords_know_their_case_unless_told_otherwise() {
    let (parsed, _) = understood("[{name: KeywordIntentClassifier}]", "Hi").await;
    assert_eq!(parsed["intent"]["name"], json!(null));
}

#[tokio::test]
async fn the_fallback_intent_stands_for_none() {
    let pipeline = "[{name: KeywordIntentClassifier}, {name: FallbackClassifier, threshold: 0.4}]";
    let (parsed, _) = understood(pipeline, "what?").await;
    assert_eq!(parsed["intent"], json!({ "name": "nlu_fallback", "confidence": 0.4 }));
    let (parsed, _) = understood(pipeline, "hi").await;
    assert_eq!(parsed["intent"], json!({ "name": "greet", "confidence": 1.0 }));
}

#[tokio::test]
async fn words_of_a_lookup_table_are_entities() {
    let pipeline =
        "[{name: KeywordIntentClassifier}, {name: RegexEntityExtractor}, {name: EntitySynonymMapper}]";
    let (parsed, talk) = understood(pipeline, "é rome, San Marino, Romeo").await;
    let expected = json!([
        {
            "entity": "city", "start": 2, "end": 6, "value": "Roma", "extractor": "RegexEntityExtractor",
            "processors": ["EntitySynonymMapper"],
        },
        { "entity": "city", "start": 8, "end": 18, "value": "San Marino", "extractor": "RegexEntityExtractor" },
    ]);
    assert_eq!(parsed["entities"], expected);
    assert_eq!(talk.tracker().slot("city"), Some(&json!(["Roma", "San Marino"])));
}

#[tokio::test]
async fn payloads_are_taken_at_their_word() {
    let intent = json!({ "name": "greet", "confidence": 0.5 });
    let (parsed, talk) =
        understood(KEYWORDS, r#"/greet@0.5{"city": ["Rome", 5], "unknown": 1} and more"#).await;
    assert_eq!(parsed["intent"], intent);
    assert_eq!(parsed["intent_ranking"], json!([intent]));
    let entity = |value: Value| json!({ "entity": "city", "value": value, "start": 10, "end": 45, "extractor": "RegexMessageHandler" });
    assert_eq!(parsed["entities"], json!([entity(json!("Rome")), entity(json!(5))]));
    assert_eq!(talk.tracker().slot("words"), Some(&json!(null)), "not from this intent");

    for (text, name, confidence) in [
        ("/greet@7", json!("greet"), 1.0),
        ("/greet@1.2.3", json!("greet"), 0.0),
        ("/unknown", json!(null), 0.0),
        ("/", json!(null), 0.0),
        ("/greet{not json}", json!("greet"), 1.0),
    ] {
        let (parsed, _) = understood(KEYWORDS, text).await;
        assert_eq!(parsed["intent"], json!({ "name": name, "confidence": confidence }), "{text}");
        assert_eq!(parsed["entities"], json!([]), "{text}");
    }
}

#[tokio::test]
async fn slots_are_filled_from_texts_and_intents() {
    let (_, talk) = understood(KEYWORDS, "thanks a lot").await;
    assert_eq!(talk.tracker().slot("words"), Some(&json!("thanks a lot")));
    assert_eq!(talk.tracker().slot("polite"), Some(&json!(true)));
}

#[tokio::test]
async fn an_example_of_two_intents_is_no_keyword() {
    let data = "
nlu:
  - {intent: greet, examples: ['ciao', 'well hello']}
  - {intent: thank, examples: ['ciao', 'well']}
";
    let mut talk = Talk::to(agent(DOMAIN, data));
    for text in ["ciao", "well"] {
        talk.say(text).await;
        let events = talk.tracker().events();
        let named = events.iter().any(|event| {
            matches!(&event.kind,
            channel_core::EventKind::User { parse_data, .. } if !parse_data["intent"]["name"].is_null())
        });
        assert!(!named, "{text}");
    }
}

#[tokio::test]
async fn what_a_user_wrote_stays_out_of_the_log() {
    let log = Log::kept();
    understood(KEYWORDS, "/my pin is 4711").await;
    understood(KEYWORDS, r#"/greet{"my pin is 4711": true}"#).await;
    let logged = log.text();
    assert!(logged.contains("an intent that is not in the domain"), "{logged}");
    assert!(logged.contains("an entity that is not in the domain"), "{logged}");
    assert!(!logged.contains("4711"), "{logged}");
}
