use channel_core::{channel, webhook};

pub struct Client;

#[channel(name = "myio")]
pub struct MyIo {
    #[serde(skip)]
    pub client: Client,
}

impl MyIo {
    #[webhook]
    async fn receive(&self) -> &'static str {
        "ok"
    }
}

fn main() {}
