//! What stopped a type from reading a draft, as data, so that the draft can be mended and read again.

use std::fmt;

use serde::de::{self, Expected, Unexpected};

use super::draft::Content;

/// A fault and the way to the part that has it.
#[derive(Debug)]
pub(super) struct Error {
    pub(super) fault: Fault,
    /// Which child, innermost first.
    pub(super) steps: Vec<usize>,
    /// Which key of that part is at fault, where it is a key and not a value.
    pub(super) entry: Option<usize>,
}

pub(super) enum Fault {
    /// None: the type was only asked for its fields.
    Fields(&'static [&'static str]),
    /// A stub turned out to need parts of its own.
    Grow(Content<'static>),
    /// Keys that a struct does not have.
    Unknown { entries: Vec<usize>, known: &'static [&'static str] },
    /// A second key for the same field.
    Repeated,
    /// A field without a key.
    Missing(&'static str),
    /// Anything else.
    Wrong { problem: String, help: Option<&'static str>, foreign: bool },
}

impl Error {
    pub(super) fn wrong(problem: impl Into<String>, help: Option<&'static str>) -> Self {
        Fault::Wrong { problem: problem.into(), help, foreign: false }.into()
    }

    /// One whose words come from a type of somebody else's, who may have put a value into them.
    fn foreign(problem: String) -> Self {
        Fault::Wrong { problem, help: None, foreign: true }.into()
    }

    /// The same error, seen from the part around.
    pub(super) fn below(mut self, child: usize) -> Self {
        self.steps.push(child);
        self
    }

    /// The same error as one of a key.
    pub(super) fn at_key(self, entry: usize) -> Self {
        Self { entry: Some(entry), ..self }
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        Self { fault, steps: Vec::new(), entry: None }
    }
}

impl de::Error for Error {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::foreign(message.to_string())
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::foreign(format!("expected {expected}, found {}", kind(found)))
    }

    fn invalid_value(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::foreign(format!("expected {expected}"))
    }

    fn invalid_length(_: usize, expected: &dyn Expected) -> Self {
        Self::foreign(format!("wrong number of entries, expected {expected}"))
    }

    fn unknown_variant(_: &str, expected: &'static [&'static str]) -> Self {
        Self::wrong(format!("expected one of {}", list(expected)), None)
    }

    fn unknown_field(_: &str, known: &'static [&'static str]) -> Self {
        Fault::Unknown { entries: Vec::new(), known }.into()
    }

    fn missing_field(field: &'static str) -> Self {
        Fault::Missing(field).into()
    }

    fn duplicate_field(_: &'static str) -> Self {
        Fault::Repeated.into()
    }
}

/// Shown only where a type turns the error into text of its own.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.fault {
            Fault::Wrong { problem, .. } => f.write_str(problem),
            Fault::Missing(field) => write!(f, "missing key `{field}`"),
            Fault::Repeated => f.write_str("a key is given twice"),
            Fault::Unknown { .. } => f.write_str("unknown key"),
            Fault::Fields(_) | Fault::Grow(_) => f.write_str("not a value"),
        }
    }
}

impl std::error::Error for Error {}

impl fmt::Debug for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Fault")
    }
}

/// The words, each in back-ticks.
pub(super) fn list(words: &[&str]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}

fn kind(found: Unexpected<'_>) -> &'static str {
    match found {
        Unexpected::Bool(_) => "a truth value",
        Unexpected::Unsigned(_) | Unexpected::Signed(_) | Unexpected::Float(_) => "a number",
        Unexpected::Char(_) | Unexpected::Str(_) | Unexpected::Bytes(_) => "text",
        Unexpected::Unit | Unexpected::Option => "nothing",
        Unexpected::Seq => "a list",
        Unexpected::Map => "a map",
        _ => "something else",
    }
}
