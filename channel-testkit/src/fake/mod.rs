//! What the fakes of all platforms share: a local server, its calls and their faults, deliveries, limits.

mod answer;
mod calls;
mod changes;
mod courier;
mod delivery;
mod fault;
mod file;
mod parameters;
mod rates;
mod server;

pub use calls::Call;
pub use changes::TimedOut;
pub use delivery::{Delivery, Outcome, Try};
pub use fault::Fault;
pub use file::File;

pub(crate) use answer::Answer;
pub(crate) use calls::Calls;
pub(crate) use changes::Changes;
pub(crate) use courier::{Courier, Plan};
pub(crate) use fault::Queue;
pub(crate) use parameters::read_parameters;
pub(crate) use rates::Allowance;
pub(crate) use server::LocalServer;

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::{SystemTime, UNIX_EPOCH},
};

/// The most bytes of a request that a fake reads: what Telegram takes of a file that is uploaded.
pub(crate) const BODY: usize = 50 * 1024 * 1024;

/// The most of anything that a fake keeps: calls, messages of a conversation, updates that wait. The oldest goes first.
pub(crate) const KEPT: usize = 10_000;

/// A test that panicked with a lock in its hands has failed already.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Seconds since 1970.
pub(crate) fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}
