//! What the bot did, compared with what it had to do.

use std::collections::HashMap;

use channel_core::BoxError;
use channel_engine::Store;

use super::{
    fake::Fake,
    outage::{InFlight, Outage},
    writer::Said,
};
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
        let once = verdict.shown_once(said, shown, InFlight::new(said.platform, outages));
        verdict.compare(said, &once);
    }
    verdict.failed_calls = Some(failed);
    verdict
}

impl Verdict {
    /// The replies in a chat without those that were shown again and had to be.
    fn shown_once<'a>(
        &mut self,
        said: &Said,
        replies: &'a [Shown],
        mut in_flight: InFlight<'_>,
    ) -> Vec<&'a str> {
        let mut once = Vec::new();
        let mut before: Option<&Shown> = None;
        for reply in replies {
            match before.filter(|before| before.text == reply.text) {
                None => once.push(reply.text.as_str()),
                Some(before) if before.is_unheard => self.unheard += 1,
                Some(before) if in_flight.explain(before.call, reply.call) => self.duplicates += 1,
                Some(_) => {
                    let chat = said.chat.conversation();
                    self.disordered += 1;
                    self.faults.push(format!("{chat}: `{}` is shown twice without need", reply.text));
                }
            }
            before = Some(reply);
        }
        once
    }

    /// Every message has both its replies, in the order of the messages.
    fn compare(&mut self, said: &Said, replies: &[&str]) {
        let name = said.chat.conversation();
        let mut rest = replies;
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
                self.miss(&name.to_string(), &message.text, &expected[came..], rest);
                return;
            }
            self.answered += 1;
        }
        if !rest.is_empty() {
            self.disordered += 1;
            self.faults.push(format!("{name}: {rest:?} answer nothing, or come too late"));
        }
    }

    /// Notes replies that do not come where they have to: lost, unless another turn gave them, or they come later.
    fn miss(&mut self, name: &str, message: &str, missing: &[String], rest: &[&str]) {
        let is_there = |step: usize| {
            let start = script::reply_start(message, step);
            rest.iter().any(|reply| reply.starts_with(&start))
        };
        let lost = (1..=2).rev().take(missing.len()).filter(|step| !is_there(*step)).count();
        self.lost += lost;
        self.disordered += usize::from(lost == 0);
        self.faults.push(format!("{name}: {missing:?} is not there; what comes next: {:?}", rest.first()));
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
