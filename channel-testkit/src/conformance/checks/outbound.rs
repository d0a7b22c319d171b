//! A platform that fails gets every reply in the end, and holds up nobody else.

use std::time::Duration;

use channel_engine::{Filter, Options};
use futures_util::future::try_join;

use super::Verdict;
use crate::conformance::{
    Failure, Said, Suite,
    platform::Fault,
    stage::{IN_THE_END, SOON, Setup, Stage, essence},
};

/// Longer than the first pause of the outbox: so it is seen whether the platform is heard.
const SECONDS: u64 = 3;

pub(crate) async fn limited(suite: &Suite) -> Verdict {
    let stage = Stage::new(suite).await?;
    let said = stage.says("three replies");
    stage.bot.answers(&said.text, ["replyone".into(), "replytwo".into(), "replythree".into()]);
    failing(&stage, &said, "replyone", Fault::Limited(SECONDS)).await?;
    let seen = essence(&stage.seen().all());
    if seen.replace("bystander", "") != "replyonereplytworeplythree" {
        return Err(Failure::new(
            "three replies in their order, each once, though the first came up against a limit",
            seen,
            "await each call to the platform, and return what fails: `SendError::retryable(…).after(…)`",
        ));
    }
    let all = stage.seen().all();
    let came = all.iter().find(|seen| essence(std::slice::from_ref(seen)).contains("replyone"));
    let waited = came.zip(stage.platform.failed_at("replyone")).map(|(seen, at)| seen.at - at);
    if waited.is_some_and(|waited| waited >= Duration::from_secs(SECONDS)) {
        return Ok(());
    }
    Err(Failure::new(
        format!("no other try within {SECONDS} seconds, as the platform wants it"),
        format!("one after {waited:?}"),
        "say when the platform wants to be asked again: `SendError::after`",
    ))
}

pub(crate) async fn unwanted(suite: &Suite) -> Verdict {
    let stage = Stage::new(suite).await?;
    let said = stage.says("two replies");
    stage.bot.answers(&said.text, ["replyone".into(), "replytwo".into()]);
    stage.platform.fail("replyone", Fault::Refused);
    stage.say(&said).await?;
    if !stage.shows("replytwo", IN_THE_END).await {
        return Err(Failure::new(
            "the second reply, though the platform refused the first for good",
            format!("nothing of it within {IN_THE_END:?}"),
            "return `SendError::permanent` for what will never be taken, as most 4xx are; if the platform refuses otherwise than by a 400, say `refused`",
        ));
    }
    stage.idle().await?;
    let letters = stage.server.engine().store().dead_letters(&Filter::default()).await;
    match letters.map(|letters| letters.len()) {
        Ok(1) => Ok(()),
        letters => Err(Failure::new(
            "one dead letter: the reply that the platform refused, for an operator to find",
            format!("{letters:?}"),
            "return the error of each call, do not log it and go on",
        )),
    }
}

pub(crate) async fn unavailable(suite: &Suite) -> Verdict {
    comes_again(suite, Fault::Unavailable).await
}

pub(crate) async fn silence(suite: &Suite) -> Verdict {
    comes_again(suite, Fault::Silence).await
}

pub(crate) async fn lost(suite: &Suite) -> Verdict {
    comes_again(suite, Fault::Break).await
}

async fn comes_again(suite: &Suite, fault: Fault) -> Verdict {
    let options = Options { send_timeout: Duration::from_secs(1), ..Options::default() };
    let stage = Stage::with(suite, Setup { options, ..Setup::default() }).await?;
    let said = stage.says("one reply");
    stage.bot.answers(&said.text, ["replyone".into()]);
    failing(&stage, &said, "replyone", fault).await
}

/// Lets the call with this text fail until somebody else is answered.
async fn failing(stage: &Stage<'_>, said: &Said, text: &str, fault: Fault) -> Verdict {
    let other = stage.says("who else");
    stage.bot.answers(&other.text, ["bystander".into()]);
    stage.platform.fail(text, fault);
    let bystander = async {
        if !stage.platform.fails(text, SOON).await {
            return Err(Failure::new(
                "a call that shows the reply",
                format!("none within {SOON:?}"),
                "see that `#[output]` calls the base URL in `credentials`, and that `shown` reads the call",
            ));
        }
        stage.say(&other).await?;
        let is_answered = stage.shows("bystander", SOON).await;
        stage.platform.mend(text);
        if is_answered {
            return Ok(());
        }
        Err(Failure::new(
            format!("somebody else's reply while a reply waits after {fault:?}"),
            format!("{:?} within {SOON:?}", essence(&stage.seen().all())),
            "hold no lock during a call to the platform, and do not try again within it: return a `SendError`",
        ))
    };
    // One that waits may be told that its reply failed, or that it came.
    let said = async { stage.deliver(stage.delivery(said)).await.map(drop) };
    try_join(said, bystander).await?;
    if stage.shows(text, IN_THE_END).await {
        return stage.idle().await;
    }
    Err(Failure::new(
        format!("the reply, at least once, though the platform first answered with {fault:?}"),
        format!("nothing within {IN_THE_END:?}"),
        "return a `SendError` that may be tried again: `retryable` for 408, 425, 429 and 5xx, `unknown` where the answer was lost",
    ))
}
