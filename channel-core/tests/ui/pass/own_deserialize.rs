//! A `Deserialize` of one's own is respected: derived below, derived above, written by hand.

use channel_core::{FromSettings, Settings, channel, webhook};
use serde::{Deserialize, Deserializer};

#[channel(name = "below")]
#[derive(Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub struct Below {
    pub token: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[channel(name = "above")]
pub struct Above {
    #[serde(default)]
    pub token: String,
}

#[channel(name = "by_hand")]
pub struct ByHand {
    pub socket: Socket,
}

/// Cannot be read from anything.
pub struct Socket(pub String);

impl<'de> Deserialize<'de> for ByHand {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self { socket: Socket(String::deserialize(deserializer)?) })
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

webhooks!(Below Above ByHand);

fn main() {
    let settings = |json| Settings::from_json(&json);
    assert_eq!(Below::from_settings(&settings(serde_json::json!({ "TOKEN": "b" }))).unwrap().token, "b");
    assert_eq!(Above::from_settings(&settings(serde_json::json!({ "TOKEN": "a" }))).unwrap().token, "a");
    assert_eq!(ByHand::from_settings(&settings(serde_json::json!("h"))).unwrap().socket.0, "h");
}
