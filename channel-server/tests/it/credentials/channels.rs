//! The channels of the tests. They show what they were given through their name.

use std::{str::FromStr, sync::Arc};

use channel_core::{
    ChannelState, FromSettings, InputChannel, Mistakes, Registration, Registry, Secret, Settings,
    axum::Router, field_names,
};
use serde::{Deserialize, de};

/// A struct as a channel whose name is what it was made from.
macro_rules! channel {
    ($type:ident, |$it:ident| $shown:expr) => {
        impl InputChannel for $type {
            fn name(&self) -> &str {
                let $it = self;
                Box::leak($shown.into_boxed_str())
            }

            fn router(self: Arc<Self>) -> Router<ChannelState> {
                Router::new()
            }
        }
    };
}

macro_rules! from_settings {
    ($($type:ident)*) => {$(
        impl FromSettings for $type {
            fn from_settings(settings: &Settings) -> Result<Self, Mistakes> {
                settings.read()
            }

            fn setting_names() -> Option<&'static [&'static str]> {
                field_names::<Self>()
            }
        }
    )*};
}

#[derive(Deserialize)]
struct Rest;
channel!(Rest, |_it| "rest".to_owned());

#[derive(Deserialize)]
struct Slack {
    signing_secret: Secret,
    token: Secret,
    #[serde(default)]
    retries: u8,
    tls: Option<Tls>,
    #[serde(default)]
    colours: Vec<Colour>,
}
channel!(Slack, |it| {
    let tls = it.tls.as_ref().map(|tls| format!("{} {}", tls.certificate, tls.strict));
    let colours = it.colours.len();
    format!("{} {} {} {tls:?} {colours}", it.signing_secret.expose(), it.token.expose(), it.retries)
});

#[derive(Deserialize)]
struct Tls {
    certificate: String,
    strict: bool,
}

/// Repeats what it was given when it is wrong.
struct Colour;

impl FromStr for Colour {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        (text == "red").then_some(Self).ok_or(format!("no colour: {text}"))
    }
}

impl<'de> Deserialize<'de> for Colour {
    fn deserialize<D: de::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

#[derive(Deserialize)]
struct MyIo {
    username: String,
    another_parameter: Option<String>,
    #[serde(default)]
    port: Option<u16>,
}
channel!(MyIo, |it| format!("{} {:?} {:?}", it.username, it.another_parameter, it.port));

#[derive(Deserialize)]
struct Room;
channel!(Room, |_it| "room".to_owned());

/// Has fields that are called like the keys that every channel knows.
#[derive(Deserialize)]
struct Own {
    bearer_token: String,
    instances: u8,
}
channel!(Own, |it| format!("{} {}", it.bearer_token, it.instances));

/// Panics with its setting.
struct Fragile;
channel!(Fragile, |_it| "fragile".to_owned());

impl FromSettings for Fragile {
    fn from_settings(settings: &Settings) -> Result<Self, Mistakes> {
        let map: std::collections::BTreeMap<String, String> = settings.read()?;
        panic!("{map:?}")
    }
}

/// Finds a mistake of its own.
struct Careful;
channel!(Careful, |_it| "careful".to_owned());

impl FromSettings for Careful {
    fn from_settings(_: &Settings) -> Result<Self, Mistakes> {
        Err(Mistakes::one("`from` must lie before `until`"))
    }
}

from_settings! { Rest Slack MyIo Room Own }

const fn declared<C: FromSettings>(
    name: &'static str,
    type_name: &'static str,
    module_path: &'static str,
    line: u32,
) -> Registration {
    Registration::of::<C>(name, type_name, module_path, "tests", ("src/lib.rs", line, 1))
}

static REST: Registration =
    Registration { key: Some("rest"), ..declared::<Rest>("rest", "Rest", "channel_connectors::rest", 1) };
static SLACK: Registration = Registration {
    key: Some("slack"),
    aliases: &["slack_bot"],
    ..declared::<Slack>("slack", "Slack", "channel_connectors::slack", 2)
};
static MY_IO: Registration = declared::<MyIo>("myio", "MyIo", "my_bot::addons::custom_channel", 3);
static FIRST_ROOM: Registration = declared::<Room>("first_room", "Room", "first_bot::chat", 4);
static SECOND_ROOM: Registration = declared::<Room>("second_room", "Room", "second_bot::chat", 5);
static OWN: Registration = declared::<Own>("own", "Own", "my_bot", 6);
static FRAGILE: Registration = declared::<Fragile>("fragile", "Fragile", "my_bot", 7);
static CAREFUL: Registration = declared::<Careful>("careful", "Careful", "my_bot", 8);
/// Claims the name, and with it the route, of another.
static SECOND_REST: Registration = declared::<Rest>("rest", "SecondRest", "my_bot", 9);

pub(super) fn registry() -> Registry {
    let channels = [&REST, &SLACK, &MY_IO, &FIRST_ROOM, &SECOND_ROOM, &OWN, &FRAGILE, &CAREFUL];
    channels.into_iter().collect()
}

pub(super) fn conflicting() -> Registry {
    [&REST, &SECOND_REST].into_iter().collect()
}
