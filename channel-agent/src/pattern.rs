//! Patterns that are written in this crate.

use regex::Regex;

/// A pattern that is written in this crate, and does not fail: the tests go through each of them.
#[allow(clippy::expect_used, reason = "the pattern is a constant")]
pub(crate) fn fixed(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a pattern of this crate is a regular expression")
}
