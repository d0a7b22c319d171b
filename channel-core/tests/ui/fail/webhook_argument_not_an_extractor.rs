use channel_core::{channel, webhook};

#[channel(name = "myio")]
pub struct MyIo {
    pub username: String,
}

impl MyIo {
    #[webhook]
    async fn receive(&self, number: u64) -> &'static str {
        let _ = number;
        "ok"
    }
}

fn main() {}
