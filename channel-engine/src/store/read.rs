//! Reading the JSON that a store has written, as deep as it is: an event has what a stranger sent deeper within it than it was
//! sent, and that was let in as deep as the parser goes.

use serde::de::DeserializeOwned;
use serde_json::{Deserializer, Result, de::Read};

/// Reads one value, as deep as it is.
#[cfg(any(feature = "postgres", feature = "sqlite"))]
pub(super) fn one<'de, T: DeserializeOwned>(mut json: Deserializer<impl Read<'de>>) -> Result<T> {
    json.disable_recursion_limit();
    T::deserialize(&mut json)
}

/// Reads values that stand one after the other, each as deep as it is.
pub(super) fn all<'de, T: DeserializeOwned>(mut json: Deserializer<impl Read<'de>>) -> Result<Vec<T>> {
    json.disable_recursion_limit();
    json.into_iter().collect()
}
