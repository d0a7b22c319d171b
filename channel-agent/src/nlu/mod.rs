//! What is understood of a message: its intent and its entities.

mod entities;
mod keywords;
mod payload;

pub(crate) use entities::RegexEntityOptions;

use std::collections::{BTreeSet, HashMap};

use channel_core::Metadata;
use serde_json::{Value, json};

use self::{entities::RegexEntities, keywords::Keywords};
use crate::{domain::Domain, load::Problems, yaml::Place};

/// What `config.yml` says of the pipeline.
#[derive(Debug, Default)]
pub(crate) struct Pipeline {
    /// `None`: without `KeywordIntentClassifier`.
    pub(crate) keywords_case_sensitive: Option<bool>,
    pub(crate) regex_entities: Option<RegexEntityOptions>,
    pub(crate) map_synonyms: bool,
    /// `None`: without `FallbackClassifier`.
    pub(crate) fallback_threshold: Option<f64>,
}

/// What stands under `nlu` in the data.
#[derive(Debug, Default)]
pub(crate) struct TrainingData {
    pub(crate) examples: Vec<Example>,
    /// The entities that are annotated in examples.
    pub(crate) entities: BTreeSet<String>,
    pub(crate) regexes: Vec<(String, String, Place)>,
    pub(crate) lookups: Vec<(String, Vec<String>)>,
    /// In lower case, and what they stand for.
    pub(crate) synonyms: HashMap<String, String>,
}

#[derive(Debug)]
pub(crate) struct Example {
    pub(crate) intent: String,
    pub(crate) text: String,
    pub(crate) place: Place,
}

#[derive(Debug, Default)]
pub(crate) struct Nlu {
    keywords: Option<Keywords>,
    entities: Option<RegexEntities>,
    synonyms: HashMap<String, String>,
    fallback_threshold: Option<f64>,
}

impl Nlu {
    pub(crate) fn learn(data: TrainingData, pipeline: &Pipeline, problems: &mut Problems) -> Self {
        Self {
            keywords: pipeline
                .keywords_case_sensitive
                .map(|case_sensitive| Keywords::learn(&data.examples, case_sensitive, problems)),
            entities: pipeline
                .regex_entities
                .as_ref()
                .map(|options| RegexEntities::learn(&data, options, problems)),
            synonyms: if pipeline.map_synonyms { data.synonyms } else { HashMap::new() },
            fallback_threshold: pipeline.fallback_threshold,
        }
    }

    /// The parse data of a message, which may be a payload or not: `text`, `intent`, `entities`, ….
    pub(crate) fn parse(&self, text: &str, is_payload: bool, domain: &Domain) -> Metadata {
        if is_payload && let Some(parsed) = payload::parse(text, domain) {
            return parsed;
        }
        let intent = self.keywords.as_ref().and_then(|keywords| keywords.intent(text));
        let mut confidence = if intent.is_some() { 1.0 } else { 0.0 };
        let mut name = json!(intent);
        if let Some(threshold) = self.fallback_threshold.filter(|threshold| confidence < *threshold) {
            (name, confidence) = (json!("nlu_fallback"), threshold);
        }
        let mut entities = self.entities.as_ref().map(|entities| entities.find(text)).unwrap_or_default();
        for entity in &mut entities {
            self.map_synonym(entity);
        }
        object([
            ("text", text.into()),
            ("intent", json!({ "name": name, "confidence": confidence })),
            ("entities", entities.into()),
        ])
    }

    fn map_synonym(&self, entity: &mut Value) {
        let word = entity["value"].as_str().unwrap_or_default().to_lowercase();
        if let Some(meaning) = self.synonyms.get(&word) {
            entity["value"] = json!(meaning);
            entity["processors"] = json!(["EntitySynonymMapper"]);
        }
    }
}

fn object<const N: usize>(entries: [(&str, Value); N]) -> Metadata {
    entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

/// Where a byte stands, counted in characters as Python does.
fn in_characters(text: &str, byte: usize) -> usize {
    text[..byte].chars().count()
}
