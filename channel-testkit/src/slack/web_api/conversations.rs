//! `conversations.open`, <https://docs.slack.dev/reference/methods/conversations.open>.

use serde_json::{Value, json};

use super::{Arguments, Refusal};
use crate::slack::Inner;

impl Inner {
    /// Opens direct messages with one user; for several there is nothing here.
    pub(super) fn open_conversation(&self, arguments: &Arguments) -> Result<Value, Refusal> {
        let user = arguments.required("users")?;
        self.change(|workspace| {
            if workspace.user(user).is_none() {
                return Err(Refusal::new("user_not_found"));
            }
            let count = workspace.places.len();
            let channel = workspace.direct_message(user);
            let was_open = workspace.places.len() == count;
            Ok(json!({ "channel": { "id": channel.id }, "already_open": was_open, "no_op": was_open }))
        })
    }
}
