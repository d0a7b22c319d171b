//! The sections of the domain's files.

use serde_json::{Map, Value, json};

use super::{Problems, intents, responses, slots};
use crate::{
    domain::{Domain, SESSION_STARTED_METADATA, Slot},
    yaml::{Key, Node},
};

/// What only Rasa can do with a domain.
const UNSUPPORTED: [(&str, &str); 2] = [("forms", "forms"), ("e2e_actions", "end-to-end actions")];

const SECTIONS: [&str; 9] = [
    "version",
    "intents",
    "entities",
    "slots",
    "responses",
    "actions",
    "session_config",
    "forms",
    "e2e_actions",
];

/// Puts together a domain out of its files.
#[derive(Default)]
pub(super) struct DomainLoader {
    pub(super) domain: Domain,
    pub(super) json: Map<String, Value>,
}

pub(super) fn load(files: &[Node], problems: &mut Problems) -> Domain {
    let mut loader = DomainLoader::default();
    loader.json.insert("version".to_owned(), json!("3.1"));
    for file in files {
        for (key, section) in problems.map(file, "the domain") {
            loader.section(key, section, problems);
        }
    }
    let DomainLoader { mut domain, mut json, .. } = loader;
    domain.slots.push(Slot::automatic(SESSION_STARTED_METADATA));
    slots::check(&domain, problems);
    responses::check(&domain);
    json.insert(
        "session_config".to_owned(),
        json!({
            "session_expiration_time": whole(domain.session.expiration_time),
            "carry_over_slots_to_new_session": domain.session.carry_over_slots,
        }),
    );
    if let Some(Value::Array(intents)) = json.get_mut("intents") {
        intents.sort_by_cached_key(|intent| match intent {
            Value::Object(entry) => entry.keys().next().cloned().unwrap_or_default(),
            intent => intent.as_str().unwrap_or_default().to_owned(),
        });
    }
    domain.json = Value::Object(json);
    domain
}

impl DomainLoader {
    fn section(&mut self, key: &Key, section: &Node, problems: &mut Problems) {
        match key.text.as_str() {
            "version" => {
                self.json.insert("version".to_owned(), section.to_json());
            }
            "intents" => self.each_of(key, section, problems, intents::intent),
            "entities" => self.each_of(key, section, problems, intents::entity),
            "actions" => self.each_of(key, section, problems, intents::action),
            "slots" => self.each_in(key, section, problems, slots::slot),
            "responses" => self.each_in(key, section, problems, responses::response),
            "session_config" => self.session_config(section, problems),
            name => {
                if let Some((_, what)) = UNSUPPORTED.iter().find(|(section, _)| *section == name) {
                    if !is_empty(section) {
                        problems.unsupported(&key.place, format_args!("the domain has {what}"));
                    }
                } else {
                    let help = super::meant(name, SECTIONS, "remove it");
                    problems.add(&key.place, format!("`{name}` is no section of a domain"), help);
                }
            }
        }
    }

    /// Takes in the items of a section that is a list.
    fn each_of(
        &mut self,
        key: &Key,
        section: &Node,
        problems: &mut Problems,
        take: fn(&mut Domain, &Node, &mut Problems),
    ) {
        for item in problems.list(section, &format!("`{}`", key.text)) {
            take(&mut self.domain, item, problems);
            let list = self.json.entry(&key.text).or_insert_with(|| json!([]));
            if let Value::Array(list) = list {
                list.push(item.to_json());
            }
        }
    }

    /// Takes in the entries of a section that is a map; a name may be given in one file only.
    fn each_in(
        &mut self,
        key: &Key,
        section: &Node,
        problems: &mut Problems,
        take: fn(&mut Self, &Key, &Node, &mut Problems),
    ) {
        for (name, entry) in problems.map(section, &format!("`{}`", key.text)) {
            let map = self.json.entry(&key.text).or_insert_with(|| json!({}));
            let before = map.as_object_mut().and_then(|map| map.insert(name.text.clone(), entry.to_json()));
            if before.is_some() {
                let problem = format!("`{}` is declared in another file of the domain too", name.text);
                problems.add(&name.place, problem, "remove one of them");
            } else {
                take(self, name, entry, problems);
            }
        }
    }

    fn session_config(&mut self, section: &Node, problems: &mut Problems) {
        let session = &mut self.domain.session;
        for (key, value) in problems.map(section, "`session_config`") {
            match key.text.as_str() {
                "session_expiration_time" => {
                    session.expiration_time =
                        problems.number(value, &key.text).unwrap_or(session.expiration_time);
                }
                "carry_over_slots_to_new_session" => {
                    session.carry_over_slots =
                        problems.flag(value, &key.text).unwrap_or(session.carry_over_slots);
                }
                name => {
                    let known = ["session_expiration_time", "carry_over_slots_to_new_session"];
                    let help = super::meant(name, known, "remove it");
                    problems.add(&key.place, format!("unknown key `{name}` of `session_config`"), help);
                }
            }
        }
    }
}

fn is_empty(node: &Node) -> bool {
    match node.to_json() {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(entries) => entries.is_empty(),
        _ => false,
    }
}

/// A whole number is written without a point.
#[allow(clippy::cast_possible_truncation, reason = "a whole number of minutes")]
fn whole(number: f64) -> Value {
    if number.fract() == 0.0 { json!(number as i64) } else { json!(number) }
}
