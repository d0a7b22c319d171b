//! The file itself.

use std::{
    collections::HashSet,
    fs::File,
    io::{self, Read},
    path::Path,
};

use channel_core::Registry;

use super::{CredentialsError, Environment, Mount, error::Problem, linked, parse as tree, resolve::Resolver};

/// A larger file is not one of credentials.
const LIMIT: u64 = 1 << 20;

/// Reads a `credentials.yml` and makes the channels it names, in the order of the file.
///
/// # Errors
///
/// Everything that is wrong with the file and with the channels' settings, at once.
pub fn load(path: &Path, registry: &Registry) -> Result<Vec<Mount>, CredentialsError> {
    let file = path.display().to_string();
    let refused = |problem| CredentialsError::new(&file, vec![problem]);
    let bytes = read(path).map_err(|error| refused(unreadable(&error, registry)))?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length > LIMIT) {
        return Err(refused(
            Problem::new(None, "the file is larger than 1 MiB").help("is this the right file?"),
        ));
    }
    let text =
        std::str::from_utf8(&bytes).map_err(|error| refused(not_text(&bytes[..error.valid_up_to()])))?;
    parse(text, &file, registry, &|name| std::env::var(name))
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
) -> Result<Vec<Mount>, CredentialsError> {
    let mut problems = Vec::new();
    let root = tree::parse(text.strip_prefix('\u{feff}').unwrap_or(text), environment, &mut problems);
    if root.is_none() && !problems.is_empty() {
        // A part of a file says nothing about the rest.
        return Err(CredentialsError::new(file, problems));
    }
    let mut resolver = Resolver::new(registry);
    resolver.channels(root);
    // What can't be filled in is no mistake of another kind too.
    let noted: HashSet<_> = problems.iter().filter_map(Problem::position).collect();
    let new = |problem: &Problem| problem.position().is_none_or(|position| !noted.contains(&position));
    problems.extend(resolver.problems.into_iter().filter(new));
    if problems.is_empty() { Ok(resolver.mounts) } else { Err(CredentialsError::new(file, problems)) }
}

fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(LIMIT + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn unreadable(error: &io::Error, registry: &Registry) -> Problem {
    match error.kind() {
        io::ErrorKind::NotFound => {
            Problem::new(None, "there is no such file").help(linked::example(registry))
        }
        io::ErrorKind::IsADirectory => Problem::new(None, "this is a directory").help("name the file in it"),
        io::ErrorKind::PermissionDenied => Problem::new(None, "the file may not be read")
            .help("give the user that runs this program the right to read it"),
        kind => Problem::new(None, format!("the file can't be read ({kind})")),
    }
}

fn not_text(before: &[u8]) -> Problem {
    let line = before.split(|byte| *byte == b'\n').count();
    Problem::new(None, format!("the file is not UTF-8; line {line} is the first that is not"))
        .help("save it as UTF-8")
}
