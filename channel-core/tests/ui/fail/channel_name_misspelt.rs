use channel_core::{OnNewMessage, channel, webhook};

#[channel(nmae = "myio")]
pub struct MyIo {
    pub username: String,
}

impl MyIo {
    #[webhook]
    async fn receive(&self, on_new_message: OnNewMessage) -> &'static str {
        let _ = on_new_message;
        "ok"
    }
}

fn main() {}
