use channel_core::{channel, webhook};

#[channel(name = "myio")]
pub struct MyIo {
    pub username: String,
}

impl MyIo {
    #[webhook]
    #[webhook]
    async fn receive(&self) -> &'static str {
        "ok"
    }
}

fn main() {}
