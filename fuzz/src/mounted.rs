//! A channel whose messages are kept.

use std::{
    cell::LazyCell,
    sync::{Arc, Mutex},
};

use channel_core::{
    Arrival, BoxFuture, ChannelState, InputChannel, Intake, TurnError, UserMessage,
    axum::{
        Router,
        body::{Bytes, to_bytes},
        extract::Request,
        http::StatusCode,
    },
};
use tokio::runtime::{Builder, Runtime};
use tower::ServiceExt as _;

/// Runs a future. Time stands still while there is anything to do, and leaps to the next timer where there is not.
pub fn block_on<F: Future>(future: F) -> F::Output {
    thread_local! {
        static RUNTIME: LazyCell<Runtime> = LazyCell::new(|| {
            Builder::new_current_thread().enable_all().start_paused(true).build().expect("a runtime needs nothing here")
        });
    }
    RUNTIME.with(|runtime| runtime.block_on(future))
}

/// What a stand-in for the engine says to a message.
#[derive(Clone, Copy)]
pub enum Reply {
    /// The text of the message, where the channel waits for a turn.
    Echo,
    Nothing,
}

/// A channel whose messages are kept.
pub struct Mounted {
    router: Router,
    heard: Arc<Heard>,
}

struct Heard {
    messages: Mutex<Vec<UserMessage>>,
    reply: Reply,
}

impl Mounted {
    pub fn new(channel: Arc<dyn InputChannel>, reply: Reply) -> Self {
        let heard = Arc::new(Heard { messages: Mutex::default(), reply });
        let state = ChannelState::new(channel.clone(), None, false, heard.clone());
        Self { router: channel.router().with_state(state), heard }
    }

    /// The status and the body of the answer to a request, and the messages that came of it.
    pub fn answer(&self, request: Request) -> (StatusCode, Bytes, Vec<UserMessage>) {
        let (status, body) = block_on(async {
            let response = self.router.clone().oneshot(request).await.expect("a router always answers");
            let (head, body) = response.into_parts();
            (head.status, to_bytes(body, usize::MAX).await.expect("the answer has an end"))
        });
        (status, body, std::mem::take(&mut self.heard.messages.lock().expect("nothing panics here")))
    }
}

impl Intake for Heard {
    fn handle(&self, arrival: Arrival) -> BoxFuture<'static, Result<(), TurnError>> {
        let reply = arrival.message.text.as_str().into();
        let to = arrival.message.reply_to();
        self.keep(arrival.message);
        let is_silent = matches!(self.reply, Reply::Nothing);
        Box::pin(async move {
            if !is_silent {
                arrival.output.send(&to, &reply).await.map_err(|error| TurnError::Failed(error.into()))?;
            }
            Ok(())
        })
    }

    fn accept(&self, arrival: Arrival) -> BoxFuture<'static, Result<(), TurnError>> {
        self.keep(arrival.message);
        Box::pin(async { Ok(()) })
    }
}

impl Heard {
    fn keep(&self, message: UserMessage) {
        self.messages.lock().expect("nothing panics here").push(message);
    }
}
