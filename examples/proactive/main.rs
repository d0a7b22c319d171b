//! The bot speaks first: a call to the HTTP API triggers an intent, and `#[output]` takes what the bot says to the user,
//! here into an inbox that the user's app looks into.
//!
//! ```text
//! cargo run --example proactive -- --enable-api
//! curl --json '{"name": "EXTERNAL_parcel_arrived", "entities": {"parcel": "A-17"}}' 'http://localhost:5005/conversations/ada/trigger_intent?output_channel=myio&include_events=NONE'
//! curl http://localhost:5005/webhooks/myio/inbox/ada
//! ```

use std::{collections::HashMap, sync::Arc};

use channel_core::{
    BotMessage, ChannelState, Json, OnNewMessage, OutputChannel, Recipient, SendError, Sent, TurnError,
    UserMessage, async_trait,
    axum::{Router, extract::Path, routing::get},
    channel, output, routes, webhook,
};
use serde::Deserialize;
use tokio::sync::Mutex;

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
        let inbox = async move |Path(user): Path<String>| {
            Json(self.inboxes.0.lock().await.remove(&user).unwrap_or_default())
        };
        Router::new().route("/inbox/{user}", get(inbox))
    }
}

#[async_trait]
impl OutputChannel for Inboxes {
    fn name(&self) -> &str {
        "myio"
    }

    async fn send_text(&self, to: &Recipient, text: &str, _: &BotMessage) -> Result<Sent, SendError> {
        self.0.lock().await.entry(to.id.clone()).or_default().push(text.to_owned());
        Ok(Sent::default())
    }
}

fn main() -> std::process::ExitCode {
    channel_server::Main::new()
        .credentials(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/proactive/credentials.yml"))
        .bot(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/proactive/bot"))
        .run()
}
