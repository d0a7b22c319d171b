//! Names that are keywords, names of the generated code's own, and names of traits' methods.

use std::sync::Arc;

use channel_core::{
    FromSettings, Json, Metadata, OnNewMessage, Registry, Settings, VerifyError, WebhookRequest, axum, channel,
    health, metadata, routes, start, verify, webhook,
};

#[channel(name = "raw")]
pub struct r#Struct {
    r#type: String,
    #[serde(default = "hooks")]
    r#async: bool,
}

fn hooks() -> bool {
    reader()
}

fn reader() -> bool {
    true
}

impl r#Struct {
    #[webhook]
    async fn r#match(&self, r#in: Json<String>) -> String {
        r#in.0 + &self.r#type
    }
}

#[channel(name = "reserved")]
pub struct Reserved {
    pub settings: String,
    pub __argument_0: String,
    pub channel: u8,
    pub call: u8,
}

impl Reserved {
    #[webhook]
    async fn go(&self, __argument_1: OnNewMessage, call: Json<u8>, tools: Json<u8>, returned: WebhookRequest) -> String {
        format!("{__argument_1:?}{call:?}{tools:?}{returned:?}{}{}", self.settings, self.__argument_0)
    }
}

#[channel(name = "hooks")]
pub struct Hooks;

impl Hooks {
    #[webhook]
    async fn webhook(&self) -> &'static str {
        "ok"
    }

    #[health]
    async fn health(&self) -> &'static str {
        "ok"
    }

    #[verify]
    async fn verify(&self, request: &WebhookRequest) -> Result<(), VerifyError> {
        request.json().map_err(|_| VerifyError::new("no JSON"))
    }

    #[metadata]
    fn metadata(&self, _: &WebhookRequest) -> Metadata {
        Metadata::default()
    }

    #[routes]
    fn routes(self: Arc<Self>) -> axum::Router {
        axum::Router::new()
    }

    #[start]
    async fn start(&self) {}
}

#[channel(name = "names")]
pub struct Channel;

impl Channel {
    #[webhook]
    async fn router(&self) -> &'static str {
        "ok"
    }

    #[webhook(GET)]
    async fn name(&self) -> &'static str {
        "ok"
    }

    #[webhook(PUT)]
    async fn from_settings(&self) -> &'static str {
        "ok"
    }

    #[health]
    async fn from(&self) -> &'static str {
        "ok"
    }
}

fn main() {
    let settings = Settings::from_json(&serde_json::json!({ "type": "t" }));
    let raw = r#Struct::from_settings(&settings).unwrap();
    assert_eq!((&*raw.r#type, raw.r#async), ("t", true));
    assert_eq!(r#Struct::setting_names(), Some(&["type", "async"][..]));
    assert_eq!(Registry::linked().find("Struct").len(), 1);
    assert_eq!(Registry::linked().iter().count(), 4);
}
