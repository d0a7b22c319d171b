//! `check`: are the files right?

use std::process::ExitCode;

use super::{Failure, Main, arguments::Files};
use crate::Server;

/// Does all that a start does, but for listening.
pub(super) fn check(files: &Files, program: Main) -> Result<ExitCode, Failure> {
    let credentials = program.credentials_of(files);
    let answering = program.answerer.resolve(&files.answerer)?;
    Server::builder().credentials(&credentials).shared_agent(answering.agent).build()?;
    println!("{} is right", credentials.display());
    Ok(ExitCode::SUCCESS)
}
