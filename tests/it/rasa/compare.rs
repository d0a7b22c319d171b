//! What is the same in two answers: the status, what a body says, who may read it.

use std::collections::BTreeMap;

use serde_json::Value;

use super::recording::Response;
use crate::http::Answer;

impl Response {
    pub(super) fn compare(&self, answer: &Answer) -> Result<(), String> {
        let Some(status) = self.status else {
            return Err(format!("Rasa never answered, {} here", answer.status));
        };
        if answer.status != status {
            return Err(format!("{} instead of {status}: {}", answer.status, answer.body));
        }
        if let Some(cors) = &self.cors {
            compare_cors(cors, answer)?;
        }
        let body = self.body.as_deref().unwrap_or_default();
        if status >= 400 { compare_refusal(status, body, answer) } else { compare_body(body, &answer.body) }
    }
}

/// A refusal has Rasa's keys; its words are ours.
fn compare_refusal(status: u16, recorded: &str, answer: &Answer) -> Result<(), String> {
    if answer.body.is_empty() {
        return Ok(());
    }
    let refusal: Value = serde_json::from_str(&answer.body).map_err(|error| error.to_string())?;
    let is_text = |key| refusal[key].is_string();
    let complete = match serde_json::from_str::<Value>(recorded) {
        // The HTTP API's; ours may have more details.
        Ok(recorded) if recorded["code"].is_number() => {
            let details = recorded["details"].as_object().into_iter().flatten();
            ["version", "message"].into_iter().all(is_text)
                && ["status", "reason", "code"].iter().all(|key| refusal[key] == recorded[key])
                && details.into_iter().all(|(key, value)| refusal["details"][key] == *value)
        }
        _ => refusal["status"] == status && ["description", "message"].into_iter().all(is_text),
    };
    if complete {
        Ok(())
    } else {
        Err(format!("a refusal without Rasa's keys: {refusal} instead of {recorded}"))
    }
}

fn compare_body(recorded: &str, body: &str) -> Result<(), String> {
    match (lines(recorded), lines(body)) {
        (Some(recorded), Some(body)) => compare_json(&Value::from(recorded), &Value::from(body), ""),
        _ if recorded.starts_with("Hello from") && body.starts_with("Hello from") || recorded == body => {
            Ok(())
        }
        _ => Err(format!("{body:?} instead of {recorded:?}")),
    }
}

/// JSON, or a stream of it, without what is new each time.
fn lines(text: &str) -> Option<Vec<Value>> {
    let lines = text.lines().map(|line| serde_json::from_str(line).ok().map(settled));
    lines.collect()
}

fn settled(mut value: Value) -> Value {
    settle(&mut value);
    value
}

fn settle(value: &mut Value) {
    match value {
        Value::Object(object) => {
            // There is no model here, and Rasa does not say how replies were delivered.
            object.retain(|key, _| !["model_id", "delivered"].contains(&key.as_str()));
            for (key, value) in object.iter_mut() {
                match key.as_str() {
                    "timestamp" | "latest_event_time" if value.is_number() => *value = "a time".into(),
                    "message_id" if value.is_string() => *value = "an id".into(),
                    _ => settle(value),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(settle),
        _ => {}
    }
}

/// Where two values differ first.
fn compare_json(recorded: &Value, here: &Value, path: &str) -> Result<(), String> {
    match (recorded, here) {
        (Value::Object(recorded), Value::Object(here)) => {
            let keys = recorded.keys().chain(here.keys().filter(|key| !recorded.contains_key(*key)));
            for key in keys {
                let of = |object: &serde_json::Map<String, Value>| object.get(key).cloned();
                match (of(recorded), of(here)) {
                    (Some(recorded), Some(here)) => compare_json(&recorded, &here, &format!("{path}.{key}"))?,
                    (recorded, _) => {
                        let which = if recorded.is_some() { "missing" } else { "too much" };
                        return Err(format!("{path}.{key} is {which}"));
                    }
                }
            }
            Ok(())
        }
        (Value::Array(recorded), Value::Array(here)) => {
            for (index, (recorded, here)) in recorded.iter().zip(here).enumerate() {
                compare_json(recorded, here, &format!("{path}[{index}]"))?;
            }
            if recorded.len() == here.len() {
                return Ok(());
            }
            let more = recorded.iter().skip(here.len()).chain(here.iter().skip(recorded.len())).next();
            Err(format!("{path} has {} entries instead of {}: {more:?}", here.len(), recorded.len()))
        }
        _ if recorded == here => Ok(()),
        _ => Err(format!("{path} is {here} instead of {recorded}")),
    }
}

fn compare_cors(recorded: &BTreeMap<String, String>, answer: &Answer) -> Result<(), String> {
    for name in ["access-control-allow-origin", "access-control-allow-credentials"] {
        let (rasa, here) = (recorded.get(name).map(String::as_str), answer.header(name));
        if rasa != here {
            return Err(format!("{name} is {here:?} instead of {rasa:?}"));
        }
    }
    Ok(())
}
