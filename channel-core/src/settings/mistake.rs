//! What is wrong with a section, in words that show no value.

use std::{error, fmt};

use super::Position;

/// One mistake of a section. No part of it ever holds a value, since values are secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Where it is in the file, where that is known.
    pub position: Option<Position>,
    /// The keys that lead there, with dots: `tls.certificate`, `users[2]`; empty for the section as a whole.
    pub path: String,
    /// What is wrong; one that ends in ` key` is about the key at the end of the path: `unknown key`.
    pub problem: String,
    /// How to mend it.
    pub help: Option<String>,
}

impl Mistake {
    /// A mistake of the section as a whole.
    pub fn new(problem: impl Into<String>) -> Self {
        Self { position: None, path: String::new(), problem: problem.into(), help: None }
    }

    /// The mistake in one sentence that says whose section it is in: ``unknown key `usrname` of `my_bot::MyIo` ``.
    pub fn of(&self, channel: &str) -> String {
        if self.path.is_empty() {
            format!("`{channel}`: {}", self.problem)
        } else {
            self.sentence(&format!(" of `{channel}`"))
        }
    }

    fn sentence(&self, of: &str) -> String {
        let Self { path, problem, .. } = self;
        if path.is_empty() {
            problem.clone()
        } else if problem.ends_with(" key") {
            format!("{problem} `{path}`{of}")
        } else {
            format!("`{path}`{of}: {problem}")
        }
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(position) = self.position {
            write!(f, "{position}: ")?;
        }
        f.write_str(&self.sentence(""))?;
        self.help.as_ref().map_or(Ok(()), |help| write!(f, " ({help})"))
    }
}

/// The mistakes of a section, at least one.
///
/// # Examples
///
/// ```
/// use channel_core::Mistakes;
///
/// let mistakes = Mistakes::one("`from` and `until` must lie in one year");
/// assert_eq!(mistakes.to_string(), "`from` and `until` must lie in one year");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistakes(Vec<Mistake>);

impl Mistakes {
    /// One mistake of the section as a whole. The text must not repeat a value.
    pub fn one(problem: impl Into<String>) -> Self {
        Mistake::new(problem).into()
    }

    /// The mistakes, in the order of the file.
    pub fn iter(&self) -> std::slice::Iter<'_, Mistake> {
        self.0.iter()
    }
}

impl From<Mistake> for Mistakes {
    fn from(mistake: Mistake) -> Self {
        Self(vec![mistake])
    }
}

impl Extend<Mistake> for Mistakes {
    fn extend<I: IntoIterator<Item = Mistake>>(&mut self, mistakes: I) {
        self.0.extend(mistakes);
        // Stable: what has no position keeps its place among its like, before the rest.
        self.0.sort_by_key(|mistake| mistake.position);
    }
}

impl IntoIterator for Mistakes {
    type Item = Mistake;
    type IntoIter = std::vec::IntoIter<Mistake>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> IntoIterator for &'a Mistakes {
    type Item = &'a Mistake;
    type IntoIter = std::slice::Iter<'a, Mistake>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Display for Mistakes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, mistake) in self.iter().enumerate() {
            write!(f, "{}{mistake}", if index == 0 { "" } else { "\n" })?;
        }
        Ok(())
    }
}

impl error::Error for Mistakes {}

/// The known word that is most like a written one, if one is like it at all.
pub fn nearest<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let likeness = |word: &&str| strsim::damerau_levenshtein(&written.to_lowercase(), &word.to_lowercase());
    let longest = written.chars().count();
    known
        .into_iter()
        .map(|word| (likeness(&word), word))
        .filter(|(distance, word)| distance * 3 <= longest.max(word.chars().count()))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, word)| word)
}
