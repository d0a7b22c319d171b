#![doc = include_str!("../README.md")]

mod answer;
pub mod conformance;
mod credentials;
mod record;
mod tester;

pub use answer::Answer;
pub use conformance::{Call, Delivery, Said, Shown, Suite};
pub use tester::{ChannelTester, Reply};
