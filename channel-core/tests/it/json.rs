//! JSON as programs write it.

use channel_core::{Json, read_json};
use proptest::prelude::*;
use serde::Deserialize;
use serde_json::Value;

/// A text as a program writes it that escapes every UTF-16 unit.
fn escaped(units: &[u16]) -> String {
    let text = units.iter().fold(String::from("\""), |text, unit| text + &format!("\\u{unit:04x}"));
    text + "\""
}

proptest! {
    #[test]
    fn what_is_no_unicode_is_replaced_and_all_else_kept(
        units in prop::collection::vec(prop_oneof![any::<u16>(), 0xD7F0_u16..0xE010], 0..20),
    ) {
        let read: String = read_json(escaped(&units).as_bytes()).unwrap();
        prop_assert_eq!(read, String::from_utf16_lossy(&units));
    }

    #[test]
    fn json_that_can_be_read_is_read_as_ever(text in any::<String>(), escape in r"\\{0,5}(u|ud83d)?") {
        let json = serde_json::to_string(&(text + &escape)).unwrap();
        let read: Value = read_json(json.as_bytes()).unwrap();
        prop_assert_eq!(read.to_string(), json);
    }

    #[test]
    fn nothing_panics(json in r#"["\\ud83dDcC0 ]{0,30}"#) {
        let read: serde_json::Result<Value> = read_json(json.as_bytes());
        if let Ok(plain) = serde_json::from_str::<Value>(&json) {
            prop_assert_eq!(read.unwrap(), plain);
        }
    }
}

#[test]
fn half_an_emoji_in_one_field_says_nothing_of_another() {
    #[derive(Debug, Deserialize)]
    struct Incoming {
        #[allow(dead_code, reason = "it is not there")]
        sender: String,
    }
    let refused = Json::<Incoming>::from_bytes(br#"{"text": "\ud83d"}"#).unwrap_err();
    assert_eq!(refused.message(), "`sender` is missing");
}
