//! What a type says about itself before it is read.

use serde::de::DeserializeOwned;

use super::{de::De, error::Fault};

/// The keys that a struct reads, aliases among them; `None` where the type does not say, as with `#[serde(flatten)]`.
///
/// # Examples
///
/// ```
/// #[derive(serde::Deserialize)]
/// struct MyIo {
///     username: String,
///     password: Option<String>,
/// }
///
/// assert_eq!(channel_core::field_names::<MyIo>(), Some(["username", "password"].as_slice()));
/// ```
pub fn field_names<T: DeserializeOwned>() -> Option<&'static [&'static str]> {
    match T::deserialize(De::asking()).err()?.fault {
        Fault::Fields(fields) => Some(fields),
        _ => None,
    }
}
