//! A bot that calls, and one that is told.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Router,
    body::Bytes,
    http::{HeaderMap, StatusCode},
};
use channel_testkit::telegram::{Chat, Fake, User};
use serde_json::{Value, json};
use tokio::net::TcpListener;

pub(super) const TOKEN: &str = "1:s3cr3t";

/// A bot's account, and Ada's chat with it.
pub(super) struct Account {
    pub(super) telegram: Fake,
    pub(super) ada: User,
    pub(super) chat: Chat,
}

impl Account {
    pub(super) async fn new() -> Self {
        let builder = Fake::builder().token(TOKEN).redelivery([Duration::ZERO; 3]);
        let unlimited = builder.account_rate(None).chat_rate(None).group_rate(None);
        Self::of(unlimited.start().await.unwrap())
    }

    pub(super) fn of(telegram: Fake) -> Self {
        let ada = telegram.user("Ada");
        let chat = telegram.private_chat(&ada);
        Self { telegram, ada, chat }
    }

    pub(super) fn url(&self, method: &str) -> String {
        format!("{}/bot{TOKEN}/{method}", self.telegram.api_url())
    }

    /// Calls with JSON; the status and the answer.
    pub(super) async fn try_call(&self, method: &str, body: Value) -> (u16, Value) {
        let request =
            reqwest::Client::new().post(self.url(method)).header("content-type", "application/json");
        let answer = request.body(body.to_string()).send().await.unwrap();
        (answer.status().as_u16(), serde_json::from_str(&answer.text().await.unwrap()).unwrap())
    }

    /// Calls with JSON; the result.
    pub(super) async fn call(&self, method: &str, body: Value) -> Value {
        let (status, mut answer) = self.try_call(method, body.clone()).await;
        assert_eq!((status, &answer["ok"]), (200, &json!(true)), "{method} {body}: {answer}");
        answer["result"].take()
    }

    /// Calls with JSON; why it was refused.
    pub(super) async fn refusal(&self, method: &str, body: Value) -> String {
        let (status, answer) = self.try_call(method, body).await;
        assert_eq!(answer["error_code"], status, "{answer}");
        answer["description"].as_str().unwrap().to_owned()
    }

    /// Sends Ada words.
    pub(super) async fn say(&self, text: &str) -> Value {
        self.call("sendMessage", json!({ "chat_id": self.chat.id, "text": text })).await
    }

    /// What the bot is told when it asks.
    pub(super) async fn updates(&self) -> Vec<Value> {
        self.call("getUpdates", json!({})).await.as_array().unwrap().clone()
    }
}

/// A webhook that answers with these statuses and bodies, then 200.
#[derive(Clone, Default)]
pub(super) struct Webhook {
    answers: Arc<Mutex<VecDeque<(u16, String)>>>,
    heard: Arc<Mutex<Vec<(HeaderMap, Value)>>>,
}

impl Webhook {
    pub(super) async fn answering(answers: impl IntoIterator<Item = (u16, String)>) -> (Self, String) {
        let webhook =
            Self { answers: Arc::new(Mutex::new(answers.into_iter().collect())), ..Self::default() };
        let heard = webhook.clone();
        let react = async move |headers: HeaderMap, body: Bytes| {
            heard.heard.lock().unwrap().push((headers, serde_json::from_slice(&body).unwrap()));
            let (status, body) = heard.answers.lock().unwrap().pop_front().unwrap_or((200, String::new()));
            (StatusCode::from_u16(status).unwrap(), body)
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, Router::new().fallback(react)).await });
        (webhook, url)
    }

    pub(super) fn heard(&self) -> Vec<(HeaderMap, Value)> {
        self.heard.lock().unwrap().clone()
    }
}
