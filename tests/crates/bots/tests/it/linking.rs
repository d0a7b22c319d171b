//! A channel in a crate of its own: found where the bot names that crate, and missed with a good word where it does not.

use std::fs;

use crate::support::{DOUBLED, LINKED, Place, UNLINKED};

const HI: &str = r#"{"sender": "ada", "message": "Hi"}"#;

#[test]
fn the_crate_of_a_channel_depends_on_the_core_alone() {
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/../my-channels/Cargo.toml");
    let manifest = fs::read_to_string(manifest).unwrap();
    let dependencies = manifest.split("[dependencies]\n").nth(1).unwrap().split("\n\n").next();
    assert_eq!(dependencies, Some("channel-core.workspace = true"));
}

#[test]
fn a_linked_channel_answers_to_every_spelling_of_its_path() {
    for key in [
        "my_channels::addons::custom_channel::MyIo",
        "my_channels.addons.custom_channel.MyIo",
        "addons::custom_channel::MyIo",
        "addons.custom_channel.MyIo",
    ] {
        let place = Place::with(&format!("{key}:\n"));
        let checked = place.run(LINKED, &["check"]);
        assert_eq!(
            (checked.code, &*checked.out),
            (Some(0), "credentials.yml is right\n"),
            "{key}: {checked:?}"
        );
        let bot = place.serve(LINKED);
        let answer = bot.post("/webhooks/myio/webhook", HI);
        assert!(answer.ends_with(r#"[{"recipient_id":"ada","text":"Hi"}]"#), "{key}: {answer}");
    }
}

#[test]
fn a_linked_channel_is_listed_with_its_place() {
    let place = Place::with("my_channels::addons::custom_channel::MyIo:\n");
    let listed = place.run(LINKED, &["channels"]);
    let rows: Vec<Vec<&str>> = listed
        .out
        .lines()
        .map(|row| row.split("  ").map(str::trim).filter(|cell| !cell.is_empty()).collect())
        .collect();
    let path = "my_channels::addons::custom_channel::MyIo";
    let [.., myio] = &rows[..] else { panic!("{listed:?}") };
    assert_eq!((myio[0], myio[1], myio[2]), ("myio", path, path));
    assert!(myio[3].contains("custom_channel.rs:6:1 (my-channels)"), "{myio:?}");
    assert_eq!(myio[4..], ["/webhooks/myio/webhook", "none", "mounted"]);
    assert_eq!(rows[1][4..], ["-", "none", "not in the credentials"]);
}

#[test]
fn only_what_the_credentials_name_is_mounted() {
    let mut bot = Place::with("rest:\n").serve(LINKED);
    assert!(bot.post("/webhooks/rest/webhook", HI).starts_with("HTTP/1.1 200 "));
    assert!(bot.post("/webhooks/myio/webhook", HI).starts_with("HTTP/1.1 404 "));
    let log = std::mem::take(&mut bot.log).concat();
    assert!(log.contains("linked, not mounted"), "{log}");
    assert!(log.contains("my_channels::addons::custom_channel::MyIo"), "{log}");
}

#[test]
fn a_channel_that_is_not_linked_is_missed_with_a_good_word() {
    let place = Place::with("my_channels::addons::custom_channel::MyIo:\n");
    let said = "\
credentials.yml:1:1: no linked channel has the key `my_channels::addons::custom_channel::MyIo`
  help: linked channels: `callback`, `rest`, `slack`, `telegram`
  help: a channel in a crate of its own is linked only if the source names that crate: `use my_channel as _;`
1 mistake in credentials.yml
";
    for command in ["check", "run", "channels"] {
        let missed = place.run(UNLINKED, &[command]);
        assert_eq!((missed.code, missed.err), (Some(1), format!("error: {said}")), "{command}");
    }
}

#[test]
fn a_misspelt_channel_is_missed_with_the_nearest_one() {
    let said = "\
error: credentials.yml:1:1: no linked channel has the key `addons.custom_chanel.MyIo`
  help: did you mean `my_channels::addons::custom_channel::MyIo`?
  help: linked channels: `callback`, `my_channels::addons::custom_channel::MyIo`, `rest`, `slack`, `telegram`
  help: a channel in a crate of its own is linked only if the source names that crate: `use my_channel as _;`
1 mistake in credentials.yml
";
    let missed = Place::with("addons.custom_chanel.MyIo:\n").run(LINKED, &["check"]);
    assert_eq!((missed.code, &*missed.err), (Some(1), said));
}

#[test]
fn two_channels_of_one_name_are_both_named() {
    for credentials in
        ["rest:\n", "my_channels::addons::custom_channel::MyIo:\n", "other_channels::OtherIo:\n"]
    {
        let place = Place::with(credentials);
        for command in ["check", "run", "channels"] {
            let doubled = place.run(DOUBLED, &[command]);
            assert_eq!(doubled.code, Some(1), "{doubled:?}");
            for part in [
                "two channels have the name `myio`: my_channels::addons::custom_channel::MyIo (",
                "custom_channel.rs:6:1, package my-channels) and other_channels::OtherIo (",
                "lib.rs:6:1, package other-channels); change one of them in its `#[channel(…)]`",
                "\n1 mistake in credentials.yml\n",
            ] {
                assert!(doubled.err.contains(part), "{command}: {}", doubled.err);
            }
        }
    }
}
