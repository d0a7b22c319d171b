//! Where a server keeps everything, and what becomes of what fails.

use crate::support::{Bot, Ended, Place, TALKER};

const REST: &str = "/webhooks/rest/webhook";

/// A place in which every program has the default store.
struct Home(Place);

impl Home {
    fn new() -> Self {
        Self(Place::with("rest:\n"))
    }

    fn serve(&self) -> Bot {
        let mut command = self.0.command(TALKER, &["--port", "0", "--interface", "127.0.0.1"]);
        Bot::start(command.env_remove("STORE"))
    }

    fn dead_letters(&self, arguments: &[&str]) -> Ended {
        let arguments = [&["dead-letters"], arguments].concat();
        Ended::of(self.0.command(TALKER, &arguments).env_remove("STORE"))
    }
}

fn say(bot: &Bot, text: &str) -> String {
    bot.post(REST, &format!(r#"{{"sender": "ada", "message": "{text}", "message_id": "{text}"}}"#))
}

#[test]
fn conversations_outlast_the_server_in_a_file_beside_it() {
    let home = Home::new();
    let first = home.serve();
    assert!(say(&first, "one").contains("You said: one"));
    first.signal("KILL");
    first.end();
    assert!(home.0.path("channel.db").exists());

    let second = home.serve();
    assert!(say(&second, "count").contains("2 messages"), "it remembers what was said");
    assert!(say(&second, "one").contains("You said: one"), "and what it answered");
    second.signal("TERM");
    assert_eq!(second.end(), Some(0));
}

#[test]
fn in_memory_a_restart_forgets_which_is_said() {
    let place = Place::with("rest:\n");
    let arguments = ["--port", "0", "--interface", "127.0.0.1", "--store", "memory"];
    let bot = Bot::start(&mut place.command(TALKER, &arguments));
    assert!(
        bot.log.iter().any(|line| line.contains("a restart forgets every conversation")),
        "{:?}",
        bot.log
    );
}

#[test]
fn what_failed_is_listed_shown_replayed_and_discarded() {
    let home = Home::new();
    let bot = home.serve();
    assert!(say(&bot, "fail").starts_with("HTTP/1.1 500 "));
    assert!(say(&bot, "panic").starts_with("HTTP/1.1 500 "));
    let busy = home.dead_letters(&["list"]);
    assert_eq!(busy.code, Some(1));
    assert!(busy.err.contains("in use by another server"), "{}", busy.err);
    bot.signal("TERM");
    assert_eq!(bot.end(), Some(0));

    let list = home.dead_letters(&["list"]).out;
    let lines: Vec<_> = list.lines().collect();
    assert_eq!(lines.len(), 2, "{list}");
    assert!(
        lines[0].starts_with("m1 ") && lines[0].ends_with("  rest  ada  1 tries  no more ideas"),
        "{list}"
    );
    assert!(lines[1].ends_with("the agent panicked"), "{list}");
    let shown: serde_json::Value = serde_json::from_str(&home.dead_letters(&["show", "m1"]).out).unwrap();
    assert_eq!((&shown["content"]["message"]["text"], &shown["sender_id"]), (&"fail".into(), &"ada".into()));

    assert_eq!(home.dead_letters(&["discard", "m2"]).code, Some(0));
    assert_eq!(home.dead_letters(&["replay", "m1"]).code, Some(0));
    assert_eq!(home.dead_letters(&["list"]).out, "there are no dead letters\n");
    for arguments in [["show", "m1"], ["replay", "r7"], ["discard", "m2"]] {
        let ended = home.dead_letters(&arguments);
        assert_eq!(ended.code, Some(1));
        assert!(ended.err.contains("there is no dead letter"), "{}", ended.err);
    }
    let misspelt = home.dead_letters(&["show", "17"]);
    assert_eq!(misspelt.code, Some(2));
    assert!(misspelt.err.contains("names no dead letter"), "{}", misspelt.err);
}
