use channel_core::{channel, health, webhook};

#[channel(name = "myio")]
pub struct MyIo {
    pub username: String,
}

impl MyIo {
    #[webhook]
    async fn receive(&self) -> &'static str {
        "ok"
    }

    #[health(GET)]
    async fn health(&self) -> &'static str {
        "ok"
    }
}

fn main() {}
