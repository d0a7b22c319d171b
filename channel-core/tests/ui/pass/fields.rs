//! Fields that are state, attributes that serde reads, and lints about the struct itself.
#![deny(warnings)]

use std::{
    borrow::Cow,
    collections::HashMap,
    sync::{Arc, Mutex},
};

use channel_core::{FromSettings, Settings, channel, webhook};

/// Has no `Deserialize`.
pub struct Client(u8);

impl Default for Client {
    fn default() -> Self {
        Self(7)
    }
}

#[channel(name = "fields")]
#[serde(rename = "Renamed", rename_all(deserialize = "kebab-case"))]
#[non_exhaustive]
pub struct Fields {
    /// Documented.
    pub user_name: String,
    #[serde(skip)]
    pub client: Client,
    #[serde(skip)]
    pub seen: Arc<Mutex<Vec<String>>>,
    #[serde(skip, default = "run")]
    pub run: Box<dyn Fn() -> u8 + Send + Sync>,
    #[serde(skip, default = "text")]
    pub text: &'static str,
    #[serde(rename(deserialize = "y"), alias = "z", default)]
    pub pairs: Vec<(u8, Option<Box<str>>)>,
    #[serde(default)]
    pub map: HashMap<String, serde_json::Value>,
    #[serde(default)]
    pub cow: Cow<'static, str>,
    #[deprecated]
    #[serde(default)]
    pub old: u8,
}

fn run() -> Box<dyn Fn() -> u8 + Send + Sync> {
    Box::new(|| 5)
}

fn text() -> &'static str {
    "text"
}

impl Drop for Shared {
    fn drop(&mut self) {}
}

#[channel(name = "shared")]
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, serde::Serialize)]
pub struct Shared;

#[channel(name = "from")]
#[derive(serde::Deserialize)]
#[serde(from = "String")]
pub struct From {
    pub text: String,
    pub client: Option<Arc<Mutex<u8>>>,
}

impl std::convert::From<String> for From {
    fn from(text: String) -> Self {
        Self { text, client: None }
    }
}

macro_rules! webhooks {
    ($($name:ident)*) => {$(
        impl $name {
            #[webhook]
            async fn receive(&self) -> &'static str {
                "ok"
            }
        }
    )*};
}

webhooks!(Fields Shared From);

fn main() {
    let settings = Settings::from_json(&serde_json::json!({ "user-name": "u", "z": [[1, "x"]] }));
    let fields = Fields::from_settings(&settings).unwrap();
    assert_eq!((&*fields.user_name, fields.client.0, (fields.run)(), fields.text), ("u", 7, 5, "text"));
    assert_eq!(fields.pairs[0].1.as_deref(), Some("x"));
    let from = From::from_settings(&Settings::from_json(&serde_json::json!("t"))).unwrap();
    assert_eq!(from.text, "t");
}
