use channel_core::{channel};

#[channel(name = "myio")]
pub trait MyIo {}

fn main() {}
