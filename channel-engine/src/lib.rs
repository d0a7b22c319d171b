#![doc = include_str!("../README.md")]

mod causes;
mod conversation;
mod store;

pub use causes::Causes;
pub use conversation::Conversation;
pub use store::*;
