//! The example `discord`: what Discord signed is answered, and replies follow.

use std::{
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use channel_core::{
    BotMessage, Button, Json, UserMessage,
    axum::{
        Router,
        body::{Body, to_bytes},
        extract::Request,
        http::Uri,
        serve,
    },
};
use channel_server::{Server, engine::MemoryStore};
use channel_testkit::conformance::{Call, Delivery, Said, Shown};
use serde_json::{Value, json};
use tokio::{net::TcpListener, sync::mpsc};

use crate::discord_channel::Discord;

/// With the private key that is the bytes 0 to 31.
const PUBLIC_KEY: &str = "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8";

fn key() -> Ed25519KeyPair {
    Ed25519KeyPair::from_seed_unchecked(&std::array::from_fn::<u8, 32, _>(|at| u8::try_from(at).unwrap()))
        .unwrap()
}

/// The key of another application.
fn other_key() -> Ed25519KeyPair {
    Ed25519KeyPair::from_seed_unchecked(&[7; 32]).unwrap()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

fn signed(at: u64, body: &str) -> Request {
    let signature = key().sign(format!("{at}{body}").as_bytes());
    Request::post("/webhooks/discord/webhook")
        .header("content-type", "application/json")
        .header("x-signature-timestamp", at)
        .header("x-signature-ed25519", hex(signature.as_ref()))
        .body(Body::from(body.to_owned()))
        .unwrap()
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

async fn answer(message: UserMessage) -> BotMessage {
    let said = BotMessage::text(format!("{} {}", message.text, message.is_payload));
    if message.text == "/order" { said.with_buttons([Button::new("Tea", "/tea")]) } else { said }
}

/// A server, and what is posted to Discord: paths, whether as the bot, bodies.
async fn server() -> (Server, mpsc::UnboundedReceiver<(String, Value)>) {
    let (sender, posted) = mpsc::unbounded_channel();
    let take = async move |uri: Uri, Json(body): Json<Value>| {
        sender.send((uri.path().to_owned(), body)).unwrap();
        Json(json!({ "id": "300M" }))
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { serve(listener, Router::new().fallback(take)).await });
    let credentials =
        format!("discord_channel::Discord: {{ public_key: {PUBLIC_KEY}, api: {{ url: '{url}' }} }}");
    let server = Server::builder().credentials_text(credentials).agent(answer);
    (server.shared_store(Arc::new(MemoryStore::default())).build().unwrap(), posted)
}

async fn deliver(server: &Server, request: Request) -> (u16, Value) {
    let response = server.answer(request).await;
    let status = response.status().as_u16();
    let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    (status, serde_json::from_slice(&body).unwrap())
}

fn interaction(kind: u64, data: &Value) -> String {
    let interaction = json!({
        "id": "900002", "application_id": "800APP", "type": kind, "token": "tok-2", "channel_id": "600C",
        "member": { "user": { "id": "500U" } }, "data": data,
    });
    interaction.to_string()
}

#[test]
fn signatures_are_made_as_discord_makes_them() {
    let signature = "3660db372d627376340df1be78a0335478834900213876b8538928619715d3e4\
                     aee08b3bc2b0d2579c7beee768bb84101408bdd84530d19512ddc91a67c9de03";
    assert_eq!(hex(key().sign(br#"1760000000{"type":1}"#).as_ref()), signature);
}

#[tokio::test]
async fn only_what_discord_signed_just_now_is_answered() {
    let (server, _posted) = server().await;
    let ping = r#"{"type":1}"#;
    assert_eq!(deliver(&server, signed(now(), ping)).await, (200, json!({ "type": 1 })));
    let mut tampered = signed(now(), ping);
    *tampered.body_mut() = Body::from(r#"{"type":2}"#);
    let mut unsigned = signed(now(), ping);
    unsigned.headers_mut().remove("x-signature-ed25519");
    for request in [tampered, unsigned, signed(now() - 310, ping), signed(now() + 310, ping)] {
        assert_eq!(deliver(&server, request).await.0, 401);
    }
}

#[tokio::test]
async fn what_somebody_does_is_answered_by_a_message_that_follows() {
    let (server, mut posted) = server().await;
    let typed = json!({ "name": "ask", "options": [{ "name": "question", "value": "where is it?" }] });
    let button = json!({ "type": 2, "style": 1, "label": "Tea", "custom_id": "/tea" });
    for (id, (kind, data, content, components)) in [
        (2, typed, "/ask where is it? false", Value::Null),
        (2, json!({ "name": "order" }), "/order true", json!([{ "type": 1, "components": [button] }])),
        (3, json!({ "custom_id": "/tea", "component_type": 2 }), "/tea true", Value::Null),
        (3, json!({ "custom_id": "s", "values": ["a", "b"] }), "a, b true", Value::Null),
        (5, json!({ "custom_id": "form", "components": [] }), "form true", Value::Null),
    ]
    .into_iter()
    .enumerate()
    {
        let body = interaction(kind, &data).replace("900002", &format!("90000{id}"));
        assert_eq!(deliver(&server, signed(now(), &body)).await, (200, json!({ "type": 5 })));
        let (path, body) = posted.recv().await.unwrap();
        assert_eq!(path, "/webhooks/800APP/tok-2");
        assert_eq!((body["content"].as_str(), &body["components"]), (Some(content), &components));
        assert_eq!(body["allowed_mentions"], json!({ "parse": [] }));
    }
}

#[tokio::test]
async fn what_is_being_typed_has_no_turn() {
    let (server, _posted) = server().await;
    let choices = json!({ "type": 8, "data": { "choices": [] } });
    assert_eq!(
        deliver(&server, signed(now(), &interaction(4, &json!({ "name": "ask" })))).await,
        (200, choices)
    );
}

channel_testkit::conformance!(Discord {
    credentials: |api: &str| json!({ "public_key": PUBLIC_KEY, "api": { "url": api } }),
    deliver: |said: &Said| Delivery::post("/webhook").json(pressed(said)),
    other_credentials: |api: &str| json!({ "public_key": hex(other_key().public_key().as_ref()), "api": { "url": api } }),
    sign: |delivery: Delivery, at: SystemTime, credentials: &Value| {
        let at = at.duration_since(UNIX_EPOCH).unwrap().as_secs().to_string();
        let key = if credentials["public_key"] == PUBLIC_KEY { key() } else { other_key() };
        let signature = key.sign(&[at.as_bytes(), &delivery.body].concat());
        delivery.header("x-signature-timestamp", &at).header("x-signature-ed25519", hex(signature.as_ref()))
    },
    shown: |call: &Call| shown(&call.json()),
    accepted: |_: &Call| Json(json!({ "id": "300M" })),
});

/// Somebody presses a button that says this.
fn pressed(said: &Said) -> Value {
    json!({
        "id": said.id.to_string(), "application_id": "800APP", "type": 3, "token": "tok",
        "channel_id": said.sender.to_string(), "member": { "user": { "id": "500U" } },
        "data": { "custom_id": said.text, "component_type": 2 },
    })
}

/// As Discord shows a message.
fn shown(message: &Value) -> Vec<Shown> {
    let words = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    if let Some(image) = message.pointer("/embeds/0/image/url") {
        return vec![Shown::Image(words(image))];
    }
    let Some(rows) = message["components"].as_array() else {
        return vec![Shown::Text(words(&message["content"]))];
    };
    let buttons = rows.iter().filter_map(|row| row["components"].as_array()).flatten();
    let buttons = buttons.map(|button| (words(&button["label"]), words(&button["custom_id"])));
    vec![Shown::Buttons(words(&message["content"]), buttons.collect())]
}
