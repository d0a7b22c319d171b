//! The end of the server, as its tasks see it.

use tokio::sync::watch;

/// Tells a running task that the server is about to stop.
///
/// # Examples
///
/// ```
/// # async fn poll_platform() {}
/// # async fn run(shutdown: channel_core::Shutdown) {
/// while !shutdown.is_requested() {
///     poll_platform().await;
/// }
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Shutdown(watch::Receiver<bool>);

/// The other end of [`Shutdown`].
#[derive(Debug)]
pub struct ShutdownSignal(watch::Sender<bool>);

impl ShutdownSignal {
    /// A signal and the end to watch it by. Dropping the signal requests the shutdown too.
    pub fn new() -> (Self, Shutdown) {
        let (sender, receiver) = watch::channel(false);
        (Self(sender), Shutdown(receiver))
    }

    /// Requests the shutdown.
    pub fn request(&self) {
        self.0.send_replace(true);
    }
}

impl Shutdown {
    /// Whether the server is about to stop.
    pub fn is_requested(&self) -> bool {
        *self.0.borrow() || self.0.has_changed().is_err()
    }

    /// Waits until the server is about to stop.
    pub async fn requested(&self) {
        let mut receiver = self.0.clone();
        // An error means that the signal is gone, which is a request too.
        let _ = receiver.wait_for(|requested| *requested).await;
    }
}
