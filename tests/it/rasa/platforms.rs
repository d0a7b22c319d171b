//! Recorded deliveries of platforms, replayed: signed anew, and each a message of its own.

use std::{
    fmt::Write as _,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use aws_lc_rs::hmac;
use channel_server::{RunningServer, Server, engine::MemoryStore};
use serde_json::{Value, json};
use tokio::time::timeout;

use super::{
    Outcome, Tally, agent, documented,
    recording::{self, Exchange, Outbound, Request},
};
use crate::{http, stand_in::StandIn};

const TIMESTAMP: &str = "X-Slack-Request-Timestamp";
const SIGNATURE: &str = "X-Slack-Signature";
const SLACK_SECRET: &str = "slack-test-secret";

/// When the exchanges with Slack were recorded, in Unix seconds, give or take ten.
const RECORDED: u64 = 1_795_358_125;

/// What the deliveries of Telegram carry; none was recorded.
const TELEGRAM_SECRET: &str = "telegram-test-secret";

#[tokio::test(flavor = "multi_thread")]
async fn recorded_deliveries_come_out_as_documented() {
    let documented = documented::differences("Recorded exchanges of platforms");
    let stand_in = StandIn::start().await;
    let server = start(&stand_in).await;
    let mut tally = Tally::default();
    let mut place = Place::nth(0);
    for (number, exchange) in deliveries().iter().enumerate() {
        // A retry is the same message again.
        if !exchange.id.starts_with("slack.retry") {
            place = Place::nth(number);
        }
        let outcome = replay(exchange, &place, &server, &stand_in).await;
        tally.count(exchange, Some(outcome), documented.get(&exchange.id).map(String::as_str));
    }
    server.stop().await;
    tally.check(&documented);
}

/// Those that were kept. The connector of Telegram worked in one recording only.
fn deliveries() -> Vec<Exchange> {
    let of_platforms = recording::exchanges().into_iter().filter(|exchange| {
        let path = exchange.request.path.as_str();
        exchange.response.is_some()
            && (exchange.server == "default" && path.starts_with("/webhooks/slack")
                || exchange.server == "telegramfix" && path.starts_with("/webhooks/telegram"))
    });
    of_platforms.collect()
}

async fn start(stand_in: &StandIn) -> RunningServer {
    let credentials = json!({
        "slack": {
            "slack_token": "xoxb-dummy",
            "slack_channel": "C0HOME",
            "slack_signing_secret": SLACK_SECRET,
            "api_url": stand_in.url("/slack/api"),
            "typed_payloads": true,
        },
        "telegram": {
            "access_token": "123456:AAdummyDummyDummyDummyDummyDummy_1",
            "verify": "peerbot",
            "webhook_url": "https://example.invalid/webhooks/telegram/webhook",
            "secret_token": TELEGRAM_SECRET,
            "api_url": stand_in.url("/telegram"),
            "typed_payloads": true,
        },
    });
    let builder = Server::builder().credentials_text(credentials.to_string()).address("127.0.0.1", 0);
    let builder = builder.store(MemoryStore::default()).agent(agent(&stand_in.url("")));
    builder.build().unwrap().start().await.unwrap()
}

async fn replay(exchange: &Exchange, place: &Place, server: &RunningServer, stand_in: &StandIn) -> Outcome {
    let placed = exchange.request.with_body(|body| place.within(body));
    let proved = if exchange.server == "telegramfix" {
        placed.with_header("X-Telegram-Bot-Api-Secret-Token", TELEGRAM_SECRET)
    } else {
        signed(&exchange.request, placed)
    };
    let (address, request) = (server.address(), proved.bytes(""));
    let answer =
        tokio::task::spawn_blocking(move || http::exchange(address, &request)).await.unwrap().unwrap();
    let essence =
        |outbound: &Outbound| Outbound { body: place.within(&outbound.body), ..outbound.clone() }.essence();
    // What Rasa asks of Telegram besides is its own business.
    let expected = exchange.outbound.iter().filter(|outbound| !outbound.path.ends_with("/getMe"));
    let expected: Vec<Value> = expected.map(essence).collect();
    timeout(Duration::from_mins(1), server.engine().idle()).await.expect("everything is sent");
    let asked = stand_in.asked(0).await;
    let response = exchange.response.as_ref().unwrap();
    let verdict = response.compare(&answer).and_then(|()| {
        if asked == expected {
            Ok(())
        } else {
            Err(format!("asked of others: {asked:?} instead of {expected:?}"))
        }
    });
    Outcome { status: answer.status, is_worded_for_myio: false, verdict }
}

/// A chat, a moment and an id of the exchange's own: many were recorded with the same ones, which are one message here.
struct Place(usize);

impl Place {
    fn nth(number: usize) -> Self {
        Self(number)
    }

    fn within(&self, text: &str) -> String {
        let number = self.0;
        text.replace("\"D1\"", &format!("\"D1{number:03}\""))
            .replace("1700000000.000200", &format!("1700000{number:03}.000200"))
            .replace("\"update_id\": 1,", &format!("\"update_id\": 1{number:03},"))
            .replace("\"id\": 79,", &format!("\"id\": 79{number:03},"))
            .replace("chat_id=79&", &format!("chat_id=79{number:03}&"))
    }
}

/// Signed as the request was, but now: one that was old is, and one that was signed wrongly is.
fn signed(request: &Request, placed: Request) -> Request {
    let Some(timestamp) = request.header(TIMESTAMP) else { return placed };
    let Ok(at) = timestamp.parse::<u64>() else { return placed };
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let at = if at.abs_diff(RECORDED) > 100 { now + at - RECORDED } else { now };
    let was_good = request.header(SIGNATURE) == Some(&signature(SLACK_SECRET, timestamp, &request.body()));
    let secret = if was_good { SLACK_SECRET } else { "another secret" };
    let signature = signature(secret, &at.to_string(), &placed.body());
    placed.with_header(TIMESTAMP, &at.to_string()).with_header(SIGNATURE, &signature)
}

fn signature(secret: &str, timestamp: &str, body: &[u8]) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let tag = hmac::sign(&key, &[b"v0:", timestamp.as_bytes(), b":", body].concat());
    tag.as_ref().iter().fold(String::from("v0="), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
