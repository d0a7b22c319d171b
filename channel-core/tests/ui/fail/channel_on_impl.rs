use channel_core::{OnNewMessage, channel, webhook};

pub struct MyIo;

#[channel(name = "myio")]
impl MyIo {
    #[webhook]
    async fn receive(&self, on_new_message: OnNewMessage) -> &'static str {
        let _ = on_new_message;
        "ok"
    }
}

fn main() {}
