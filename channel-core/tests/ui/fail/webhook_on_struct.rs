use channel_core::{webhook};

#[webhook]
pub struct MyIo;

fn main() {}
