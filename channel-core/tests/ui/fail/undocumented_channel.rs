//! What a channel lacks is said as it is without the macro: once.
#![deny(missing_docs)]
use channel_core::{channel, webhook};

#[channel(name = "myio")]
pub struct MyIo {
    username: String,
}

impl MyIo {
    #[webhook]
    async fn receive(&self) -> String {
        self.username.clone()
    }
}

fn main() {}
