//! What the bot did, compared with what it had to do.

use std::collections::HashMap;

use channel_core::BoxError;
use channel_engine::Store;

use super::{fake::Fake, outage::Outage, writer::Said};
use crate::{driver::verdict::Verdict, script};

/// So many calls a fake keeps; where there were more, nothing can be said.
const KEPT: usize = 10_000;

/// A reply that people saw.
struct Shown {
    text: String,
    /// Which of the platform's calls it was.
    call: usize,
    /// Whether the bot was not told.
    is_unheard: bool,
}

/// The replies in one chat, in order.
struct Replies<'a> {
    platform: usize,
    shown: &'a [Shown],
    outages: &'a [Outage],
}

/// Compares what was shown with what was said: every message that was taken is answered, once and in order.
pub(super) fn of_calls(said: &[Said], fakes: &[Box<dyn Fake>], outages: &[Outage]) -> Verdict {
    let mut verdict = Verdict::default();
    let mut failed = 0;
    let mut chats: HashMap<(usize, String), Vec<Shown>> = HashMap::new();
    for (platform, fake) in fakes.iter().enumerate() {
        let calls = fake.calls();
        if calls.len() >= KEPT {
            verdict
                .faults
                .push(format!("more than {KEPT} calls can't be judged: take fewer kills or a lower rate"));
        }
        failed += calls.iter().filter(|call| call.status != Some(200)).count();
        for (number, call) in calls.iter().enumerate() {
            if let Some((chat, text)) = fake.shown(call) {
                let shown = Shown { text, call: number, is_unheard: call.status.is_none() };
                chats.entry((platform, chat)).or_default().push(shown);
            }
        }
    }
    for said in said {
        let shown = chats.get(&(said.platform, said.chat.id())).map_or(&[][..], Vec::as_slice);
        let replies = Replies { platform: said.platform, shown, outages };
        verdict.compare(said, replies);
    }
    verdict.failed_calls = Some(failed);
    verdict
}

impl Verdict {
    fn compare(&mut self, said: &Said, replies: Replies<'_>) {
        let name = said.chat.conversation();
        let once = replies.once(self, &name.to_string());
        let mut rest = once.as_slice();
        let mut turns = 0;
        for message in &said.messages {
            let expected = script::replies_to(&message.text, turns);
            let came = expected.iter().zip(rest).take_while(|(expected, came)| expected == came).count();
            // What the platform was not told of may have arrived or not.
            if came == 0 && !message.is_taken {
                continue;
            }
            rest = &rest[came..];
            turns += 1;
            if came < expected.len() {
                let missing = &expected[came];
                self.lost += expected.len() - came;
                self.faults
                    .push(format!("{name}: `{missing}` is missing; what comes there: {:?}", rest.first()));
                return;
            }
            self.answered += 1;
        }
        if !rest.is_empty() {
            self.disordered += 1;
            self.faults.push(format!("{name}: {rest:?} answer nothing, or come too late"));
        }
    }
}

impl<'a> Replies<'a> {
    /// The replies without those that were shown again and had to be.
    fn once(&self, verdict: &mut Verdict, name: &str) -> Vec<&'a str> {
        let mut once = Vec::new();
        let mut before: Option<&Shown> = None;
        for shown in self.shown {
            match before.filter(|before| before.text == shown.text) {
                None => once.push(shown.text.as_str()),
                Some(before) if before.is_unheard => verdict.unheard += 1,
                Some(before) if self.was_in_flight(before, shown) => verdict.duplicates += 1,
                Some(_) => {
                    verdict.disordered += 1;
                    verdict.faults.push(format!("{name}: `{}` is shown twice without need", shown.text));
                }
            }
            before = Some(shown);
        }
        once
    }

    /// Whether a kill lies between the two, so that the next server could not know of the first.
    fn was_in_flight(&self, first: &Shown, again: &Shown) -> bool {
        self.outages.iter().any(|outage| outage.parts(self.platform, (first.call, again.call)))
    }
}

/// Compares the store: every tracker complete, and nothing left to do.
pub(super) async fn of_store(
    verdict: &mut Verdict,
    said: &[Said],
    store: &dyn Store,
) -> Result<(), BoxError> {
    for said in said {
        let conversation = said.chat.conversation();
        let events = store.load(&conversation).await?.unwrap_or_default();
        let heard = said.messages.iter().filter(|message| {
            // What the platform was not told of may have arrived or not.
            message.is_taken || events.iter().any(|event| script::shown(event) == message.text)
        });
        let expected = script::tracker_of(heard.map(|message| message.text.clone()));
        verdict.tracker(&conversation.to_string(), &events, &expected);
    }
    verdict.nothing_left(store).await
}
