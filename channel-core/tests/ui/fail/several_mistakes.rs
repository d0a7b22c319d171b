// mistakes: 6
use channel_core::{channel, webhook};

#[channel(nmae = "myio", prefix = "/io", retries = 3)]
pub struct MyIo {
    pub username: String,
}

impl MyIo {
    #[webhook(get)]
    fn receive(&mut self) {}
}

fn main() {}
