//! `run`: serve until told to stop.

use std::process::ExitCode;

use channel_core::{Registry, Secret};
use channel_engine::{Options, Retention};

use super::{
    Failure, Main,
    arguments::{Access, Patience, Run, Storage},
};
use crate::{
    ApiOptions, Jwt, Limits, Server, StoreLocation, credentials, endpoints::Endpoints, logging,
    server::Signals,
};

pub(super) fn run(arguments: &Run, program: Main) -> Result<ExitCode, Failure> {
    logging::start(arguments.log_level.clone(), arguments.log_format);
    let file = program.credentials_of(&arguments.files);
    let answering = program.answerer.resolve(&arguments.files.answerer)?;
    let location = arguments.storage.location(&answering.endpoints);
    // Before the store is touched: nothing is done for a server that can't start.
    credentials::load(&file, &Registry::linked())?;
    let mut server = Server::builder()
        .credentials(file)
        .shared_agent(answering.agent)
        .shared_conversations(answering.endpoints.shared_conversations)
        .address(&arguments.interface, arguments.port)
        .limits(Limits { grace: arguments.patience.grace, ..Limits::default() })
        .engine(engine(&arguments.patience))
        .response_timeout(arguments.response_timeout)
        // A variable that is set to nothing says nothing.
        .cors(arguments.cors.iter().filter(|origin| !origin.is_empty()));
    if let Some(options) = api(&arguments.access)? {
        server = server.enable_api(options);
    }
    if arguments.metrics {
        server = server.metrics();
    }
    if let (Some(certificate), Some(key)) = (&arguments.ssl_certificate, &arguments.ssl_keyfile) {
        server = server.tls(certificate, key);
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let result = runtime.block_on(async {
        // First, so that nobody who sees the server start can stop it too early.
        let signals = Signals::listen();
        let store = location.open().await?;
        server.shared_store(store).build()?.start().await?.run_until(signals).await;
        Ok(ExitCode::SUCCESS)
    });
    // An agent that blocks its thread has had its time; dropping the runtime would wait for it without an end.
    runtime.shutdown_background();
    result
}

/// How patient the engine is.
fn engine(patience: &Patience) -> Options {
    Options {
        turn_timeout: patience.turn_timeout,
        attempts: patience.turn_attempts,
        send_attempts: patience.send_attempts,
        max_age: Some(patience.max_message_age),
        retention: Retention {
            messages: patience.keep_messages,
            dead_letters: patience.keep_dead_letters,
            conversations: patience.keep_conversations,
        },
        ..Options::default()
    }
}

impl Storage {
    /// What the command line says, or else the endpoints; else a file beside the server.
    pub(super) fn location(&self, endpoints: &Endpoints) -> StoreLocation {
        // A variable that is set to nothing says nothing.
        let said = self.store.as_deref().filter(|said| !said.is_empty());
        let said = said.and_then(|said| said.parse().ok());
        said.or_else(|| endpoints.store.clone()).unwrap_or_default()
    }
}

/// Who may use the HTTP API, where it is switched on.
fn api(arguments: &Access) -> Result<Option<ApiOptions>, Failure> {
    // A variable that is set to nothing says nothing.
    let given =
        |secret: &Option<String>| secret.as_deref().filter(|secret| !secret.is_empty()).map(Secret::new);
    let (auth_token, jwt_secret) = (given(&arguments.auth_token), given(&arguments.jwt_secret));
    if !arguments.enable_api {
        if auth_token.is_some() || jwt_secret.is_some() {
            tracing::warn!(
                "there is a token for the HTTP API, which is off: switch it on with `--enable-api`"
            );
        }
        return Ok(None);
    }
    let jwt = jwt_secret.map(|secret| Jwt::new(&arguments.jwt_method, &secret)).transpose()?;
    Ok(Some(ApiOptions { auth_token, jwt }))
}
