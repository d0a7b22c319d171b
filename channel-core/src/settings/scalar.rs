//! Numbers and truth values as YAML 1.2's core schema writes them.

use std::str::FromStr;

/// What an unquoted scalar is to a type that takes anything.
pub(super) enum Resolved {
    Null,
    Bool(bool),
    Unsigned(u64),
    Signed(i64),
    Float(f64),
    Text,
}

pub(super) fn resolve(text: &str) -> Resolved {
    if matches!(text, "" | "~" | "null" | "Null" | "NULL") {
        return Resolved::Null;
    }
    let digits_only = integer(text).is_some();
    None.or_else(|| boolean(text).map(Resolved::Bool))
        .or_else(|| whole(text).map(Resolved::Unsigned))
        .or_else(|| whole(text).map(Resolved::Signed))
        // A number that fits nowhere stays as written rather than lose its last digits.
        .or_else(|| float(text).filter(|_| !digits_only).map(Resolved::Float))
        .unwrap_or(Resolved::Text)
}

pub(super) fn boolean(text: &str) -> Option<bool> {
    match text {
        "true" | "True" | "TRUE" => Some(true),
        "false" | "False" | "FALSE" => Some(false),
        _ => None,
    }
}

/// A whole number in decimal, octal (`0o17`) or hexadecimal (`0xf`), if the type can hold it.
pub(super) fn whole<T: TryFrom<i128> + TryFrom<u128>>(text: &str) -> Option<T> {
    let (negative, magnitude) = integer(text)?;
    if negative {
        T::try_from(0_i128.checked_sub_unsigned(magnitude)?).ok()
    } else {
        T::try_from(magnitude).ok()
    }
}

fn integer(text: &str) -> Option<(bool, u128)> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (digits, radix) = match (text.strip_prefix("0o"), text.strip_prefix("0x")) {
        (Some(octal), _) => (octal, 8),
        (_, Some(hexadecimal)) => (hexadecimal, 16),
        _ => (digits, 10),
    };
    // `from_str_radix` would take a second sign.
    let numeric = digits.chars().all(|digit| digit.is_digit(radix));
    u128::from_str_radix(digits, radix).ok().filter(|_| numeric).map(|magnitude| (negative, magnitude))
}

pub(super) fn float<T: FromStr>(text: &str) -> Option<T> {
    let written = match text {
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => "inf",
        "-.inf" | "-.Inf" | "-.INF" => "-inf",
        ".nan" | ".NaN" | ".NAN" => "nan",
        // Rust's own words for these (`infinity`) are text in YAML.
        _ if text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E')) => text,
        _ => return None,
    };
    written.parse().ok()
}
