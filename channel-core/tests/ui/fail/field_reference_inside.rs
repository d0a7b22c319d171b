use channel_core::{channel, webhook};

#[channel(name = "myio")]
pub struct MyIo {
    pub names: Vec<&'static str>,
}

impl MyIo {
    #[webhook]
    async fn receive(&self) -> &'static str {
        "ok"
    }
}

fn main() {}
