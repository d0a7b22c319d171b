use channel_core::{channel, health, webhook};

#[channel(name = "myio")]
pub struct MyIo {
    pub username: String,
}

impl MyIo {
    #[webhook]
    async fn receive(&self) -> &'static str {
        "ok"
    }

    #[health]
    async fn health(&self) -> &'static str {
        "ok"
    }
    
    #[health]
    async fn again(&self) -> &'static str {
        "ok"
    }
}

fn main() {}
