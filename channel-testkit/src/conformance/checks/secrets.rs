//! No secret is logged, or told to a caller.

use std::time::SystemTime;

use futures_util::future::join;

use super::Verdict;
use crate::conformance::{
    Failure, Suite,
    log::Log,
    platform::Fault,
    stage::{SOON, Setup, Stage, shortened},
    suite::secrets,
};

pub(crate) async fn stay(suite: &Suite) -> Verdict {
    // The server runs on this thread, too.
    let log = Log::default();
    let _guard = log.begin();
    let options = channel_engine::Options { send_attempts: 3, ..channel_engine::Options::default() };
    let stage = Stage::with(suite, Setup { options, ..Setup::default() }).await?;
    let told = everything(&stage).await?;
    let known = secrets(stage.settings.clone()).into_iter().chain(secrets(stage.other_settings.clone()));
    for secret in known {
        for (place, text) in [("an answer", &told), ("the log", &log.text())] {
            let Some(line) = text.lines().find(|line| line.contains(&secret)) else { continue };
            return Err(Failure::new(
                format!("no secret in {place}"),
                shortened(&line.replace(&secret, "[a secret of `credentials`]")),
                "keep secrets in fields of type `Secret`, and take the address out of errors where it has a token in it",
            ));
        }
    }
    Ok(())
}

/// Has everything happen that may be told of; the answers to it.
async fn everything(stage: &Stage<'_>) -> Result<String, Failure> {
    let suite = stage.suite;
    let bare = (suite.deliver)(&stage.says("told"));
    let foreign = suite.prove(bare.clone(), SystemTime::now(), &stage.other_settings);
    let broken = stage.prove(bare.clone().body("{"));
    let mut told = String::new();
    for delivery in [bare, foreign, broken] {
        told += &stage.deliver(delivery).await?.text();
        told.push('\n');
    }
    for (number, fault) in [Fault::Unavailable, Fault::Break].into_iter().enumerate() {
        let said = stage.says(format!("fails {number}"));
        let reply = format!("reply{number}");
        stage.bot.answers(&said.text, [reply.as_str().into()]);
        stage.platform.fail(&reply, fault);
        let mended = async {
            if suite.shown.is_some() {
                stage.platform.fails(&reply, SOON).await;
                stage.platform.mend(&reply);
                stage.shows(&reply, SOON).await;
            }
        };
        let (answer, ()) = join(stage.deliver(stage.delivery(&said)), mended).await;
        told += &answer?.text();
    }
    Ok(told)
}
