use channel_core::{channel, webhook};

const NAME: &str = "myio";

#[channel(name = NAME)]
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
