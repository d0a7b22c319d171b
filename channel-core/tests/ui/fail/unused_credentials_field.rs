// A field that nothing reads warns as it does without the macro.
#![deny(dead_code)]
use channel_core::{channel, webhook};

#[channel(name = "myio")]
pub struct MyIo {
    username: String,
    unused: String,
}

impl MyIo {
    #[webhook]
    async fn receive(&self) -> String {
        self.username.clone()
    }
}

fn main() {}
