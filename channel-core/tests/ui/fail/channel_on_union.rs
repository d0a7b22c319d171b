use channel_core::{channel};

#[channel(name = "myio")]
pub union MyIo {
    a: u8,
}

fn main() {}
