//! The tree.

use std::fmt;

/// Where something stands in a file: lines and columns count from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// A value with its place in the file. It has no `Debug`: values are secrets.
#[derive(Clone)]
pub struct Node {
    /// Where the value stands; `None` for a section that came from no file.
    pub position: Option<Position>,
    /// The value.
    pub value: Value,
}

/// A value of the credentials.
#[derive(Clone)]
pub enum Value {
    /// Nothing: `~`, `null` or an empty place.
    Null,
    /// One word, number or text.
    Scalar {
        /// As written, variables filled in.
        text: String,
        /// Not in quotes, so that `5` may be a number and `true` a truth value.
        plain: bool,
    },
    /// A list.
    List(Vec<Node>),
    /// A map, in the order of the file.
    Map(Vec<(Key, Node)>),
}

/// A key with its place in the file.
#[derive(Clone)]
pub struct Key {
    /// Where the key stands; `None` for a section that came from no file.
    pub position: Option<Position>,
    /// The key, variables filled in.
    pub text: String,
    /// What messages show, where that is something else: the key as written, since a variable's value may be a secret.
    pub written: Option<String>,
}

impl Key {
    /// The key as messages show it.
    pub fn shown(&self) -> &str {
        self.written.as_deref().unwrap_or(&self.text)
    }
}

impl Node {
    /// The tree of a JSON value, without positions.
    pub fn from_json(json: &serde_json::Value) -> Self {
        use serde_json::Value as Json;

        let value = match json {
            Json::Null => Value::Null,
            Json::Bool(_) | Json::Number(_) => Value::Scalar { text: json.to_string(), plain: true },
            Json::String(text) => Value::Scalar { text: text.clone(), plain: false },
            Json::Array(values) => Value::List(values.iter().map(Self::from_json).collect()),
            Json::Object(entries) => Value::Map(
                entries
                    .iter()
                    .map(|(key, value)| (Key::from(key.as_str()), Self::from_json(value)))
                    .collect(),
            ),
        };
        Self { position: None, value }
    }
}

impl From<&str> for Key {
    fn from(text: &str) -> Self {
        Self { position: None, text: text.to_owned(), written: None }
    }
}
