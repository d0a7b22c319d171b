//! The fake of Telegram, as a bot meets it.

mod chats;
mod deliveries;
mod keyboards;
mod limits;
mod polling;
mod support;
