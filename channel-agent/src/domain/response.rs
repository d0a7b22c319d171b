//! The variations of responses.

use channel_core::Metadata;
use serde_json::Value;

/// One way to say something.
#[derive(Clone, Debug)]
pub(crate) struct Variation {
    /// Everything that it says, as written.
    pub(crate) message: Metadata,
    pub(crate) channel: Option<String>,
    /// `None` where none are written: a list without any never fits.
    pub(crate) conditions: Option<Vec<Condition>>,
}

/// A slot has a value.
#[derive(Clone, Debug)]
pub(crate) struct Condition {
    pub(crate) slot: String,
    pub(crate) value: Value,
}
