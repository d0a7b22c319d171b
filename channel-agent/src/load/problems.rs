//! What is wrong with a bot's folder, all of it at once.

use std::{fmt, path::PathBuf};

use crate::yaml::{Node, Place, Yaml};

/// What to do about what only Rasa can do.
pub(crate) const RUN_IN_RASA: &str = "run it in Rasa and put the Rasa agent in front of it";

/// Why a bot's folder can't be loaded: everything that is wrong, each with its file, line and column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoadError {
    folder: PathBuf,
    problems: Vec<Problem>,
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Problem {
    place: Option<Place>,
    text: String,
    help: String,
}

/// What was found so far.
#[derive(Debug, Default)]
pub(crate) struct Problems(Vec<Problem>);

impl Problems {
    pub(crate) fn add(&mut self, place: &Place, problem: impl Into<String>, help: impl Into<String>) {
        self.0.push(Problem { place: Some(place.clone()), text: problem.into(), help: help.into() });
    }

    /// A problem of the folder as a whole.
    pub(crate) fn add_general(&mut self, problem: impl Into<String>, help: impl Into<String>) {
        self.0.push(Problem { place: None, text: problem.into(), help: help.into() });
    }

    /// Something that this agent can't do, and Rasa can.
    pub(crate) fn unsupported(&mut self, place: &Place, what: impl fmt::Display) {
        self.add(place, format!("{what}: this agent can't do that"), RUN_IN_RASA);
    }

    /// The text of a node that has to be one.
    pub(crate) fn text<'a>(&mut self, node: &'a Node, what: &str) -> Option<&'a str> {
        let text = node.text();
        if text.is_none() {
            self.add(&node.place, format!("{what} is no text"), "write a text, in quotes if need be");
        }
        text
    }

    /// The truth value of a node that has to be one.
    pub(crate) fn flag(&mut self, node: &Node, what: &str) -> Option<bool> {
        let flag = node.scalar().and_then(serde_json::Value::as_bool);
        if flag.is_none() {
            self.add(&node.place, format!("{what} is neither `true` nor `false`"), "write one of them");
        }
        flag
    }

    /// The number of a node that has to be one.
    pub(crate) fn number(&mut self, node: &Node, what: &str) -> Option<f64> {
        let number = node.scalar().and_then(serde_json::Value::as_f64);
        if number.is_none() {
            self.add(&node.place, format!("{what} is no number"), "write a number, without quotes");
        }
        number
    }

    /// The items of a node that has to be a list; nothing is an empty list.
    pub(crate) fn list<'a>(&mut self, node: &'a Node, what: &str) -> &'a [Node] {
        match &node.yaml {
            Yaml::List(nodes) => nodes,
            _ if node.is_null() => &[],
            _ => {
                self.add(&node.place, format!("{what} is no list"), "write its items as `- item`");
                &[]
            }
        }
    }

    /// The entries of a node that has to be a map; nothing is an empty map.
    pub(crate) fn map<'a>(&mut self, node: &'a Node, what: &str) -> &'a [(crate::yaml::Key, Node)] {
        match &node.yaml {
            Yaml::Map(entries) => entries,
            _ if node.is_null() => &[],
            _ => {
                self.add(&node.place, format!("{what} is no map"), "write its entries as `key: value`");
                &[]
            }
        }
    }

    /// The error, where there is one: sorted, what concerns the whole folder first.
    pub(crate) fn into_result(self, folder: PathBuf) -> Result<(), LoadError> {
        let mut problems = self.0;
        problems.sort_by(|a, b| a.place.cmp(&b.place));
        problems.dedup();
        if problems.is_empty() { Ok(()) } else { Err(LoadError { folder, problems }) }
    }
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Problem { place, text, help } in &self.problems {
            match place {
                Some(place) => writeln!(f, "{place}: {text}")?,
                None => writeln!(f, "{text}")?,
            }
            writeln!(f, "  help: {help}")?;
        }
        let count = self.problems.len();
        write!(
            f,
            "{count} mistake{} in the bot `{}`",
            if count == 1 { "" } else { "s" },
            self.folder.display()
        )
    }
}

impl std::error::Error for LoadError {}

/// What may be meant by a name that is not there: the help for it.
pub(crate) fn meant<'a>(name: &str, known: impl IntoIterator<Item = &'a str>, otherwise: &str) -> String {
    let nearest = known
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(name, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= 1 + candidate.len() / 5)
        .min();
    nearest.map_or_else(|| otherwise.to_owned(), |(_, nearest)| format!("did you mean `{nearest}`?"))
}
