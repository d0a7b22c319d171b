//! Messages that say outright what is meant: `/inform@0.9{"name": "Ann"}`, as buttons send them.

use std::sync::LazyLock;

use channel_core::Metadata;
use regex::{Captures, Regex};
use serde_json::{Value, json};

use super::{in_characters, object};
use crate::domain::Domain;

static PAYLOAD: LazyLock<Regex> = LazyLock::new(|| {
    let pattern = r"^/(?P<intent>[^{@]+)(?P<confidence>@[0-9.]+)?(?P<entities>\{.+\})?(?P<rest>.*)";
    crate::pattern::fixed(pattern)
});

/// The parse data of such a message; `None` for any other, and where the intent is not in the domain.
pub(super) fn parse(text: &str, domain: &Domain) -> Option<Metadata> {
    let found = PAYLOAD.captures(text)?;
    let name = found["intent"].trim();
    if !domain.has_intent(name) {
        // What the user wrote stays out of the log.
        tracing::warn!("a message names an intent that is not in the domain; it is taken as text");
        return None;
    }
    if !found["rest"].is_empty() {
        tracing::warn!(intent = name, "a message says more than `/intent@confidence{{entities}}`");
    }
    let intent = json!({ "name": name, "confidence": confidence(&found) });
    Some(object([
        ("text", text.into()),
        ("intent", intent.clone()),
        ("entities", entities(text, &found, domain).into()),
        ("intent_ranking", json!([intent])),
    ]))
}

/// 1 where none is given, 0 where it is no number; never above 1.
fn confidence(found: &Captures<'_>) -> f64 {
    let Some(confidence) = found.name("confidence") else { return 1.0 };
    confidence.as_str()[1..].parse::<f64>().map_or(0.0, |confidence| confidence.min(1.0))
}

/// A list of values stands for one entity each.
fn entities(text: &str, found: &Captures<'_>, domain: &Domain) -> Vec<Value> {
    let Some(json) = found.name("entities") else { return Vec::new() };
    let Ok(given) = serde_json::from_str::<Metadata>(json.as_str()) else {
        tracing::warn!("a message's entities are no JSON object; they are left out");
        return Vec::new();
    };
    let (start, end) = (in_characters(text, json.start()), in_characters(text, json.end()));
    let mut entities = Vec::new();
    for (entity, values) in given {
        if !domain.has_entity(&entity) {
            tracing::warn!("a message names an entity that is not in the domain; it is left out");
            continue;
        }
        let values = match values {
            Value::Array(values) => values,
            value => vec![value],
        };
        entities.extend(values.into_iter().map(|value| {
            json!({
                "entity": entity,
                "value": value,
                "start": start,
                "end": end,
                "extractor": "RegexMessageHandler",
            })
        }));
    }
    entities
}
