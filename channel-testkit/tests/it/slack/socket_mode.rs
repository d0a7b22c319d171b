//! An app that has no webhook.

use std::time::Duration;

use channel_testkit::slack::Fake;
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async, tungstenite::Message};

use super::support::{Office, TOKEN, echo, post};

const APP_TOKEN: &str = "xapp-s3cr3t";

struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Socket {
    /// Opens a socket as an app does, and hears `hello`.
    async fn open(office: &Office) -> Self {
        let url = format!("{}/apps.connections.open", office.slack.api_url());
        let (_, opened) = post(&url, APP_TOKEN, &json!({})).await;
        let (socket, _) = connect_async(opened["url"].as_str().unwrap()).await.unwrap();
        let mut socket = Self(socket);
        assert_eq!(socket.hear().await["type"], "hello");
        socket
    }

    async fn hear(&mut self) -> Value {
        serde_json::from_str(self.0.next().await.unwrap().unwrap().to_text().unwrap()).unwrap()
    }

    async fn acknowledge(&mut self, envelope: &Value, payload: Value) {
        let answer = json!({ "envelope_id": envelope["envelope_id"], "payload": payload });
        self.0.send(Message::text(answer.to_string())).await.unwrap();
    }
}

async fn office() -> Office {
    let builder = Fake::builder().socket_mode(APP_TOKEN).ack_deadline(Duration::from_millis(300));
    Office::empty(builder.redelivery([Duration::ZERO]).start().await.unwrap())
}

#[tokio::test]
async fn the_connector_is_talked_to_through_a_socket() {
    let slack = Fake::builder().token(TOKEN).socket_mode(APP_TOKEN).start().await.unwrap();
    let office = Office::around(slack, json!({ "slack_app_token": APP_TOKEN }), echo()).await;
    office.slack.wait_until(|slack| slack.sockets() > 0).await.unwrap();
    assert!(office.slack.say(&office.ada, &office.dm, "hello").await.is_taken());
    assert_eq!(office.slack.next_reply(&office.dm).await.unwrap().text, "hello");
    office.slack.disconnect_sockets();
    office.slack.wait_until(|slack| slack.sockets() > 0).await.unwrap();
    assert!(office.slack.say(&office.ada, &office.dm, "again").await.is_taken());
    assert_eq!(office.slack.next_reply(&office.dm).await.unwrap().text, "again");
}

#[tokio::test]
async fn what_is_not_acknowledged_comes_again() {
    let office = office().await;
    let mut socket = Socket::open(&office).await;
    let (delivery, ()) = tokio::join!(office.slack.say(&office.ada, &office.dm, "hello"), async {
        let first = socket.hear().await;
        assert_eq!(
            (&first["type"], &first["payload"]["event"]["text"]),
            (&json!("events_api"), &json!("hello"))
        );
        let again = socket.hear().await;
        assert_eq!((&again["retry_attempt"], &again["retry_reason"]), (&json!(1), &json!("http_timeout")));
        assert_eq!(again["payload"], first["payload"]);
        socket.acknowledge(&again, Value::Null).await;
    });
    assert_eq!(delivery.statuses(), [None, Some(200)]);
}

#[tokio::test]
async fn an_acknowledgement_may_answer_a_command() {
    let office = office().await;
    let mut socket = Socket::open(&office).await;
    let (delivery, ()) = tokio::join!(office.slack.command(&office.ada, &office.dm, "/help", "me"), async {
        let envelope = socket.hear().await;
        assert_eq!(
            (&envelope["type"], &envelope["payload"]["text"]),
            (&json!("slash_commands"), &json!("me"))
        );
        socket.acknowledge(&envelope, json!({ "text": "so it goes" })).await;
    });
    assert!(delivery.is_taken());
    assert_eq!(office.slack.transcript(&office.dm)[0].text, "so it goes");
}

#[tokio::test]
async fn sockets_are_told_to_reconnect() {
    let office = office().await;
    let mut socket = Socket::open(&office).await;
    assert_eq!(office.slack.sockets(), 1);
    office.slack.disconnect_sockets();
    assert_eq!(socket.hear().await["type"], "disconnect");
    assert!(socket.0.next().await.unwrap().unwrap().is_close());
    assert_eq!(office.slack.sockets(), 0);
    let _again = Socket::open(&office).await;
    assert_eq!(office.slack.sockets(), 1);
}

#[tokio::test]
async fn the_app_token_is_asked_for() {
    let office = office().await;
    let url = format!("{}/apps.connections.open", office.slack.api_url());
    let (_, refused) = post(&url, "xoxb-fake", &json!({})).await;
    assert_eq!(refused["error"], "invalid_auth");
    let other = office.slack.api_url().replace("http", "ws").replace("/api", "/socket/nothing");
    connect_async(other).await.unwrap_err();
}
