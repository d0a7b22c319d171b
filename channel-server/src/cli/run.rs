//! `run`: serve until told to stop.

use std::process::ExitCode;

use super::{Failure, Main, arguments::Run};
use crate::{Server, logging, server::Signals};

pub(super) fn run(arguments: &Run, program: Main) -> Result<ExitCode, Failure> {
    logging::start(arguments.log_level.clone(), arguments.log_format);
    let credentials = program.credentials_of(&arguments.files);
    let answering = program.answerer.resolve(&arguments.files.answerer)?;
    let mut server = Server::builder()
        .credentials(credentials)
        .shared_agent(answering.agent)
        .shared_conversations(answering.endpoints.shared_conversations)
        .address(&arguments.interface, arguments.port)
        .response_timeout(arguments.response_timeout)
        // A variable that is set to nothing says nothing.
        .cors(arguments.cors.iter().filter(|origin| !origin.is_empty()));
    if let (Some(certificate), Some(key)) = (&arguments.ssl_certificate, &arguments.ssl_keyfile) {
        server = server.tls(certificate, key);
    }
    let server = server.build()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let result = runtime.block_on(async {
        // First, so that nobody who sees the server start can stop it too early.
        let signals = Signals::listen();
        server.start().await?.run_until(signals).await;
        Ok(ExitCode::SUCCESS)
    });
    // An agent that blocks its thread has had its time; dropping the runtime would wait for it without an end.
    runtime.shutdown_background();
    result
}
