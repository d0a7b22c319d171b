//! `run`: serve until told to stop.

use std::{path::PathBuf, process::ExitCode, sync::Arc};

use channel_core::{Agent, AgentError, Turn, async_trait};

use super::{
    Failure,
    arguments::{Files, Run},
};
use crate::{Server, logging};

pub(super) fn run(
    arguments: Run,
    agent: Arc<dyn Agent>,
    file: impl FnOnce(Files) -> PathBuf,
) -> Result<ExitCode, Failure> {
    logging::start(arguments.log_level, arguments.log_format);
    let mut server = Server::builder()
        .credentials(file(arguments.files))
        .agent(Shared(agent))
        .address(arguments.interface, arguments.port)
        .response_timeout(arguments.response_timeout)
        .cors(arguments.cors);
    if let (Some(certificate), Some(key)) = (&arguments.ssl_certificate, &arguments.ssl_keyfile) {
        server = server.tls(certificate, key);
    }
    let server = server.build()?;
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(async {
        server.start().await?.run().await;
        Ok(ExitCode::SUCCESS)
    })
}

/// An agent that is shared already.
struct Shared(Arc<dyn Agent>);

#[async_trait]
impl Agent for Shared {
    async fn handle(&self, turn: &mut Turn<'_>) -> Result<(), AgentError> {
        self.0.handle(turn).await
    }
}
