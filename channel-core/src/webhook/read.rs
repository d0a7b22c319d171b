//! JSON as programs write it.

use serde::de::DeserializeOwned;

/// A low surrogate has to follow a high one.
const HIGH: std::ops::RangeInclusive<u32> = 0xD800..=0xDBFF;
const LOW: std::ops::RangeInclusive<u32> = 0xDC00..=0xDFFF;

/// Reads JSON as programs write it: half a surrogate pair, as those leave that cut texts by UTF-16 units, is U+FFFD, where it
/// would otherwise make all of it unreadable.
///
/// # Errors
///
/// It is not JSON, or not of this shape.
///
/// # Examples
///
/// ```
/// let text: String = channel_core::read_json(br#""half of \ud83d\ude00: \ud83d""#)?;
/// assert_eq!(text, "half of 😀: \u{fffd}");
/// # Ok::<(), serde_json::Error>(())
/// ```
pub fn read_json<T: DeserializeOwned>(json: &[u8]) -> serde_json::Result<T> {
    let error = match serde_json::from_slice(json) {
        Ok(read) => return Ok(read),
        Err(error) => error,
    };
    // Only what can't be read pays for the search.
    match whole(json) {
        Some(mended) => serde_json::from_slice(&mended),
        None => Err(error),
    }
}

/// The same with U+FFFD for halves of pairs; `None` where there are none.
pub(super) fn whole(json: &[u8]) -> Option<Vec<u8>> {
    let mut mended = None;
    let mut place = 0;
    while let Some(found) = json.get(place..)?.iter().position(|byte| *byte == b'\\') {
        place += found;
        let Some(unit) = escaped_unit(&json[place..]) else {
            // Another escape, or none: a backslash after it is not the start of one.
            place += 2;
            continue;
        };
        let is_pair = HIGH.contains(&unit)
            && json.get(place + 6..).and_then(escaped_unit).is_some_and(|next| LOW.contains(&next));
        if is_pair {
            place += 12;
            continue;
        }
        if HIGH.contains(&unit) || LOW.contains(&unit) {
            mended.get_or_insert_with(|| json.to_vec())[place..place + 6].copy_from_slice(br"\ufffd");
        }
        place += 6;
    }
    mended
}

/// The UTF-16 unit that the escape at the start stands for; `None` where there is no such escape.
fn escaped_unit(json: &[u8]) -> Option<u32> {
    let digits = json.strip_prefix(br"\u")?.get(..4)?;
    let digits = std::str::from_utf8(digits).ok()?;
    // A sign is no digit.
    digits.bytes().all(|digit| digit.is_ascii_hexdigit()).then_some(())?;
    u32::from_str_radix(digits, 16).ok()
}
