//! What changes under the leases of conversations: many steps and settlements in one transaction.

use std::{collections::HashMap, time::SystemTime};

use tokio_postgres::Row;

use super::{
    super::StoreError,
    batch::{Desk, Item, Outcome},
    commit::{Begun, Steps, Written},
    database::{BEGIN, COMMIT, Lent, Statement},
    inbox,
    names::{self, Key},
    outbox::OfSteps,
    server::Server,
    settle::{Settled, Settlements},
};

/// In the order of their keys: two transactions wait for each other, never in a circle.
const LOCK: &str = "SELECT key, lease, next_step FROM channel_conversations \
    WHERE key = ANY($1) AND holder = $2 ORDER BY key FOR UPDATE";

const KEPT: &str = "SELECT key, steps FROM channel_inbox WHERE key = ANY($1)";

/// A change of a conversation. Nothing is encoded while the conversation is locked.
pub(super) struct Change {
    pub(super) conversation: Key,
    pub(super) lease: u64,
    pub(super) what: What,
}

pub(super) enum What {
    Step(Box<Written>),
    Settlement(Settled),
}

impl Item for Change {
    /// The numbers of a step's replies.
    type Answer = Vec<u64>;

    /// A step is kept once, as its message tells how many are. One without a message is never in a batch.
    const IS_REPEATABLE: bool = true;

    fn size(&self) -> usize {
        match &self.what {
            What::Step(written) => written.size(),
            What::Settlement(settled) => settled.size(),
        }
    }

    /// What the steps of a conversation do follows from those before.
    fn apart(&self) -> Option<&Key> {
        matches!(self.what, What::Step(_)).then_some(&self.conversation)
    }

    async fn write(desk: &Desk, changes: &[Self]) -> Outcome<Vec<Outcome<Vec<u64>>>> {
        let Some(holder) = desk.server.id() else {
            return Ok(changes.iter().map(|_| Err(StoreError::Fenced)).collect());
        };
        let conversations: Vec<_> = changes.iter().map(|change| &change.conversation).collect();
        let steps = || changes.iter().filter_map(Self::step);
        let causes: Vec<_> = steps().filter_map(|step| step.cause.as_ref()).collect();
        let ended: Vec<_> = steps().flat_map(Written::ended).collect();
        let asked: [Statement<'_>; 4] =
            [BEGIN, (LOCK, &[&conversations, &holder]), (KEPT, &[&causes]), (inbox::WAITING, &[&ended])];
        let mut lent = desk.database.lend().await?;
        let found = lent.run(&asked).await?;
        let work = Work::new(changes, &found[1], &found[2]);
        let mut replies = work.finish(&mut lent, &found[3], &desk.server).await?;
        let outcome = |(change, is_held): (&Self, &bool)| match change.what {
            _ if !is_held => Err(StoreError::Fenced),
            What::Step(_) => Ok(replies.remove(&change.conversation).unwrap_or_default()),
            What::Settlement(_) => Ok(Vec::new()),
        };
        Ok(changes.iter().zip(&work.are_held).map(outcome).collect())
    }
}

impl Change {
    fn step(&self) -> Option<&Written> {
        match &self.what {
            What::Step(step) => Some(step),
            What::Settlement(_) => None,
        }
    }
}

/// What is to be done of a batch.
#[derive(Default)]
struct Work<'a> {
    /// Of each change, whether it is made under the lease that its conversation has.
    are_held: Vec<bool>,
    steps: Vec<Begun<'a>>,
    /// The steps that were kept before.
    kept: Vec<(&'a Key, &'a Written)>,
    settled: Vec<(&'a Key, &'a Settled)>,
}

impl<'a> Work<'a> {
    /// From what [`LOCK`] and [`KEPT`] say.
    fn new(changes: &'a [Change], locked: &[Row], kept: &[Row]) -> Self {
        let locked: HashMap<Key, (i64, i64)> =
            locked.iter().map(|row| (row.get(0), (row.get(1), row.get(2)))).collect();
        let kept: HashMap<Key, i64> = kept.iter().map(|row| (row.get(0), row.get(1))).collect();
        let mut work = Self::default();
        for change in changes {
            let conversation = &change.conversation;
            let next_step = locked
                .get(conversation)
                .and_then(|(lease, next_step)| (lease.cast_unsigned() == change.lease).then_some(*next_step));
            work.are_held.push(next_step.is_some());
            let Some(next_step) = next_step else { continue };
            match &change.what {
                What::Step(step)
                    if step.cause.as_ref().is_some_and(|cause| kept.get(cause) > Some(&step.number)) =>
                {
                    work.kept.push((conversation, step));
                }
                What::Step(step) => work.steps.push(Begun { conversation, next_step, step }),
                What::Settlement(settled) => work.settled.push((conversation, settled)),
            }
        }
        work
    }

    /// Writes, and returns the numbers of the replies by their conversations, of which a batch has one step each.
    async fn finish(
        &self,
        lent: &mut Lent,
        waiting: &[Row],
        server: &Server,
    ) -> Result<HashMap<Key, Vec<u64>>, StoreError> {
        let now = names::micros(SystemTime::now());
        let kept = OfSteps::new(&self.kept);
        let steps = Steps::new(&self.steps, now, waiting, server);
        let settlements = Settlements::new(&self.settled, now);
        // Those that tell the numbers of replies come first.
        let mut statements: Vec<_> = kept.statement().into_iter().collect();
        statements.extend(steps.replies());
        let telling = statements.len();
        statements.extend(steps.others());
        statements.extend(settlements.statements());

        let mut all: Vec<Statement<'_>> =
            statements.iter().map(|(sql, parameters)| (*sql, parameters.as_slice())).collect();
        all.push(COMMIT);
        let answers = lent.run(&all).await?;
        let mut replies: HashMap<Key, Vec<u64>> = HashMap::new();
        for row in answers[..telling].iter().flatten() {
            replies.entry(row.get(0)).or_default().push(row.get::<_, i64>(1).cast_unsigned());
        }
        for ids in replies.values_mut() {
            ids.sort_unstable();
        }
        Ok(replies)
    }
}
