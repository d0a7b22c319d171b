// mistakes: 2
// The compiler finds a doubled function in two blocks when it is declared and when it is used.
use channel_core::{channel, webhook};

#[channel(name = "myio")]
pub struct MyIo;

impl MyIo {
    #[webhook]
    async fn receive(&self) -> &'static str {
        "ok"
    }
}

impl MyIo {
    #[webhook]
    async fn again(&self) -> &'static str {
        "ok"
    }
}

fn main() {}
