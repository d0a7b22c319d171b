use channel_core::{channel, webhook};

#[channel(name = "myio")]
pub struct MyIo {
    pub username: String,
}

impl MyIo {
    #[webhook]
    async fn receive(&mut self) -> &'static str {
        "ok"
    }
}

fn main() {}
