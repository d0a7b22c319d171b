//! A channel's constructor that panics: what it panics with may be a value, so it is neither kept nor printed.

use std::{
    panic::{self, AssertUnwindSafe, PanicHookInfo},
    sync::{Arc, Mutex, PoisonError},
    thread,
};

type Hook = Box<dyn Fn(&PanicHookInfo<'_>) + Send + Sync>;

/// Runs it without letting a panic out, or its message; the error is the place of the panic.
pub(super) fn contained<T>(run: impl FnOnce() -> T) -> Result<T, String> {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _guard = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);

    let place = Arc::new(Mutex::new("an unknown place".to_owned()));
    let usual: Arc<Hook> = Arc::new(panic::take_hook());
    panic::set_hook(hush(place.clone(), usual.clone()));
    let result = panic::catch_unwind(AssertUnwindSafe(run));
    drop(panic::take_hook());
    // Nobody else holds it now, unless a thread is just panicking.
    match Arc::try_unwrap(usual) {
        Ok(usual) => panic::set_hook(usual),
        Err(usual) => panic::set_hook(Box::new(move |info| usual(info))),
    }
    result.map_err(|payload| {
        // Dropping it may panic again.
        std::mem::forget(payload);
        place.lock().unwrap_or_else(PoisonError::into_inner).clone()
    })
}

/// A hook that notes the place of this thread's panics; other threads' go the usual way.
fn hush(place: Arc<Mutex<String>>, usual: Arc<Hook>) -> Hook {
    let this = thread::current().id();
    Box::new(move |info| {
        if thread::current().id() != this {
            usual(info);
        } else if let Some(location) = info.location() {
            *place.lock().unwrap_or_else(PoisonError::into_inner) = location.to_string();
        }
    })
}
