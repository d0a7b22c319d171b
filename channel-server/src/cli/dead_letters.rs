//! `dead-letters`: what could not be answered, or not be sent.

use std::{process::ExitCode, time::SystemTime};

use channel_engine::{Content, DeadLetter, Filter, LetterId, Store};
use serde_json::json;

use super::{
    Failure, Main,
    arguments::{DeadLetters, Letters},
};
use crate::StoreLocation;

/// Does to the dead letters of the store what the command says.
pub(super) fn run(arguments: &DeadLetters, program: &Main) -> Result<ExitCode, Failure> {
    let location = arguments.storage.location(&program.answerer.endpoints(&arguments.answerer)?);
    expect_letters(&location)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let store = location.open().await.map_err(|error| {
            format!(
                "{error}\n  help: while a server has it open, ask that for `/dead_letters` (`--enable-api`)"
            )
        })?;
        match &arguments.what {
            Letters::List { channel, sender, limit } => {
                let channel = channel.as_deref().map(Into::into);
                let sender_id = sender.as_deref().map(Into::into);
                let filter = Filter { channel, sender_id, limit: *limit, ..Filter::default() };
                print!("{}", table(&store.dead_letters(&filter).await?));
            }
            Letters::Show { id } => println!("{}", shown(&found(&*store, *id).await?)?),
            Letters::Replay { ids } => {
                for id in ids {
                    store.replay(*id).await?.ok_or_else(|| none(*id))?;
                    println!("{id} is answered or sent again, once a server runs");
                }
            }
            Letters::Discard { ids } => {
                for id in ids {
                    if !store.discard(*id).await? {
                        return Err(none(*id));
                    }
                    println!("{id} is discarded");
                }
            }
        }
        Ok(ExitCode::SUCCESS)
    })
}

/// Opened, a store that is not there would be made: it has no letters, and says nothing of those that are looked for.
fn expect_letters(location: &StoreLocation) -> Result<(), Failure> {
    match location {
        StoreLocation::Memory => Err("what is kept in memory is seen by its server alone: start that with `--enable-api`, and ask it for `/dead_letters`".into()),
        StoreLocation::File(path) if !path.exists() => {
            Err(format!("there is no store `{}`: name it with `--store`", path.display()).into())
        }
        StoreLocation::File(_) | StoreLocation::Postgres { .. } => Ok(()),
    }
}

async fn found(store: &dyn Store, id: LetterId) -> Result<DeadLetter, Failure> {
    store.dead_letter(id).await?.ok_or_else(|| none(id))
}

fn none(id: LetterId) -> Failure {
    format!("there is no dead letter {id}; `dead-letters list` shows those there are").into()
}

/// One line for each, the oldest first.
fn table(letters: &[DeadLetter]) -> String {
    if letters.is_empty() {
        return "there are no dead letters\n".to_owned();
    }
    let line = |letter: &DeadLetter| {
        let DeadLetter { id, channel, conversation, attempts, error, .. } = letter;
        let (sender_id, error) = (plain(&conversation.sender_id), plain(error));
        let age = age(letter.since);
        format!("{id}  {age} ago  {channel}  {sender_id}  {attempts} tries  {error}\n")
    };
    letters.iter().map(line).collect()
}

/// On one line, and without what a terminal takes for orders: strangers choose ids.
fn plain(text: &str) -> String {
    text.chars().map(|char| if char.is_control() { char::REPLACEMENT_CHARACTER } else { char }).collect()
}

/// All that is known of it, as JSON.
fn shown(letter: &DeadLetter) -> serde_json::Result<String> {
    let content = match &letter.content {
        Content::Message(message) => json!({ "message": message }),
        Content::Reply { to, reply, outcome } => json!({ "to": to, "reply": reply, "outcome": outcome }),
    };
    serde_json::to_string_pretty(&json!({
        "id": letter.id.to_string(),
        "channel": letter.channel,
        "sender_id": letter.conversation.sender_id,
        "since": letter.since.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs_f64(),
        "attempts": letter.attempts,
        "error": letter.error,
        "content": content,
    }))
}

/// How long ago, in the unit that fits.
fn age(since: SystemTime) -> String {
    let seconds = SystemTime::now().duration_since(since).unwrap_or_default().as_secs();
    match seconds {
        0..=99 => format!("{seconds} s"),
        100..=5_999 => format!("{} min", seconds / 60),
        6_000..=172_799 => format!("{} h", seconds / 3_600),
        _ => format!("{} d", seconds / 86_400),
    }
}
