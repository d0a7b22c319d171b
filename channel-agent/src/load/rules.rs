//! Rules as written.

use serde_json::{Value, json};

use super::Problems;
use crate::{
    actions,
    domain::{Domain, SlotKind},
    rules::{Rule, Step},
    yaml::{Key, Node, Yaml},
};

const KEYS: [&str; 6] =
    ["rule", "condition", "steps", "conversation_start", "wait_for_user_input", "metadata"];
/// What only Rasa can do with a step.
const UNSUPPORTED: [(&str, &str); 5] = [
    ("user", "a step in the user's words (end-to-end)"),
    ("bot", "a step in the bot's words (end-to-end)"),
    ("active_loop", "a step in a form"),
    ("checkpoint", "a checkpoint"),
    ("or", "a step with alternatives (`or`)"),
];
const STEPS: [&str; 3] = ["intent", "action", "slot_was_set"];

pub(super) fn load(list: &Node, domain: &Domain, rules: &mut Vec<Rule>, problems: &mut Problems) {
    for item in problems.list(list, "`rules`") {
        let Some(name) = item.get("rule") else {
            problems.add(&item.place, "a rule has no name", "begin it with `- rule: name`");
            continue;
        };
        let Some(text) = problems.text(name, "the name of a rule") else { continue };
        let mut reader = Reader { domain, problems, what: format!("the rule `{text}`") };
        rules.push(reader.rule(text, item));
    }
}

struct Reader<'a> {
    domain: &'a Domain,
    problems: &'a mut Problems,
    /// The rule, in a message.
    what: String,
}

impl Reader<'_> {
    fn rule(&mut self, name: &str, item: &Node) -> Rule {
        for (key, _) in self.problems.map(item, &self.what) {
            if !KEYS.contains(&key.text.as_str()) {
                let help = super::meant(&key.text, KEYS, "remove it");
                self.problems.add(&key.place, format!("unknown key `{}` of {}", key.text, self.what), help);
            }
        }
        let conditions = self.steps(item, "condition").into_iter().filter_map(|step| match step {
            Step::Slot { name, value } => Some((name, value)),
            _ => None,
        });
        let conditions = conditions.collect();
        let steps = self.steps(item, "steps");
        let users = steps.iter().filter(|step| matches!(step, Step::User { .. })).count();
        if users > 1 {
            let problem = format!("{} has more than one intent", self.what);
            self.problems.add(&item.place, problem, "write a rule for each turn of the conversation");
        }
        if item.get("steps").is_none_or(|list| self.problems.list(list, "`steps`").is_empty()) {
            let problem = format!("{} has no steps", self.what);
            self.problems.add(&item.place, problem, "add `steps:`");
        }
        Rule {
            name: name.to_owned(),
            place: item.place.clone(),
            conversation_start: self.flag(item, "conversation_start", false),
            waits: self.flag(item, "wait_for_user_input", true),
            conditions,
            steps,
        }
    }

    fn flag(&mut self, item: &Node, key: &str, default: bool) -> bool {
        item.get(key).and_then(|node| self.problems.flag(node, key)).unwrap_or(default)
    }

    fn steps(&mut self, item: &Node, key: &str) -> Vec<Step> {
        let Some(list) = item.get(key) else { return Vec::new() };
        let nodes = self.problems.list(list, &format!("`{key}` of {}", self.what));
        nodes.iter().flat_map(|node| self.step(node)).collect()
    }

    fn step(&mut self, node: &Node) -> Vec<Step> {
        if let Some(intent) = node.get("intent") {
            return self.user(intent, node.get("entities")).into_iter().collect();
        }
        if let Some(action) = node.get("action") {
            return self.action(action).into_iter().collect();
        }
        if let Some(slots) = node.get("slot_was_set") {
            return self.slots(slots);
        }
        // Outside of all forms is where this agent always is.
        if node.get("active_loop").is_some_and(Node::is_null) {
            return Vec::new();
        }
        if let Some((_, what)) = UNSUPPORTED.iter().find(|(key, _)| node.get(key).is_some()) {
            self.problems.unsupported(&node.place, format_args!("{} has {what}", self.what));
        } else {
            let known = node.only_entry().map_or("", |(key, _)| key.text.as_str());
            let help = super::meant(known, STEPS, "the steps are `intent`, `action` and `slot_was_set`");
            self.problems.add(&node.place, format!("{} has an unknown step", self.what), help);
        }
        Vec::new()
    }

    fn user(&mut self, intent: &Node, entities: Option<&Node>) -> Option<Step> {
        let name = self.problems.text(intent, "an intent")?;
        if !self.domain.has_intent(name) {
            let help = super::meant(
                name,
                self.domain.intents.keys().map(String::as_str),
                "list it under `intents` of the domain",
            );
            self.problems.add(&intent.place, format!("{} has the unknown intent `{name}`", self.what), help);
        }
        let mut names = Vec::new();
        for entity in entities.map_or(&[][..], |list| self.problems.list(list, "`entities`")) {
            if let Some(name) = self.entity(entity) {
                names.push(name);
            }
        }
        names.sort();
        names.dedup();
        Some(Step::User { intent: name.to_owned(), entities: names })
    }

    /// `- city`, or `- city: Rome`, which means the same.
    fn entity(&mut self, node: &Node) -> Option<String> {
        let name = match node.only_entry() {
            Some((key, _)) => key.text.as_str(),
            None if matches!(node.yaml, Yaml::Map(_)) => {
                let what = format!("{} depends on the role or the group of an entity", self.what);
                self.problems.unsupported(&node.place, what);
                return None;
            }
            None => self.problems.text(node, "an entity")?,
        };
        if !self.domain.has_entity(name) {
            let known = self.domain.entities.iter().map(String::as_str);
            let help = super::meant(name, known, "list it under `entities` of the domain");
            self.problems.add(&node.place, format!("{} has the unknown entity `{name}`", self.what), help);
        }
        Some(name.to_owned())
    }

    fn action(&mut self, node: &Node) -> Option<Step> {
        let name = self.problems.text(node, "an action")?;
        check_action(name, node, &self.what, self.domain, self.problems);
        Some(Step::Action { name: name.to_owned() })
    }

    /// A list of `name: value` and of names, or a map.
    fn slots(&mut self, node: &Node) -> Vec<Step> {
        let mut steps = Vec::new();
        match &node.yaml {
            Yaml::Map(entries) => steps.extend(entries.iter().filter_map(|(key, node)| self.slot(key, node))),
            _ => {
                for item in self.problems.list(node, "`slot_was_set`") {
                    match (&item.yaml, item.text()) {
                        (Yaml::Map(entries), _) => {
                            steps.extend(entries.iter().filter_map(|(key, node)| self.slot(key, node)));
                        }
                        (_, Some(name)) => {
                            let key = Key { place: item.place.clone(), text: name.to_owned() };
                            steps.extend(self.named_slot(&key));
                        }
                        _ => {
                            let help = "write `- name: value`";
                            self.problems.add(&item.place, "this is neither a slot nor its value", help);
                        }
                    }
                }
            }
        }
        steps
    }

    fn slot(&mut self, key: &Key, value: &Node) -> Option<Step> {
        let Some(slot) = self.domain.slot(&key.text) else {
            let known = self.domain.slots.iter().map(|slot| slot.name.as_str());
            let help = super::meant(&key.text, known, "declare it under `slots` of the domain");
            let problem = format!("{} has the unknown slot `{}`", self.what, key.text);
            self.problems.add(&key.place, problem, help);
            return None;
        };
        if !slot.influences {
            tracing::warn!(
                slot = slot.name,
                place = %key.place,
                "a rule depends on a slot with `influence_conversation: false`: that has no effect"
            );
        }
        Some(Step::Slot { name: key.text.clone(), value: value.to_json() })
    }

    /// A slot of which only the name is given: a text with anything in it, or a truth value that is true.
    fn named_slot(&mut self, key: &Key) -> Option<Step> {
        let kind = self.domain.slot(&key.text).map(|slot| &slot.kind);
        let value = match kind {
            Some(SlotKind::Text) => json!("filled"),
            Some(SlotKind::Bool) => json!(true),
            Some(_) => {
                let problem = format!("{} gives no value for the slot `{}`", self.what, key.text);
                self.problems.add(&key.place, problem, format!("write `- {}: value`", key.text));
                return None;
            }
            None => Value::Null,
        };
        let place = key.place.clone();
        self.slot(key, &Node { place, yaml: Yaml::Scalar(value) })
    }
}

/// Notes an action that nothing stands for.
pub(super) fn check_action(name: &str, node: &Node, what: &str, domain: &Domain, problems: &mut Problems) {
    if actions::is_unsupported(name) && !domain.actions.contains_key(name) {
        problems.unsupported(&node.place, format_args!("{what} has the action `{name}`"));
    } else if !actions::is_known(name, domain) {
        let known = domain.responses.keys().chain(domain.actions.keys()).map(String::as_str);
        let help = super::meant(name, known, "list it under `actions` or `responses` of the domain");
        problems.add(&node.place, format!("{what} has the unknown action `{name}`"), help);
    }
}
