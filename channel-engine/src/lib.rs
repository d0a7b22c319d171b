#![doc = include_str!("../README.md")]

mod causes;
mod conversation;
mod detached;
mod engine;
mod lanes;
mod store;
mod turn;
mod warm;

pub use causes::Causes;
pub use conversation::Conversation;
pub use engine::{Engine, Options, Visit};
pub use store::{Accepted, MemoryStore, MessageKey, Step, Store, StoreError};
