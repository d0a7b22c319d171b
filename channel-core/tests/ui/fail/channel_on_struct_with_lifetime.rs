use channel_core::{OnNewMessage, channel, webhook};

#[channel(name = "myio")]
pub struct MyIo<'a> {
    pub username: &'a str,
}

impl MyIo<'_> {
    #[webhook]
    async fn receive(&self, on_new_message: OnNewMessage) -> &'static str {
        let _ = on_new_message;
        "ok"
    }
}

fn main() {}
