//! Talking to a bot in the terminal, whose input is a pipe here.

use std::{
    fs::OpenOptions,
    io::{BufRead as _, BufReader, Write as _},
    process::{Command, Stdio},
};

use crate::support::{Ended, LINKED, Place, TALKER};

/// What the bot answers to these lines.
fn talk(lines: &str) -> Ended {
    talk_with(&[], lines)
}

fn talk_with(options: &[&str], lines: &str) -> Ended {
    let place = Place::with("");
    let arguments = [&["shell"], options].concat();
    Ended::after(&mut place.command(TALKER, &arguments), lines)
}

#[test]
fn each_line_is_answered_and_the_end_of_the_input_ends_it() {
    let ended = talk("Hi\n\n  Bye! \nno line end: ü");
    let answers = "You said: Hi\nYou said: Bye!\nYou said: no line end: ü\n";
    assert_eq!((ended.code, &*ended.out, &*ended.err), (Some(0), answers, ""));
}

#[test]
fn a_program_without_an_agent_echoes_and_needs_no_credentials() {
    let place = Place::with("nothing: that is right");
    let ended = Ended::after(&mut place.command(LINKED, &["shell"]), "hi\n");
    assert_eq!((ended.code, &*ended.out, &*ended.err), (Some(0), "hi\n", ""));
}

#[test]
fn stop_ends_it() {
    let ended = talk("Hi\n/stop\nnobody hears this\n");
    assert_eq!((ended.code, &*ended.out), (Some(0), "You said: Hi\n"));
}

#[test]
fn other_commands_go_to_the_bot() {
    assert_eq!(talk("/restart\n").out, "You said: /restart\n");
}

#[test]
fn a_number_chooses_and_anything_else_is_text() {
    const QUESTION: &str = "Shall we go on?\n  1: Yes (/affirm)\n  2: again\n";
    for (said, heard) in [("1", "/affirm"), ("2", "again"), ("3", "3"), ("0", "0"), ("one", "one")] {
        let ended = talk(&format!("ask\n{said}\n"));
        assert_eq!(ended.out, format!("{QUESTION}You said: {heard}\n"), "{said}");
    }
    let later = talk("ask\nHi\n1\n");
    assert_eq!(later.out, format!("{QUESTION}You said: Hi\nYou said: 1\n"), "the choice is over");
}

#[test]
fn everything_that_a_bot_shows_is_there_as_text() {
    let shown = "Quick!
  1: Now (/now)
Image: https://example.com/cat.png
Attachment: https://example.com/cat.pdf
{\"mood\": [\"fine\", null]}
Cat : Purrs
  2: Adopt (/adopt)
Two
lines
";
    assert_eq!(talk("show\n2\n").out, format!("{shown}You said: /adopt\n"));
}

#[test]
fn silence_is_shown() {
    assert_eq!(talk("nothing\nHi\n").out, "(the bot is silent)\nYou said: Hi\n");
}

#[test]
fn a_turn_that_fails_says_why_and_the_next_one_runs() {
    let ended = talk("fail\nHi\n");
    assert_eq!((ended.code, &*ended.out), (Some(0), "You said: Hi\n"));
    assert_eq!(ended.err, "error: the turn failed: no more ideas\n");

    let ended = talk("panic\nHi\n");
    assert_eq!((ended.code, &*ended.out), (Some(0), "You said: Hi\n"));
    assert!(ended.err.ends_with("error: the turn failed: the agent panicked\n"), "{}", ended.err);
}

#[test]
fn it_is_one_conversation() {
    assert_eq!(talk("Hi\nfail\ncount\n").out, "You said: Hi\n2 messages\n");
    assert_eq!(talk_with(&["--conversation-id", "ada"], "who\n").out, "ada on shell\n");
    assert_ne!(talk("who\n").out, talk("who\n").out);
}

#[test]
fn a_step_is_shown_before_the_turn_is_over() {
    let place = Place::with("");
    assert!(place.command("mkfifo", &["answer"]).status().unwrap().success());
    let mut command: Command = place.command(TALKER, &["shell"]);
    let mut bot = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    writeln!(bot.stdin.take().unwrap(), "wait").unwrap();
    let mut shown = BufReader::new(bot.stdout.take().unwrap()).lines().map(Result::unwrap);
    assert_eq!(shown.next().unwrap(), "One moment.");
    // Opening it waits for the bot, which has it open once it waits for the answer.
    let mut answer = OpenOptions::new().write(true).open(place.path("answer")).unwrap();
    answer.write_all(b"Here it is.").unwrap();
    drop(answer);
    assert_eq!(shown.collect::<Vec<_>>(), ["Here it is."]);
    assert!(bot.wait().unwrap().success());
}
