//! Any mixture of what can be done to some conversations comes out as if it were done one by one.

use std::collections::HashMap;

use channel_core::{Event, UserMessage};
use channel_engine::Options;
use proptest::prelude::*;

use crate::support::{Chat, Random, in_chat};

#[derive(Clone, Debug)]
enum Deed {
    Say(String),
    /// The message with the id of an earlier one, or of its own.
    Deliver(u8),
    Replace,
    Remove,
}

fn deed() -> impl Strategy<Value = (usize, Deed)> {
    let text =
        prop_oneof![Just("a"), Just("b"), Just("flush"), Just("fail"), Just("flush fail"), Just("panic")];
    let deed = prop_oneof![
        5 => text.prop_map(|text| Deed::Say(text.to_owned())),
        3 => (0..4_u8).prop_map(Deed::Deliver),
        1 => Just(Deed::Replace),
        1 => Just(Deed::Remove),
    ];
    (0..5_usize, deed)
}

/// What a conversation is meant to be.
#[derive(Default)]
struct Model {
    said: Option<Vec<String>>,
    answered: HashMap<u8, Vec<String>>,
}

impl Model {
    /// Does it, and tells what comes of it.
    fn does(&mut self, deed: &Deed) -> Result<Vec<String>, ()> {
        match deed {
            Deed::Say(text) => self.hears(text),
            Deed::Deliver(id) => self.receives(*id),
            Deed::Replace => {
                self.said = Some(vec!["replaced".to_owned()]);
                Ok(Vec::new())
            }
            Deed::Remove => Ok(vec![self.said.take().is_some().to_string()]),
        }
    }

    fn receives(&mut self, id: u8) -> Result<Vec<String>, ()> {
        if let Some(replies) = self.answered.get(&id) {
            return Ok(replies.clone());
        }
        let replies = self.hears(&format!("id {id}"))?;
        self.answered.insert(id, replies.clone());
        Ok(replies)
    }

    fn hears(&mut self, text: &str) -> Result<Vec<String>, ()> {
        let (is_flushed, fails) = (text.contains("flush"), text.contains("fail") || text.contains("panic"));
        if fails && !is_flushed {
            return Err(());
        }
        let said = self.said.get_or_insert_default();
        said.push(text.to_owned());
        let mut replies = vec![said.join(", ")];
        if fails {
            return Err(());
        }
        if is_flushed {
            said.push("after".to_owned());
            replies.push("after".to_owned());
        }
        Ok(replies)
    }
}

type Outcome = std::pin::Pin<Box<dyn Future<Output = Result<Vec<String>, ()>> + Send>>;

/// Calls for it; the place in its conversation is taken when this returns.
fn call(chat: &Chat, sender_id: &str, deed: &Deed) -> Outcome {
    match deed {
        Deed::Say(text) => {
            let turn = chat.say(sender_id, text);
            Box::pin(async { turn.await.map_err(drop) })
        }
        Deed::Deliver(id) => {
            let message = UserMessage::new(format!("id {id}"), sender_id);
            let turn = chat.deliver(message.with_message_id(format!("{sender_id}/{id}")));
            Box::pin(async { turn.await.map_err(drop) })
        }
        Deed::Replace => {
            let replaced = chat.engine.replace(in_chat(sender_id), vec![Event::action("replaced")]);
            Box::pin(async { replaced.await.map(|_| Vec::new()).map_err(drop) })
        }
        Deed::Remove => {
            let removed = chat.engine.remove(in_chat(sender_id));
            Box::pin(async { removed.await.map(|was_there| vec![was_there.to_string()]).map_err(drop) })
        }
    }
}

async fn compare(deeds: &[(usize, Deed)], warm: usize, seed: u64) {
    let chat = Chat::new(Options { warm, ..Options::default() });
    let mut models: Vec<_> = (0..5).map(|_| Model::default()).collect();
    let mut calls: Vec<_> = deeds
        .iter()
        .map(|(who, deed)| (models[*who].does(deed), call(&chat, &who.to_string(), deed), (who, deed)))
        .collect();
    let mut random = Random(seed);
    let mut tasks = Vec::new();
    while !calls.is_empty() {
        let (expected, outcome, what) = calls.swap_remove(random.below(calls.len()));
        tasks.push((expected, tokio::spawn(outcome), what));
    }
    for (expected, outcome, what) in tasks {
        assert_eq!(outcome.await.unwrap(), expected, "{what:?}");
    }
    for (who, model) in models.iter().enumerate() {
        let expected = model.said.as_ref().map(|said| said.join(", "));
        assert_eq!(chat.kept(&who.to_string()).await, expected, "conversation {who}");
    }
    crate::support::is_idle(&chat.engine).await;
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn it_is_as_if_done_one_by_one(
        deeds in prop::collection::vec(deed(), 1..60),
        warm in 1..6_usize,
        seed: u64,
    ) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        runtime.block_on(compare(&deeds, warm, seed));
    }
}
