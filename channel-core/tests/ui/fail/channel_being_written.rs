// mistakes: 2
// The compiler says it, too; the hooks say nothing.
use channel_core::{channel, webhook};

#[channel(name = "myio")]
pub struct MyIo {
    pub username: String,
    pub tok
}

impl MyIo {
    #[webhook]
    async fn receive(&self) -> &'static str {
        "ok"
    }

    #[webhook(GET)]
    async fn get(&self) -> &'static str {
        "ok"
    }
}

fn main() {}
