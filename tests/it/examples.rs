//! Each example starts with the command and the `curl` lines that show it: here they run.

use std::{
    io::{BufRead, BufReader, Write as _},
    path::PathBuf,
    process::{Child, Command, Stdio},
};

use serde_json::{Value, json};

use crate::stand_in::StandIn;

/// An example at work, ended when dropped.
struct Example {
    process: Child,
    base: String,
    /// Where it keeps everything.
    _folder: tempfile::TempDir,
}

impl Example {
    /// Starts an example as its head says.
    fn start(name: &str) -> Self {
        Self::start_with(name, |command| command.args(options(name)))
    }

    /// Starts an example at a port of the system's choice, and waits until it says that it is up.
    fn start_with(name: &str, adjust: impl FnOnce(&mut Command) -> &mut Command) -> Self {
        let mut command = Command::new(binary(name));
        let folder = tempfile::tempdir().unwrap();
        command
            .args(["--port", "0", "--interface", "127.0.0.1"])
            .env("STORE", folder.path().join("channel.db"));
        let mut process = adjust(&mut command)
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("example {name}: {error}"));
        let mut log = BufReader::new(process.stderr.take().unwrap());
        let mut seen = String::new();
        while !seen.contains("the server is up at ") {
            assert_ne!(log.read_line(&mut seen).unwrap(), 0, "example {name} ended: {seen}");
        }
        let base = seen.split("the server is up at ").nth(1).unwrap().trim().to_owned();
        // The log goes on; somebody has to read it.
        std::thread::spawn(move || std::io::copy(&mut log, &mut std::io::sink()));
        Self { process, base, _folder: folder }
    }

    /// Runs a `curl` line of the example's documentation, and returns what it prints.
    fn run(&self, line: &str) -> String {
        let line = line.replace("http://localhost:5005", &self.base).replacen(
            "curl",
            "curl --silent --show-error",
            1,
        );
        let output = Command::new("sh").args(["-c", &line]).output().unwrap();
        assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }
}

impl Drop for Example {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// `cargo test` builds the examples beside the tests.
fn binary(name: &str) -> PathBuf {
    let tests = std::env::current_exe().unwrap();
    let target = tests.parent().and_then(|deps| deps.parent()).unwrap();
    target.join("examples").join(name)
}

/// What stands at the head of an example.
fn head(name: &str) -> Vec<String> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("examples").join(name).join("main.rs");
    let source = std::fs::read_to_string(path).unwrap();
    source.lines().map_while(|line| line.strip_prefix("//!")).map(|line| line.trim().to_owned()).collect()
}

/// The options in the line that says how an example is run.
fn options(name: &str) -> Vec<String> {
    let command = format!("cargo run --example {name}");
    let head = head(name);
    let rest = head.iter().find_map(|line| line.strip_prefix(&command));
    let rest = rest.unwrap_or_else(|| panic!("{name} does not say how it is run"));
    rest.split_whitespace().filter(|word| *word != "--").map(str::to_owned).collect()
}

/// The `curl` lines at the head of an example.
fn curl_lines(name: &str) -> Vec<String> {
    head(name).into_iter().filter(|line| line.starts_with("curl ")).collect()
}

/// What the `curl` lines of an example print.
fn printed(name: &str, example: &Example) -> Vec<String> {
    curl_lines(name).iter().map(|line| example.run(line)).collect()
}

fn shows(name: &str, answers: &[&str]) {
    assert_eq!(printed(name, &Example::start(name)), answers);
}

#[test]
fn myio() {
    shows("myio", &[r#"[{"recipient_id":"test_user","text":"You said: Hi there!"}]"#]);
}

#[test]
fn the_documentations_own_curl_is_answered() {
    let myio = Example::start("myio");
    let curl = r#"curl --request POST \
     --url http://localhost:5005/webhooks/myio/webhook \
     --header 'Content-Type: application/json' \
     --data '{
            "sender": "test_user",
            "message": "Hi there!",
            "metadata": {}
          }'"#;
    let reply = r#"[{"recipient_id":"test_user","text":"You said: Hi there!"}]"#;
    assert_eq!(myio.run(curl), reply);
    // Its code reads `text` instead.
    assert_eq!(myio.run(&curl.replace("message", "text")), reply);
}

#[test]
fn discord() {
    shows("discord", &[r#"{"status":"ok"}"#]);
}

#[test]
fn metadata() {
    shows("metadata", &[r#"[{"recipient_id":"ada","text":"Ciao!"}]"#]);
}

#[test]
fn signed() {
    shows("signed", &[r#"[{"recipient_id":"ada","text":"Hi!"}]"#]);
    let signed = Example::start("signed");
    let genuine = &curl_lines("signed")[0];
    let tampered = genuine.replace("Hi!", "Ho!");
    let unsigned = genuine.replace("X-Signature", "X-Other");
    for forged in [tampered, unsigned] {
        let answer: serde_json::Value = serde_json::from_str(&signed.run(&forged)).unwrap();
        assert_eq!(answer["status"], 401, "{answer}");
    }
}

#[test]
fn by_hand() {
    shows("by_hand", &[r#"[{"recipient_id":"ada","text":"By hand: Hi!"}]"#]);
}

#[test]
fn many() {
    let answers = [
        r#"[{"recipient_id":"ada","text":"Hi! -- the sales team"}]"#,
        r#"[{"recipient_id":"ada","text":"Hi! -- your friends at support"}]"#,
        r#"[{"recipient_id":"ADA-1","text":"rain"}]"#,
    ];
    shows("many", &answers);
}

#[test]
fn greeting() {
    let answers = [
        r#"[{"recipient_id":"ada","text":"Hi! I'm the custom channel greeting"}]"#,
        r#"[{"recipient_id":"ada","text":"Hi! I'm the default greeting."}]"#,
    ];
    shows("greeting", &answers);
}

#[test]
fn tracker_state() {
    let printed = printed("tracker_state", &Example::start("tracker_state"));
    let answer: Value = serde_json::from_str(&printed[0]).unwrap();
    assert_eq!(answer["messages"][0]["text"], "Hi! I'm the custom channel greeting");
    assert_eq!(answer["metadata"], json!({ "locale": "it" }));
    assert_eq!(answer["conversation_id"], "test_user");
    let state = &answer["tracker_state"];
    assert_eq!(state["sender_id"], "test_user");
    assert_eq!(state["latest_message"]["intent"]["name"], "greet");
    assert_eq!(state["latest_message"]["metadata"], json!({ "locale": "it" }));
    assert_eq!(state["latest_input_channel"], "myio");
    let events = state["events"].as_array().unwrap().iter();
    assert!(events.into_iter().any(|event| event["name"] == "utter_greet"), "{state}");
}

#[tokio::test(flavor = "multi_thread")]
async fn actions() {
    let server = StandIn::start().await;
    let url = server.url("/action/webhook");
    let printed = tokio::task::spawn_blocking(move || {
        let example = Example::start_with("actions", |command| command.env("ACTION_URL", url));
        printed("actions", &example)
    });
    let answers = [
        r#"[{"recipient_id":"ada","text":"Ciao!"}]"#,
        r#"[{"recipient_id":"ada","text":"You are looking at /prices"}]"#,
    ];
    assert_eq!(printed.await.unwrap(), answers);
}

#[test]
fn proactive() {
    let printed = printed("proactive", &Example::start("proactive"));
    let triggered: Value = serde_json::from_str(&printed[0]).unwrap();
    assert_eq!(triggered["delivered"], "sent", "{triggered}");
    assert_eq!(printed[1], r#"["Your parcel A-17 has arrived."]"#);
}

#[test]
fn rasa_bot() {
    let answers = [
        r#"[{"recipient_id":"ada","text":"Hi! I'm the default greeting."}]"#,
        r#"[{"recipient_id":"ada","text":"Hi! I'm the custom channel greeting"}]"#,
    ];
    shows("rasa_bot", &answers);
}

#[test]
fn rasa_bot_runs_any_bot() {
    let examples = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("examples");
    let bot = Example::start_with("rasa_bot", |command| {
        command
            .arg("--bot")
            .arg(examples.join("greeting/bot"))
            .arg("--credentials")
            .arg(examples.join("rasa_bot/bot/credentials.yml"))
            .arg("--endpoints")
            .arg(examples.join("rasa_bot/bot/endpoints.yml"))
            .arg("--enable-api")
    });
    let reply = bot.run(&curl_lines("rasa_bot")[1]);
    assert_eq!(reply, r#"[{"recipient_id":"ada","text":"Hi! I'm the custom channel greeting"}]"#);
    let tracker: Value =
        serde_json::from_str(&bot.run("curl http://localhost:5005/conversations/ada/tracker")).unwrap();
    assert_eq!(tracker["latest_message"]["intent"]["name"], "greet", "{tracker}");
}

#[test]
fn slack_fake() {
    let mut command = Command::new(binary("slack_fake"));
    let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    process.stdin.take().unwrap().write_all(b"Hi!\n!2\n!3\n").unwrap();
    let output = process.wait_with_output().unwrap();
    assert!(output.status.success());
    let expected =
        "app: Which colour?\n  !1 [Red]\n  !2 [Blue]\napp: Painted it blue.\nthere is no such button\n";
    assert_eq!(String::from_utf8(output.stdout).unwrap(), expected);
}

#[test]
fn an_example_connector_is_short() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/myio/main.rs");
    let source = std::fs::read_to_string(path).unwrap();
    let connector = source
        .lines()
        .skip_while(|line| !line.starts_with("#[channel"))
        .take_while(|line| !line.starts_with("fn main"));
    assert!(connector.count() <= 40);
}
