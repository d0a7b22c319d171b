//! One channel's section of the credentials: a tree with positions, read into the channel's own type.
//!
//! Nothing here ever puts a value into a message: values are secrets.

mod de;
mod draft;
mod error;
mod introspect;
mod mistake;
mod node;
mod read;
mod repair;
mod scalar;
mod scrub;
mod variant;

pub use introspect::field_names;
pub use mistake::{Mistake, Mistakes, nearest};
pub use node::{Key, Node, Position, Value};

use serde::de::DeserializeOwned;

/// One channel's section of the credentials.
///
/// # Examples
///
/// ```
/// use channel_core::Settings;
///
/// #[derive(serde::Deserialize)]
/// struct MyIo {
///     username: String,
/// }
///
/// let settings = Settings::from_json(&serde_json::json!({ "username": "user_name" }));
/// let my_io: MyIo = settings.read().unwrap();
/// assert_eq!(my_io.username, "user_name");
/// ```
#[derive(Clone)]
pub struct Settings {
    root: Node,
}

impl Settings {
    /// The section whose values these are; `Value::Null` is an empty section.
    pub fn new(root: Node) -> Self {
        Self { root }
    }

    /// A section from JSON, for tests and for settings that come from elsewhere.
    pub fn from_json(json: &serde_json::Value) -> Self {
        Self { root: Node::from_json(json) }
    }

    /// Reads the section into a type.
    ///
    /// # Errors
    ///
    /// Every mistake of the section at once: unknown keys (where the type is a struct), values of the wrong type,
    /// missing keys. No message contains a value.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, Mistakes> {
        read::read(&self.root)
    }
}
