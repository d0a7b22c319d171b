//! Order within a conversation, and none between them.

use futures_util::future::{join, try_join};
use tokio::time::timeout;

use super::Verdict;
use crate::conformance::{
    Failure, Suite,
    stage::{SOON, Stage, essence},
};

const MESSAGES: usize = 50;

/// These are replied to; more would wait for the limits of a platform.
const REPLIES: [usize; 3] = [0, 24, 49];

pub(crate) async fn kept(suite: &Suite) -> Verdict {
    let stage = Stage::new(suite).await?;
    let first = stage.says("");
    let mut expected = Vec::new();
    for number in 0..MESSAGES {
        let said = stage.says_next(&first, format!("number {number}"));
        let replies = REPLIES.contains(&number).then(|| format!("reply{number:02}").into());
        stage.bot.answers(&said.text, replies);
        stage.say(&said).await?;
        expected.push(said.text);
    }
    stage.idle().await?;
    let turns: Vec<_> = stage.bot.turns.all().into_iter().map(|message| message.text).collect();
    if turns != expected {
        return Err(Failure::new(
            "the turns of fifty messages in the order of their delivery",
            format!("{turns:?}"),
            "hand messages on within the webhook, awaited, rather than in a task; and give all of one chat one sender id",
        ));
    }
    let seen = essence(&stage.seen().all());
    let places = REPLIES.map(|number| seen.find(&format!("reply{number:02}")));
    if places.iter().all(Option::is_some) && places.is_sorted() {
        return Ok(());
    }
    Err(Failure::new(
        "the replies in the order of the messages",
        seen,
        "await the call to the platform in `#[output]`, rather than spawning it",
    ))
}

pub(crate) async fn side_by_side(suite: &Suite) -> Verdict {
    let stage = Stage::new(suite).await?;
    let (one, other) = (stage.says("one thinks"), stage.says("the other too"));
    stage.bot.hold(true);
    let both = try_join(stage.say(&one), stage.say(&other));
    let begun = async {
        let both = |_: &_| (stage.bot.turns.all().len() == 2).then_some(());
        let begun = stage.bot.turns.wait(SOON, both).await;
        stage.bot.hold(false);
        begun
    };
    let (said, begun) = join(both, begun).await;
    said?;
    begun.ok_or_else(|| {
        Failure::new(
            "two senders' turns at the same time",
            format!("{} turn within {SOON:?}", stage.bot.turns.all().len()),
            "give each chat a sender id of its own, and hold no lock while a message is handed on",
        )
    })
}

pub(crate) async fn acknowledged(suite: &Suite) -> Verdict {
    let stage = Stage::new(suite).await?;
    let said = stage.says("think about it");
    stage.bot.hold(true);
    let answer = timeout(SOON, stage.say(&said)).await;
    stage.bot.hold(false);
    answer.map_or_else(|_| {
        Err(Failure::new(
            "a 2xx while the bot thinks",
            format!("no answer within {SOON:?}"),
            "hand the message on with `on_new_message.accept`, which returns once it is kept, rather than with `handle`. Where whoever delivers is to wait for the turn, say `waits: true`",
        ))
    }, |answer| answer.map(drop))
}
