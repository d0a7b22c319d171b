//! Where the database is, and how it is spoken to.

use std::{fmt::Write as _, sync::Arc, time::Duration};

use tokio_postgres::{
    Client, Config, Connection, Socket,
    config::{Host, SslMode},
    tls::MakeTlsConnect,
};
use tokio_postgres_rustls::MakeRustlsConnect;
use tokio_rustls::rustls::{ClientConfig, RootCertStore, crypto::aws_lc_rs};

use super::{PostgresOptions, error::Problem, error::unconnected};

type Stream = <MakeRustlsConnect as MakeTlsConnect<Socket>>::Stream;

/// A database, and the schema in it.
#[derive(Clone)]
pub(super) struct Address {
    pub(super) config: Config,
    pub(super) tls: MakeRustlsConnect,
    pub(super) schema: String,
    pub(super) time_limit: Duration,
}

impl Address {
    pub(super) fn new(url: &str, options: &PostgresOptions) -> Result<Self, Problem> {
        // A certificate is always verified.
        let url = url
            .replace("sslmode=verify-full", "sslmode=require")
            .replace("sslmode=verify-ca", "sslmode=require");
        let mut config: Config = url.parse().map_err(|_| Problem::Address)?;
        config.connect_timeout(options.time_limit);
        config.tcp_user_timeout(options.time_limit);
        config.keepalives_idle(Duration::from_secs(30));
        if config.get_application_name().is_none() {
            config.application_name("channel");
        }
        let tls = tls(config.get_ssl_mode())?;
        Ok(Self { config, tls, schema: options.schema.clone(), time_limit: options.time_limit })
    }

    /// A connection of its own, whose second half is to be driven.
    pub(super) async fn connect(&self) -> Result<(Client, Connection<Socket, Stream>), Problem> {
        let connecting = self.config.connect(self.tls.clone());
        match tokio::time::timeout(self.time_limit, connecting).await {
            Ok(Ok(connection)) => Ok(connection),
            Ok(Err(error)) => Err(unconnected(&error, self.at())),
            Err(_) => {
                let why = format!("no answer within {} ms", self.time_limit.as_millis());
                Err(Problem::Unreachable { at: self.at(), why })
            }
        }
    }

    /// What each connection is told first: a statement that nobody waits for any more ends, as does a transaction of a
    /// server that has stopped halfway.
    pub(super) fn session(&self) -> String {
        let limit = self.time_limit.as_millis();
        format!(
            "SET search_path TO {}; SET statement_timeout = {limit}; \
             SET idle_in_transaction_session_timeout = {limit}",
            self.quoted_schema()
        )
    }

    pub(super) fn quoted_schema(&self) -> String {
        format!("\"{}\"", self.schema.replace('"', "\"\""))
    }

    pub(super) fn user(&self) -> String {
        self.config.get_user().unwrap_or_default().to_owned()
    }

    /// The hosts with their ports.
    pub(super) fn at(&self) -> String {
        let ports = self.config.get_ports();
        let mut text = String::new();
        for (index, host) in self.config.get_hosts().iter().enumerate() {
            let port = ports.get(index).or(ports.first()).unwrap_or(&5432);
            let separator = if index == 0 { "" } else { ", " };
            // Writing to a string does not fail.
            let _ = match host {
                Host::Tcp(host) => write!(text, "{separator}{host}:{port}"),
                Host::Unix(path) => write!(text, "{separator}{}:{port}", path.display()),
            };
        }
        text
    }
}

/// Trusts what this machine trusts (`SSL_CERT_FILE` where that is set).
fn tls(mode: SslMode) -> Result<MakeRustlsConnect, Problem> {
    let mut roots = RootCertStore::empty();
    if mode != SslMode::Disable {
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    }
    let config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| Problem::Failed(error.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}
