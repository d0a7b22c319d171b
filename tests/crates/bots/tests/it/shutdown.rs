//! Signals: the first lets what runs end, the second ends at once.

use std::net::TcpStream;

use crate::support::{Bot, LINKED, Place, SLOW, answer, send_post};

const REST: &str = "/webhooks/rest/webhook";
const HI: &str = r#"{"sender": "ada", "message": "Hi"}"#;

/// A bot that is thinking about a message, and the connection that waits for its answer.
fn thinking(place: &Place) -> (Bot, TcpStream) {
    let mut bot = place.serve(SLOW);
    let mut caller = bot.connect();
    send_post(&mut caller, REST, HI);
    assert_eq!(bot.printed(), "thinking about Hi");
    (bot, caller)
}

#[test]
fn a_signal_lets_the_running_request_end() {
    for signal in ["TERM", "INT"] {
        let place = Place::with("rest:\n");
        let (mut bot, mut caller) = thinking(&place);
        let idle = bot.connect();
        bot.signal(signal);
        bot.wait_for("stopping");
        // The listener is closed a moment after the word is out.
        while TcpStream::connect(("127.0.0.1", bot.port)).is_ok() {
            std::thread::yield_now();
        }
        bot.tell("here it is");
        let answer = answer(&mut caller);
        assert!(answer.starts_with("HTTP/1.1 200 ") && answer.contains("here it is"), "{answer}");
        bot.wait_for("stopped");
        assert_eq!(bot.end(), Some(0));
        drop(idle);
    }
}

#[test]
fn a_signal_ends_a_bot_that_has_nothing_to_do() {
    for signal in ["TERM", "INT"] {
        let bot = Place::with("rest:\n").serve(LINKED);
        bot.signal(signal);
        assert_eq!(bot.end(), Some(0), "{signal}");
    }
}

#[test]
fn a_signal_does_not_cut_the_turn_of_a_caller_that_hung_up() {
    let place = Place::with("rest:\n");
    let (mut bot, caller) = thinking(&place);
    drop(caller);
    bot.signal("TERM");
    bot.wait_for("stopping");
    bot.tell("nobody hears it");
    bot.wait_for("stopped");
    assert_eq!(bot.end(), Some(0));
}

#[test]
fn a_second_signal_ends_at_once() {
    let place = Place::with("rest:\n");
    let (mut bot, mut caller) = thinking(&place);
    bot.signal("TERM");
    bot.wait_for("stopping");
    bot.signal("TERM");
    bot.wait_for("ended without waiting");
    // Its agent still blocks a thread on the input, which stays open.
    let mut rest = Vec::new();
    let _ = std::io::Read::read_to_end(&mut caller, &mut rest);
    assert!(rest.is_empty(), "the request is cut");
    let end = bot.end();
    assert_eq!(end, Some(0));
}
