//! What a check found wrong.

use std::fmt;

/// What a check found wrong with a connector: what was expected, what came, and how to mend it.
#[derive(Clone, Debug)]
pub struct Failure {
    expected: String,
    came: String,
    mend: String,
}

/// How a check went, if nothing was wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It ran, and the connector keeps to it.
    Passed,
    /// It says nothing about this connector, for this reason.
    Skipped(String),
}

impl Failure {
    pub(crate) fn new(expected: impl Into<String>, came: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { expected: expected.into(), came: came.into(), mend: mend.into() }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "  expected: {}\n  came:     {}\n  to mend:  {}", self.expected, self.came, self.mend)
    }
}

impl std::error::Error for Failure {}
