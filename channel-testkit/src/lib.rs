#![doc = include_str!("../README.md")]

mod answer;
pub mod conformance;
mod credentials;
mod fake;
mod record;
pub mod slack;
pub mod telegram;
mod tester;

pub use answer::Answer;
pub use fake::{Call, Delivery, Fault, File, Outcome, TimedOut, Try};
pub use tester::{ChannelTester, Reply};
