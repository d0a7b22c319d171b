use channel_core::{channel, webhook};

#[channel(name = "myio")]
pub struct MyIo;

impl MyIo {
    #[webhook]
    async fn receive(&self) -> &'static str {
        "ok"
    }
}

impl MyIo {
    #[webhook]
    async fn again(&self) -> &'static str {
        "ok"
    }
}

fn main() {}
