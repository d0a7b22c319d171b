use channel_core::{webhook};

pub trait Receive {
    #[webhook]
    fn receive(&self);
}

fn main() {}
