//! What is wrong with a file, all of it.

use std::{error, fmt};

use channel_core::{Mistake, Position};

/// Everything that is wrong with a file that configures the server, in the order of the file. It never shows a value.
#[derive(Clone, Debug)]
pub struct ConfigError {
    file: String,
    problems: Vec<Problem>,
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    position: Option<Position>,
    text: String,
    help: Vec<String>,
}

impl Problem {
    pub(crate) fn new(position: Option<Position>, text: impl Into<String>) -> Self {
        Self { position, text: text.into(), help: Vec::new() }
    }

    /// A mistake in the section under this key.
    pub(crate) fn of(key: &str, section: Position, mistake: Mistake) -> Self {
        let problem = Self::new(mistake.position.or(Some(section)), mistake.of(key));
        mistake.help.into_iter().fold(problem, Self::help)
    }

    pub(crate) fn position(&self) -> Option<Position> {
        self.position
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }
}

/// A place in the middle of a sentence.
pub(crate) fn spoken(Position { line, column }: Position) -> String {
    format!("line {line}, column {column}")
}

impl ConfigError {
    /// Sorts the problems; those of the file as a whole come first.
    pub(crate) fn new(file: &str, mut problems: Vec<Problem>) -> Self {
        problems.sort_by_key(|problem| problem.position);
        problems.dedup();
        Self { file: file.to_owned(), problems }
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Problem { position, text, help } in &self.problems {
            match position {
                Some(position) => writeln!(f, "{}:{position}: {text}", self.file)?,
                None => writeln!(f, "{}: {text}", self.file)?,
            }
            for help in help {
                writeln!(f, "  help: {}", help.replace('\n', "\n        "))?;
            }
        }
        let count = self.problems.len();
        write!(f, "{count} mistake{} in {}", if count == 1 { "" } else { "s" }, self.file)
    }
}

impl error::Error for ConfigError {}
