//! What is acknowledged is taken, and what is not can come again.

use channel_server::Limits;
use tokio::time::timeout;

use super::Verdict;
use crate::conformance::{
    Failure, Suite,
    stage::{IN_THE_END, SOON, Setup, Stage, shortened},
};

pub(crate) async fn or_refused(suite: &Suite) -> Verdict {
    // Full before the first message.
    let mut limits = Limits::default();
    limits.waiting = 0;
    let stage = Stage::with(suite, Setup { limits, ..Setup::default() }).await?;
    let answer = stage.deliver(stage.delivery(&stage.says("to a bot that takes no more"))).await?;
    if !answer.is_success() {
        return Ok(());
    }
    Err(Failure::new(
        "no 2xx for a message that the bot does not take, or the platform believes that it is kept",
        format!("{} {}", answer.status, shortened(&answer.text())),
        "wait for `accept` (or `handle`) before anything is answered, and return its error with `?`: it is a 503",
    ))
}

pub(crate) async fn though_lookups_fail(suite: &Suite) -> Verdict {
    let stage = Stage::new(suite).await?;
    let said = stage.says("while the platform is down");
    stage.bot.answers(&said.text, ["answered".into()]);
    // Its reply comes once the platform is up again: this is about what is called before.
    stage.bot.hold(true);
    stage.platform.set_down(true);
    let first = timeout(SOON, stage.deliver(stage.delivery(&said))).await;
    let was_asked = stage.platform.was_down_for_a_call();
    stage.platform.set_down(false);
    stage.bot.hold(false);
    let first = first.map_err(|_| {
        Failure::new(
            "an answer to a delivery while the platform's own API is down",
            format!("nothing within {SOON:?}"),
            "give the `Endpoint` of what the webhook asks for a short `timeout`, and do not wait for the bot",
        )
    })??;
    if !first.is_success() {
        // As the platform does it.
        stage.say(&said).await?;
    }
    if stage.shows("answered", IN_THE_END).await {
        return stage.idle().await;
    }
    let came = format!("{}, then no reply within {IN_THE_END:?}", first.status);
    let came = if was_asked { came + "; a call to the platform had failed" } else { came };
    Err(Failure::new(
        "the reply to a message that came while the platform's own API was down",
        came,
        "where the webhook asks the platform for something, do so before `accept`, and answer 502 or 503 where that fails: then it comes again",
    ))
}
