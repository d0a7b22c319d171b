#![doc = include_str!("../README.md")]

mod callback;
mod incoming;
mod markup;
mod relay;
mod rest;
mod slack;
mod telegram;

pub use callback::Callback;
pub use rest::Rest;
pub use slack::Slack;
pub use telegram::Telegram;
