// mistakes: 2
// The compiler says it, too; the channel does not say that it has no webhook.
use channel_core::{channel, webhook};

#[channel(name = "myio")]
pub struct MyIo {
    pub username: String,
}

impl MyIo {
    #[webhook]
    async fn receive(&self, body: ) -> &'static str {
        "ok"
    }
}

fn main() {}
