//! `check`: are the files right?

use std::{path::Path, process::ExitCode};

use super::Failure;
use crate::Server;

/// Does all that a start does, but for listening.
pub(super) fn check(credentials: &Path) -> Result<ExitCode, Failure> {
    Server::builder().credentials(credentials).build()?;
    println!("{} is right", credentials.display());
    Ok(ExitCode::SUCCESS)
}
