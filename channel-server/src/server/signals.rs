//! The signals that ask the server to stop.

/// Listens for them. While there is one, and ever after, they no longer end the process by themselves.
pub(crate) struct Signals {
    #[cfg(unix)]
    listeners: Option<(tokio::signal::unix::Signal, tokio::signal::unix::Signal)>,
}

#[cfg(unix)]
impl Signals {
    /// From now on no signal is missed.
    pub(crate) fn listen() -> Self {
        use tokio::signal::unix::{SignalKind, signal};

        // Without a handler the signal ends the process, as it does for any program.
        let both = || Some((signal(SignalKind::terminate()).ok()?, signal(SignalKind::interrupt()).ok()?));
        Self { listeners: both() }
    }

    /// Waits for the next one, and says which.
    pub(super) async fn next(&mut self) -> &'static str {
        let Some((terminate, interrupt)) = &mut self.listeners else { return std::future::pending().await };
        tokio::select! {
            _ = terminate.recv() => "SIGTERM",
            _ = interrupt.recv() => "Ctrl-C",
        }
    }
}

#[cfg(not(unix))]
impl Signals {
    /// Nothing to do before the first wait.
    pub(crate) fn listen() -> Self {
        Self {}
    }

    /// Waits for the next one, and says which.
    pub(super) async fn next(&mut self) -> &'static str {
        match tokio::signal::ctrl_c().await {
            Ok(()) => "Ctrl-C",
            Err(_) => std::future::pending().await,
        }
    }
}
