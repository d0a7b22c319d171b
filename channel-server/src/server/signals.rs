//! The signals that ask the server to stop.

/// Waits for one, and says which.
#[cfg(unix)]
pub(super) async fn requested() -> &'static str {
    use tokio::signal::unix::{SignalKind, signal};

    // Without a handler the signal ends the process, as it does for any program.
    let Ok(mut terminate) = signal(SignalKind::terminate()) else { return std::future::pending().await };
    tokio::select! {
        _ = terminate.recv() => "SIGTERM",
        _ = tokio::signal::ctrl_c() => "Ctrl-C",
    }
}

/// Waits for one, and says which.
#[cfg(not(unix))]
pub(super) async fn requested() -> &'static str {
    match tokio::signal::ctrl_c().await {
        Ok(()) => "Ctrl-C",
        Err(_) => std::future::pending().await,
    }
}
