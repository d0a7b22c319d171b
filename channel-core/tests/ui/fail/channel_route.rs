use channel_core::{channel, webhook};

#[channel(name = "myio", route = "io")]
pub struct MyIo {
    pub username: String,
}

impl MyIo {
    #[webhook]
    async fn receive(&self) -> &'static str {
        "ok"
    }
}

fn main() {}
