//! serde's attributes on fields and struct, state that is skipped, and a container's default.

use std::{collections::BTreeMap, sync::atomic::AtomicU64, time::Duration};

use channel_core::{FromSettings, Settings, channel, webhook};

#[channel(name = "attributes")]
#[serde(default, rename_all = "camelCase")]
pub struct Attributes {
    pub user_name: String,
    #[serde(skip)]
    pub counter: AtomicU64,
    #[serde(deserialize_with = "seconds")]
    pub time: Duration,
    #[serde(rename = "x")]
    pub renamed: bool,
}

impl Default for Attributes {
    fn default() -> Self {
        Self { user_name: "nobody".into(), counter: AtomicU64::new(3), time: Duration::ZERO, renamed: true }
    }
}

fn seconds<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    <u64 as serde::Deserialize>::deserialize(deserializer).map(Duration::from_secs)
}

impl Attributes {
    #[webhook]
    async fn receive(&self) -> &'static str {
        "ok"
    }
}

#[channel(name = "open")]
pub struct Open {
    #[serde(flatten)]
    pub rest: BTreeMap<String, String>,
}

impl Open {
    #[webhook]
    async fn receive(&self) -> &'static str {
        "ok"
    }
}

fn main() {
    let read = |json| Attributes::from_settings(&Settings::from_json(&json)).unwrap();
    let attributes = read(serde_json::json!({ "userName": "u", "time": 5, "x": false }));
    assert_eq!((&*attributes.user_name, attributes.time.as_secs(), attributes.renamed), ("u", 5, false));
    let attributes = read(serde_json::json!({}));
    assert_eq!((&*attributes.user_name, attributes.counter.into_inner(), attributes.renamed), ("nobody", 3, true));
    let open = Open::from_settings(&Settings::from_json(&serde_json::json!({ "anything": "goes" }))).unwrap();
    assert_eq!(open.rest["anything"], "goes");
}
