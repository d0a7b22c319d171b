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
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let number = *PROCESS ^ NEXT.fetch_add(1, Ordering::Relaxed);
    let digits: [u8; 16] = std::array::from_fn(|at| DIGITS[(number >> (60 - 4 * at)) as usize & 15]);
    HeaderValue::from_bytes(&digits).unwrap_or_else(|_| HeaderValue::from_static("0"))
}
