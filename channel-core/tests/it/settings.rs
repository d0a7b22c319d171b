//! Sections of the credentials, read into types.

// JSON is written in place, and a test's items stand beside what they show.
#![allow(clippy::needless_pass_by_value, clippy::items_after_statements, clippy::zero_sized_map_values)]

mod leaks;

use std::{collections::BTreeMap, num::NonZeroU16, str::FromStr};

use channel_core::{Mistakes, Secret, Settings, field_names};
use serde::{Deserialize, Deserializer, de::DeserializeOwned};
use serde_json::{Value as Json, json};

fn read<T: DeserializeOwned>(json: Json) -> Result<T, Mistakes> {
    Settings::from_json(&json).read()
}

/// The mistakes, one a line.
fn mistakes<T: DeserializeOwned>(json: Json) -> String {
    match read::<T>(json) {
        Ok(_) => "none".to_owned(),
        Err(mistakes) => mistakes.to_string(),
    }
}

/// What a value written plainly, without quotes, is read as.
fn plain<T: DeserializeOwned>(text: &str) -> Result<T, Mistakes> {
    use channel_core::{Node, Value};
    let value = Value::Scalar { text: text.to_owned(), plain: true };
    let map = Value::Map(vec![("it".into(), Node { position: None, value })]);
    Settings::new(Node { position: None, value: map })
        .read::<BTreeMap<String, T>>()
        .map(|mut map| map.remove("it").unwrap())
}

#[derive(Debug, PartialEq, Deserialize)]
struct Server {
    host: String,
    #[serde(default)]
    port: u16,
    secure: bool,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Mode {
    Polling,
    Webhook(String),
    Both { polling: u8, webhook: Server },
}

#[derive(Debug, Deserialize)]
struct Bot {
    username: String,
    #[serde(alias = "tries")]
    retries: u8,
    server: Server,
    mode: Option<Mode>,
    #[serde(default)]
    users: Vec<u32>,
}

#[test]
fn a_text_takes_any_scalar_as_written() {
    for text in ["0123", "1.10", "true", "null", "5", "1e3", " a ", ""] {
        assert_eq!(plain::<String>(text).unwrap(), text);
    }
}

#[test]
fn numbers_and_truth_values_are_those_of_the_core_schema() {
    assert_eq!(plain::<u16>("0o17").unwrap(), 15);
    assert_eq!(plain::<u16>("010").unwrap(), 10);
    assert_eq!(plain::<i8>("-128").unwrap(), -128);
    assert_eq!(plain::<u128>(&u128::MAX.to_string()).unwrap(), u128::MAX);
    assert_eq!(plain::<i128>(&i128::MIN.to_string()).unwrap(), i128::MIN);
    assert_eq!(plain::<f64>("-.inf").unwrap().to_bits(), f64::NEG_INFINITY.to_bits());
    assert_eq!(plain::<f32>("1.5e1").unwrap().to_bits(), 15_f32.to_bits());
    assert!(plain::<bool>("TRUE").unwrap());
    for wrong in ["yes", "on", "1", "tRUE", ""] {
        assert!(plain::<bool>(wrong).is_err(), "{wrong}");
    }
    for wrong in ["1_000", "+-1", "0x", "70000", "-1", "5.0", "", " 5"] {
        assert!(plain::<u16>(wrong).is_err(), "{wrong}");
    }
    assert!(plain::<f64>("infinity").is_err());
}

#[test]
fn what_takes_anything_gets_what_the_core_schema_says() {
    let cases = [
        ("null", json!(null)),
        ("~", json!(null)),
        ("false", json!(false)),
        ("0x10", json!(16)),
        ("-3", json!(-3)),
        ("1.5", json!(1.5)),
        ("yes", json!("yes")),
        ("123456789012345678901234567890", json!("123456789012345678901234567890")),
    ];
    for (text, value) in cases {
        assert_eq!(plain::<Json>(text).unwrap(), value, "{text}");
    }
    assert_eq!(read::<Json>(json!({ "a": [1, "1"] })).unwrap(), json!({ "a": [1, "1"] }));
}

#[test]
fn an_option_is_empty_where_nothing_stands() {
    assert_eq!(plain::<Option<u16>>("").unwrap(), None);
    assert_eq!(plain::<Option<u16>>("5").unwrap(), Some(5));
    assert_eq!(read::<BTreeMap<String, Option<u8>>>(json!({ "a": null })).unwrap()["a"], None);
}

#[test]
fn a_whole_section_is_read() {
    let bot: Bot = read(json!({
        "username": "u", "tries": 3, "users": [1, 2],
        "server": { "host": 7, "secure": true },
        "mode": { "both": { "polling": 1, "webhook": { "host": "h", "port": 2, "secure": false } } },
    }))
    .unwrap();
    assert_eq!((bot.username.as_str(), bot.retries, bot.users), ("u", 3, vec![1, 2]));
    assert_eq!(bot.server, Server { host: "7".into(), port: 0, secure: true });
    let webhook = Server { host: "h".into(), port: 2, secure: false };
    assert_eq!(bot.mode, Some(Mode::Both { polling: 1, webhook }));
    assert_eq!(read::<Mode>(json!("polling")).unwrap(), Mode::Polling);
    assert_eq!(read::<Mode>(json!({ "polling": null })).unwrap(), Mode::Polling);
    assert_eq!(read::<Mode>(json!({ "webhook": "w" })).unwrap(), Mode::Webhook("w".into()));
}

#[test]
fn every_mistake_is_reported_at_once_at_every_depth() {
    let found = mistakes::<Bot>(json!({
        "usrname": "SENTINEL", "retries": 300,
        "server": { "hots": "SENTINEL", "port": "80", "secure": ["SENTINEL"] },
        "mode": { "both": { "polling": {}, "webhook": { "host": "SENTINEL", "secure": "SENTINEL" } } },
        "users": [1, "SENTINEL", 3, null],
    }));
    assert_eq!(
        found,
        "unknown key `usrname` (did you mean `username`? known keys: `username`, `retries`, `tries`, `server`, `mode`, `users`)
`retries`: expected a whole number from 0 to 255
unknown key `server.hots` (did you mean `host`? known keys: `host`, `port`, `secure`)
`server.port`: expected a whole number from 0 to 65535, found text in quotes (remove the quotes)
`server.secure`: expected `true` or `false`, found a list
`mode.both.polling`: expected a whole number from 0 to 255, found a map
`mode.both.webhook.secure`: expected `true` or `false`, found text in quotes
`users[1]`: expected a whole number from 0 to 4294967295, found text in quotes
`users[3]`: expected a whole number from 0 to 4294967295, found nothing"
    );
}

#[test]
fn an_empty_section_says_all_that_is_missing() {
    let missing = "missing key `username` (add `username: …`)\nmissing key `retries` (add `retries: …`)\nmissing key `server` (add `server: …`)";
    assert_eq!(mistakes::<Bot>(Json::Null), missing);
    assert_eq!(mistakes::<Bot>(json!({})), missing);
}

#[test]
fn a_field_given_under_two_names_is_a_mistake() {
    #[derive(Deserialize)]
    struct Tries {
        #[serde(alias = "tries")]
        #[expect(dead_code)]
        retries: u8,
    }
    let found = mistakes::<Tries>(json!({ "retries": 1, "tries": 2 }));
    assert_eq!(found, "repeated key `tries` (another key says the same; remove one of them)");
}

#[test]
fn text_is_not_a_list_and_not_nothing() {
    let found = mistakes::<BTreeMap<String, String>>(json!({ "a": ["SENTINEL"], "b": null, "c": {} }));
    assert_eq!(
        found,
        "`a`: expected text, found a list\n`b`: expected text, found nothing\n`c`: expected text, found a map"
    );
    assert_eq!(mistakes::<Bot>(json!("SENTINEL")), "expected a map, found text");
    assert_eq!(mistakes::<Bot>(json!(["SENTINEL"])), "expected a map, found a list");
}

#[test]
fn enums_and_tuples_say_what_they_expect() {
    #[derive(Deserialize)]
    #[expect(dead_code)]
    struct Both {
        mode: Mode,
        other: Mode,
        third: Mode,
        pair: (u8, String),
        long: (u8, u8),
    }
    let found = mistakes::<Both>(json!({
        "mode": "SENTINEL", "other": "webhook", "third": { "polling": 1, "webhook": 2 },
        "pair": ["x", {}], "long": [1, 2, 3],
    }));
    assert_eq!(
        found,
        "`mode`: expected one of `polling`, `webhook`, `both`
`other`: expected this word as a key, with the values that belong to it
`third`: expected one of `polling`, `webhook`, `both`, found a map
`pair[0]`: expected a whole number from 0 to 255, found text in quotes
`pair[1]`: expected text, found a map
`long`: expected a list of 2 values, found one of 3"
    );
}

/// A type that no stub satisfies and that repeats what it was given.
#[derive(Debug)]
struct Colour;

impl FromStr for Colour {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "#fff" { Ok(Self) } else { Err(format!("invalid colour: {text} ({text:?})")) }
    }
}

impl<'de> Deserialize<'de> for Colour {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[derive(Debug, Deserialize)]
#[expect(dead_code)]
struct Theme {
    name: String,
    nested: Nested,
    size: NonZeroU16,
    #[serde(alias = "bg")]
    background: Colour,
}

#[derive(Debug, Deserialize)]
#[expect(dead_code)]
struct Nested {
    weight: u8,
    colour: Colour,
}

#[test]
fn a_value_in_a_types_own_message_is_taken_out() {
    let found = mistakes::<Theme>(json!({
        "background": "SENTI\"NEL", "name": "n", "nested": { "colour": "at", "weight": 1 }, "size": 0,
    }));
    assert_eq!(
        found,
        "`background`: invalid colour: … (\"…\")\n`nested.colour`: invalid colour: … (\"…\")\n`size`: expected a nonzero u16"
    );
}

#[test]
fn what_no_stub_satisfies_does_not_hide_the_rest() {
    let found = mistakes::<Theme>(json!({ "background": "red", "nested": { "colour": "blue" }, "size": 1 }));
    assert_eq!(
        found,
        "`background`: invalid colour: … (\"…\")
`nested.colour`: invalid colour: … (\"…\")
missing key `nested.weight` (add `weight: …`)
missing key `name` (add `name: …`)"
    );
}

#[test]
fn a_wrong_value_under_an_alias_does_not_make_the_field_missing() {
    let found = mistakes::<Theme>(json!({
        "bg": "red", "name": "n", "nested": { "colour": "#fff", "weight": 1 }, "size": 1,
    }));
    assert_eq!(found, "`bg`: invalid colour: … (\"…\")");
}

#[test]
fn a_check_over_several_fields_is_a_mistake_of_the_section() {
    #[derive(Deserialize)]
    struct Raw {
        from: u8,
        until: u8,
    }
    #[derive(Deserialize)]
    #[serde(try_from = "Raw")]
    struct Range;
    impl TryFrom<Raw> for Range {
        type Error = String;
        fn try_from(raw: Raw) -> Result<Self, String> {
            (raw.from < raw.until).then_some(Self).ok_or(format!("{} is not before {}", raw.from, raw.until))
        }
    }
    assert_eq!(mistakes::<Range>(json!({ "from": 250, "until": 17 })), "… is not before …");
    assert_eq!(mistakes::<Range>(json!({ "from": 250 })), "missing key `until` (add `until: …`)");
    assert_eq!(field_names::<Range>(), Some(["from", "until"].as_slice()));
    read::<Range>(json!({ "from": 1, "until": 2 })).unwrap_or_else(|found| panic!("{found}"));
}

#[test]
fn a_number_is_taken_out_however_it_was_written() {
    #[derive(Debug, Deserialize)]
    #[serde(try_from = "u16")]
    struct Port;
    impl TryFrom<u16> for Port {
        type Error = String;
        fn try_from(port: u16) -> Result<Self, String> {
            Err(format!("{port} is taken"))
        }
    }
    for text in ["0x1F90", "008080", "+8080"] {
        assert_eq!(plain::<Port>(text).unwrap_err().to_string(), "`it`: … is taken");
    }
}

#[test]
fn types_that_contain_themselves_come_to_an_end() {
    #[derive(Debug, Deserialize)]
    #[expect(dead_code)]
    enum Tree {
        Node(Box<Tree>),
        Leaf(u8),
    }
    #[derive(Debug, Deserialize)]
    #[expect(dead_code)]
    struct Wood {
        name: String,
        tree: Tree,
    }
    assert_eq!(
        mistakes::<Wood>(json!({})),
        "missing key `name` (add `name: …`)\nmissing key `tree` (add `tree: …`)"
    );
}

#[test]
fn flattened_structs_and_maps_are_read() {
    #[derive(Deserialize)]
    struct Outer {
        #[serde(flatten)]
        inner: Theme2,
        #[serde(flatten)]
        rest: BTreeMap<String, Json>,
    }
    #[derive(Deserialize)]
    struct Theme2 {
        name: String,
    }
    assert_eq!(field_names::<Outer>(), None);
    let outer: Outer = read(json!({ "name": "n", "other": 1 })).ok().unwrap();
    assert_eq!((outer.inner.name.as_str(), &outer.rest["other"]), ("n", &json!(1)));
    assert_eq!(mistakes::<Outer>(json!({ "nam": "SENTINEL" })), "missing key `name` (add `name: …`)");
}

#[test]
fn a_secret_is_read_and_an_empty_one_refused() {
    #[derive(Deserialize)]
    struct Slack {
        token: Secret,
        #[expect(dead_code)]
        port: u16,
    }
    assert_eq!(read::<Slack>(json!({ "token": 123, "port": 1 })).ok().unwrap().token.expose(), "123");
    let found = mistakes::<Slack>(json!({ "token": "" }));
    let empty = "`token`: the secret is empty; a check against it would let everybody in";
    assert_eq!(found, format!("{empty}\nmissing key `port` (add `port: …`)"));
}

#[test]
fn a_channel_without_settings_takes_nothing_else() {
    #[derive(Debug, Deserialize)]
    struct Rest;
    read::<Rest>(Json::Null).unwrap();
    assert_eq!(field_names::<Rest>(), Some([].as_slice()));
    assert_eq!(
        mistakes::<Rest>(json!({ "a": "SENTINEL" })),
        "unknown key `a` (there are no settings here; remove the key)"
    );
}

#[test]
fn keys_of_a_map_may_be_numbers() {
    assert_eq!(read::<BTreeMap<u8, u8>>(json!({ "7": 1 })).unwrap()[&7], 1);
    let found = mistakes::<BTreeMap<u8, u8>>(json!({ "300": 1, "x": "SENTINEL", "1": [] }));
    assert_eq!(
        found,
        "`300`: wrong key: expected a whole number from 0 to 255
`x`: wrong key: expected a whole number from 0 to 255
`1`: expected a whole number from 0 to 255, found a list"
    );
}

#[test]
fn mistakes_of_a_channels_own_stand_beside_those_found() {
    let mut found = Mistakes::one("`from` and `until` must differ");
    found.extend(Mistakes::one("the channel needs a `Debug`"));
    let shown: Vec<_> = found.iter().map(|mistake| mistake.of("my_bot::MyIo")).collect();
    assert_eq!(
        shown,
        ["`my_bot::MyIo`: `from` and `until` must differ", "`my_bot::MyIo`: the channel needs a `Debug`"]
    );
    fn is_error(_: &(impl std::error::Error + Send + Sync + 'static)) {}
    is_error(&found);
}
