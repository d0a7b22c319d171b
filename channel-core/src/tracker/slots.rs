//! The slots of a conversation.

use serde_json::Value;

use crate::message::Metadata;

/// The slots of a conversation: their values, and the values that they begin with.
#[derive(Clone, Debug, Default)]
pub(super) struct Slots {
    pub(super) values: Metadata,
    initial: Metadata,
    /// Only declared slots can be set, once there are any.
    are_declared: bool,
}

impl Slots {
    pub(super) fn declare(&mut self, name: String, initial: Value) {
        self.are_declared = true;
        self.values.insert(name.clone(), initial.clone());
        self.initial.insert(name, initial);
    }

    pub(super) fn set(&mut self, name: &str, value: &Value) {
        if let Some(slot) = self.values.get_mut(name) {
            slot.clone_from(value);
        } else if self.are_declared {
            tracing::warn!(slot = name, "a slot that is not declared was not set");
        } else {
            self.values.insert(name.to_owned(), value.clone());
        }
    }

    pub(super) fn reset(&mut self) {
        for (name, value) in &mut self.values {
            *value = self.initial.get(name).cloned().unwrap_or_default();
        }
    }
}
