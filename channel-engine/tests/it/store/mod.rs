//! What every store promises: a new one is a line at the end of this file.

mod conversations;
mod events;
mod inbox;
mod support;

use channel_engine::MemoryStore;

/// One test for each promise, each with an empty store.
macro_rules! store {
    ($name:ident: $new:expr) => {
        mod $name {
            use super::*;

            store! { @promises $new;
                inbox: an_id_is_new_once, an_id_is_new_for_one_of_many_at_once, an_id_is_one_message_of_a_channel,
                    replies_are_there_once_the_turn_is_over, a_turn_without_replies_is_over_too,
                    every_part_of_a_reply_is_kept, a_failed_message_is_new_again,
                    a_message_whose_turn_is_over_does_not_fail, sweeping_forgets_what_was_over_before;
                events: there_is_nothing_at_first, steps_follow_each_other, every_kind_of_event_comes_back_equal,
                    texts_and_numbers_come_back_exactly, a_step_is_kept_whole;
                conversations: conversations_are_kept_apart, a_sender_is_found_by_exactly_that_id,
                    replacing_leaves_nothing_of_before, removing_forgets_one_conversation
            }
        }
    };
    (@promises $new:expr; $($theme:ident: $($promise:ident),+);+) => {$($(
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $promise() {
            $theme::$promise(std::sync::Arc::new($new)).await;
        }
    )+)+};
}

store!(memory: MemoryStore::default());
