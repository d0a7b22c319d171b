use channel_core::{ChannelState, InputChannel, axum, channel, webhook};

#[channel(name = "myio")]
pub struct MyIo {
    pub username: String,
}

impl MyIo {
    #[webhook]
    async fn receive(&self) -> &'static str {
        "ok"
    }
}

impl InputChannel for MyIo {
    fn name(&self) -> &str {
        "myio"
    }

    fn router(self: std::sync::Arc<Self>) -> axum::Router<ChannelState> {
        axum::Router::new()
    }
}

fn main() {}
