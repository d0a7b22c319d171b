//! One lane per conversation: its messages are answered one after the other, by one task that lives as long as there are
//! any.

mod answer;
mod attempt;
mod gather;
mod job;
mod queue;
mod reminder;
mod work;

pub(crate) use attempt::attempt_visit;
pub(crate) use job::{Bearer, Caller, Job, Keeping, Said};
pub(crate) use queue::Lanes;
pub(crate) use reminder::reminder_of;
pub(crate) use work::work;
