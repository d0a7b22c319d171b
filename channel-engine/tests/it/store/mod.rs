//! What every store promises: a new one is a line at the end of this file.

mod conversations;
mod durable;
mod events;
mod inbox;
mod letters;
mod listings;
mod notes;
mod outbox;
mod retention;
mod schedule;
mod shared;
mod support;
mod turns;
mod work;

/// A test for each promise, each with a database of its own: none where the expression yields `None`.
macro_rules! promises {
    ($database:expr => $open:ident; $($theme:ident: $($promise:ident),+);+) => {$($(
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $promise() {
            if let Some(database) = $database {
                $theme::$promise(promises!(@$open database)).await;
            }
        }
    )+)+};
    (@store $database:ident) => { $database.open().await };
    (@database $database:ident) => { &$database };
}

/// What each store promises.
macro_rules! every {
    ($database:expr) => {
        promises! { $database => store;
            inbox: an_id_is_new_once, an_id_is_new_for_one_of_many_at_once, an_id_is_one_message_of_a_channel,
                numbers_grow_with_each_message, every_part_of_a_message_is_kept, a_message_is_of_its_conversation,
                a_dead_letter_is_reopened_by_a_caller_who_waits, a_dead_letter_that_nobody_waited_for_stays_one;
            turns: an_unknown_message_is_none, pending_messages_are_in_order, progress_grows_with_each_step,
                a_turn_without_replies_is_over_too, every_part_of_a_reply_is_kept, a_failed_message_is_tried_again,
                a_message_may_fail_for_good, what_is_over_does_not_fail, superseded_messages_say_why,
                a_turn_may_answer_several_messages, a_turn_ends_no_other;
            events: there_is_nothing_at_first, steps_follow_each_other, every_kind_of_event_comes_back_equal,
                what_is_as_deep_as_can_be_sent_comes_back,
                texts_and_numbers_come_back_exactly, a_step_is_kept_whole, a_step_that_is_dropped_is_whole_or_not_there;
            conversations: conversations_are_kept_apart, a_sender_is_found_by_exactly_that_id,
                replacing_leaves_nothing_of_before, removing_forgets_one_conversation;
            outbox: replies_wait_in_order, a_reply_knows_where_it_goes, what_the_caller_gets_is_not_sent,
                what_is_sent_is_gone, a_reply_is_settled_in_its_conversation, a_reply_is_tried_again, only_the_rest_is_tried_again,
                a_dead_reply_lets_the_next_go_on, replies_outlast_the_events;
            schedule: nothing_is_due_at_first, nothing_happens_before_its_time, what_is_due_happens_once,
                what_is_due_comes_in_order_and_last, a_scheduled_message_is_like_any_other,
                a_scheduled_reply_is_like_any_other, a_scheduled_message_that_is_known_is_forgotten,
                everybody_with_something_due_is_told;
            work: work_is_where_something_is_pending_or_unsent, work_comes_in_pages, an_idle_store_has_no_backlog,
                the_backlog_counts_what_is_left, the_backlog_is_as_old_as_its_oldest;
            letters: a_message_becomes_a_dead_letter, a_reply_becomes_a_dead_letter, an_unknown_letter_is_none,
                letters_are_listed_the_oldest_first, letters_are_found_by_channel_and_sender,
                a_replayed_message_goes_to_the_end, nobody_waits_for_a_replayed_message,
                a_replayed_reply_goes_to_the_end,
                a_discarded_message_is_remembered, a_discarded_reply_is_gone;
            listings: messages_are_listed_as_they_stand, messages_are_listed_by_filter,
                replies_are_listed_as_they_stand, replies_are_listed_by_filter,
                a_message_is_listed_by_its_own_channel;
            notes: there_are_no_notes_at_first, a_note_replaces_the_one_before, notes_are_a_channels_own;
            retention: messages_are_forgotten_that_were_over_before,
                dead_letters_are_forgotten_that_are_from_before,
                conversations_are_forgotten_in_which_nothing_happened, conversations_with_work_are_not_forgotten,
                age_counts_from_what_happened_last
        }
    };
}

/// What a store promises that is there again after a restart.
macro_rules! durable {
    ($database:expr) => {
        promises! { $database => database;
            durable: it_says_that_it_remembers, pending_messages_are_there_again, what_is_over_is_known_again,
                events_are_there_again, unsent_replies_are_there_again, what_is_scheduled_is_there_again,
                dead_letters_are_there_again, notes_are_there_again, what_was_forgotten_stays_forgotten
        }
    };
}

/// What a store promises that several servers share.
macro_rules! shared {
    ($database:expr) => {
        promises! { $database => database;
            shared: a_conversation_has_one_holder, leases_grow, one_of_many_gets_the_lease,
                who_was_replaced_changes_nothing, release_tells_what_another_server_left,
                release_tells_what_came_due_elsewhere, what_is_held_is_no_work_for_others,
                an_id_is_new_on_one_server, what_is_due_comes_due_once,
                the_holder_hears_who_wants_its_conversation, who_accepted_a_message_hears_of_its_end,
                others_hear_what_is_scheduled
        }
    };
}

/// The promises of a store, of which the expression yields a database: `store!(Some(Memory))`. With `, durable` and
/// `, shared` those too that only such stores make.
///
/// The expression may await, and yields an `Option` of a [`Database`](support::Database): where the machine has none, it
/// prints why and yields `None`.
macro_rules! store {
    ($database:expr $(, $suite:ident)*) => {
        mod promises {
            #[allow(clippy::wildcard_imports, reason = "the promises, and what the database needs")]
            use {super::*, crate::store::{*, support::Database}};

            every!($database);
            $($suite!($database);)*
        }
    };
}

mod memory;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(feature = "sqlite")]
mod sqlite;
