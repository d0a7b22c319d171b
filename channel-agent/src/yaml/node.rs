//! A YAML document as a tree with places.

use std::{fmt, sync::Arc};

use channel_core::Position;
use serde_json::Value;

/// A place in a file of the bot.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    /// The file, as seen from the bot's folder.
    pub(crate) file: Arc<str>,
    pub(crate) position: Position,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.position)
    }
}

/// A value and where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) place: Place,
    pub(crate) yaml: Yaml,
}

#[derive(Clone, Debug)]
pub(crate) enum Yaml {
    /// Neither a list nor a map.
    Scalar(Value),
    List(Vec<Node>),
    Map(Vec<(Key, Node)>),
}

#[derive(Clone, Debug)]
pub(crate) struct Key {
    pub(crate) place: Place,
    pub(crate) text: String,
}

impl Node {
    pub(crate) fn is_null(&self) -> bool {
        matches!(self.yaml, Yaml::Scalar(Value::Null))
    }

    pub(crate) fn text(&self) -> Option<&str> {
        match &self.yaml {
            Yaml::Scalar(Value::String(text)) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn scalar(&self) -> Option<&Value> {
        match &self.yaml {
            Yaml::Scalar(value) => Some(value),
            _ => None,
        }
    }

    /// The value under a key of a map.
    pub(crate) fn get(&self, key: &str) -> Option<&Node> {
        match &self.yaml {
            Yaml::Map(entries) => entries.iter().find(|(found, _)| found.text == key).map(|(_, node)| node),
            _ => None,
        }
    }

    /// The only entry of a map that has one.
    pub(crate) fn only_entry(&self) -> Option<(&Key, &Node)> {
        match &self.yaml {
            Yaml::Map(entries) => match entries.as_slice() {
                [(key, node)] => Some((key, node)),
                _ => None,
            },
            _ => None,
        }
    }

    pub(crate) fn to_json(&self) -> Value {
        match &self.yaml {
            Yaml::Scalar(value) => value.clone(),
            Yaml::List(nodes) => nodes.iter().map(Node::to_json).collect(),
            Yaml::Map(entries) => {
                Value::Object(entries.iter().map(|(key, node)| (key.text.clone(), node.to_json())).collect())
            }
        }
    }
}
