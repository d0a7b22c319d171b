//! Socket Mode: deliveries come through a connection that the channel opens.

use std::time::Duration;

use channel_core::{OnNewMessage, ShutdownSignal};
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::{
    net::{TcpListener, TcpStream},
    task::JoinHandle,
    time::timeout,
};
use tokio_tungstenite::{WebSocketStream, accept_async, tungstenite::Message};

use super::{
    support::{JSON, Workspace, fixture, signed},
    web_api::{Reaction, WebApi, refusal},
};

/// Slack's end of the connections.
struct Slack {
    listener: TcpListener,
    workspace: Workspace,
    api: WebApi,
    stop: ShutdownSignal,
    listening: JoinHandle<()>,
}

impl Slack {
    /// A channel that listens, once it was refused so often.
    async fn listening(refusals: usize) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("ws://{}/link?ticket=s3cr3t", listener.local_addr().unwrap());
        let open = || Reaction::Answer(200, None, json!({ "ok": true, "url": url }));
        let refused = (0..refusals).map(|_| refusal("internal_error"));
        let api = WebApi::reacting(refused.chain((0..9).map(|_| open()))).await;
        let workspace = Workspace::with(&json!({ "slack_app_token": "xapp-s3cr3t", "api_url": api.url() }));
        let (stop, shutdown) = ShutdownSignal::new();
        let started = workspace.channel().start(OnNewMessage::new(workspace.state()), shutdown);
        let listening = tokio::spawn(async move { started.await.unwrap() });
        Self { listener, workspace, api, stop, listening }
    }

    async fn connection(&self) -> Connection {
        let (stream, _) = in_time(self.listener.accept()).await.unwrap();
        let mut connection = Connection(accept_async(stream).await.unwrap());
        connection.send(&json!({ "type": "hello" })).await;
        connection
    }
}

struct Connection(WebSocketStream<TcpStream>);

impl Connection {
    async fn send(&mut self, envelope: &Value) {
        self.0.send(Message::text(envelope.to_string())).await.unwrap();
    }

    async fn deliver(&mut self, id: &str, kind: &str, payload: &Value) {
        self.send(&json!({ "envelope_id": id, "type": kind, "payload": payload })).await;
    }

    /// What is acknowledged next.
    async fn acknowledged(&mut self) -> Value {
        let frame = in_time(self.0.next()).await.unwrap().unwrap();
        serde_json::from_str(frame.to_text().unwrap()).unwrap()
    }
}

async fn in_time<T>(future: impl Future<Output = T>) -> T {
    timeout(Duration::from_secs(30), future).await.expect("it happens")
}

#[tokio::test]
async fn deliveries_are_acknowledged_once_they_are_kept() {
    let slack = Slack::listening(0).await;
    let mut connection = slack.connection().await;
    connection.deliver("1", "events_api", &fixture("message_im")).await;
    assert_eq!(connection.acknowledged().await, json!({ "envelope_id": "1" }));
    assert_eq!(slack.workspace.accepted().await.text, "hello there");
    connection.deliver("2", "interactive", &fixture("button")).await;
    assert_eq!(connection.acknowledged().await, json!({ "envelope_id": "2" }));
    assert!(slack.workspace.accepted().await.is_payload);
    let command = json!({ "command": "/ask", "text": "why", "user_id": "U0ADA", "channel_id": "C0A" });
    connection.deliver("3", "slash_commands", &command).await;
    assert_eq!(connection.acknowledged().await, json!({ "envelope_id": "3" }));
    let message = slack.workspace.accepted().await;
    assert_eq!((message.text.as_str(), message.message_id.as_str()), ("/ask why", "3"));
    let opened = &slack.api.calls()[0];
    assert_eq!(opened.path, "/api/apps.connections.open");
    assert_eq!(opened.headers["authorization"], "Bearer xapp-s3cr3t");
}

#[tokio::test]
async fn what_is_not_kept_is_not_acknowledged() {
    let slack = Slack::listening(0).await;
    let mut connection = slack.connection().await;
    slack.workspace.fill();
    connection.deliver("1", "events_api", &fixture("message_im")).await;
    // Envelopes that say nothing are acknowledged all the same.
    connection.deliver("2", "to_be_invented", &json!(null)).await;
    assert_eq!(connection.acknowledged().await, json!({ "envelope_id": "2" }));
}

#[tokio::test]
async fn another_connection_is_opened_when_slack_says_so_or_hangs_up() {
    let slack = Slack::listening(0).await;
    let mut first = slack.connection().await;
    first.send(&json!({ "type": "disconnect", "reason": "refresh_requested" })).await;
    let second = slack.connection().await;
    drop(second);
    let mut third = slack.connection().await;
    third.deliver("1", "events_api", &fixture("message_im")).await;
    assert_eq!(third.acknowledged().await, json!({ "envelope_id": "1" }));
}

#[tokio::test]
async fn a_refusal_is_no_end() {
    let slack = Slack::listening(1).await;
    slack.connection().await;
    assert_eq!(slack.api.calls().len(), 2);
}

#[tokio::test]
async fn it_ends_with_the_server() {
    let slack = Slack::listening(0).await;
    let connection = slack.connection().await;
    slack.stop.request();
    in_time(slack.listening).await.unwrap();
    drop(connection);
}

#[tokio::test]
async fn without_a_signing_secret_nobody_is_let_in_by_http() {
    let workspace =
        Workspace::with(&json!({ "slack_app_token": "xapp-s3cr3t", "slack_signing_secret": null }));
    let (status, _) = workspace.deliver(signed(JSON, &fixture("message_im").to_string())).await;
    assert_eq!(status, 401);
}
