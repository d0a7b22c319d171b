//! Responses and their variations.

use channel_core::BotMessage;
use serde_json::Value;

use super::{Problems, domain::DomainLoader};
use crate::{
    domain::{Condition, Domain, Variation},
    respond,
    yaml::{Key, Node},
};

pub(super) fn response(loader: &mut DomainLoader, name: &Key, node: &Node, problems: &mut Problems) {
    if name.text.contains('/') {
        problems.unsupported(&name.place, format_args!("`{}` answers a retrieval intent", name.text));
        return;
    }
    if !name.text.starts_with("utter_") {
        let problem = format!("the response `{}` does not begin with `utter_`", name.text);
        problems.add(&name.place, problem, "rename it");
    }
    let what = format!("the response `{}`", name.text);
    let nodes = problems.list(node, &what);
    if nodes.is_empty() {
        problems.add(&name.place, format!("{what} says nothing"), "add a variation: `- text: …`");
    }
    let variations = nodes.iter().filter_map(|node| variation(&what, node, problems)).collect();
    loader.domain.responses.insert(name.text.clone(), variations);
}

fn variation(what: &str, node: &Node, problems: &mut Problems) -> Option<Variation> {
    let entries = problems.map(node, &format!("a variation of {what}"));
    if !entries.iter().any(|(key, _)| key.text == "text" || key.text == "custom") {
        let problem = format!("a variation of {what} has neither `text` nor `custom`");
        problems.add(&node.place, problem, "add `text`; it may be \"\" beside an image");
        return None;
    }
    if let Some(text) = node.get("text") {
        problems.text(text, &format!("the text of {what}"))?;
    }
    if let Some(attachment) = node.get("attachment") {
        let entries = problems.map(attachment, &format!("the attachment of {what}"));
        if entries.is_empty() {
            return None;
        }
    }
    let conditions = match node.get("condition") {
        Some(list) => {
            let list = problems.list(list, &format!("the condition of {what}"));
            Some(list.iter().filter_map(|node| condition(what, node, problems)).collect())
        }
        None => None,
    };
    let Value::Object(message) = node.to_json() else { return None };
    if let Err(error) = serde_json::from_value::<BotMessage>(Value::Object(message.clone())) {
        let problem = format!("a variation of {what} can't be sent: {error}");
        problems.add(&node.place, problem, "see Rasa's description of rich responses");
        return None;
    }
    let channel = node.get("channel").and_then(Node::text).map(str::to_owned);
    Some(Variation { message, channel, conditions })
}

/// `type: slot`, `name`, `value`.
fn condition(what: &str, node: &Node, problems: &mut Problems) -> Option<Condition> {
    if node.get("type").and_then(Node::text) != Some("slot") {
        problems.add(
            &node.place,
            format!("a condition of {what} is not of type `slot`"),
            "write `- type: slot`, `name: …`, `value: …`",
        );
        return None;
    }
    let Some(slot) = node.get("name").and_then(Node::text) else {
        problems.add(&node.place, format!("a condition of {what} names no slot"), "add `name: …`");
        return None;
    };
    let value = node.get("value").map_or(Value::Null, Node::to_json);
    Some(Condition { slot: slot.to_owned(), value })
}

/// Warns of slots that are not there: Rasa sends such texts as they are written.
pub(super) fn check(domain: &Domain) {
    for (name, variations) in &domain.responses {
        for variation in variations {
            for slot in respond::slots_in(&variation.message) {
                if domain.slot(&slot).is_none() {
                    tracing::warn!(response = name, slot, "a response shows a slot that is not declared");
                }
            }
            for condition in variation.conditions.iter().flatten() {
                if domain.slot(&condition.slot).is_none() {
                    tracing::warn!(
                        response = name,
                        slot = condition.slot,
                        "a condition needs a slot that is not declared"
                    );
                }
            }
        }
    }
}
