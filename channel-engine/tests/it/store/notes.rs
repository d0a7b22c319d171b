//! What channels remember.

use std::sync::Arc;

use channel_engine::Store;

pub(super) async fn there_are_no_notes_at_first(store: Arc<impl Store>) {
    assert_eq!(store.note("chat", "offset").await.unwrap(), None);
}

pub(super) async fn a_note_replaces_the_one_before(store: Arc<impl Store>) {
    for text in ["17", "", "a\u{0}b \u{1F600}"] {
        store.set_note("chat", "offset", text).await.unwrap();
        assert_eq!(store.note("chat", "offset").await.unwrap().as_deref(), Some(text));
    }
}

pub(super) async fn notes_are_a_channels_own(store: Arc<impl Store>) {
    for (channel, name) in [("chat", "a"), ("chat", "b"), ("chat/acme", "a"), ("", "chata")] {
        store.set_note(channel, name, &format!("{channel} {name}")).await.unwrap();
    }
    assert_eq!(store.note("chat/acme", "a").await.unwrap().unwrap(), "chat/acme a");
    assert_eq!(store.note("chat", "a").await.unwrap().unwrap(), "chat a");
    assert_eq!(store.note("chat/acme", "b").await.unwrap(), None);
}
