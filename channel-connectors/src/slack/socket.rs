//! Socket Mode, where there is no public address, <https://docs.slack.dev/apis/events-api/using-socket-mode>.

use std::time::Duration;

use backon::{BackoffBuilder as _, ExponentialBackoff, ExponentialBuilder};
use channel_core::{BoxError, OnNewMessage, Shutdown, read_json};
use channel_endpoint::Endpoint;
use futures_util::{SinkExt as _, StreamExt as _, stream::FuturesUnordered};
use serde_json::{Value, json};
use tokio::{
    net::TcpStream,
    time::{Instant, sleep, timeout},
};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async_with_config,
    tungstenite::{Message, protocol::WebSocketConfig},
};

use super::{answers::Answers, inbound::Reader, receive::receive};

/// What does not answer within this time is not there.
const CONNECT: Duration = Duration::from_secs(10);

/// Slack pings every few seconds: a connection that is silent for so long is dead.
const SILENCE: Duration = Duration::from_secs(60);

/// Deliveries that are being kept. The connection is not read on while there are so many.
const AT_ONCE: usize = 256;

/// A connection that Slack wants renewed before this time is renewed after a pause.
const BRIEF: Duration = Duration::from_secs(1);

/// The longest envelope, in bytes.
const ENVELOPE: usize = 4 * 1024 * 1024;

/// Pauses between tries to connect.
const PAUSES: ExponentialBuilder = ExponentialBuilder::new()
    .with_min_delay(Duration::from_secs(1))
    .with_max_delay(Duration::from_secs(60))
    .with_jitter()
    .without_max_times();

/// A connection that Slack delivers through.
pub(super) struct Socket {
    /// The Web API with the app's token.
    api: Endpoint,
}

type Connection = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// What takes the deliveries.
#[derive(Clone, Copy)]
pub(super) struct Taker<'a> {
    pub(super) reader: &'a Reader,
    pub(super) answers: &'a Answers,
    pub(super) on_new_message: &'a OnNewMessage,
}

impl Socket {
    pub(super) fn new(api: Endpoint) -> Self {
        Self { api }
    }

    /// Keeps a connection open until the server stops.
    pub(super) async fn run(&self, taker: Taker<'_>, shutdown: &Shutdown) {
        let mut pauses = PAUSES.build();
        while !shutdown.is_requested() {
            let begun = Instant::now();
            let ended = tokio::select! {
                ended = self.connection(taker, &mut pauses) => ended,
                () = shutdown.requested() => return,
            };
            let error = match ended {
                Err(error) => error,
                Ok(()) if begun.elapsed() >= BRIEF => continue,
                Ok(()) => "Slack wants another one at once".into(),
            };
            let pause = pauses.next().unwrap_or(CONNECT);
            tracing::warn!(error, "no connection to Slack by Socket Mode; the next try is in {pause:.1?}");
            tokio::select! {
                () = sleep(pause) => {}
                () = shutdown.requested() => return,
            }
        }
    }

    /// Takes what one connection delivers, until Slack wants another one to be opened.
    async fn connection(&self, taker: Taker<'_>, pauses: &mut ExponentialBackoff) -> Result<(), BoxError> {
        let mut connection = self.open().await?;
        let mut acknowledgements = FuturesUnordered::new();
        loop {
            tokio::select! {
                Some(acknowledgement) = acknowledgements.next() => {
                    if let Some(acknowledgement) = acknowledgement {
                        let sent = connection.send(Message::text(acknowledgement));
                        timeout(SILENCE, sent).await.map_err(|_| "Slack takes no acknowledgement")??;
                    }
                }
                envelope = next(&mut connection), if acknowledgements.len() < AT_ONCE => {
                    let Some(envelope) = envelope? else { continue };
                    match envelope.get("type").and_then(Value::as_str) {
                        Some("hello") => {
                            *pauses = PAUSES.build();
                            tracing::info!("Slack delivers by Socket Mode");
                        }
                        Some("disconnect") => return disconnected(&envelope),
                        _ => acknowledgements.push(taker.take(envelope)),
                    }
                }
            }
        }
    }

    async fn open(&self) -> Result<Connection, BoxError> {
        let reply = self.api.post("apps.connections.open", &json!({})).send().await?.json()?;
        let Some(url) = reply.get("url").and_then(Value::as_str).filter(|url| self.is_as_safe(url)) else {
            let code = reply.get("error").and_then(Value::as_str).unwrap_or("no address given");
            let code = self.api.excerpt(code);
            return Err(format!(
                "Slack refused `apps.connections.open`: {code}; check `slack_app_token`, its scope `connections:write`, \
                 and that Socket Mode is on in the app's settings"
            )
            .into());
        };
        let config = WebSocketConfig::default().max_message_size(Some(ENVELOPE));
        let opened = timeout(CONNECT, connect_async_with_config(url, Some(config), true)).await;
        let (connection, _) = opened.map_err(|_| "the WebSocket did not open in time")??;
        Ok(connection)
    }

    /// A plain connection is for a plain Web API, which is a stand-in.
    fn is_as_safe(&self, url: &str) -> bool {
        url.starts_with("wss://") || (url.starts_with("ws://") && self.api.url().starts_with("http://"))
    }
}

impl Taker<'_> {
    /// Takes a delivery; its acknowledgement, once it is kept. What is not acknowledged is delivered again.
    async fn take(self, envelope: Value) -> Option<String> {
        let mut acknowledgement = json!({ "envelope_id": envelope.get("envelope_id")? });
        let delivery = self.reader.read_envelope(envelope);
        let received = receive(delivery, self.answers, self.on_new_message).await;
        let received = received.inspect_err(|error| {
            tracing::warn!(%error, "a delivery is not acknowledged: Slack will deliver again");
        });
        if let Some(payload) = received.ok()?.into_payload() {
            acknowledgement["payload"] = payload;
        }
        Some(acknowledgement.to_string())
    }
}

/// The next envelope; `None` for a frame that has none.
async fn next(connection: &mut Connection) -> Result<Option<Value>, BoxError> {
    let frame = timeout(SILENCE, connection.next()).await.map_err(|_| "Slack was silent for too long")?;
    match frame.ok_or("Slack closed the connection")?? {
        Message::Text(text) => Ok(read_json(text.as_bytes()).ok()),
        Message::Close(_) => Err("Slack closed the connection".into()),
        _ => Ok(None),
    }
}

fn disconnected(envelope: &Value) -> Result<(), BoxError> {
    match envelope.get("reason").and_then(Value::as_str) {
        Some("link_disabled") => Err("Socket Mode is off in the app's settings".into()),
        reason => {
            tracing::debug!(reason, "Slack wants another connection");
            Ok(())
        }
    }
}
