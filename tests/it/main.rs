//! The examples run as they say, and recorded exchanges of a Rasa server come out as documented.

#[path = "../../examples/rasa_bot/addons/mod.rs"]
mod addons;
mod discord;
#[path = "../../examples/discord/discord.rs"]
mod discord_channel;
mod documents;
mod examples;
mod http;
mod rasa;
mod stand_in;
