//! Nobody writes to the bot in the platform's name.

use std::time::{Duration, SystemTime};

use axum::http::{HeaderName, HeaderValue};

use super::Verdict;
use crate::conformance::{
    Delivery, Failure, Said, Suite,
    stage::{IN_THE_END, Setup, Stage, shortened},
};

const DAY: Duration = Duration::from_hours(24);

pub(crate) fn needs_none(suite: &Suite) -> Option<&'static str> {
    (suite.unverified && !suite.accepts()).then_some("`unverified: true`: anybody may write to the bot")
}

pub(crate) fn has_none(suite: &Suite) -> Option<&'static str> {
    (!suite.is_proved()).then_some("nothing proves a delivery: neither `sign` nor a `bearer_token`")
}

pub(crate) fn has_no_time(suite: &Suite) -> Option<&'static str> {
    has_none(suite).or_else(|| {
        let (now, settings) = (SystemTime::now(), suite.settings("http://127.0.0.1:9"));
        let at = |at| suite.prove(some_delivery(suite, "time"), at, &settings);
        (at(now) == at(now - DAY)).then_some("the proof does not depend on the time")
    })
}

pub(crate) fn has_no_body(suite: &Suite) -> Option<&'static str> {
    has_none(suite).or_else(|| {
        let (now, settings) = (SystemTime::now(), suite.settings("http://127.0.0.1:9"));
        let of = |text| suite.prove(some_delivery(suite, text), now, &settings);
        (of("this").headers == of("that").headers).then_some("the proof does not depend on the body")
    })
}

fn some_delivery(suite: &Suite, text: &str) -> Delivery {
    (suite.deliver)(&Said { id: 1, sender: 2, text: text.to_owned() })
}

pub(crate) async fn good(suite: &Suite) -> Verdict {
    let stage = Stage::new(suite).await?;
    let said = stage.says("good morning");
    stage.bot.answers(&said.text, ["the answer".into()]);
    stage.say(&said).await?;
    if !stage.shows("the answer", IN_THE_END).await {
        return Err(Failure::new(
            "the reply to a good delivery",
            format!("nothing that shows it; the bot was asked {} times", stage.bot.turns.all().len()),
            "hand the message to `on_new_message`; see that `#[output]` sends to the base URL in `credentials`, and that `shown` or `replies` reads it",
        ));
    }
    stage.idle().await?;
    let (turns, replies) = (stage.bot.count(&said.text), stage.times("the answer"));
    if (turns, replies) == (1, 1) {
        return Ok(());
    }
    Err(Failure::new(
        "one turn and one reply for one message, whose text is as it was said",
        format!("{turns} turns with this text, {replies} replies; {:?}", stage.bot.turns.all()),
        "hand on each message once, with its text as it is",
    ))
}

pub(crate) async fn missing(suite: &Suite) -> Verdict {
    let stage = Stage::new(suite).await?;
    let said = stage.says("without a proof");
    refused(&stage, 0, (suite.deliver)(&said), &said, "without its proof").await
}

pub(crate) async fn wrong(suite: &Suite) -> Verdict {
    let stage = Stage::new(suite).await?;
    let said = stage.says("with the proof of another");
    let bare = (suite.deliver)(&said);
    let foreign = suite.prove(bare.clone(), SystemTime::now(), &stage.other_settings);
    refused(&stage, 0, foreign, &said, "with the proof of another secret").await?;
    for name in stage.delivery(&said).headers_beyond(&bare) {
        for value in [&b""[..], b"x", b"\xff\xfe", b"v0=00", &[b'0'; 4096]] {
            let said = stage.says("with a wrong proof");
            let delivery = with_header(stage.delivery(&said), &name, value);
            refused(&stage, 0, delivery, &said, &format!("with a wrong `{name}`")).await?;
        }
    }
    Ok(())
}

fn with_header(mut delivery: Delivery, name: &HeaderName, value: &[u8]) -> Delivery {
    // Anything but control characters may stand in a header.
    if let Ok(value) = HeaderValue::from_bytes(value) {
        delivery.headers.insert(name, value);
    }
    delivery
}

pub(crate) async fn stale(suite: &Suite) -> Verdict {
    let stage = Stage::new(suite).await?;
    let now = SystemTime::now();
    for (at, how) in [(now - DAY, "with a proof of yesterday"), (now + DAY, "with a proof of tomorrow")] {
        let said = stage.says(how);
        let delivery = suite.prove((suite.deliver)(&said), at, &stage.settings);
        refused(&stage, 0, delivery, &said, how).await?;
    }
    Ok(())
}

pub(crate) async fn truncated(suite: &Suite) -> Verdict {
    let stage = Stage::new(suite).await?;
    let said = stage.says("in a body that was cut");
    let mut delivery = stage.delivery(&said);
    delivery.body.truncate(delivery.body.len().saturating_sub(1));
    refused(&stage, 0, delivery, &said, "with the last byte of its body missing").await
}

pub(crate) async fn every_byte(suite: &Suite) -> Verdict {
    let stage = Stage::new(suite).await?;
    let said = stage.says("in a body with more white space");
    let mut delivery = stage.delivery(&said);
    let spaced = spaced(&delivery.body);
    delivery.body = spaced.clone().into();
    refused(&stage, 0, delivery, &said, "with white space that was not signed").await?;
    let answer = stage.deliver(stage.prove((suite.deliver)(&said).body(spaced))).await?;
    if answer.is_success() {
        return Ok(());
    }
    Err(Failure::new(
        "a 2xx for a body with white space that was signed",
        format!("{} {}", answer.status, shortened(&answer.text())),
        "check the proof of the raw body, byte for byte: `WebhookRequest::body`, not JSON that was read and written again",
    ))
}

/// The same JSON with white space, which many platforms send.
fn spaced(json: &[u8]) -> Vec<u8> {
    let value: serde_json::Value = serde_json::from_slice(json).unwrap_or_default();
    serde_json::to_vec_pretty(&value).unwrap_or_default()
}

pub(crate) fn has_no_json_body(suite: &Suite) -> Option<&'static str> {
    has_no_body(suite).or_else(|| super::bodies::is_no_json(suite))
}

pub(crate) async fn before_parsing(suite: &Suite) -> Verdict {
    let stage = Stage::new(suite).await?;
    let said = stage.says("in no JSON");
    for body in ["{", "null", ""] {
        let delivery = (suite.deliver)(&said).body(body);
        refused(&stage, 0, delivery, &said, &format!("without its proof, with the body `{body}`")).await?;
    }
    Ok(())
}

pub(crate) async fn other_instance(suite: &Suite) -> Verdict {
    let setup = Setup { is_doubled: true, ..Setup::default() };
    let stage = Stage::with(suite, setup).await?;
    let settings = [&stage.settings, &stage.other_settings];
    for (own, other) in [(0, 1), (1, 0)] {
        let said = stage.says(format!("not to instance {other}"));
        let delivery = suite.prove((suite.deliver)(&said), SystemTime::now(), settings[own]);
        refused(&stage, other, delivery.clone(), &said, "with the proof of another instance").await?;
        let answer = stage.deliver_to(own, delivery).await?;
        if !answer.is_success() {
            return Err(Failure::new(
                "a 2xx from the instance that a delivery is proved to",
                answer.status.to_string(),
                "keep the secrets in the fields of the channel: each instance has its own",
            ));
        }
    }
    Ok(())
}

/// The delivery has to be a 401, and to have no turn.
async fn refused(stage: &Stage<'_>, instance: usize, delivery: Delivery, said: &Said, how: &str) -> Verdict {
    let answer = stage.deliver_to(instance, delivery).await?;
    if answer.status != 401 {
        return Err(Failure::new(
            format!("401 for a delivery {how}"),
            format!("{} {}", answer.status, shortened(&answer.text())),
            "check the raw body in `#[verify]`, which runs before anything is parsed, and return `VerifyError` for whatever is not as it should be; or set a `bearer_token`. Where anybody may write to the bot, say `unverified: true`: a platform that does not wait for the reply may not",
        ));
    }
    stage.idle().await?;
    if stage.bot.count(&said.text) == 0 {
        return Ok(());
    }
    Err(Failure::new(
        format!("no turn for a delivery {how}"),
        "a turn",
        "return the `VerifyError` before the message is handed on",
    ))
}
