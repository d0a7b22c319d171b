use channel_core::{channel, webhook};

#[channel(name = "myio")]
#[serde(default)]
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
