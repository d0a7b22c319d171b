//! Socket Mode, <https://docs.slack.dev/apis/events-api/using-socket-mode>.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, Weak,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use axum::{
    extract::{
        Path, State, WebSocketUpgrade,
        ws::{Message, WebSocket},
    },
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use tokio::{
    sync::{mpsc, oneshot},
    time::timeout,
};

use super::{Fake, Inner, deliver::Parcel, workspace::APP};
use crate::fake::{Outcome, lock};

/// So many sockets of an app may be open at a time.
const SOCKETS: usize = 10;
/// So many envelopes wait for a socket that does not read.
const WAITING: usize = 100;

/// The open sockets, and what was not acknowledged yet.
#[derive(Default)]
pub(super) struct Sockets {
    open: Mutex<Vec<mpsc::Sender<Value>>>,
    tickets: Mutex<Vec<String>>,
    unacknowledged: Mutex<HashMap<String, oneshot::Sender<String>>>,
    count: AtomicU64,
}

impl Sockets {
    /// Sends an envelope through one of the sockets, each in its turn, and waits for the acknowledgement.
    pub(super) async fn deliver(
        &self,
        parcel: &Parcel,
        number: u32,
        reason: Option<&str>,
        deadline: Duration,
    ) -> Option<Outcome> {
        let count = self.count.fetch_add(1, Ordering::Relaxed);
        let id = format!("envelope{count}");
        let mut envelope = parcel.envelope();
        envelope["envelope_id"] = id.as_str().into();
        if let Some(reason) = reason {
            // As in the documentation: how often, and why, it was delivered before.
            envelope["retry_attempt"] = number.into();
            envelope["retry_reason"] = reason.into();
        }
        let (acknowledge, acknowledged) = oneshot::channel();
        lock(&self.unacknowledged).insert(id.clone(), acknowledge);
        let outcome = if self.send(count, envelope) {
            match timeout(deadline, acknowledged).await {
                Ok(Ok(body)) => Outcome::Answered { status: 200, headers: HeaderMap::new(), body },
                _ => Outcome::TimedOut,
            }
        } else {
            Outcome::Failed("no socket is open that reads".to_owned())
        };
        lock(&self.unacknowledged).remove(&id);
        Some(outcome)
    }

    fn send(&self, count: u64, envelope: Value) -> bool {
        let mut open = lock(&self.open);
        open.retain(|socket| !socket.is_closed());
        let Some(turn) = usize::try_from(count).unwrap_or_default().checked_rem(open.len()) else {
            return false;
        };
        open[turn].try_send(envelope).is_ok()
    }

    fn acknowledge(&self, text: &str) {
        let Ok(answer) = serde_json::from_str::<Value>(text) else { return };
        let id = answer.get("envelope_id").and_then(Value::as_str).unwrap_or_default();
        if let Some(acknowledge) = lock(&self.unacknowledged).remove(id) {
            let payload = answer.get("payload").map(Value::to_string).unwrap_or_default();
            // Too late: the delivery is given up.
            let _ = acknowledge.send(payload);
        }
    }
}

impl Parcel {
    fn envelope(&self) -> Value {
        let (kind, payload, accepts) = match self {
            Self::Event(body) => ("events_api", body.clone(), false),
            Self::Interaction(payload) => ("interactive", payload.clone(), true),
            Self::Command(fields) => ("slash_commands", fields.clone().into(), true),
        };
        json!({ "type": kind, "payload": payload, "accepts_response_payload": accepts })
    }
}

impl Fake {
    /// How many sockets of Socket Mode are open.
    pub fn sockets(&self) -> usize {
        lock(&self.inner.sockets.open).iter().filter(|socket| !socket.is_closed()).count()
    }

    /// Tells all sockets to reconnect, as Slack does every few hours, and closes them.
    pub fn disconnect_sockets(&self) {
        let goodbye =
            json!({ "type": "disconnect", "reason": "refresh_requested", "debug_info": { "host": "fake" } });
        for socket in lock(&self.inner.sockets.open).drain(..) {
            // One that does not read is closed all the same.
            let _ = socket.try_send(goodbye.clone());
        }
    }
}

impl Inner {
    /// The address of a socket, good for one connection.
    pub(super) fn open_socket(&self) -> Value {
        let ticket = self.change(|workspace| workspace.next_id("ticket"));
        let mut tickets = lock(&self.sockets.tickets);
        tickets.push(ticket.clone());
        let superfluous = tickets.len().saturating_sub(SOCKETS);
        tickets.drain(..superfluous);
        json!({ "url": format!("ws://{}/socket/{ticket}", self.address) })
    }
}

pub(super) async fn connect(
    State(inner): State<Arc<Inner>>,
    Path(ticket): Path<String>,
    upgrade: WebSocketUpgrade,
) -> Response {
    {
        let mut tickets = lock(&inner.sockets.tickets);
        let Some(at) = tickets.iter().position(|known| *known == ticket) else {
            return StatusCode::FORBIDDEN.into_response();
        };
        tickets.remove(at);
    }
    // The fake may end before its sockets do.
    let fake = Arc::downgrade(&inner);
    upgrade.on_upgrade(async move |socket| converse(socket, fake).await)
}

async fn converse(mut socket: WebSocket, fake: Weak<Inner>) {
    let Some(mut envelopes) = fake.upgrade().and_then(|inner| inner.greeted()) else { return };
    loop {
        let sent = tokio::select! {
            envelope = envelopes.recv() => match envelope {
                Some(envelope) => socket.send(Message::text(envelope.to_string())).await,
                None => break,
            },
            heard = socket.recv() => match (heard, fake.upgrade()) {
                (Some(Ok(Message::Text(text))), Some(inner)) => {
                    inner.sockets.acknowledge(&text);
                    Ok(())
                }
                (Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Binary(_))), Some(_)) => Ok(()),
                _ => break,
            },
        };
        if sent.is_err() {
            break;
        }
    }
    drop(envelopes);
    if let Some(inner) = fake.upgrade() {
        inner.changes.notify();
    }
    // Whoever is gone already needs no goodbye.
    let _ = socket.send(Message::Close(None)).await;
}

impl Inner {
    /// What a new socket is to send, `hello` first; `None` where there are too many.
    fn greeted(&self) -> Option<mpsc::Receiver<Value>> {
        let (sender, envelopes) = mpsc::channel(WAITING);
        let mut open = lock(&self.sockets.open);
        open.retain(|socket| !socket.is_closed());
        if open.len() == SOCKETS {
            return None;
        }
        let hello = json!({
            "type": "hello",
            "num_connections": open.len() + 1,
            "connection_info": { "app_id": APP },
            "debug_info": { "host": "fake", "approximate_connection_time": 18_060 },
        });
        sender.try_send(hello).ok()?;
        open.push(sender);
        drop(open);
        self.changes.notify();
        Some(envelopes)
    }
}
