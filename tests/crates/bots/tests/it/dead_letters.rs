//! What operators see of dead letters, and do about them.

use crate::support::{Bot, Place, TALKER};

/// A bot that failed to answer somebody with this id, and was stopped.
fn failed(sender_id: &str) -> Place {
    let place = Place::with("rest:\n");
    let bot = place.serve(TALKER);
    let body = serde_json::json!({ "sender": sender_id, "message": "fail" }).to_string();
    let answer = bot.post("/webhooks/rest/webhook", &body);
    assert!(answer.starts_with("HTTP/1.1 500 "), "{answer}");
    bot.signal("TERM");
    assert_eq!(bot.end(), Some(0));
    place
}

#[test]
fn they_are_listed_shown_replayed_and_discarded() {
    let place = failed("ada");
    let letters = |arguments: &[&str]| place.run(TALKER, &[&["dead-letters"], arguments].concat());
    let listed = letters(&["list"]);
    assert!(listed.out.contains("  ada  ") && listed.out.ends_with("  no more ideas\n"), "{listed:?}");
    let id = listed.out.split("  ").next().unwrap().to_owned();
    let shown = letters(&["show", &id]);
    assert!(shown.out.contains(r#""text": "fail""#), "{shown:?}");
    let first = place.run(TALKER, &["dead-letters", "--store", "channel.db", "show", &id]);
    assert_eq!(first.out, shown.out, "options may stand before what is done, or behind it");
    let replayed = letters(&["replay", &id, "--store", "channel.db"]);
    assert_eq!(replayed.out, format!("{id} is answered or sent again, once a server runs\n"), "{replayed:?}");
    let gone = letters(&["discard", &id]);
    assert_eq!(gone.code, Some(1));
    assert!(gone.err.contains("there is no dead letter"), "{gone:?}");
}

#[test]
fn what_a_stranger_chose_gives_the_terminal_no_orders() {
    let listed = failed("\u{1b}[2J\nada").run(TALKER, &["dead-letters", "list"]);
    assert_eq!(listed.out.lines().count(), 1, "{listed:?}");
    assert!(!listed.out.contains('\u{1b}'), "{listed:?}");
}

#[test]
fn a_running_server_has_its_file_for_itself() {
    let place = Place::with("rest:\n");
    let _bot: Bot = place.serve(TALKER);
    let listed = place.run(TALKER, &["dead-letters", "list"]);
    assert_eq!(listed.code, Some(1));
    assert!(listed.err.contains("in use by another server"), "{listed:?}");
}

#[test]
fn a_store_that_is_not_there_is_named_and_not_made() {
    let place = Place::with("rest:\n");
    let listed = place.run(TALKER, &["dead-letters", "list", "--store", "elsewhere.db"]);
    assert_eq!(listed.code, Some(1));
    assert!(listed.err.contains("there is no store `elsewhere.db`"), "{listed:?}");
    assert!(!place.path("elsewhere.db").exists());
    let memory = place.run(TALKER, &["dead-letters", "list", "--store", "memory"]);
    assert_eq!(memory.code, Some(1));
    assert!(memory.err.contains("`--enable-api`"), "{memory:?}");
}
