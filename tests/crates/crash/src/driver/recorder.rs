//! The platform, as it receives: takes down each reply, in the order in which they come.

use std::{
    collections::{HashMap, HashSet},
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::{Json, Router, extract::State, http::StatusCode, routing::post};
use channel_core::BoxError;
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};

use super::platform::Sent;
use crate::{chance::Chance, script::Delivered};

/// How many of a thousand replies are refused with a 503 at first.
const REFUSED: u64 = 5;

/// The recording server, which ends when it is dropped.
pub(super) struct Recorder {
    address: SocketAddr,
    records: Arc<Records>,
    server: JoinHandle<()>,
}

/// What was received, by conversation.
pub(super) type Replies = HashMap<String, Vec<Delivered>>;

struct Records {
    chance: Chance,
    taken: Mutex<Taken>,
    /// How many different replies were received.
    different: watch::Sender<usize>,
}

#[derive(Default)]
struct Taken {
    replies: Replies,
    different: HashSet<Name>,
    /// Each is refused once.
    refused: HashSet<Name>,
}

/// Conversation and text.
type Name = (String, String);

impl Recorder {
    pub(super) async fn start(chance: Chance) -> Result<Self, BoxError> {
        let records = Arc::new(Records { chance, taken: Mutex::default(), different: watch::Sender::new(0) });
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let app = Router::new().route("/", post(receive)).with_state(Arc::clone(&records));
        let server = tokio::spawn(async move {
            // It serves until it is aborted.
            let _ = axum::serve(listener, app).await;
        });
        Ok(Self { address, records, server })
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// Waits until so many different replies were received as there have to be to what was sent.
    pub(super) async fn seen(&self, sent: &[Sent]) {
        let messages: usize = sent.iter().map(|sent| sent.messages).sum();
        // Its sender is there as long as `self` is.
        let _ = self.records.different.subscribe().wait_for(|different| *different >= messages * 2).await;
    }

    pub(super) fn replies(&self) -> Replies {
        self.records.lock().replies.clone()
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Records {
    fn lock(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn receive(State(records): State<Arc<Records>>, Json(reply): Json<Delivered>) -> StatusCode {
    let name = (reply.conversation.clone(), reply.text.clone());
    let mut taken = records.lock();
    let refused = records.chance.within(("refused", &name), 0..1000) < REFUSED;
    if refused && taken.refused.insert(name.clone()) {
        return StatusCode::SERVICE_UNAVAILABLE;
    }
    taken.different.insert(name);
    records.different.send_replace(taken.different.len());
    taken.replies.entry(reply.conversation.clone()).or_default().push(reply);
    StatusCode::OK
}
