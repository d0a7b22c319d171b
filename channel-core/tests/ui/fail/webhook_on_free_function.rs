use channel_core::{webhook};

#[webhook]
async fn receive() -> &'static str {
    "ok"
}

fn main() {}
