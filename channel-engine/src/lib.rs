#![doc = include_str!("../README.md")]

mod backoff;
mod causes;
mod clock;
mod conversation;
mod detached;
mod ends;
mod engine;
mod lane;
mod lease;
mod measures;
mod outbox;
mod spans;
mod stepping;
mod store;
mod warm;

pub use causes::Causes;
pub use conversation::Conversation;
pub use engine::{Engine, Options, Replies, Retention, Visit, Visited};
pub use measures::describe as describe_metrics;
pub use outbox::{Sends, Settled};
pub use store::*;
