//! Rasa's `RegexEntityExtractor`.

use regex::{Regex, RegexBuilder};
use serde_json::{Value, json};

use super::{TrainingData, in_characters};
use crate::load::{Problems, RUN_IN_RASA};

/// How Rasa's `RegexEntityExtractor` is configured.
#[allow(clippy::struct_excessive_bools, reason = "these are its options")]
#[derive(Debug)]
pub(crate) struct RegexEntityOptions {
    pub(crate) case_sensitive: bool,
    pub(crate) use_lookup_tables: bool,
    pub(crate) use_regexes: bool,
    pub(crate) use_word_boundaries: bool,
}

/// The patterns of entities: those that are annotated in an example at least once.
#[derive(Debug, Default)]
pub(super) struct RegexEntities(Vec<(String, Regex)>);

impl RegexEntities {
    pub(super) fn learn(data: &TrainingData, options: &RegexEntityOptions, problems: &mut Problems) -> Self {
        let mut patterns = Vec::new();
        if options.use_lookup_tables {
            for (entity, words) in data.lookups.iter().filter(|(entity, _)| data.entities.contains(entity)) {
                let boundary = if options.use_word_boundaries { r"\b" } else { "" };
                let words: Vec<_> =
                    words.iter().map(|word| format!("{boundary}{}{boundary}", regex::escape(word))).collect();
                patterns.extend(
                    compile(&format!("({})", words.join("|")), options).ok().map(|p| (entity.clone(), p)),
                );
            }
        }
        if options.use_regexes {
            for (entity, pattern, place) in
                data.regexes.iter().filter(|(entity, ..)| data.entities.contains(entity))
            {
                match compile(pattern, options) {
                    Ok(pattern) => patterns.push((entity.clone(), pattern)),
                    Err(_) => problems.add(
                        place,
                        format!("the regex of `{entity}` uses what this agent's regular expressions lack"),
                        format!("do without look-around and back-references, or {RUN_IN_RASA}"),
                    ),
                }
            }
        }
        Self(patterns)
    }

    pub(super) fn find(&self, text: &str) -> Vec<Value> {
        let mut entities = Vec::new();
        for (entity, pattern) in &self.0 {
            for found in pattern.find_iter(text) {
                entities.push(json!({
                    "entity": entity,
                    "start": in_characters(text, found.start()),
                    "end": in_characters(text, found.end()),
                    "value": found.as_str(),
                    "extractor": "RegexEntityExtractor",
                }));
            }
        }
        entities
    }
}

fn compile(pattern: &str, options: &RegexEntityOptions) -> Result<Regex, regex::Error> {
    RegexBuilder::new(pattern).case_insensitive(!options.case_sensitive).build()
}
