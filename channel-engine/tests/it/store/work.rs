//! Where there is something to do, and how much.

use std::{sync::Arc, time::SystemTime};

use channel_core::{BotMessage, Recipient};
use channel_engine::{Backlog, Conversation, Due, Filter, Retrial, Settlement, Store};

use super::support::{
    accept, accept_in, ada, add, bob, bounce, end, fail, in_days, is_now, kill, say, schedule, settle, unsent,
};

pub(super) async fn work_is_where_something_is_pending_or_unsent(store: Arc<impl Store>) {
    let work = async || store.work(None, 100).await.unwrap();
    add(&*store, &ada(), &[]).await;
    schedule(&*store, 1, Due::Reply(Recipient::new("ada"), Box::new(BotMessage::text("later")))).await;
    assert_eq!(work().await, []);
    accept(&*store, "1").await;
    accept(&*store, "2").await;
    let ids = say(&*store, &bob(), &["a"]).await;
    assert_eq!(work().await, [ada(), bob()]);

    end(&*store, "1").await;
    fail(&*store, "2", "busy", Retrial::At(in_days(1))).await;
    assert_eq!(work().await, [ada(), bob()], "also what waits for its time");
    kill(&*store, "2").await;
    let lease = store.lease(&bob()).await.unwrap().unwrap();
    store.settle(&bob(), lease, ids[0], Settlement::Sent).await.unwrap();
    store.release(&bob(), lease).await.unwrap();
    assert_eq!(work().await, []);
}

pub(super) async fn work_comes_in_pages(store: Arc<impl Store>) {
    let mut all = Vec::new();
    for number in 0..10 {
        for channel in ["chat", "", "chat/acme"] {
            let conversation = Conversation::new(channel, format!("sender {number}"));
            if number % 3 != 0 {
                accept_in(&*store, &conversation, &conversation.to_string()).await;
            }
            if number % 3 != 1 {
                say(&*store, &conversation, &["a"]).await;
            }
            all.push(conversation);
        }
    }
    all.sort();
    for limit in [1, 7, 30, 100] {
        let mut found: Vec<Conversation> = Vec::new();
        loop {
            let page = store.work(found.last(), limit).await.unwrap();
            assert!(page.len() <= limit);
            if page.is_empty() {
                break;
            }
            found.extend(page);
            assert!(found.len() <= all.len(), "nothing comes twice");
        }
        assert_eq!(found, all, "in pages of {limit}");
    }
}

pub(super) async fn an_idle_store_has_no_backlog(store: Arc<impl Store>) {
    assert_eq!(store.backlog().await.unwrap(), Backlog::default());
    accept(&*store, "1").await;
    end(&*store, "1").await;
    let ids = say(&*store, &ada(), &["a"]).await;
    settle(&*store, ids[0], Settlement::Sent).await;
    assert_eq!(store.backlog().await.unwrap(), Backlog::default());
}

pub(super) async fn the_backlog_counts_what_is_left(store: Arc<impl Store>) {
    for id in ["1", "2", "3", "dead"] {
        accept(&*store, id).await;
    }
    say(&*store, &ada(), &["a", "b", "dead"]).await;
    fail(&*store, "1", "busy", Retrial::At(in_days(1))).await;
    schedule(&*store, 1, Due::Reply(Recipient::new("ada"), Box::new(BotMessage::text("later")))).await;
    kill(&*store, "dead").await;
    let last = unsent(&*store).await.pop().unwrap();
    bounce(&*store, last.id).await;

    let backlog = store.backlog().await.unwrap();
    let (pending, unsent) = (backlog.oldest_pending.unwrap(), backlog.oldest_unsent.unwrap());
    assert!(is_now(pending) && is_now(unsent));
    let counted = Backlog { oldest_pending: None, oldest_unsent: None, ..backlog };
    assert_eq!(
        counted,
        Backlog { pending: 3, unsent: 2, scheduled: 1, dead_letters: 2, ..Backlog::default() }
    );
}

pub(super) async fn the_backlog_is_as_old_as_its_oldest(store: Arc<impl Store>) {
    let ids = ["1", "2", "3"];
    for id in ids {
        accept(&*store, id).await;
    }
    let accepted: Vec<SystemTime> =
        store.pending(&ada(), 9).await.unwrap().iter().map(|pending| pending.accepted_at).collect();
    for (id, time) in ids.into_iter().zip(accepted) {
        assert_eq!(store.backlog().await.unwrap().oldest_pending, Some(time));
        end(&*store, id).await;
    }

    for text in ["a", "b"] {
        say(&*store, &ada(), &[text]).await;
    }
    for listed in store.replies(&Filter::default()).await.unwrap() {
        assert_eq!(store.backlog().await.unwrap().oldest_unsent, Some(listed.since));
        settle(&*store, listed.id, Settlement::Sent).await;
    }
}
