use channel_core::{channel};

#[channel(name = "myio")]
async fn receive() {}

fn main() {}
