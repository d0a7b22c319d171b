#![doc = include_str!("../README.md")]

mod fake;
pub mod slack;
pub mod telegram;

pub use fake::{Call, Delivery, Fault, File, Outcome, TimedOut, Try};
