//! Recorded exchanges of a Rasa 3.6.21 server, replayed: equal, or different for a documented reason.
//!
//! `tests/fixtures/rasa-3.6.21.jsonl` has them in their order, over several servers with one bot: here the bot of
//! `examples/rasa_bot`. Each deliberate difference stands in `docs/compatibility.md` by the id of its exchange.

mod compare;
mod documented;
mod platforms;
mod recording;

use std::{collections::BTreeMap, fs, net::TcpListener, sync::Arc, time::Duration};

use channel_agent::{Bot, DomainAgent, HttpActionServer};
use channel_core::Secret;
use channel_endpoint::EndpointConfig;
use channel_server::{ApiOptions, Jwt, RunningServer, Server};

use crate::{http, stand_in::StandIn};
use documented::WORDED;
pub(crate) use recording::Outbound;
use recording::{Exchange, Response};

const BOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/rasa_bot/bot");

/// How many exchanges came out how.
#[derive(Default)]
struct Tally {
    equal: usize,
    /// The ids of those that are deliberately different.
    different: Vec<String>,
    wrong: Vec<String>,
}

#[tokio::test(flavor = "multi_thread")]
async fn recorded_exchanges_come_out_as_documented() {
    let exchanges = recording::exchanges();
    let documented = documented::differences("Recorded exchanges that come out otherwise");
    let mut tally = Tally::default();
    for server in ["default", "auth", "jwt", "timeout", "noapi", "nomodel", "down"] {
        let stand_in = StandIn::start().await;
        let running = start(server, &stand_in).await;
        for exchange in exchanges.iter().filter(|exchange| exchange.server == server) {
            let outcome = replay(exchange, &running, &stand_in).await;
            tally.count(exchange, outcome, documented.get(&exchange.id).map(String::as_str));
        }
        running.stop().await;
    }
    let compared = exchanges.iter().filter(|exchange| exchange.is_compared()).count();
    assert_eq!(tally.equal + tally.different.len() + tally.wrong.len(), compared);
    tally.check(&documented);
}

/// The variations for the channel `myio`, and those for any other.
const VARIATIONS: [(&str, &str); 4] = [
    ("Hi! I'm the custom channel greeting", "Hi! I'm the default greeting."),
    ("You are premium on myio", "You are premium"),
    (r#","channel":"myio""#, ""),
    (r#""channel":"myio","#, ""),
];

/// A body with the variations for `myio` in the words for any channel.
fn for_any(body: &str) -> String {
    VARIATIONS.iter().fold(body.to_owned(), |body, (of_myio, of_any)| body.replace(of_myio, of_any))
}

/// What came out of an exchange that is compared.
struct Outcome {
    status: u16,
    /// All that differs is that the words are the channel's own.
    is_worded_for_myio: bool,
    verdict: Result<(), String>,
}

async fn replay(exchange: &Exchange, server: &RunningServer, stand_in: &StandIn) -> Option<Outcome> {
    if exchange.can_be_left_out() {
        return None;
    }
    let (address, request) = (server.address(), exchange.bytes());
    let answer = tokio::task::spawn_blocking(move || http::exchange(address, &request)).await.unwrap();
    if exchange.request.is_slow() {
        stand_in.go_on();
    }
    let response = exchange.response.as_ref().filter(|_| exchange.is_compared());
    let expected = exchange.outbound.iter().filter(|_| response.is_some());
    let expected: Vec<_> = expected.map(Outbound::essence).collect();
    let asked = stand_in.asked(expected.len()).await;
    let response = response?;
    let answer = match answer {
        Ok(answer) => answer,
        Err(error) => {
            let verdict = Err(error.to_string());
            return Some(Outcome { status: 0, is_worded_for_myio: false, verdict });
        }
    };
    let verdict = response.compare(&answer).and_then(|()| {
        if asked == expected {
            Ok(())
        } else {
            Err(format!("asked of others: {asked:?} instead of {expected:?}"))
        }
    });
    let reworded = http::Answer { body: for_any(&answer.body), ..answer };
    let unbranded = Response { body: response.body.as_deref().map(for_any), ..response.clone() };
    let is_worded_for_myio = verdict.is_err() && unbranded.compare(&reworded).is_ok();
    Some(Outcome { status: reworded.status, is_worded_for_myio, verdict })
}

impl Tally {
    /// Nothing is otherwise than documented, and everything documented is otherwise.
    fn check(&self, documented: &BTreeMap<String, String>) {
        let Self { equal, different, wrong } = self;
        println!("{equal} equal, {} deliberately different, {} wrong", different.len(), wrong.len());
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        let unused: Vec<_> = documented.keys().filter(|id| !different.contains(id)).collect();
        assert!(
            unused.is_empty(),
            "docs/compatibility.md names exchanges that were not replayed: {unused:?}"
        );
    }

    fn count(&mut self, exchange: &Exchange, outcome: Option<Outcome>, documented: Option<&str>) {
        let id = &exchange.id;
        let Some(Outcome { status, is_worded_for_myio, verdict }) = outcome else { return };
        let is_as_documented = |here: &str| match here.strip_suffix(WORDED) {
            Some(here) => is_worded_for_myio && here == status.to_string(),
            None => here == status.to_string(),
        };
        match (verdict, documented) {
            (Ok(()), None) => self.equal += 1,
            (Err(_), Some(here)) if is_as_documented(here) => self.different.push(id.clone()),
            (Err(why), Some(here)) => self.wrong.push(format!("{id}: documented as {here}, but {why}")),
            (Err(why), None) => self.wrong.push(format!("{id}: {why}")),
            (Ok(()), Some(_)) => self.wrong.push(format!("{id}: documented as different, but equal")),
        }
    }
}

/// The server with the bot, as it was when the exchanges were recorded.
async fn start(server: &str, stand_in: &StandIn) -> RunningServer {
    let is_down = server == "down";
    let others = if is_down { nowhere() } else { stand_in.url("") };
    let credentials = fs::read_to_string(format!("{BOT}/credentials.yml")).unwrap();
    let builder = Server::builder()
        .credentials_text(credentials.replace("${CALLBACK_URL:-http://localhost:5034}", &others))
        .address("127.0.0.1", 0)
        .shared_conversations(true);
    let builder = if server == "nomodel" { builder } else { builder.agent(agent(&others)) };
    let builder = if server == "noapi" { builder } else { builder.enable_api(api(server)) };
    let builder = match server {
        "auth" => builder.cors(["*"]),
        "jwt" => builder.cors(["http://a.example", "http://b.example"]),
        "timeout" => builder.response_timeout(Duration::from_millis(300)),
        _ => builder,
    };
    builder.build().unwrap().start().await.unwrap()
}

fn api(server: &str) -> ApiOptions {
    let jwt = || Jwt::new("HS256", &Secret::new("jwt-test-secret-0123456789abcdefghij")).unwrap();
    ApiOptions {
        auth_token: (server == "auth").then(|| Secret::new("tok")),
        jwt: (server == "jwt").then(jwt),
    }
}

fn agent(others: &str) -> DomainAgent {
    let actions = EndpointConfig::new(format!("{others}/action/webhook"));
    let actions = HttpActionServer::new(actions.into()).unwrap();
    DomainAgent::builder(Bot::load(BOT).unwrap()).action_server(Arc::new(actions)).build().unwrap()
}

/// A URL where nobody listens.
fn nowhere() -> String {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    format!("http://{free}")
}
