//! Steps of turns.

use std::time::SystemTime;

use tokio_postgres::Row;

use super::{
    super::{Step, StoreError},
    database::{Database, Parameter, Statement},
    fence::Held,
    inbox::{self, Told},
    names::{self, Key},
    notes,
    outbox::{self, Replies},
    schedule::{self, Later},
    server::Server,
};

const KEPT: &str = "SELECT steps > $2 FROM channel_inbox WHERE key = $1";

const EVENTS: &str = "INSERT INTO channel_events (conversation, step, event_lines) VALUES ($1, $2, $3)";

const CHANGED: &str = "UPDATE channel_conversations \
    SET has_begun = true, next_step = next_step + 1, changed_at = $2, changed_hour = $3 WHERE key = $1";

const PROGRESS: &str = "UPDATE channel_inbox \
    SET steps = steps + 1, events = events + $2, reply_lines = reply_lines || $3 WHERE key = $1 AND state = 0";

const END: &str =
    "UPDATE channel_inbox SET state = 1, ended_at = $2, message = NULL WHERE key = $1 AND state = 0";

/// Keeps a step, once: its message tells how many steps of its turn are kept already.
pub(super) async fn commit(
    database: &Database,
    server: &Server,
    step: &Step<'_>,
) -> Result<Vec<u64>, StoreError> {
    let conversation = names::of_conversation(step.conversation);
    let written = Written::new(step)?;
    let asked: [Statement<'_>; 2] =
        [(KEPT, &[&written.cause, &written.number]), (inbox::WAITING, &[&written.ended])];
    let held = Held::begin(database, server, &conversation, step.lease, &asked).await?;
    let is_kept = held.answers[0].first().is_some_and(|row| row.get(0));
    if is_kept {
        let replies: Statement<'_> = (outbox::OF_STEP, &[&conversation, &written.cause, &written.number]);
        return Ok(ids(&held.finish(&[replies]).await?[0]));
    }
    written.write(&conversation, held, server).await
}

fn ids(rows: &[Row]) -> Vec<u64> {
    rows.iter().map(|row| row.get::<_, i64>(0).cast_unsigned()).collect()
}

/// A step as it is written. Nothing is encoded while the conversation is locked.
struct Written {
    /// The message that it answers.
    cause: Option<Key>,
    /// Which step of the message's turn it is.
    number: i64,
    events: String,
    event_count: i64,
    reply_lines: String,
    replies: Replies,
    later: Later,
    /// What is over with it, the message first.
    ended: Vec<Key>,
    is_last: bool,
    by: String,
}

impl Written {
    fn new(step: &Step<'_>) -> Result<Self, StoreError> {
        let cause = step.message.map(names::of_message);
        let superseded = step.supersedes.iter().filter(|_| step.is_last).map(names::of_message);
        Ok(Self {
            number: i64::from(step.number),
            events: names::lines(step.events.iter().map(AsRef::<channel_core::Event>::as_ref))?,
            event_count: names::number(step.events.len()),
            reply_lines: names::lines(step.replies)?,
            replies: Replies::new(step.conversation, step.outward, step.replies)?,
            later: Later::new(step.conversation, step.schedule)?,
            ended: cause.clone().into_iter().filter(|_| step.is_last).chain(superseded).collect(),
            is_last: step.is_last,
            by: step.message.map(|key| key.message_id.to_string()).unwrap_or_default(),
            cause,
        })
    }

    async fn write(&self, conversation: &Key, held: Held, server: &Server) -> Result<Vec<u64>, StoreError> {
        let now = names::micros(SystemTime::now());
        let hour = names::hour(now);
        let told = Told::new(&held.answers[1], server);
        let next_step = held.next_step;
        let superseded =
            &self.ended[usize::from(self.is_last && self.cause.is_some()).min(self.ended.len())..];
        let by = self.by.as_bytes();
        let soonest = self.later.soonest().map(notes::scheduled);

        let replies = self.replies.parameters(conversation, &self.cause, &self.number, &now);
        let events: [Parameter<'_>; 3] = [conversation, &next_step, &self.events];
        let changed: [Parameter<'_>; 3] = [conversation, &now, &hour];
        let progress: [Parameter<'_>; 3] = [&self.cause, &self.event_count, &self.reply_lines];
        let end: [Parameter<'_>; 2] = [&self.cause, &now];
        let supersede: [Parameter<'_>; 3] = [&superseded, &by, &now];
        let later = self.later.parameters(conversation);
        let tell = told.parameters();
        let tell_due: [Parameter<'_>; 2] = [&server.mailbox, &soonest];

        let all: [(bool, Statement<'_>); 8] = [
            (!self.replies.is_empty(), (outbox::INSERT, &replies)),
            (!self.events.is_empty(), (EVENTS, &events)),
            (true, (CHANGED, &changed)),
            (self.cause.is_some(), (PROGRESS, &progress)),
            (self.cause.is_some() && self.is_last, (END, &end)),
            (!superseded.is_empty(), (inbox::SUPERSEDE, &supersede)),
            (soonest.is_some(), (schedule::INSERT, &later)),
            (!told.is_empty(), (inbox::TELL, &tell)),
        ];
        let mut statements: Vec<_> =
            all.into_iter().filter_map(|(is_needed, statement)| is_needed.then_some(statement)).collect();
        if soonest.is_some() && server.can_notify {
            statements.push((schedule::TELL, &tell_due));
        }
        let answers = held.finish(&statements).await?;
        Ok(if self.replies.is_empty() { Vec::new() } else { ids(&answers[0]) })
    }
}
