//! Steps of turns.

use std::collections::HashSet;

use tokio_postgres::Row;

use super::{
    super::{Step, StoreError},
    batch::{Desk, Writer, alone},
    change::{Change, What},
    database::{Gathered, for_rows},
    inbox::{self, Told},
    later::{Later, LaterColumns},
    names::{self, Key},
    notices,
    outbox::{Columns, Replies},
    schedule,
    server::Server,
};

const EVENTS: &str = "INSERT INTO channel_events (conversation, step, event_lines) \
    SELECT * FROM unnest($1::bytea[], $2::bigint[], $3::text[])";

const CHANGED: &str = "UPDATE channel_conversations \
    SET has_begun = true, next_step = next_step + 1, changed_at = $2, changed_hour = $3 WHERE key = ANY($1)";

const PROGRESS: &str = "UPDATE channel_inbox SET steps = steps + 1, events = channel_inbox.events + given.events, \
        reply_lines = reply_lines || given.replies, state = CASE WHEN is_last THEN 1 ELSE 0 END, \
        ended_at = CASE WHEN is_last THEN $5::bigint END, message = CASE WHEN NOT is_last THEN message END \
    FROM unnest($1::bytea[], $2::bigint[], $3::text[], $4::boolean[]) AS given (key, events, replies, is_last) \
    WHERE channel_inbox.key = given.key AND state = 0";

/// Keeps a step, once: its message tells how many steps of its turn are kept already. One without a message can't tell, and
/// is not put where it might be written twice.
pub(super) async fn commit(
    changes: &Writer<Change>,
    desk: &Desk,
    step: &Step<'_>,
) -> Result<Vec<u64>, StoreError> {
    let change = Change {
        conversation: names::of_conversation(step.conversation),
        lease: step.lease,
        what: What::Step(Box::new(Written::new(step)?)),
    };
    if step.message.is_some() { changes.write(change).await } else { alone(desk, &change).await }
}

/// A step as it is written.
pub(super) struct Written {
    /// The message that it answers.
    pub(super) cause: Option<Key>,
    /// Which step of the message's turn it is.
    pub(super) number: i64,
    pub(super) replies: Replies,
    pub(super) later: Later,
    events: String,
    event_count: i64,
    reply_lines: String,
    is_last: bool,
    /// The messages that are answered too, where it is the last step.
    superseded: Vec<Key>,
    by: Vec<u8>,
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
            is_last: step.is_last,
            superseded: superseded.collect(),
            by: step.message.map(|key| key.message_id.as_bytes().to_vec()).unwrap_or_default(),
            cause,
        })
    }

    /// About how large it is, in bytes.
    pub(super) fn size(&self) -> usize {
        self.events.len() + 2 * self.reply_lines.len() + self.later.size()
    }

    /// The messages that are over with it.
    pub(super) fn ended(&self) -> impl Iterator<Item = &Key> {
        self.cause.iter().filter(|_| self.is_last).chain(&self.superseded)
    }
}

/// A step whose conversation is locked.
pub(super) struct Begun<'a> {
    pub(super) conversation: &'a Key,
    /// The number of its events.
    pub(super) next_step: i64,
    pub(super) step: &'a Written,
}

/// Steps of several conversations, by columns.
#[derive(Default)]
pub(super) struct Steps<'a> {
    now: i64,
    hour: i64,
    conversations: Vec<&'a Key>,
    events: (Vec<&'a Key>, Vec<i64>, Vec<&'a str>),
    progress: (Vec<&'a Key>, Vec<i64>, Vec<&'a str>, Vec<bool>),
    superseded: (Vec<&'a Key>, Vec<&'a [u8]>),
    replies: Columns<'a>,
    later: LaterColumns<'a>,
    told: Told,
    /// To which of the others, and what of the time of what is scheduled.
    tell_due: Option<(i64, String)>,
}

impl<'a> Steps<'a> {
    /// `waiting`: those of the ended messages whose callers wait.
    pub(super) fn new(begun: &[Begun<'a>], now: i64, waiting: &[Row], server: &Server) -> Self {
        let mut steps = Self { now, hour: names::hour(now), ..Self::default() };
        for Begun { conversation, next_step, step } in begun {
            steps.add(conversation, *next_step, step);
        }
        let ended: HashSet<_> = begun.iter().flat_map(|begun| begun.step.ended()).collect();
        let waiting = waiting.iter().filter(|row| ended.contains(&row.get::<_, Key>(0)));
        steps.told = Told::new(waiting, server);
        let soonest = steps.later.soonest().filter(|_| server.can_notify);
        steps.tell_due = soonest.map(|soonest| (server.mailbox, notices::scheduled(soonest)));
        steps
    }

    fn add(&mut self, conversation: &'a Key, next_step: i64, step: &'a Written) {
        self.conversations.push(conversation);
        if !step.events.is_empty() {
            self.events.0.push(conversation);
            self.events.1.push(next_step);
            self.events.2.push(&step.events);
        }
        if let Some(cause) = &step.cause {
            self.progress.0.push(cause);
            self.progress.1.push(step.event_count);
            self.progress.2.push(&step.reply_lines);
            self.progress.3.push(step.is_last);
        }
        for superseded in &step.superseded {
            self.superseded.0.push(superseded);
            self.superseded.1.push(&step.by);
        }
        self.replies.add(conversation, step);
        self.later.add(conversation, &step.later);
    }

    /// Writes the replies, and tells their conversations and numbers.
    pub(super) fn replies(&self) -> Option<Gathered<'_>> {
        self.replies.statement(&self.now)
    }

    pub(super) fn others(&self) -> impl Iterator<Item = Gathered<'_>> {
        let Self { now, hour, conversations, events, progress, superseded, told, .. } = self;
        let statements = [
            for_rows(events.0.len(), EVENTS, [&events.0, &events.1, &events.2]),
            for_rows(conversations.len(), CHANGED, [conversations, now, hour]),
            for_rows(progress.0.len(), PROGRESS, [&progress.0, &progress.1, &progress.2, &progress.3, now]),
            for_rows(superseded.0.len(), inbox::SUPERSEDE, [&superseded.0, &superseded.1, now]),
            self.later.statement(),
            told.statement(),
            self.tell_due.as_ref().and_then(|(mailbox, note)| for_rows(1, schedule::TELL, [mailbox, note])),
        ];
        statements.into_iter().flatten()
    }
}
