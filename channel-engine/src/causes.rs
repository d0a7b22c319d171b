//! Errors in the log.

use std::{error::Error, fmt};

/// An error with all that caused it, on one line: what comes from outside must not look like a line of the log.
pub struct Causes<'a>(pub &'a (dyn Error + 'static));

impl fmt::Display for Causes<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut last = self.0.to_string();
        write!(f, "{}", last.escape_debug())?;
        let mut cause = self.0.source();
        while let Some(error) = cause {
            let text = error.to_string();
            if !last.ends_with(&text) {
                write!(f, ": {}", text.escape_debug())?;
            }
            cause = error.source();
            last = text;
        }
        Ok(())
    }
}
