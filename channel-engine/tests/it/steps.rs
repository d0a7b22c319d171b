//! What an output channel sees of a turn's steps.

use std::sync::{Arc, Mutex};

use channel_core::{
    BotMessage, OutputChannel, Recipient, SendError, Sent, TrackerState, UserMessage, async_trait,
};
use channel_engine::{Engine, Options};

use crate::support::{Chat, in_chat, said};

/// Notes what it is given, and what is kept by then.
struct Witness {
    engine: Engine,
    seen: Mutex<Vec<String>>,
}

#[async_trait]
impl OutputChannel for Witness {
    fn name(&self) -> &str {
        "chat"
    }

    async fn send_text(&self, to: &Recipient, text: &str, _message: &BotMessage) -> Result<Sent, SendError> {
        let tracker = self.engine.tracker(&in_chat(&to.id)).await.unwrap().unwrap();
        self.seen.lock().unwrap().push(format!("send `{text}` with `{}` kept", said(&tracker)));
        Ok(Sent::default())
    }

    fn set_tracker_state(&self, state: Arc<TrackerState>) {
        let count = state.events.as_ref().map_or(0, Vec::len);
        self.seen.lock().unwrap().push(format!("state of {count}"));
    }
}

#[tokio::test]
async fn a_step_is_kept_and_its_state_set_before_its_replies_are_sent() {
    let chat = Chat::new(Options::default());
    let witness = Arc::new(Witness { engine: chat.engine.clone(), seen: Mutex::default() });
    chat.on_new_message.handle(UserMessage::new("flush", "ada"), witness.clone()).await.unwrap();
    assert_eq!(
        *witness.seen.lock().unwrap(),
        [
            "state of 1",
            "send `flush` with `flush` kept",
            "state of 2",
            "send `after` with `flush, after` kept",
        ]
    );
}
