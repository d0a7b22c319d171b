//! The examples of intents, and what else extractors learn from.

use std::sync::LazyLock;

use regex::{Captures, Regex};
use serde_json::{Map, Value};

use super::Problems;
use crate::{
    nlu::{Example, TrainingData},
    yaml::{Node, Yaml},
};

/// `[Rome](city)`, `[Rome](city:roma)`, `[Rome]{"entity": "city"}`, and the last with a list of further entities.
static ANNOTATION: LazyLock<Regex> = LazyLock::new(|| {
    let pattern = r"\[([^\]]+?)\](?:\(([^:)]+?)(?::([^)]+))?\)|(\{[^}]+?\})(?:\[.*?\])?)";
    crate::pattern::fixed(pattern)
});

pub(super) fn load(list: &Node, data: &mut TrainingData, problems: &mut Problems) {
    for item in problems.list(list, "`nlu`") {
        let Some((kind, name)) = ["intent", "regex", "lookup", "synonym"]
            .into_iter()
            .find_map(|kind| Some((kind, item.get(kind)?)))
        else {
            let help = "write `- intent: name`, and `examples:` below it";
            problems.add(&item.place, "this is neither an intent nor a regex, lookup or synonym", help);
            continue;
        };
        let Some(text) = problems.text(name, kind) else { continue };
        let examples = examples(item, problems);
        match kind {
            "intent" if text.contains('/') => {
                problems.unsupported(&name.place, format_args!("`{text}` is a retrieval intent"));
            }
            "intent" => examples.into_iter().for_each(|example| {
                let text = strip(&example, data);
                data.examples.push(Example { intent: name_of(name), text, place: item.place.clone() });
            }),
            "regex" => {
                let patterns =
                    examples.into_iter().map(|pattern| (name_of(name), pattern, item.place.clone()));
                data.regexes.extend(patterns);
            }
            "lookup" => data.lookups.push((name_of(name), examples)),
            _ => {
                let words = examples.into_iter().map(|word| (word.to_lowercase(), name_of(name)));
                data.synonyms.extend(words);
            }
        }
    }
}

fn name_of(node: &Node) -> String {
    node.text().unwrap_or_default().to_owned()
}

/// A text whose lines begin with `-`, or a list of texts, or of maps with a `text`.
fn examples(item: &Node, problems: &mut Problems) -> Vec<String> {
    let Some(examples) = item.get("examples") else { return Vec::new() };
    if let Some(text) = examples.text() {
        return text.lines().filter_map(|line| line.trim().strip_prefix('-')).map(trimmed).collect();
    }
    if !matches!(examples.yaml, Yaml::List(_)) && !examples.is_null() {
        let help = "write `examples: |`, and below it a line `- …` for each";
        problems.add(&examples.place, "the examples are no text", help);
        return Vec::new();
    }
    let nodes = problems.list(examples, "`examples`").iter();
    nodes
        .filter_map(|node| problems.text(node.get("text").unwrap_or(node), "an example").map(trimmed))
        .collect()
}

fn trimmed(text: &str) -> String {
    text.trim().to_owned()
}

/// The words of an example without its annotations, whose entities and synonyms are noted.
fn strip(example: &str, data: &mut TrainingData) -> String {
    let words = ANNOTATION.replace_all(example, |found: &Captures<'_>| {
        let words = found[1].to_owned();
        let given: Map<String, Value> =
            found.get(4).and_then(|json| serde_json::from_str(json.as_str()).ok()).unwrap_or_default();
        let text = |key: &str| given.get(key).and_then(Value::as_str).map(str::to_owned);
        let entity = found.get(2).map(|name| name.as_str().to_owned()).or_else(|| text("entity"));
        let value = found.get(3).map(|value| value.as_str().to_owned()).or_else(|| text("value"));
        data.entities.extend(entity);
        if let Some(value) = value.filter(|value| *value != words) {
            data.synonyms.insert(words.to_lowercase(), value);
        }
        words
    });
    words.into_owned()
}
