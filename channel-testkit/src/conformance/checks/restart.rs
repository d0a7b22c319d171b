//! A restart between the acknowledgement and the answer.

use std::{path::Path, sync::Arc, time::Duration};

use channel_engine::Store;
use channel_server::{Limits, StoreLocation};
use tokio::time::timeout;

use super::Verdict;
use crate::conformance::{
    Failure, Said, Suite,
    bot::Bot,
    platform::Platform,
    stage::{IN_THE_END, SOON, Setup, Stage},
};

pub(crate) async fn loses_nothing(suite: &Suite) -> Verdict {
    let folder = tempfile::tempdir().map_err(no_file)?;
    let file = folder.path().join("channel.db");
    let platform = Arc::new(Platform::start(suite).await?);
    let said = Said { id: 1, sender: 2, text: "before the restart".to_owned() };
    // Whatever it does ends with its runtime, as a process ends.
    std::thread::scope(|scope| {
        let runs = scope.spawn(|| killed(suite, Arc::clone(&platform), &said, &file));
        runs.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })?;
    let bot = Arc::new(Bot::default());
    bot.answers(&said.text, ["afterwards".into()]);
    let setup = Setup { store: open(&file).await?, ..Setup::default() };
    let stage = Stage::on(suite, platform, bot, setup).await?;
    if !stage.shows("afterwards", IN_THE_END).await {
        return Err(Failure::new(
            "the answer to what was accepted before a restart",
            format!("nothing within {IN_THE_END:?}"),
            "keep all that `#[output]` needs in the message's `recipient`, and nothing in the memory of the channel",
        ));
    }
    stage.say(&said).await?;
    stage.idle().await?;
    if stage.times("afterwards") == 1 {
        return Ok(());
    }
    Err(Failure::new(
        "one answer to what came before a restart and again after it",
        format!("{} answers", stage.times("afterwards")),
        "give each message the platform's id of it: `UserMessage::with_message_id`",
    ))
}

/// Takes the message, and is ended before it is answered.
fn killed(suite: &Suite, platform: Arc<Platform>, said: &Said, file: &Path) -> Verdict {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(no_file)?;
    runtime.block_on(async {
        let bot = Arc::new(Bot::default());
        bot.hold(true);
        let mut limits = Limits::default();
        limits.grace = Duration::ZERO;
        let setup = Setup { store: open(file).await?, limits, ..Setup::default() };
        let stage = Stage::on(suite, platform, bot, setup).await?;
        let taken = timeout(SOON, stage.say(said)).await;
        stage.bot.turns.wait(SOON, |turns| (!turns.all().is_empty()).then_some(())).await;
        stage.server.stop().await;
        taken.map_or_else(|_| Err(not_taken()), |taken| taken.map(drop))
    })
}

fn not_taken() -> Failure {
    Failure::new(
        "a 2xx for a delivery while the bot thinks",
        format!("nothing within {SOON:?}"),
        "hand the message to `accept`, which returns once it is kept, and answer then",
    )
}

async fn open(file: &Path) -> Result<Arc<dyn Store>, Failure> {
    StoreLocation::File(file.to_owned()).open().await.map_err(no_file)
}

fn no_file(error: impl std::fmt::Display) -> Failure {
    Failure::new("a store in a temporary file", error.to_string(), "let the test write temporary files")
}
