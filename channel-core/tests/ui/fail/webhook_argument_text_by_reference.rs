use channel_core::{channel, webhook};

#[channel(name = "myio")]
pub struct MyIo {
    pub username: String,
}

impl MyIo {
    #[webhook]
    async fn receive(&self, body: &str) -> String {
        body.to_owned()
    }
}

fn main() {}
