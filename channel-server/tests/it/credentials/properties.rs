//! What holds for any file.

use proptest::prelude::*;

use super::{read, said};

/// A scalar with a mark that no message has by itself, in one of YAML's notations or a broken one.
fn scalar() -> impl Strategy<Value = String> {
    let text =
        "[a-zA-Z0-9 :#{}\\[\\],&*!|>@%$'\"\\\\~-]{0,8}QXZ[a-zA-Z0-9 :#{}\\[\\],&*!|>@%$'\"\\\\~-]{0,8}";
    prop_oneof![
        "[a-z0-9]{0,4}QXZ[a-z0-9]{0,4}".prop_map(String::from),
        "[a-z0-9]{0,4}QXZ[a-z0-9]{0,4}".prop_map(|text| format!("\"{text}\"")),
        text.prop_map(String::from),
        Just("${TOKEN}".to_owned()),
        Just(String::new()),
        Just("5".to_owned()),
    ]
}

fn line() -> impl Strategy<Value = String> {
    let key = prop_oneof![
        Just("rest"),
        Just("slack"),
        Just("my_bot::addons::custom_channel::MyIo"),
        Just("my_bot::Fragile"),
        Just("signing_secret"),
        Just("token"),
        Just("retries"),
        Just("tls"),
        Just("colours"),
        Just("strict"),
        Just("username"),
        Just("usrname"),
        Just("port"),
        Just("instances"),
        Just("acme"),
        Just("bearer_token"),
        Just("insecure"),
        Just("my_bot::Own"),
        Just("${SECRET_KEY}"),
        Just("-"),
        Just("<<"),
    ];
    (0..4_usize, key, scalar()).prop_map(|(depth, key, value)| {
        let colon = if key == "-" { "" } else { ":" };
        format!("{}{key}{colon} {value}\n", "  ".repeat(depth))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(512) })]

    #[test]
    fn no_text_makes_it_panic(text in any::<String>()) {
        let _ = read(&text);
    }

    #[test]
    fn no_text_of_yamls_characters_makes_it_panic(text in "[a-c:{}\\[\\],&*!|>@%$'\"\\\\~\\-?# \n\t\r<]{0,60}") {
        let _ = read(&text);
    }

    #[test]
    fn no_message_shows_a_value(lines in prop::collection::vec(line(), 0..16)) {
        let said = said(&lines.concat());
        // A value that ends in a colon is a key, and keys may be shown.
        let only_values = lines.iter().all(|line| line.matches(": ").count() < 2 && !line.trim_end().ends_with(':') && !line.contains(['{', '[', '?', ',']));
        prop_assert!(!only_values || !said.contains("QXZ"), "{said}");
        prop_assert!(!said.contains("SENTINEL-"), "{said}");
    }
}

#[test]
fn aliases_of_aliases_do_not_fill_the_memory() {
    let levels = (1..12).map(|level| {
        let below = format!("*a{}, ", level - 1).repeat(10);
        format!("a{level}: &a{level} [{below}]\n")
    });
    let text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned() + &levels.collect::<String>();
    assert!(said(&text).contains("aliases (`*…`) make the file too large"), "{}", said(&text));
    let long = format!("a: &a {}\nb: [{}]\n", "x".repeat(500_000), "*a, ".repeat(100_000));
    assert!(said(&long).contains("aliases (`*…`) make the file too large"));
}

#[test]
fn deep_files_are_refused() {
    assert!(said(&"[".repeat(100_000)).contains("too many maps and lists inside one another"));
    let links = (1..100).map(|level| format!("a{level}: &a{level} [*a{}]\n", level - 1));
    let chain = "a0: &a0 []\n".to_owned() + &links.collect::<String>();
    assert!(said(&chain).contains("too many maps and lists inside one another"));
}
