//! The file itself.

use std::{collections::HashSet, path::Path};

use channel_core::Registry;

use super::{ConfigError, Environment, Mount, linked, resolve::Resolver};
use crate::config::{self, Problem};

/// Reads a `credentials.yml` and makes the channels it names, in the order of the file.
///
/// # Errors
///
/// Everything that is wrong with the file and with the channels' settings, at once.
pub fn load(path: &Path, registry: &Registry) -> Result<Vec<Mount>, ConfigError> {
    let file = path.display().to_string();
    let text = config::read(path, || linked::example(registry))
        .map_err(|problem| ConfigError::new(&file, vec![problem]))?;
    parse(&text, &file, registry, &|name| std::env::var(name))
}

/// Makes the channels that the text of a `credentials.yml` names; `file` is what messages call it.
///
/// # Errors
///
/// Everything that is wrong with the text and with the channels' settings, at once.
pub fn parse(
    text: &str,
    file: &str,
    registry: &Registry,
    environment: Environment<'_>,
) -> Result<Vec<Mount>, ConfigError> {
    let mut problems = Vec::new();
    let root = config::parse(text.strip_prefix('\u{feff}').unwrap_or(text), environment, &mut problems);
    if root.is_none() && !problems.is_empty() {
        // A part of a file says nothing about the rest.
        return Err(ConfigError::new(file, problems));
    }
    let mut resolver = Resolver::new(registry);
    resolver.channels(root);
    // What can't be filled in is no mistake of another kind too.
    let noted: HashSet<_> = problems.iter().filter_map(Problem::position).collect();
    let new = |problem: &Problem| problem.position().is_none_or(|position| !noted.contains(&position));
    problems.extend(resolver.problems.into_iter().filter(new));
    if problems.is_empty() { Ok(resolver.mounts) } else { Err(ConfigError::new(file, problems)) }
}
