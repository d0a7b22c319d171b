//! The pipeline and the policies.

use super::Problems;
use crate::{
    nlu::Pipeline,
    rules::Fallback,
    yaml::{Node, Yaml},
};

/// Components that make features for classifiers that learn, or cut words for them: without those they do nothing.
const HARMLESS: [&str; 4] =
    ["WhitespaceTokenizer", "RegexFeaturizer", "LexicalSyntacticFeaturizer", "CountVectorsFeaturizer"];
/// Policies that only know stories, and there are none.
const HARMLESS_POLICIES: [&str; 2] = ["MemoizationPolicy", "AugmentedMemoizationPolicy"];

/// What `config.yml` says.
#[derive(Debug, Default)]
pub(super) struct Config {
    pub(super) pipeline: Pipeline,
    pub(super) fallback: Fallback,
    pub(super) assistant_id: Option<String>,
}

pub(super) fn load(file: &Node, problems: &mut Problems) -> Config {
    let mut config = Config::default();
    problems.map(file, "the configuration");
    if let Some(recipe) = file.get("recipe").filter(|recipe| recipe.text() != Some("default.v1")) {
        problems.unsupported(&recipe.place, "a recipe other than `default.v1`");
    }
    config.assistant_id = file.get("assistant_id").and_then(Node::text).map(str::to_owned);
    for component in named(file, "pipeline", "KeywordIntentClassifier", problems) {
        pipeline(component, &mut config.pipeline, problems);
    }
    let mut has_rules = false;
    for component in named(file, "policies", "RulePolicy", problems) {
        match component.name {
            "RulePolicy" => {
                has_rules = true;
                policy(component.node, &mut config.fallback, problems);
            }
            name if HARMLESS_POLICIES.contains(&name) => {}
            name => {
                problems.unsupported(&component.node.place, format_args!("the policy `{name}` learns"));
            }
        }
    }
    if !has_rules && file.get("policies").is_some_and(|policies| matches!(policies.yaml, Yaml::List(_))) {
        problems.add(&file.place, "`RulePolicy` is missing among the policies", "add `- name: RulePolicy`");
    }
    config
}

#[derive(Clone, Copy)]
struct Component<'a> {
    name: &'a str,
    node: &'a Node,
}

/// The components of a list. Rasa fills an absent list with what learns.
fn named<'a>(file: &'a Node, key: &str, example: &str, problems: &mut Problems) -> Vec<Component<'a>> {
    let Some(list) = file.get(key).filter(|list| !list.is_null()) else {
        let problem = format!("`{key}` is missing, so that Rasa would choose components that learn");
        problems.add(&file.place, problem, format!("write it out, such as `- name: {example}`"));
        return Vec::new();
    };
    let mut components = Vec::new();
    for node in problems.list(list, &format!("`{key}`")) {
        match node.get("name").and_then(Node::text) {
            Some(name) => {
                components.push(Component { name, node });
            }
            None => problems.add(&node.place, format!("an item of `{key}` has no name"), "add `name: …`"),
        }
    }
    components
}

fn pipeline(component: Component<'_>, pipeline: &mut Pipeline, problems: &mut Problems) {
    let Component { name, node } = component;
    let mut flag = |key: &str, default: bool| match node.get(key) {
        Some(value) => problems.flag(value, key).unwrap_or(default),
        None => default,
    };
    match name {
        "KeywordIntentClassifier" => pipeline.keywords_case_sensitive = Some(flag("case_sensitive", true)),
        "RegexEntityExtractor" => {
            pipeline.regex_entities = Some(crate::nlu::RegexEntityOptions {
                case_sensitive: flag("case_sensitive", false),
                use_lookup_tables: flag("use_lookup_tables", true),
                use_regexes: flag("use_regexes", true),
                use_word_boundaries: flag("use_word_boundaries", true),
            });
        }
        "EntitySynonymMapper" => pipeline.map_synonyms = true,
        "FallbackClassifier" => {
            let threshold = node.get("threshold").map(|node| problems.number(node, "threshold"));
            pipeline.fallback_threshold = Some(threshold.flatten().unwrap_or(0.3));
        }
        name if HARMLESS.contains(&name) => {}
        name => problems.unsupported(&node.place, format_args!("the pipeline uses `{name}`")),
    }
}

fn policy(node: &Node, fallback: &mut Fallback, problems: &mut Problems) {
    if let Some(threshold) = node.get("core_fallback_threshold") {
        let threshold = problems.number(threshold, "core_fallback_threshold");
        fallback.threshold = threshold.unwrap_or(fallback.threshold);
    }
    if let Some(action) = node.get("core_fallback_action_name")
        && let Some(name) = problems.text(action, "core_fallback_action_name")
    {
        name.clone_into(&mut fallback.action);
        fallback.place = Some(action.place.clone());
    }
    if let Some(enable) = node.get("enable_fallback_prediction") {
        fallback.enabled = problems.flag(enable, "enable_fallback_prediction").unwrap_or(true);
    }
}
