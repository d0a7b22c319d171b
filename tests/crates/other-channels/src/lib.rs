//! A channel whose author had the same idea as another.

use channel_core::{channel, webhook};

/// Its name is that of a channel in `my-channels`.
#[channel(name = "myio")]
pub struct OtherIo;

#[allow(clippy::unused_async)]
impl OtherIo {
    #[webhook]
    async fn receive(&self) -> &'static str {
        "the other one"
    }
}
