//! Custom actions on an action server, over HTTP.

use std::{
    fs,
    io::Read,
    process::Command,
    sync::{Arc, Mutex},
    time::Duration,
};

use channel_agent::{
    ActionError, ActionOutcome, ActionRequest, ActionServer, ActionServerConfig, HttpActionServer,
};
use channel_core::{EventKind, Secret, Settings, UserMessage, async_trait};
use channel_endpoint::EndpointConfig;
use flate2::read::ZlibDecoder;
use serde_json::{Value, json};
use tokio::net::TcpSocket;

use crate::support::{StandIn, Talk, agent, fixture};

const DOMAIN: &str = "
intents: [act, need]
slots: {last_source: {type: text, mappings: [{type: custom}]}}
responses:
  utter_default: [{text: what?}]
  utter_template_kwargs: [{text: 'kwarg: {what}'}]
actions:
  - action_act
  - action_needy: {send_domain: true}
";

const RULES: &str = "
rules:
  - {rule: act, steps: [{intent: act}, {action: action_act}]}
  - {rule: need, steps: [{intent: need}, {action: action_needy}]}
";

/// Keeps what came of the actions.
struct Spy {
    server: HttpActionServer,
    outcomes: Mutex<Vec<Result<ActionOutcome, String>>>,
}

#[async_trait]
impl ActionServer for Spy {
    async fn run(&self, request: &ActionRequest<'_>) -> Result<ActionOutcome, ActionError> {
        let outcome = self.server.run(request).await;
        let kept = outcome.as_ref().map(Clone::clone).map_err(ToString::to_string);
        self.outcomes.lock().unwrap().push(kept);
        outcome
    }
}

/// Somebody to talk to whose actions run on this server.
fn talk(config: impl Into<ActionServerConfig>) -> (Talk, Arc<Spy>) {
    let server = HttpActionServer::new(config.into()).unwrap();
    let spy = Arc::new(Spy { server, outcomes: Mutex::default() });
    (Talk::to(agent(DOMAIN, RULES).action_server(spy.clone())), spy)
}

impl Spy {
    fn outcome(&self) -> Result<ActionOutcome, String> {
        self.outcomes.lock().unwrap().pop().unwrap()
    }
}

/// What comes of `action_act` where the server answers this; and the server's address.
async fn answered(status: u16, body: &str) -> (Result<ActionOutcome, String>, String) {
    let stand_in = StandIn::answering([(status, body)]).await;
    let (mut talk, spy) = talk(stand_in.config());
    talk.say("/act").await;
    (spy.outcome(), stand_in.url())
}

async fn assert_failure(status: u16, body: &str, expected: &str) {
    let (outcome, url) = answered(status, body).await;
    assert_eq!(outcome.unwrap_err(), expected.replace("URL", &url));
}

#[tokio::test]
async fn the_request_is_that_of_rasa() {
    let stand_in = StandIn::answering([(200, "null")]).await;
    let (mut talk, _) = talk(stand_in.config().with_token(Secret::new("t")));
    talk.say("/act").await;
    let asked = &stand_in.asked()[0];
    assert_eq!(asked.headers["content-type"], "application/json");
    assert!(!asked.headers.contains_key("content-encoding"));
    let body = asked.json();
    let keys: Vec<_> = body.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["next_action", "sender_id", "tracker", "domain", "version"]);
    assert_eq!((&body["next_action"], &body["sender_id"]), (&json!("action_act"), &json!("test_user")));
    assert_eq!(body["version"], "3.6.21");
    assert_eq!(body["domain"]["actions"], json!(["action_act", { "action_needy": { "send_domain": true } }]));
    let events = body["tracker"]["events"].as_array().unwrap();
    assert_eq!(events.first().unwrap()["name"], "action_session_start");
    assert!(events.iter().any(|event| event["event"] == "user"));
}

#[tokio::test]
async fn the_recorded_answers_are_understood() {
    let text = fs::read_to_string(fixture("action-server-answers.jsonl")).unwrap();
    let mut found = Vec::new();
    for line in text.lines() {
        let row: Value = serde_json::from_str(line).unwrap();
        let status = row["status"].as_u64().unwrap().try_into().unwrap();
        let (outcome, url) = answered(status, row["body"].as_str().unwrap()).await;
        let said = match outcome {
            Ok(outcome) => format!("{} events, {} responses", outcome.events.len(), outcome.responses.len()),
            Err(error) => error.replace(&url, "URL"),
        };
        found.push(format!("{}: {said}", row["id"].as_str().unwrap().trim_start_matches("sdk.")));
    }
    let invalid = r#"the action server can't run `action_act`: URL answered 400 ({"error":"Invalid body request"}); look into its log"#;
    let expected = [
        "action_echo_metadata: 1 events, 1 responses",
        "action_rich: 0 events, 8 responses",
        "action_fail: the action `action_act` failed on the action server at URL: boom; look into the log there",
        "action_reject: the action was rejected: rejected on purpose",
        "action_nosuch: the action server at URL has no action `action_act`; register it there, or correct its name in \
         the domain",
        "nonext: 0 events, 0 responses",
        "noversion: 1 events, 1 responses",
        "nodomain: 1 events, 1 responses",
        "minimal: 1 events, 1 responses",
        "empty: 0 events, 0 responses",
        &format!("null: {invalid}"),
        &format!("emptybody: {invalid}"),
    ];
    assert_eq!(found, expected);
}

#[tokio::test]
async fn what_the_server_answers_is_said_and_done() {
    let text = fs::read_to_string(fixture("action-server-answers.jsonl")).unwrap();
    let rows = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let bodies: Vec<_> = rows.map(|row| (200, row["body"].as_str().unwrap().to_owned())).take(2).collect();
    let stand_in = StandIn::answering(bodies).await;
    let (mut talk, _) = talk(stand_in.config());
    let said = talk.say("/act").await;
    assert_eq!(said, [r#"metadata={"nested": {"list": [1, 2.5, null, true, "\u00e9"]}, "source": "web"}"#]);
    assert_eq!(talk.tracker().slot("last_source"), Some(&json!("web")));
    let said = talk.say("/act").await;
    assert_eq!(said[..2], ["one", "two"]);
    assert!(said.contains(&"kwarg: kwarg".to_owned()), "{said:?}");
}

#[tokio::test]
async fn an_unknown_event_is_kept() {
    let answer = r#"{"events": [{"event": "made_up", "x": 1}], "responses": null}"#;
    let stand_in = StandIn::answering([(200, answer)]).await;
    let (mut talk, _) = talk(stand_in.config());
    talk.say("/act").await;
    let kept = talk.tracker().events().iter().find(|event| event.kind.name() == "made_up").unwrap();
    assert!(matches!(&kept.kind, EventKind::Other { fields, .. } if fields["x"] == 1));
}

#[tokio::test]
async fn a_rejection_leaves_the_turn_to_the_fallback() {
    let stand_in = StandIn::answering([(400, r#"{"error": "busy", "action_name": "action_act"}"#)]).await;
    let (mut talk, spy) = talk(stand_in.config());
    assert_eq!(talk.say("/act").await, ["what?"]);
    assert_eq!(spy.outcome().unwrap_err(), "the action was rejected: busy");
}

#[tokio::test]
async fn other_answers_are_failures() {
    let shape = |problem: &str| {
        format!(
            "the action server at URL answered for `action_act` what is no answer: {problem}; it has to be an object \
             with `events` and `responses`"
        )
    };
    for (body, problem) in [
        ("[]", "it is no object"),
        (r#""ok""#, "it is no object"),
        (r#"{"events": {}}"#, "events: invalid type: map, expected a sequence"),
        (r#"{"events": [{"name": "x"}]}"#, "events[0]: missing field `event`"),
        (r#"{"responses": ["hi"]}"#, r#"responses[0]: invalid type: string "hi", expected a map"#),
    ] {
        assert_failure(200, body, &shape(problem)).await;
    }
    assert_failure(
        200,
        "<html>",
        "the action server can't run `action_act`: the reply of URL is no JSON (\"application/json\", expected value \
         at line 1 column 1); check that this is its address",
    )
    .await;
    assert_failure(
        404,
        "nothing here",
        "the action server can't run `action_act`: URL answered 404 (nothing here); check its address",
    )
    .await;
    assert_failure(
        500,
        r#"{"error":"no such page","request_body":null}"#,
        r#"the action server can't run `action_act`: URL answered 500 ({"error":"no such page","request_body":null}); look into its log"#,
    )
    .await;
}

#[tokio::test]
async fn nobody_is_there() {
    // Bound, lest somebody else get the port, and not listening.
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let address = socket.local_addr().unwrap();
    let (mut talk, spy) = talk(EndpointConfig::new(format!("http://{address}/webhook")));
    assert!(talk.say("/act").await.is_empty());
    let expected = format!(
        "the action server can't run `action_act`: could not connect to http://{address}/webhook: Connection refused \
         (os error 111); check that it runs and that this is its address"
    );
    assert_eq!(spy.outcome().unwrap_err(), expected);
}

#[tokio::test]
async fn no_answer_comes() {
    let stand_in = StandIn::answering::<&str>([]).await;
    let (mut talk, spy) = talk(stand_in.config().with_timeout(Duration::from_millis(500)));
    assert!(talk.say("/act").await.is_empty());
    let expected = format!(
        "the action server can't run `action_act`: {} did not answer within 500ms; look into its log, or give it more \
         `timeout`",
        stand_in.url()
    );
    assert_eq!(spy.outcome().unwrap_err(), expected);
    assert_eq!(stand_in.asked().len(), 1);
}

fn selective(stand_in: &StandIn) -> ActionServerConfig {
    let settings = json!({ "url": stand_in.url(), "enable_selective_domain": true, "timeout": 10 });
    Settings::from_json(&settings).read().unwrap()
}

/// Which of the requests had the domain.
fn domains(stand_in: &StandIn) -> Vec<bool> {
    stand_in.asked().iter().map(|asked| asked.json().get("domain").is_some()).collect()
}

#[tokio::test]
async fn the_domain_goes_along_where_the_action_asks_for_it() {
    let stand_in = StandIn::answering([(200, "null"), (200, "null")]).await;
    let (mut talk, _) = talk(selective(&stand_in));
    talk.say("/act").await;
    talk.say("/need").await;
    assert_eq!(domains(&stand_in), [false, true]);
}

#[tokio::test]
async fn a_server_that_misses_the_domain_gets_it() {
    let missing = r#"{"error": "Missing domain context", "action_name": "action_act"}"#;
    let stand_in =
        StandIn::answering([(449, missing), (200, r#"{"responses": [{"text": "done"}]}"#), (449, missing)])
            .await;
    let (mut talk, spy) = talk(selective(&stand_in));
    assert_eq!(talk.say("/act").await, ["done"]);
    assert_eq!(domains(&stand_in), [false, true]);
    // What it was given it can't miss.
    assert!(talk.say("/need").await.is_empty());
    assert_eq!(domains(&stand_in), [true]);
    assert!(spy.outcome().unwrap_err().contains("answered 449"));
}

#[tokio::test]
async fn tracing_goes_along() {
    let stand_in = StandIn::answering([(200, "null")]).await;
    let (mut talk, _) = talk(stand_in.config());
    let mut message = UserMessage::payload("/act", "test_user");
    let headers = [("Traceparent", "00-1-2-01"), ("tracestate", "a=b"), ("cookie", "s3cret")];
    message.headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
    talk.send(message).await;
    let headers = &stand_in.asked()[0].headers;
    assert_eq!(headers["traceparent"], "00-1-2-01");
    assert_eq!(headers["tracestate"], "a=b");
    assert!(!headers.contains_key("cookie"));
}

#[tokio::test]
async fn requests_are_compressed_as_the_environment_says() {
    const VARIABLE: &str = "COMPRESS_ACTION_SERVER_REQUEST";
    if std::env::var_os(VARIABLE).is_none() {
        // An environment is a process's own: this test once more, in another one.
        let name = "action_server::requests_are_compressed_as_the_environment_says";
        let test = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", name])
            .env(VARIABLE, "True")
            .output()
            .unwrap();
        assert!(test.status.success(), "{}", String::from_utf8_lossy(&test.stdout));
        return;
    }
    let stand_in = StandIn::answering([(200, "null")]).await;
    let (mut talk, spy) = talk(stand_in.config());
    talk.say("/act").await;
    assert!(spy.outcome().is_ok());
    let asked = &stand_in.asked()[0];
    assert_eq!(asked.headers["content-encoding"], "deflate");
    let mut body = String::new();
    ZlibDecoder::new(&*asked.body).read_to_string(&mut body).unwrap();
    let body: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(body["next_action"], "action_act");
}

#[test]
fn a_misspelt_setting_is_told() {
    let settings = json!({ "url": "http://x", "enable_selective_domains": true });
    let mistakes = Settings::from_json(&settings).read::<ActionServerConfig>().unwrap_err().to_string();
    assert!(mistakes.contains("did you mean `enable_selective_domain`?"), "{mistakes}");
    let settings = json!({ "url": "http://x", "timeout": 0, "token": "s3cret" });
    let mistakes = Settings::from_json(&settings).read::<ActionServerConfig>().unwrap_err().to_string();
    assert_eq!(mistakes, "`timeout`: expected a positive number of seconds");
}
