//! Every option, also from the environment.

use crate::support::{Bot, Ended, LINKED, Place, SLOW, answer, send_post};

const HI: &str = r#"{"sender": "ada", "message": "Hi"}"#;

/// Starts the bot twice: with the option on its line, and with it in its environment.
fn both_ways(place: &Place, program: &str, options: &[(&str, &str, &str)], test: impl Fn(Bot)) {
    let basis = ["--port", "0", "--interface", "127.0.0.1"];
    let mut line = place.command(program, &basis);
    let mut environment = place.command(program, &basis);
    for (option, variable, value) in options {
        line.args([option, value]);
        environment.env(variable, value);
    }
    test(Bot::start(&mut line));
    test(Bot::start(&mut environment));
}

#[test]
fn port_and_interface_come_from_the_environment_too() {
    let place = Place::with("rest:\n");
    let mut command = place.command(LINKED, &[]);
    let bot = Bot::start(command.env("PORT", "0").env("INTERFACE", "127.0.0.1"));
    assert!(bot.log.last().unwrap().contains("http://127.0.0.1:"), "{:?}", bot.log);
    assert!(bot.post("/webhooks/rest/webhook", HI).starts_with("HTTP/1.1 200 "));
}

#[test]
fn the_line_wins_over_the_environment() {
    let place = Place::with("rest:\n");
    let mut command = place.command(LINKED, &["--port", "0", "--interface", "127.0.0.1"]);
    let bot = Bot::start(command.env("PORT", "1").env("INTERFACE", "192.0.2.1"));
    assert!(bot.post("/webhooks/rest/webhook", HI).starts_with("HTTP/1.1 200 "));
}

#[test]
fn credentials() {
    let place = Place::with("wrong");
    place.write("other.yml", "rest:\n");
    both_ways(&place, LINKED, &[("--credentials", "CREDENTIALS", "other.yml")], |bot| {
        assert!(bot.post("/webhooks/rest/webhook", HI).starts_with("HTTP/1.1 200 "));
    });
    for command in ["check", "channels"] {
        assert_eq!(
            place.command(LINKED, &[command]).env("CREDENTIALS", "other.yml").status().unwrap().code(),
            Some(0)
        );
    }
}

#[test]
fn what_stands_in_the_environment_does_not_disturb_other_commands() {
    let place = Place::with("rest:\n");
    for command in ["check", "channels"] {
        let mut command = place.command(LINKED, &[command]);
        command.envs([("PORT", "5005"), ("INTERFACE", "0.0.0.0"), ("CORS", "*"), ("LOG_LEVEL", "debug")]);
        assert_eq!(Ended::of(&mut command).code, Some(0));
    }
}

#[test]
fn empty_variables_are_none() {
    let place = Place::with("rest:\n");
    let mut command = place.command(LINKED, &["--port", "0", "--interface", "127.0.0.1"]);
    command.env("CORS", "");
    let bot = Bot::start(&mut command);
    let answer = bot.post("/webhooks/rest/webhook", HI);
    assert!(answer.starts_with("HTTP/1.1 200 ") && !answer.contains("access-control"), "{answer}");
}

const PARSE: &str = "/model/parse";
const WARNING: &str = "can read every conversation";

/// Starts the bot with these arguments and variables beside what it always needs.
fn with(place: &Place, arguments: &[&str], variables: &[(&str, &str)]) -> Bot {
    let arguments = [&["--port", "0", "--interface", "127.0.0.1", "--store", "memory"], arguments].concat();
    Bot::start(place.command(LINKED, &arguments).envs(variables.iter().copied()))
}

#[test]
fn the_api_is_switched_on() {
    let place = Place::with("rest:\n");
    for bot in [
        with(&place, &[], &[]),
        with(&place, &["--auth-token", "tok"], &[]),
        with(&place, &[], &[("ENABLE_API", "")]),
        with(&place, &["--enable-api=false"], &[("ENABLE_API", "true")]),
    ] {
        assert!(bot.post(PARSE, "{}").starts_with("HTTP/1.1 404 "));
    }
    for bot in [
        with(&place, &["--enable-api"], &[]),
        with(&place, &[], &[("ENABLE_API", "1"), ("AUTH_TOKEN", ""), ("JWT_SECRET", "")]),
    ] {
        assert!(bot.post(PARSE, "{}").starts_with("HTTP/1.1 409 "));
        assert!(bot.log.iter().any(|line| line.contains(WARNING)), "{:?}", bot.log);
    }
}

#[test]
fn the_api_asks_for_a_token() {
    let place = Place::with("rest:\n");
    for bot in [
        with(&place, &["--enable-api", "-t", "tok"], &[]),
        with(&place, &["--enable-api"], &[("AUTH_TOKEN", "tok")]),
    ] {
        assert!(bot.post(PARSE, "{}").starts_with("HTTP/1.1 401 "));
        assert!(bot.post("/model/parse?token=tok", "{}").starts_with("HTTP/1.1 409 "));
        assert!(!bot.log.iter().any(|line| line.contains(WARNING) || line.contains("tok=")), "{:?}", bot.log);
    }
    for bot in [
        with(&place, &["--enable-api", "--jwt-secret", "s3cret"], &[]),
        with(&place, &["--enable-api"], &[("JWT_SECRET", "s3cret"), ("JWT_METHOD", "HS512")]),
    ] {
        assert!(bot.post(PARSE, "{}").starts_with("HTTP/1.1 401 "));
    }
    let ended = place.run(LINKED, &["--enable-api", "--jwt-secret", "s3cret", "--jwt-method", "RS256"]);
    assert_eq!(ended.code, Some(1));
    assert!(ended.err.contains("PEM") && !ended.err.contains("s3cret"), "{}", ended.err);
    let mut help = place.command(LINKED, &["--help"]);
    let help = Ended::of(help.env("AUTH_TOKEN", "hidden-1").env("JWT_SECRET", "hidden-2"));
    assert!(help.out.contains("--auth-token") && !help.out.contains("hidden"), "{}", help.out);
}

#[test]
fn cors() {
    let origins = "https://chat.example,https://other.example";
    both_ways(&Place::with("rest:\n"), LINKED, &[("--cors", "CORS", origins)], |bot| {
        let mut stream = bot.connect();
        send_post(&mut stream, "/webhooks/rest/webhook HTTP/1.1\r\nOrigin: https://other.example\r\nX:", HI);
        let answer = answer(&mut stream);
        assert!(answer.contains("access-control-allow-origin: https://other.example\r\n"), "{answer}");
    });
}

#[test]
fn response_timeout() {
    both_ways(&Place::with("rest:\n"), SLOW, &[("--response-timeout", "RESPONSE_TIMEOUT", "0.05")], |bot| {
        let answer = bot.post("/webhooks/rest/webhook", HI);
        assert!(answer.starts_with("HTTP/1.1 503 ") && answer.contains("within 0.05 s"), "{answer}");
    });
}

#[test]
fn ssl_certificate_and_keyfile() {
    let place = Place::with("rest:\n");
    let certified = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    place.write("certificate.pem", &certified.cert.pem());
    place.write("key.pem", &certified.signing_key.serialize_pem());
    let options = [
        ("--ssl-certificate", "SSL_CERTIFICATE", "certificate.pem"),
        ("--ssl-keyfile", "SSL_KEYFILE", "key.pem"),
    ];
    both_ways(&place, LINKED, &options, |bot| {
        assert!(bot.log.last().unwrap().contains("https://127.0.0.1:"), "{:?}", bot.log);
    });
}

#[test]
fn log_level_and_format() {
    let place = Place::with("rest:\n");
    let options = [
        ("--log-level", "LOG_LEVEL", "warn,channel_server::server=info"),
        ("--log-format", "LOG_FORMAT", "json"),
    ];
    both_ways(&place, LINKED, &options, |bot| {
        for line in &bot.log {
            let line: serde_json::Value = serde_json::from_str(line).unwrap();
            assert!(line["level"].is_string() && line["message"].is_string(), "{line}");
        }
    });
    let mut quiet =
        place.command(LINKED, &["--port", "0", "--interface", "192.0.2.1", "--log-level", "error"]);
    let said = Ended::of(&mut quiet).err;
    assert_eq!(said.lines().count(), 1, "nothing but the last word: {said}");
}
