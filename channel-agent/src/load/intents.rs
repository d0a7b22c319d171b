//! Intents, entities and actions of the domain.

use std::collections::BTreeSet;

use super::Problems;
use crate::{
    domain::{Domain, SeenEntities},
    yaml::{Key, Node, Yaml},
};

/// `- greet`, or `- greet: {use_entities: […]}`.
pub(super) fn intent(domain: &mut Domain, node: &Node, problems: &mut Problems) {
    let mut seen = SeenEntities::AllBut(BTreeSet::new());
    let Some((name, options)) = name_and_options(node, "an intent", problems) else { return };
    for (key, value) in options {
        match key.text.as_str() {
            "use_entities" if value.scalar().and_then(serde_json::Value::as_bool) == Some(true) => {}
            "use_entities" => seen = SeenEntities::Only(names(value, problems)),
            "ignore_entities" => seen = SeenEntities::AllBut(names(value, problems)),
            "is_retrieval_intent" => {
                problems.unsupported(&key.place, format_args!("`{name}` is a retrieval intent"));
            }
            other => problems.add(
                &key.place,
                format!("unknown key `{other}` of the intent `{name}`"),
                super::meant(other, ["use_entities", "ignore_entities"], "remove it"),
            ),
        }
    }
    if domain.intents.insert(name.to_owned(), seen).is_some() {
        problems.add(&node.place, format!("the intent `{name}` is given twice"), "remove one of them");
    }
}

/// `- city`, or `- city: {roles: […]}`.
pub(super) fn entity(domain: &mut Domain, node: &Node, problems: &mut Problems) {
    let Some((name, options)) = name_and_options(node, "an entity", problems) else { return };
    for (key, _) in options {
        if !["roles", "groups", "influence_conversation"].contains(&key.text.as_str()) {
            let problem = format!("unknown key `{}` of the entity `{name}`", key.text);
            problems.add(&key.place, problem, "remove it");
        }
    }
    domain.entities.push(name.to_owned());
}

/// `- action_check_order`, or `- action_check_order: {send_domain: true}`.
pub(super) fn action(domain: &mut Domain, node: &Node, problems: &mut Problems) {
    let Some((name, options)) = name_and_options(node, "an action", problems) else { return };
    for (key, value) in options {
        if key.text == "send_domain" {
            problems.flag(value, &format!("`send_domain` of the action `{name}`"));
        } else {
            let problem = format!("unknown key `{}` of the action `{name}`", key.text);
            problems.add(&key.place, problem, super::meant(&key.text, ["send_domain"], "remove it"));
        }
    }
    // A response may be listed as an action of its own, to no effect.
    if !name.starts_with("utter_") {
        domain.actions.insert(name.to_owned(), node.place.clone());
    }
}

fn name_and_options<'a>(
    node: &'a Node,
    what: &str,
    problems: &mut Problems,
) -> Option<(&'a str, &'a [(Key, Node)])> {
    if let Some((key, options)) = node.only_entry() {
        return Some((&key.text, problems.map(options, &format!("what is said of `{}`", key.text))));
    }
    if let Yaml::Map(_) = node.yaml {
        problems.add(
            &node.place,
            format!("{what} has one name"),
            "write each as an item of its own: `- name`",
        );
        return None;
    }
    Some((problems.text(node, what)?, &[]))
}

fn names(node: &Node, problems: &mut Problems) -> BTreeSet<String> {
    let list = problems.list(node, "a list of entities").iter();
    list.filter_map(|item| problems.text(item, "an entity")).map(str::to_owned).collect()
}
