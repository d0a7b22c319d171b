// mistakes: 2
// A macro on a method cannot see that its `impl` is one of a trait; the compiler objects to `pub` and to the name.
use channel_core::{channel, webhook};

#[channel(name = "myio")]
pub struct MyIo;

pub trait Receive {
    fn receive(&self) -> impl Future<Output = &'static str> + Send;
}

impl MyIo {
    #[webhook(GET)]
    async fn get(&self) -> &'static str {
        "ok"
    }
}

impl Receive for MyIo {
    #[webhook]
    async fn receive(&self) -> &'static str {
        "ok"
    }
}

fn main() {}
