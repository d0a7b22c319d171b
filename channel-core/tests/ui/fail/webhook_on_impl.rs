use channel_core::{channel, webhook};

#[channel(name = "myio")]
pub struct MyIo;

#[webhook]
impl MyIo {
    #[webhook]
    async fn receive(&self) -> &'static str {
        "ok"
    }
}

fn main() {}
