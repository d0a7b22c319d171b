// mistakes: 2
use channel_core::{channel, webhook};

#[channel(name = "myio", aliases = ["old io", 7])]
pub struct MyIo {
    pub username: String,
}

impl MyIo {
    #[webhook]
    async fn receive(&self) -> &'static str {
        "ok"
    }
}

fn main() {}
