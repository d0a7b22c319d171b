//! The id of a request: the caller's own where it sends one, else ours.

use std::{
    hash::{BuildHasher, RandomState},
    sync::{
        LazyLock,
        atomic::{AtomicU64, Ordering},
    },
};

use axum::http::{HeaderMap, HeaderName, HeaderValue};

/// The header that carries it, both ways.
pub(super) static HEADER: HeaderName = HeaderName::from_static("x-request-id");

static PROCESS: LazyLock<u64> = LazyLock::new(|| RandomState::new().hash_one(std::process::id()));
static NEXT: AtomicU64 = AtomicU64::new(1);

/// Gives the request an id that everything it causes is logged under.
pub(super) fn assign(headers: &mut HeaderMap) -> HeaderValue {
    if let Some(given) = headers.get(&HEADER).filter(|given| is_usable(given)) {
        return given.clone();
    }
    let id = fresh();
    headers.insert(HEADER.clone(), id.clone());
    id
}

/// An id of the caller's stands in our log and in our answer, so it may be no more than an id.
fn is_usable(id: &HeaderValue) -> bool {
    let id = id.as_bytes();
    (1..=128).contains(&id.len())
        && id.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(byte))
}

fn fresh() -> HeaderValue {
    let number = *PROCESS ^ NEXT.fetch_add(1, Ordering::Relaxed);
    // Hexadecimal digits may stand in a header.
    HeaderValue::try_from(format!("{number:016x}")).unwrap_or_else(|_| HeaderValue::from_static("0"))
}
