#![doc = include_str!("../README.md")]

mod fake;
pub mod slack;

pub use fake::{Call, Delivery, Fault, Outcome, TimedOut, Try};
