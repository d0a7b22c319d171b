use channel_core::{channel, webhook};

#[channel(name = "myio")]
pub struct MyIo {
    #[serde(default, default)]
    pub port: u16,
}

impl MyIo {
    #[webhook]
    async fn receive(&self) -> &'static str {
        "ok"
    }
}

fn main() {}
