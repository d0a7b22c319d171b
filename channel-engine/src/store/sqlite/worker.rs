//! Threads of the store.

use std::{
    io,
    thread::{self, JoinHandle},
};

use super::super::StoreError;

/// A thread that is waited for when it is dropped: drop first what it listens to.
pub(super) struct Worker(Option<JoinHandle<()>>);

impl Worker {
    pub(super) fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> io::Result<Self> {
        thread::Builder::new().name(name.to_owned()).spawn(work).map(|thread| Self(Some(thread)))
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // Its panic has been told by the panic hook.
        if let Some(thread) = self.0.take() {
            drop(thread.join());
        }
    }
}

/// What a thread says that is there no more.
pub(super) fn stopped() -> StoreError {
    StoreError::new("a thread of the store has stopped: restart the server")
}
