// lines: 17
use channel_core::{OnNewMessage, channel, webhook};

pub struct Client;

#[channel(name = "myio")]
pub struct MyIo {
    pub client: Client,
}

impl MyIo {
    #[webhook]
    async fn receive(&self, on_new_message: OnNewMessage) -> &'static str {
        let _ = on_new_message;
        "ok"
    }
}

fn main() {}
