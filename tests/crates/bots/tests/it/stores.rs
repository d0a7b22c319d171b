//! Where a server keeps everything.

use crate::support::{Bot, Place, TALKER};

const REST: &str = "/webhooks/rest/webhook";

fn say(bot: &Bot, text: &str) -> String {
    bot.post(REST, &format!(r#"{{"sender": "ada", "message": "{text}", "message_id": "{text}"}}"#))
}

#[test]
fn conversations_outlast_the_server_in_a_file_beside_it() {
    let place = Place::with("rest:\n");
    let first = place.serve(TALKER);
    assert!(say(&first, "one").contains("You said: one"));
    first.signal("KILL");
    first.end();
    assert!(place.path("channel.db").exists());

    let second = place.serve(TALKER);
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
