//! Slots: what they may hold, and what rules see of it.

use serde_json::Value;

use crate::yaml::Place;

/// Set to the metadata of the message that a session begins with.
pub(crate) const SESSION_STARTED_METADATA: &str = "session_started_metadata";

#[derive(Clone, Debug)]
pub(crate) struct Slot {
    pub(crate) name: String,
    pub(crate) kind: SlotKind,
    pub(crate) initial: Value,
    /// Rules see it.
    pub(crate) influences: bool,
    pub(crate) mappings: Vec<Mapping>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum SlotKind {
    Text,
    Bool,
    Categorical {
        /// In lower case.
        values: Vec<String>,
    },
    Float {
        min: f64,
        max: f64,
    },
    List,
    Any,
}

/// Where a slot's value comes from.
#[derive(Clone, Debug)]
pub(crate) struct Mapping {
    pub(crate) source: Source,
    /// The intents that it needs; none: any.
    pub(crate) intents: Vec<String>,
    pub(crate) not_intents: Vec<String>,
}

#[derive(Clone, Debug)]
pub(crate) enum Source {
    Entity {
        entity: String,
        role: Option<String>,
        group: Option<String>,
    },
    Text,
    Intent {
        value: Value,
    },
    /// An action sets it: one that runs for each message, or just any.
    Custom {
        action: Option<(String, Place)>,
    },
}

impl Slot {
    /// A slot that the user does not declare.
    pub(crate) fn automatic(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            kind: SlotKind::Any,
            initial: Value::Null,
            influences: false,
            mappings: Vec::new(),
        }
    }

    /// What rules see of a value: numbers, as Rasa's policies see them; none of a slot that they don't see, and none of
    /// a value that is as good as nothing.
    pub(crate) fn features(&self, value: &Value) -> Option<Vec<f64>> {
        if !self.influences {
            return None;
        }
        let features = match &self.kind {
            SlotKind::Any => return None,
            SlotKind::Text => vec![f64::from(u8::from(!value.is_null()))],
            SlotKind::List => vec![f64::from(u8::from(is_truthy(value)))],
            SlotKind::Bool => {
                truth(value).map_or(vec![0.0, 0.0], |truth| vec![1.0, f64::from(u8::from(truth))])
            }
            SlotKind::Float { min, max } => number(value).map_or(vec![0.0, 0.0], |number| {
                let range = if max > min { max - min } else { 1.0 };
                vec![1.0, (number.clamp(*min, *max) - min) / range]
            }),
            SlotKind::Categorical { values } => one_of(values, value),
        };
        features.iter().any(|feature| *feature != 0.0).then_some(features)
    }
}

/// One place for each value, and one for those that are not foreseen.
fn one_of(values: &[String], value: &Value) -> Vec<f64> {
    let mut places = vec![0.0; values.len() + 1];
    if !value.is_null() {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned).to_lowercase();
        places[values.iter().position(|known| *known == text).unwrap_or(values.len())] = 1.0;
    }
    places
}

fn truth(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(truth) => Some(*truth),
        Value::Number(number) => number.as_f64().map(is_one),
        Value::String(text) => match text.trim().to_lowercase().as_str() {
            "true" => Some(true),
            "false" => Some(false),
            text => text.parse().ok().map(is_one),
        },
        _ => None,
    }
}

fn is_one(number: f64) -> bool {
    (number - 1.0).abs() < f64::EPSILON
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Bool(truth) => Some(f64::from(u8::from(*truth))),
        Value::String(text) => text.trim().parse().ok(),
        _ => value.as_f64(),
    }
}

/// What Python's `if value` says.
pub(crate) fn is_truthy(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(truth) => *truth,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(entries) => !entries.is_empty(),
    }
}
