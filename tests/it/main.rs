//! The examples run as they say, and recorded exchanges of a Rasa server come out as documented.

#[path = "../../examples/rasa_bot/addons/mod.rs"]
mod addons;
mod examples;
mod http;
mod rasa;
mod stand_in;
