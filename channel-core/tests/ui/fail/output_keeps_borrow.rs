use channel_core::{CollectingOutputChannel, OutputChannel, Recipient, channel, output, webhook};

#[channel(name = "myio")]
pub struct MyIo {
    pub username: String,
}

impl MyIo {
    #[webhook]
    async fn receive(&self) -> &'static str {
        "ok"
    }

    #[output]
    fn output(&self, to: &Recipient) -> Option<impl OutputChannel> {
        Some(CollectingOutputChannel::new(to.id.clone()))
    }
}

fn main() {}
