//! Recorded exchanges of a Rasa 3.6.21 server, replayed: equal, or different for a documented reason.
//!
//! `tests/fixtures/rasa-3.6.21.jsonl` has the exchanges of `rest` and `myio` that need no dialogue: the agent here
//! answers the few texts in them. Each deliberate difference stands in `docs/compatibility.md` by the id of its exchange.

use std::{collections::BTreeMap, fs, net::SocketAddr, time::Duration};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use channel_core::{BotMessage, UserMessage};
use channel_server::Server;
use serde::Deserialize;
use serde_json::Value;
use tokio::sync::Notify;

use crate::http::{Answer, exchange};

#[derive(Deserialize)]
struct Exchange {
    id: String,
    server: String,
    request: Request,
    response: Response,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Request {
    method: String,
    path: String,
    query: String,
    headers: BTreeMap<String, String>,
    body: Option<String>,
    body_gen: Option<Generated>,
    body_base64: Option<String>,
    raw: Option<String>,
}

#[derive(Deserialize)]
struct Generated {
    prefix: String,
    repeat: String,
    count: usize,
    suffix: String,
}

#[derive(Deserialize)]
struct Response {
    /// `null` where no answer came.
    status: Option<u16>,
    body: Option<String>,
    cors: Option<BTreeMap<String, String>>,
}

/// Lets the slow action end, once its caller has given up.
static GO_ON: Notify = Notify::const_new();

/// The recorded bot, as far as the exchanges here need one.
async fn bot(message: UserMessage) -> BotMessage {
    match message.text.as_str() {
        "hi" | "Hi there!" => "Hi! I'm the default greeting.".into(),
        "metadata" => {
            let metadata = message.metadata.filter(|_| message.input_channel.as_deref() == Some("rest"));
            format!("metadata={}", Value::from(metadata.unwrap_or_default())).into()
        }
        "/slow" => {
            GO_ON.notified().await;
            "That took long.".into()
        }
        _ => "Sorry, I did not get that.".into(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn recorded_exchanges_come_out_as_documented() {
    let recorded = include_str!("../fixtures/rasa-3.6.21.jsonl");
    let exchanges: Vec<Exchange> = recorded.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let documented = documented_differences();
    let mut used = Vec::new();
    let (mut equal, mut different, mut wrong) = (0, 0, Vec::new());
    for server in ["default", "auth", "jwt", "timeout", "noapi"] {
        let running = start(server).await;
        for exchange in exchanges.iter().filter(|exchange| exchange.server == server) {
            let (id, address) = (exchange.id.clone(), running.address());
            let request = exchange.request.bytes();
            let answer = tokio::task::spawn_blocking(move || send(address, &request)).await.unwrap();
            if exchange.request.body.as_ref().is_some_and(|body| body.contains("/slow")) {
                GO_ON.notify_one();
            }
            match (exchange.response.compare(&answer), documented.get(&id)) {
                (Ok(()), None) => equal += 1,
                (Err(_), Some(here)) if here == &answer.status.to_string() => {
                    used.push(id);
                    different += 1;
                }
                (Err(why), Some(here)) => wrong.push(format!("{id}: documented as {here}, but {why}")),
                (Err(why), None) => wrong.push(format!("{id}: {why}")),
                (Ok(()), Some(_)) => wrong.push(format!("{id}: documented as different, but equal")),
            }
        }
        running.stop().await;
    }
    println!("{equal} equal, {different} deliberately different, {} wrong", wrong.len());
    assert_eq!(equal + different + wrong.len(), exchanges.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let unused: Vec<_> = documented.keys().filter(|id| !used.contains(id)).collect();
    assert!(unused.is_empty(), "docs/compatibility.md names exchanges that were not replayed: {unused:?}");
}

async fn start(server: &str) -> channel_server::RunningServer {
    let builder = Server::builder()
        .credentials_text("rest:\nmyio::MyIo: { username: user_name, another_parameter: some value }\n")
        .address("127.0.0.1", 0)
        .agent(bot);
    let builder = match server {
        "auth" => builder.cors(["*"]),
        "jwt" => builder.cors(["http://a.example", "http://b.example"]),
        "timeout" => builder.response_timeout(Duration::from_millis(300)),
        _ => builder,
    };
    builder.build().unwrap().start().await.unwrap()
}

fn send(address: SocketAddr, request: &[u8]) -> Answer {
    exchange(address, request)
}

/// The ids of `docs/compatibility.md` in its tables of exchanges, with the status that is documented for here: the rows
/// `| `id`, `id` | Rasa | here | why |`.
fn documented_differences() -> BTreeMap<String, String> {
    let text = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/compatibility.md")).unwrap();
    let mut differences = BTreeMap::new();
    let (table, _) = text.split_once("\n## Everywhere").unwrap();
    for row in table.lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<_> = row.trim_matches('|').split(" | ").map(str::trim).collect();
        let [ids, _, here, why] = cells[..] else { continue };
        assert!(!why.is_empty(), "no reason: {row}");
        let status = here.split(|c: char| !c.is_ascii_digit()).next().unwrap_or_default();
        differences.extend(ids.split(", ").map(|id| (id.trim_matches('`').to_owned(), status.to_owned())));
    }
    differences
}

impl Request {
    /// The request as it goes over the wire.
    fn bytes(&self) -> Vec<u8> {
        if let Some(raw) = &self.raw {
            return whole(raw).into_bytes();
        }
        let query = if self.query.is_empty() { String::new() } else { format!("?{}", self.query) };
        let mut head =
            format!("{} {}{query} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n", self.method, self.path);
        let body = self.body();
        let length = body.len().to_string();
        let headers = self.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        for (name, value) in headers.chain([("Content-Length", length.as_str())]) {
            head.extend([name, ": ", value, "\r\n"]);
        }
        head.push_str("\r\n");
        [head.into_bytes(), body].concat()
    }

    fn body(&self) -> Vec<u8> {
        if let Some(Generated { prefix, repeat, count, suffix }) = &self.body_gen {
            return format!("{prefix}{}{suffix}", repeat.repeat(*count)).into_bytes();
        }
        match (&self.body, &self.body_base64) {
            (Some(body), _) => body.clone().into_bytes(),
            (None, Some(body)) => BASE64_STANDARD.decode(body).unwrap(),
            (None, None) => Vec::new(),
        }
    }
}

/// A raw request that was cut for the recording (`…(9050 bytes)`) gets its length back.
fn whole(raw: &str) -> String {
    let Some((start, size)) = raw.rsplit_once("...(") else { return raw.to_owned() };
    let size: usize = size.trim_end_matches(" bytes)").parse().unwrap();
    let end = "\r\n\r\n";
    format!("{start}{}{end}", "a".repeat(size - start.len() - end.len()))
}

impl Response {
    fn compare(&self, answer: &Answer) -> Result<(), String> {
        let Some(status) = self.status else {
            return Err(format!("Rasa never answered, {} here", answer.status));
        };
        if answer.status != status {
            return Err(format!("{} instead of {status}: {}", answer.status, answer.body));
        }
        if let Some(cors) = &self.cors {
            compare_cors(cors, answer)?;
        }
        let body = self.body.as_deref().unwrap_or_default();
        if status >= 400 { compare_refusal(status, answer) } else { compare_body(body, &answer.body) }
    }
}

/// A refusal has Rasa's keys; its words are ours.
fn compare_refusal(status: u16, answer: &Answer) -> Result<(), String> {
    if answer.body.is_empty() {
        return Ok(());
    }
    let refusal: Value = serde_json::from_str(&answer.body).map_err(|error| error.to_string())?;
    let complete =
        refusal["status"] == status && refusal["description"].is_string() && refusal["message"].is_string();
    if complete { Ok(()) } else { Err(format!("a refusal without Rasa's keys: {refusal}")) }
}

fn compare_body(recorded: &str, body: &str) -> Result<(), String> {
    let lines = |text: &str| -> Option<Vec<Value>> {
        text.lines().map(|line| serde_json::from_str(line).ok()).collect()
    };
    let same = match (lines(recorded), lines(body)) {
        (Some(recorded), Some(body)) => recorded == body,
        _ => recorded.starts_with("Hello from") && body.starts_with("Hello from") || recorded == body,
    };
    if same { Ok(()) } else { Err(format!("{body:?} instead of {recorded:?}")) }
}

fn compare_cors(recorded: &BTreeMap<String, String>, answer: &Answer) -> Result<(), String> {
    for name in ["access-control-allow-origin", "access-control-allow-credentials"] {
        let (rasa, here) = (recorded.get(name).map(String::as_str), answer.header(name));
        if rasa != here {
            return Err(format!("{name} is {here:?} instead of {rasa:?}"));
        }
    }
    Ok(())
}
