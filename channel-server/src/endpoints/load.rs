//! The file itself.

use std::path::Path;

use channel_core::{Key, Mistakes, Node, Position, Settings, Value, nearest};
use serde::de::DeserializeOwned;

use super::{
    Endpoints,
    keys::{KNOWN, UNSUPPORTED},
};
use crate::{
    config::{self, ConfigError, Environment, Problem},
    storage,
};

/// Reads an `endpoints.yml`.
///
/// # Errors
///
/// Everything that is wrong with the file, at once.
pub fn load(path: &Path) -> Result<Endpoints, ConfigError> {
    let file = path.display().to_string();
    let example = || {
        "write what the bot needs, such as\naction_endpoint:\n  url: http://localhost:5055/webhook".to_owned()
    };
    let text = config::read(path, example).map_err(|problem| ConfigError::new(&file, vec![problem]))?;
    parse(&text, &file, &|name| std::env::var(name))
}

/// Reads the text of an `endpoints.yml`; `file` is what messages call it. An empty one says nothing.
///
/// # Errors
///
/// Everything that is wrong with the text, at once.
pub fn parse(text: &str, file: &str, environment: Environment<'_>) -> Result<Endpoints, ConfigError> {
    let mut problems = Vec::new();
    let root = config::parse(text.strip_prefix('\u{feff}').unwrap_or(text), environment, &mut problems);
    let mut reader = Reader { endpoints: Endpoints::default(), environment, problems };
    if let Some(root) = root {
        reader.root(root);
    }
    if reader.problems.is_empty() {
        Ok(reader.endpoints)
    } else {
        Err(ConfigError::new(file, reader.problems))
    }
}

struct Reader<'a> {
    endpoints: Endpoints,
    environment: Environment<'a>,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    fn root(&mut self, root: Node) {
        match root.value {
            Value::Null => {}
            Value::Map(entries) => {
                for (key, node) in entries.into_iter().filter(|(_, node)| !matches!(node.value, Value::Null))
                {
                    self.entry(&key, node);
                }
            }
            _ => self.problems.push(
                Problem::new(root.position, "expected a map")
                    .help("write each endpoint as `name:` with its settings below"),
            ),
        }
    }

    fn entry(&mut self, key: &Key, node: Node) {
        match key.text.as_str() {
            "agent" => self.agent(key, node),
            "action_endpoint" => self.endpoints.action_endpoint = self.read(key, node),
            "nlg" => self.nlg(key, node),
            "conversations" => self.conversations(key, &node),
            "tracker_store" => self.tracker_store(key, node),
            "lock_store" => {
                tracing::info!("`lock_store` is not needed: each conversation has a lane of its own");
            }
            name => self.problems.push(unknown(name, key)),
        }
    }

    fn agent(&mut self, key: &Key, node: Node) {
        let (kind, node) = without_type(node);
        match kind.as_deref() {
            Some("rasa") => self.endpoints.agent = self.read(key, node),
            _ => self.problems.push(Problem::new(key.position, "`agent.type`: expected `rasa`").help(
                "write `type: rasa` and the `url` of the Rasa server; a bot's folder is named by `--bot DIR`",
            )),
        }
    }

    fn nlg(&mut self, key: &Key, node: Node) {
        let (kind, node) = without_type(node);
        match kind.as_deref() {
            None | Some("callback") => self.endpoints.nlg = self.read(key, node),
            Some("response") => {}
            Some(_) => self.problems.push(
                Problem::new(key.position, "`nlg.type`: expected `callback` or `response`")
                    .help("remove it to call the NLG server at `url`"),
            ),
        }
    }

    fn conversations(&mut self, key: &Key, node: &Node) {
        match &node.value {
            Value::Scalar { text, .. } if text == "shared" => self.endpoints.shared_conversations = true,
            Value::Scalar { text, .. } if text == "separate" => {}
            _ => self.problems.push(
                Problem::new(key.position, "`conversations`: expected `separate` or `shared`")
                    .help("`shared` gives one sender one conversation through all channels, as in Rasa"),
            ),
        }
    }

    fn tracker_store(&mut self, key: &Key, node: Node) {
        let (kind, node) = without_type(node);
        self.endpoints.store =
            storage::read_tracker_store(kind.as_deref(), key, node, self.environment, &mut self.problems);
    }

    fn read<T: DeserializeOwned>(&mut self, key: &Key, node: Node) -> Option<T> {
        let section = key.position.unwrap_or(Position { line: 1, column: 1 });
        let read: Result<T, Mistakes> = Settings::new(node).read();
        read.map_err(|mistakes| {
            self.problems
                .extend(mistakes.into_iter().map(|mistake| Problem::of(key.shown(), section, mistake)));
        })
        .ok()
    }
}

/// The `type` of a section, and the rest of it.
fn without_type(mut node: Node) -> (Option<String>, Node) {
    let mut kind = None;
    if let Value::Map(entries) = &mut node.value {
        entries.retain(|(key, node)| match &node.value {
            Value::Scalar { text, .. } if key.text == "type" => {
                kind = Some(text.clone());
                false
            }
            _ => true,
        });
    }
    (kind, node)
}

fn unknown(name: &str, key: &Key) -> Problem {
    if let Some((_, help)) = UNSUPPORTED.iter().find(|(known, _)| *known == name) {
        return Problem::new(key.position, format!("`{name}` is not supported")).help(*help);
    }
    let problem = Problem::new(key.position, format!("unknown key `{}`", key.shown()));
    match nearest(name, KNOWN) {
        Some(near) => problem.help(format!("did you mean `{near}`?")),
        None => problem.help(format!("the keys are {}", KNOWN.map(|key| format!("`{key}`")).join(", "))),
    }
}
