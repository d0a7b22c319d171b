//! `#[cfg]` on the struct, a field, a method and an argument.

use channel_core::{FromSettings, OnNewMessage, Settings, channel, health, webhook};

#[channel(name = "conditional")]
pub struct Conditional {
    #[cfg(any())]
    pub never: NoSuchType,
    #[cfg_attr(all(), cfg(any()))]
    pub never_either: NoSuchType,
    #[cfg(all())]
    pub always: String,
}

impl Conditional {
    #[webhook]
    async fn receive(&self, #[cfg(any())] never: NoSuchType, #[cfg(all())] always: OnNewMessage) -> String {
        format!("{} {always:?}", self.always)
    }

    #[webhook(GET)]
    #[cfg(any())]
    async fn never(&self) -> NoSuchType {}

    #[cfg_attr(all(), cfg(any()))]
    #[health]
    async fn not_healthy(&self) -> NoSuchType {}

    #[health]
    #[cfg_attr(all(), cfg(any()))]
    async fn not_healthy_either(&self) -> NoSuchType {}

    #[health]
    #[cfg(all())]
    async fn health(&self) -> &'static str {
        "ok"
    }
}

#[cfg(any())]
#[channel(name = "conditional")]
pub struct Never {
    pub never: NoSuchType,
}

#[channel(name = "conditional")]
#[cfg(any())]
pub struct NeverEither {
    pub never: NoSuchType,
}

fn main() {
    let settings = Settings::from_json(&serde_json::json!({ "always": "here" }));
    assert_eq!(Conditional::from_settings(&settings).unwrap().always, "here");
}
