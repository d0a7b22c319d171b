//! Kills a server under load again and again, and looks for what it lost.
//!
//! ```text
//! cargo run -p crash-test -- --kills 30
//! cargo run -p crash-test -- --platforms --kills 10
//! ```
//!
//! The program is three parties. The [`driver`] plays the platform: it delivers numbered messages until they are
//! acknowledged, and takes down the replies. The [`server`] is this program once more, in a process that is killed with
//! SIGKILL and started again. In the end everything acknowledged has to be answered, once and in order.
//!
//! With `--platforms` people on fakes of Slack and Telegram write, press buttons and use commands, and the server has the
//! built-in channels.

mod arguments;
mod chance;
mod driver;
mod script;
mod server;

use std::process::ExitCode;

use channel_core::BoxError;
use clap::Parser as _;

use arguments::{Arguments, Part};

#[tokio::main]
async fn main() -> ExitCode {
    let Arguments { part, drive } = Arguments::parse();
    let seed = drive.seed;
    let result = match part {
        Some(Part::Serve(arguments)) => server::run(arguments).await.map(|()| true),
        None => drive_and_tell(drive).await,
    };
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error (seed {seed}): {error}");
            ExitCode::FAILURE
        }
    }
}

/// Whether all was kept.
async fn drive_and_tell(arguments: arguments::Drive) -> Result<bool, BoxError> {
    let report = driver::run(arguments).await?;
    println!("{report}");
    Ok(report.is_good())
}
