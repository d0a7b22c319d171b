//! The server that is killed: a bot as a user would write it.

mod agent;
mod channel;

use std::io::{self, Read as _, Write as _};

use channel_core::BoxError;
use channel_server::Server;

use crate::{arguments::Serve, chance::Chance};
use agent::Counting;

/// Serves until SIGTERM, or until the driver is gone. The address is printed on a line of its own.
pub(crate) async fn run(arguments: Serve) -> Result<(), BoxError> {
    tracing_subscriber::fmt().with_writer(io::stderr).with_ansi(false).init();
    end_with_the_driver();
    let Serve { store, credentials, marks, seed } = arguments;
    let server = Server::builder()
        .shared_store(store.open().await?)
        .agent(Counting { chance: Chance::new(seed), marks })
        .credentials_text(credentials)
        .address("127.0.0.1", 0)
        .build()?
        .start()
        .await?;
    let mut out = io::stdout();
    writeln!(out, "{}", server.address())?;
    out.flush()?;
    server.run().await;
    Ok(())
}

/// However the driver ends, it leaves no server behind: the input is a pipe that it holds.
fn end_with_the_driver() {
    std::thread::spawn(|| {
        let _ = io::stdin().read_to_end(&mut Vec::new());
        std::process::exit(1);
    });
}
