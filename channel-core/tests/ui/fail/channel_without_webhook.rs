use channel_core::{channel};

#[channel(name = "myio")]
pub struct MyIo {
    pub username: String,
}

fn main() {}
