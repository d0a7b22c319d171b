use channel_core::{BoxError, channel, webhook};

#[channel(name = "myio")]
pub struct MyIo {
    pub username: String,
}

impl MyIo {
    #[webhook]
    async fn receive(&self) -> Result<String, BoxError> {
        Err("no".into())
    }
}

fn main() {}
