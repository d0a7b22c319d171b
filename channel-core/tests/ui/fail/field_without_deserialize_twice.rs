// mistakes: 2
// lines: 31
use channel_core::{channel, webhook};

pub struct Client;

#[channel(name = "myio")]
pub struct MyIo {
    pub first: Client,
    pub username: String,
    pub second: Option<Client>,
}

impl MyIo {
    #[webhook]
    async fn receive(&self) -> &'static str {
        "ok"
    }
}

fn main() {}
