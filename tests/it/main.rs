//! The examples run as they say, and recorded exchanges of a Rasa server come out as documented.

mod examples;
mod http;
#[path = "../../examples/myio/main.rs"]
#[allow(dead_code, unreachable_pub, reason = "its `main` runs in the example")]
mod myio;
mod rasa;
