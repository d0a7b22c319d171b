// mistakes: 2
// Both are of the compiler, as in any other method.
use channel_core::{channel, webhook};

#[channel(name = "myio")]
pub struct MyIo {
    pub username: String,
}

impl MyIo {
    #[webhook]
    async fn receive(&self, body: String) -> &'static str {
        body.
    }
}

fn main() {}
