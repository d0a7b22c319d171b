//! Nothing depends on what is in scope: no prelude, and the usual names mean something else.
#![no_implicit_prelude]
#![allow(dead_code)]

use ::channel_core::{channel, webhook};

struct Result;
struct Option;
struct Box;
struct String;
struct Some;
struct Ok;
struct Send;
mod std {}
mod core {}
mod channel_core {}

#[channel(name = "bare")]
pub struct Bare {
    port: u16,
}

impl Bare {
    #[webhook]
    async fn receive(&self) -> &'static str {
        "ok"
    }
}

fn main() {}
