use channel_core::{channel, health};

#[channel(name = "myio")]
pub struct MyIo;

impl MyIo {
    #[health]
    async fn health(&self) -> &'static str {
        "ok"
    }
}

fn main() {}
