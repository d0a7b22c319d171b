//! Slots and their mappings.

use serde_json::Value;

use super::{Problems, domain::DomainLoader};
use crate::{
    domain::{Domain, Mapping, Slot, SlotKind, Source},
    yaml::{Key, Node},
};

const KEYS: [&str; 7] =
    ["type", "initial_value", "influence_conversation", "mappings", "values", "min_value", "max_value"];
const TYPES: [&str; 6] = ["text", "bool", "categorical", "float", "list", "any"];
const MAPPING_TYPES: [&str; 5] = ["from_entity", "from_text", "from_intent", "from_trigger_intent", "custom"];

pub(super) fn slot(loader: &mut DomainLoader, name: &Key, node: &Node, problems: &mut Problems) {
    let what = format!("the slot `{}`", name.text);
    for (key, _) in problems.map(node, &what) {
        if !KEYS.contains(&key.text.as_str()) {
            let help = super::meant(&key.text, KEYS, "remove it");
            problems.add(&key.place, format!("unknown key `{}` of {what}", key.text), help);
        }
    }
    let Some(kind) = kind(&what, name, node, problems) else { return };
    let influences = match node.get("influence_conversation") {
        Some(flag) => problems.flag(flag, "influence_conversation").unwrap_or(false),
        None => kind != SlotKind::Any,
    };
    if influences && kind == SlotKind::Any {
        problems.add(
            &name.place,
            format!("{what} is of type `any` and can't influence the conversation"),
            "give it another type, or set `influence_conversation: false`",
        );
    }
    let mappings = node.get("mappings").map_or(&[][..], |list| problems.list(list, "`mappings`"));
    loader.domain.slots.push(Slot {
        name: name.text.clone(),
        kind,
        initial: node.get("initial_value").map_or(Value::Null, Node::to_json),
        influences,
        mappings: mappings.iter().filter_map(|node| mapping(&what, node, problems)).collect(),
    });
}

fn kind(what: &str, name: &Key, node: &Node, problems: &mut Problems) -> Option<SlotKind> {
    let Some(type_node) = node.get("type") else {
        problems.add(&name.place, format!("{what} has no type"), "add `type: text`, or another");
        return None;
    };
    let mut number = |key: &str, default: f64| match node.get(key) {
        Some(node) => problems.number(node, key).unwrap_or(default),
        None => default,
    };
    Some(match type_node.text() {
        Some("text") => SlotKind::Text,
        Some("bool") => SlotKind::Bool,
        Some("list") => SlotKind::List,
        Some("any") => SlotKind::Any,
        Some("float") => SlotKind::Float { min: number("min_value", 0.0), max: number("max_value", 1.0) },
        Some("categorical") => {
            let values = node.get("values").map_or(&[][..], |values| problems.list(values, "`values`"));
            let text = |value: Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            SlotKind::Categorical {
                values: values.iter().map(|value| text(value.to_json()).to_lowercase()).collect(),
            }
        }
        Some(other) if other.contains('.') => {
            problems.unsupported(&type_node.place, format_args!("{what} is of a type written in Python"));
            return None;
        }
        other => {
            let other = other.unwrap_or_default();
            let help =
                super::meant(other, TYPES, "the types are text, bool, categorical, float, list and any");
            problems.add(&type_node.place, format!("{what} has the unknown type `{other}`"), help);
            return None;
        }
    })
}

fn mapping(what: &str, node: &Node, problems: &mut Problems) -> Option<Mapping> {
    let kind = node.get("type").and_then(Node::text).unwrap_or_default();
    let text = |key: &str| node.get(key).and_then(Node::text).map(str::to_owned);
    refuse_loops(what, node, problems);
    let source = match kind {
        "from_entity" => {
            let Some(entity) = text("entity") else {
                let problem = format!("a mapping of {what} names no entity");
                problems.add(&node.place, problem, "add `entity: name`");
                return None;
            };
            Source::Entity { entity, role: text("role"), group: text("group") }
        }
        "from_text" => Source::Text,
        "from_intent" => Source::Intent { value: node.get("value").map_or(Value::Null, Node::to_json) },
        "custom" => Source::Custom {
            action: node.get("action").and_then(|node| Some((node.text()?.to_owned(), node.place.clone()))),
        },
        // It maps nothing but in a form.
        "from_trigger_intent" => {
            problems.unsupported(&node.place, format_args!("{what} is mapped from what triggers a form"));
            return None;
        }
        other => {
            let help = super::meant(
                other,
                MAPPING_TYPES,
                "the types are from_entity, from_text, from_intent and custom",
            );
            problems.add(&node.place, format!("a mapping of {what} has the unknown type `{other}`"), help);
            return None;
        }
    };
    let (intents, not_intents) = (names(node, "intent", problems), names(node, "not_intent", problems));
    Some(Mapping { source, intents, not_intents })
}

/// A mapping may be limited to a form, or to be outside of all of them, which it always is here.
fn refuse_loops(what: &str, node: &Node, problems: &mut Problems) {
    let conditions = node.get("conditions").map_or(&[][..], |list| problems.list(list, "`conditions`"));
    for condition in conditions {
        if condition.get("active_loop").is_none_or(|name| !name.is_null()) {
            problems.unsupported(&condition.place, format_args!("a mapping of {what} depends on a form"));
        }
    }
}

/// One name, or a list of them.
fn names(node: &Node, key: &str, problems: &mut Problems) -> Vec<String> {
    match node.get(key) {
        None => Vec::new(),
        Some(name) if name.text().is_some() => name.text().map(str::to_owned).into_iter().collect(),
        Some(list) => {
            let items = problems.list(list, key).iter();
            items.filter_map(|item| problems.text(item, key)).map(str::to_owned).collect()
        }
    }
}

/// Checks what mappings name against the whole domain.
pub(super) fn check(domain: &Domain, problems: &mut Problems) {
    for slot in &domain.slots {
        for mapping in &slot.mappings {
            if let Source::Custom { action: Some((action, place)) } = &mapping.source
                && !domain.actions.contains_key(action)
            {
                let help = super::meant(
                    action,
                    domain.actions.keys().map(String::as_str),
                    "list it under `actions` of the domain",
                );
                let problem = format!("the slot `{}` is set by the unknown action `{action}`", slot.name);
                problems.add(place, problem, help);
            }
        }
    }
}
