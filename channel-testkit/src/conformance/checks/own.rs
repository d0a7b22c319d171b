//! The bot does not talk to itself.

use super::Verdict;
use crate::conformance::{Failure, Suite, stage::Stage};

pub(crate) fn unknown(suite: &Suite) -> Option<&'static str> {
    suite.own.is_none().then_some("no `own`: the platform is said not to deliver the bot's own messages")
}

pub(crate) async fn ignored(suite: &Suite) -> Verdict {
    let stage = Stage::new(suite).await?;
    let Some(own) = &suite.own else { return Ok(()) };
    let answer = stage.deliver(stage.prove(own(&stage.says("my own words")))).await?;
    stage.idle().await?;
    let turns = stage.bot.turns.all().len();
    if answer.is_success() && turns == 0 {
        return Ok(());
    }
    Err(Failure::new(
        "a 2xx and no turn for the bot's own message",
        format!("{} and {turns} turns", answer.status),
        "leave out in the webhook what the bot itself has written, and say that it came well",
    ))
}
