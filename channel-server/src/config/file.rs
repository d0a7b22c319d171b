//! The file itself.

use std::{
    fs::File,
    io::{self, Read},
    path::Path,
};

use super::Problem;

/// A larger file configures nothing.
const LIMIT: u64 = 1 << 20;

/// The text of a file. What is to be done where there is none, `missing` says.
pub(crate) fn read(path: &Path, missing: impl FnOnce() -> String) -> Result<String, Problem> {
    let bytes = bytes(path).map_err(|error| unreadable(&error, missing))?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length > LIMIT) {
        return Err(Problem::new(None, "the file is larger than 1 MiB").help("is this the right file?"));
    }
    String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        not_text(&error.as_bytes()[..valid])
    })
}

fn bytes(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(LIMIT + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn unreadable(error: &io::Error, missing: impl FnOnce() -> String) -> Problem {
    match error.kind() {
        io::ErrorKind::NotFound => Problem::new(None, "there is no such file").help(missing()),
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
