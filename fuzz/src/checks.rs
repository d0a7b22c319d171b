//! What has to hold of a message, whatever it was made of.

use channel_core::UserMessage;
use serde::Deserialize as _;

/// Whether an engine can take the message, and tell it from others.
pub fn check_message(message: &UserMessage) {
    assert_ne!(message.sender_id, "", "{message:?}");
    assert_ne!(message.message_id, "", "{message:?}");
    assert_ne!(message.reply_to().id, "", "{message:?}");
    assert_ne!(message.input_channel.as_deref().unwrap_or_default(), "", "{message:?}");
    assert_eq!(message.text, message.text.trim());
    let kept = serde_json::to_string(message).expect("a message is JSON");
    // As deep as it is, as the stores read it.
    let mut kept = serde_json::Deserializer::from_str(&kept);
    kept.disable_recursion_limit();
    let read = UserMessage::deserialize(&mut kept).expect("what was kept can be read");
    assert_eq!(read, *message);
}
