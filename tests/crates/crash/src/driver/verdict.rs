//! What the bot did, compared with what it had to do.

use std::collections::HashSet;

use channel_core::{BoxError, Event};
use channel_engine::{Conversation, Store};

use super::{fleet::Ended, platform::Sent, recorder::Replies};
use crate::script::{self, CHANNEL, Delivered};

/// What came of the comparison.
#[derive(Debug, Default)]
pub(crate) struct Verdict {
    /// Messages that both replies came to.
    pub(super) answered: usize,
    /// Replies that came twice because a kill met the server while it sent them.
    pub(super) duplicates: usize,
    /// Replies that came twice because the answer to the first call was lost.
    pub(super) unheard: usize,
    /// Calls to the platforms that failed, where they are counted.
    pub(super) failed_calls: Option<usize>,
    /// Replies that did not come.
    pub(super) lost: usize,
    /// Conversations whose replies came in another order, or twice.
    pub(super) disordered: usize,
    /// All that is wrong, in words.
    pub(super) faults: Vec<String>,
}

/// Compares the replies: all of them once and in order, but for those that were on their way at a kill.
pub(super) fn of_replies(sent: &[Sent], replies: &Replies, ended: &Ended) -> Verdict {
    let mut verdict = Verdict::default();
    for sent in sent {
        if sent.acknowledged < sent.messages {
            verdict.faults.push(format!("{}: message {} was not taken", sent.conversation, sent.messages));
        }
        let came = replies.get(&sent.conversation).map_or(&[][..], Vec::as_slice);
        verdict.complete(sent, came);
        verdict.ordered(sent, came, ended);
    }
    verdict
}

impl Verdict {
    fn complete(&mut self, sent: &Sent, came: &[Delivered]) {
        let came: HashSet<_> = came.iter().map(|reply| &*reply.text).collect();
        let expected = script::replies(sent.acknowledged);
        let lost: Vec<_> = expected.iter().filter(|text| !came.contains(&***text)).collect();
        self.answered +=
            expected.chunks(2).filter(|both| both.iter().all(|text| came.contains(&**text))).count();
        self.lost += lost.len();
        if let Some(first) = lost.first() {
            let count = lost.len();
            self.faults.push(format!("{}: {count} replies lost, the first `{first}`", sent.conversation));
        }
    }

    fn ordered(&mut self, sent: &Sent, came: &[Delivered], ended: &Ended) {
        let expected = script::replies(sent.messages);
        let mut next = 0;
        for (place, reply) in came.iter().enumerate() {
            if expected.get(next) == Some(&reply.text) {
                next += 1;
            } else if place.checked_sub(1).is_some_and(|before| is_sent_again(&came[before], reply, ended)) {
                self.duplicates += 1;
            } else {
                let around = &came[place.saturating_sub(3)..came.len().min(place + 4)];
                let text = &reply.text;
                self.faults.push(format!("{}: `{text}` is out of order in {around:#?}", sent.conversation));
                self.disordered += 1;
                return;
            }
        }
    }
}

/// Whether a reply was on its way when its sender was killed, so that the next one had to send it again; or when the
/// database was, which then does not know that it came.
fn is_sent_again(before: &Delivered, reply: &Delivered, ended: &Ended) -> bool {
    let was_killed = before.process != reply.process && ended.killed.contains(&before.process);
    before.text == reply.text && (was_killed || ended.databases > 0)
}

/// Compares the store: every tracker complete, and nothing left to do.
pub(super) async fn of_store(
    verdict: &mut Verdict,
    sent: &[Sent],
    store: &dyn Store,
) -> Result<(), BoxError> {
    for sent in sent {
        let conversation = Conversation::new(CHANNEL, sent.conversation.as_str());
        let events = store.load(&conversation).await?.unwrap_or_default();
        verdict.tracker(&sent.conversation, &events, &script::tracker(sent.acknowledged));
    }
    verdict.nothing_left(store).await
}

impl Verdict {
    /// Looks for what the store still has to do.
    pub(super) async fn nothing_left(&mut self, store: &dyn Store) -> Result<(), BoxError> {
        let backlog = store.backlog().await?;
        if backlog.pending + backlog.unsent + backlog.scheduled + backlog.dead_letters > 0 {
            self.faults.push(format!("the store still has something to do: {backlog:?}"));
        }
        Ok(())
    }

    /// Compares a conversation's events with what they have to be.
    pub(super) fn tracker(&mut self, conversation: &str, events: &[Event], expected: &[String]) {
        let found: Vec<_> = events.iter().map(script::shown).collect();
        if found == expected {
            return;
        }
        let place = found.iter().zip(expected).take_while(|(found, expected)| found == expected).count();
        self.faults.push(format!(
            "{conversation}: event {place} of {} is {:?} in place of {:?} of {}",
            found.len(),
            found.get(place),
            expected.get(place),
            expected.len(),
        ));
    }
}
