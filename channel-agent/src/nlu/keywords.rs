//! Rasa's `KeywordIntentClassifier`.

use std::collections::HashSet;

use regex::{Regex, RegexBuilder, RegexSet, RegexSetBuilder};

use super::Example;
use crate::load::Problems;

/// The examples of intents, looked for as whole words in the order in which they are written.
#[derive(Debug, Default)]
pub(super) struct Keywords {
    keywords: Vec<Keyword>,
    /// All of them at once. It is slow where a text is not all ASCII, and none where it would be too large.
    set: Option<RegexSet>,
}

#[derive(Debug)]
struct Keyword {
    intent: String,
    text: String,
    pattern: Regex,
}

impl Keywords {
    /// As Rasa does: an example is a regular expression; one that stands for two intents, or is found in the example of
    /// another intent, is left out with a warning.
    pub(super) fn learn(examples: &[Example], case_sensitive: bool, problems: &mut Problems) -> Self {
        let mut keywords: Vec<Keyword> = Vec::new();
        let mut ambiguous = HashSet::new();
        for example in examples {
            if let Some(known) = keywords.iter().find(|known| known.text == example.text) {
                if known.intent != example.intent {
                    ambiguous.insert(example.text.clone());
                }
                continue;
            }
            match pattern(&example.text, case_sensitive) {
                Ok(pattern) => keywords.push(Keyword {
                    intent: example.intent.clone(),
                    text: example.text.clone(),
                    pattern,
                }),
                Err(_) => problems.add(
                    &example.place,
                    format!("the example `{}` is no regular expression", example.text),
                    "KeywordIntentClassifier reads examples as such: put `\\` before brackets and the like",
                ),
            }
        }
        keywords.retain(|keyword| !ambiguous.contains(&keyword.text));
        for keyword in &keywords {
            let is_within =
                |other: &Keyword| other.intent != keyword.intent && keyword.pattern.is_match(&other.text);
            if keywords.iter().any(is_within) {
                ambiguous.insert(keyword.text.clone());
            }
        }
        for text in &ambiguous {
            tracing::warn!(example = text, "an example that fits two intents is not used as a keyword");
        }
        keywords.retain(|keyword| !ambiguous.contains(&keyword.text));
        let patterns = keywords.iter().map(|keyword| keyword.pattern.as_str());
        let set = RegexSetBuilder::new(patterns).case_insensitive(!case_sensitive).build().ok();
        Self { keywords, set }
    }

    pub(super) fn intent(&self, text: &str) -> Option<&str> {
        let found = match &self.set {
            Some(set) if text.is_ascii() => self.keywords.get(set.matches(text).iter().next()?),
            _ => self.keywords.iter().find(|keyword| keyword.pattern.is_match(text)),
        };
        found.map(|keyword| keyword.intent.as_str())
    }
}

fn pattern(text: &str, case_sensitive: bool) -> Result<Regex, regex::Error> {
    RegexBuilder::new(&format!(r"\b{text}\b")).case_insensitive(!case_sensitive).build()
}
