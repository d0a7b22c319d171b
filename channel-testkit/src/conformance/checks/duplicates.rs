//! What comes again is answered once.

use futures_util::future::try_join_all;

use super::Verdict;
use crate::conformance::{Failure, Suite, stage::Stage};

const AT_ONCE: usize = 100;

pub(crate) fn has_no_ids(suite: &Suite) -> Option<&'static str> {
    (suite.without_ids && !suite.accepts()).then_some("`without_ids: true`: messages have no ids")
}

pub(crate) async fn repeated(suite: &Suite) -> Verdict {
    let stage = Stage::new(suite).await?;
    let said = stage.says("said again");
    stage.bot.answers(&said.text, ["answered".into()]);
    for _ in 0..2 {
        stage.say(&said).await?;
        stage.idle().await?;
    }
    once(&stage, &said.text, "two deliveries of one message")
}

pub(crate) async fn at_once(suite: &Suite) -> Verdict {
    let stage = Stage::new(suite).await?;
    let said = stage.says("said by many");
    stage.bot.answers(&said.text, ["answered".into()]);
    try_join_all((0..AT_ONCE).map(|_| stage.say(&said))).await?;
    stage.idle().await?;
    once(&stage, &said.text, "a hundred deliveries of one message at the same time")
}

fn once(stage: &Stage<'_>, text: &str, of: &str) -> Verdict {
    let (turns, replies) = (stage.bot.count(text), stage.times("answered"));
    // Whoever waits gets the replies of the first turn again.
    let is_once = replies == 1 || !stage.suite.accepts();
    if turns == 1 && is_once {
        return Ok(());
    }
    Err(Failure::new(
        format!("one turn and one reply for {of}"),
        format!("{turns} turns, {replies} replies"),
        "give each message the platform's id of it: `UserMessage::with_message_id`",
    ))
}
