//! The commands and their exit codes.

use crate::support::{Bot, LINKED, Place};

const RIGHT: &str = "rest:\n";
const WRONG: &str = "rest: { default_sendr: x }\n";

#[test]
fn check_says_whether_the_files_are_right() {
    let right = Place::with(RIGHT).run(LINKED, &["check"]);
    assert_eq!((right.code, &*right.out, &*right.err), (Some(0), "credentials.yml is right\n", ""));

    let wrong = Place::with(WRONG).run(LINKED, &["check"]);
    assert_eq!((wrong.code, &*wrong.out), (Some(1), ""));
    assert!(wrong.err.starts_with("error: credentials.yml:1:9: "), "{}", wrong.err);
    assert!(wrong.err.contains("did you mean `default_sender`?"), "{}", wrong.err);
}

#[test]
fn channels_prints_its_table_also_when_the_files_are_wrong() {
    let right = Place::with(RIGHT).run(LINKED, &["channels"]);
    assert_eq!((right.code, right.out.lines().count(), &*right.err), (Some(0), 6, ""));
    assert!(right.out.starts_with("CHANNEL   KEY "), "{}", right.out);

    let wrong = Place::with(WRONG).run(LINKED, &["channels"]);
    assert_eq!((wrong.code, wrong.out.lines().count()), (Some(1), 6));
    assert!(wrong.out.contains("not mounted: the credentials have mistakes"), "{}", wrong.out);
    assert!(wrong.err.contains("1 mistake in credentials.yml"), "{}", wrong.err);
}

#[test]
fn run_refuses_wrong_files() {
    for arguments in [&["run"][..], &[]] {
        let wrong = Place::with(WRONG).run(LINKED, arguments);
        assert_eq!(wrong.code, Some(1));
        assert!(wrong.err.contains("did you mean `default_sender`?"), "{}", wrong.err);
    }
}

#[test]
fn run_is_what_is_done_without_a_command() {
    let place = Place::with(RIGHT);
    let with = ["run", "--port", "0", "--interface", "127.0.0.1"];
    for arguments in [&with[..], &with[1..]] {
        let bot = Bot::start(&mut place.command(LINKED, arguments));
        assert_ne!(bot.port, 0, "the system has chosen one");
        let answer = bot.post("/webhooks/rest/webhook", r#"{"sender": "ada", "message": "Hi"}"#);
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    }
}

#[test]
fn a_port_in_use_is_an_error_that_helps() {
    let place = Place::with(RIGHT);
    let first = place.serve(LINKED);
    let port = first.port.to_string();
    let second = place.run(LINKED, &["--port", &port, "--interface", "127.0.0.1", "--store", "memory"]);
    assert_eq!(second.code, Some(1));
    let said = format!("error: can't listen at 127.0.0.1:{port}: ");
    assert!(second.err.lines().last().unwrap().starts_with(&said), "{}", second.err);
    assert!(second.err.ends_with("choose another port with `--port`\n"), "{}", second.err);
}

#[test]
fn an_address_of_another_machine_is_an_error_that_helps() {
    // An address for documentation, which no machine has (RFC 5737).
    let ended = Place::with(RIGHT).run(LINKED, &["--port", "0", "--interface", "192.0.2.1"]);
    assert_eq!(ended.code, Some(1));
    assert!(ended.err.ends_with("choose another with `--interface`\n"), "{}", ended.err);
}

#[test]
fn files_that_are_not_there_are_named() {
    let place = Place::with(RIGHT);
    for command in ["run", "check", "channels"] {
        let ended = place.run(LINKED, &[command, "--credentials", "nowhere.yml"]);
        assert_eq!(ended.code, Some(1));
        assert!(ended.err.contains("nowhere.yml: there is no such file"), "{}", ended.err);
    }
}

#[test]
fn mistakes_on_the_line_have_their_own_code() {
    let place = Place::with(RIGHT);
    for (arguments, said) in [
        (&["--prot", "1"][..], "a similar argument exists: '--port'"),
        (&["chek"], "check"),
        (&["--port", "70000"], "70000 is not in 0..=65535"),
        (&["--response-timeout", "0"], "expected a number of seconds above 0"),
        (&["--response-timeout=-1"], "expected a number of seconds above 0"),
        (&["--response-timeout", "soon"], "expected a number of seconds"),
        (&["--response-timeout", "NaN"], "expected a number of seconds above 0"),
        (&["--log-format", "xml"], "[possible values: text, json]"),
        (&["--log-level", "loud"], "`loud` is neither error, warn, info"),
        (&["--log-level", "warn,hyper"], "`hyper` is neither"),
        (&["--ssl-certificate", "a.pem"], "--ssl-keyfile <FILE>"),
        (&["--ssl-keyfile", "a.pem"], "--ssl-certificate <FILE>"),
        (&["check", "--port", "1"], "--port"),
    ] {
        let ended = place.run(LINKED, arguments);
        assert_eq!(ended.code, Some(2), "{arguments:?}: {ended:?}");
        assert!(ended.err.contains(said), "{arguments:?}: {}", ended.err);
    }
}

#[test]
fn help_and_version_are_there() {
    let place = Place::with(RIGHT);
    let help = place.run(LINKED, &["--help"]);
    assert_eq!(help.code, Some(0));
    for word in ["run", "channels", "check", "--port", "[env: PORT=]", "[default: 5005]"] {
        assert!(help.out.contains(word), "{}", help.out);
    }
    assert_eq!(place.run(LINKED, &["--version"]).code, Some(0));
}
