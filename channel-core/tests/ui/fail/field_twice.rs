use channel_core::{channel, webhook};

#[channel(name = "myio")]
pub struct MyIo {
    pub name: String,
    pub name: String,
}

impl MyIo {
    #[webhook]
    async fn receive(&self) -> &'static str {
        "ok"
    }
}

fn main() {}
