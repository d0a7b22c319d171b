//! Ids for messages whose platform gives them none.

use std::{
    hash::{BuildHasher, RandomState},
    sync::{
        LazyLock,
        atomic::{AtomicU64, Ordering},
    },
};

/// 64 random bits of this process, drawn once: asking the system for each message would cost more than the rest of it.
static PROCESS: LazyLock<u64> = LazyLock::new(|| RandomState::new().hash_one(std::process::id()));

/// The same as digits.
static PREFIX: LazyLock<String> = LazyLock::new(|| format!("{:016x}", *PROCESS));

static NEXT: AtomicU64 = AtomicU64::new(0);

/// An id that nobody else has: 32 hexadecimal digits, never twice in one process, and in two of them with a chance of 2⁻⁶⁴.
///
/// Many platforms take such an id with a message, to tell a second try from a second message. It is no secret: whoever sees
/// one can guess the next.
///
/// # Examples
///
/// ```
/// assert_ne!(channel_core::unique_id(), channel_core::unique_id());
/// ```
pub fn unique_id() -> String {
    let number = scatter(NEXT.fetch_add(1, Ordering::Relaxed) ^ *PROCESS);
    let mut id = String::with_capacity(32);
    id.push_str(&PREFIX);
    push_hex(&mut id, number);
    id
}

/// Adds 16 digits. Every message has an id, and `format!` would take as long as the rest of making one.
fn push_hex(id: &mut String, number: u64) {
    const DIGITS: [u8; 16] = *b"0123456789abcdef";
    for byte in number.to_be_bytes() {
        id.push(char::from(DIGITS[usize::from(byte >> 4)]));
        id.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
}

/// Spreads successive numbers over all of `u64`, no two to the same place: the finalizer of `SplitMix64`, every step of
/// which can be undone.
fn scatter(mut number: u64) -> u64 {
    number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn ids_are_32_digits_and_differ() {
        let ids: HashSet<_> = (0..10_000).map(|_| unique_id()).collect();
        assert_eq!(ids.len(), 10_000);
        assert!(ids.iter().all(|id| id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit())));
    }
}
