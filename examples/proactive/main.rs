//! The bot speaks first: a call to the HTTP API triggers an intent, and `#[output]` takes what the bot says to the user,
//! here into an inbox that the user's app looks into.
//!
//! ```text
//! cargo run --example proactive -- --enable-api
//! curl --json '{"name": "EXTERNAL_parcel_arrived", "entities": {"parcel": "A-17"}}' 'http://localhost:5005/conversations/ada/trigger_intent?output_channel=myio&include_events=NONE'
//! curl http://localhost:5005/webhooks/myio/inbox/ada
//! ```

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use channel_core::{
    BotMessage, ChannelState, Json, OnNewMessage, OutputChannel, Recipient, SendError, Sent, TurnError,
    UserMessage, async_trait,
    axum::{Router, extract::Path, routing::get},
    channel, output, routes, webhook,
};
use serde::Deserialize;

/// Settings: none.
#[channel(name = "myio")]
pub struct MyIo {
    #[serde(skip)]
    inboxes: Inboxes,
}

/// What each user has not read yet.
#[derive(Clone, Default)]
struct Inboxes(Arc<Mutex<HashMap<String, Vec<String>>>>);

#[derive(Deserialize)]
struct Incoming {
    sender: String,
    message: String,
}

impl MyIo {
    #[webhook]
    async fn receive(
        &self,
        Json(body): Json<Incoming>,
        on_new_message: OnNewMessage,
    ) -> Result<(), TurnError> {
        on_new_message.accept(UserMessage::new(body.message, body.sender)).await
    }

    #[output]
    fn output(&self, _to: &Recipient) -> Inboxes {
        self.inboxes.clone()
    }

    #[routes]
    fn routes(self: Arc<Self>) -> Router<ChannelState> {
        let inbox = async move |Path(user): Path<String>| Json(self.inboxes.take(&user));
        Router::new().route("/inbox/{user}", get(inbox))
    }
}

impl Inboxes {
    fn take(&self, user: &str) -> Vec<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(user).unwrap_or_default()
    }
}

#[async_trait]
impl OutputChannel for Inboxes {
    fn name(&self) -> &str {
        "myio"
    }

    async fn send_text(&self, to: &Recipient, text: &str, _: &BotMessage) -> Result<Sent, SendError> {
        let mut inboxes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        inboxes.entry(to.id.clone()).or_default().push(text.to_owned());
        Ok(Sent::default())
    }
}

fn main() -> std::process::ExitCode {
    channel_server::Main::new()
        .credentials(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/proactive/credentials.yml"))
        .bot(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/proactive/bot"))
        .run()
}
