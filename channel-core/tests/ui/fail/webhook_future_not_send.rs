// lines: 20
use channel_core::{channel, webhook};

#[channel(name = "myio")]
pub struct MyIo {
    pub username: String,
}

impl MyIo {
    #[webhook]
    async fn receive(&self) -> &'static str {
        let shared = std::rc::Rc::new(1);
        std::future::ready(()).await;
        let _ = shared;
        "ok"
    }
}

fn main() {}
