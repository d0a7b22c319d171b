//! Other attribute macros above and below; the method stays an ordinary method.

use channel_core::{Json, channel, webhook};

#[channel(name = "traced")]
pub struct Traced;

impl Traced {
    #[tracing::instrument(skip(self))]
    #[webhook]
    async fn receive(&self, Json(number): Json<u32>) -> String {
        self.answer(number).await
    }

    #[webhook(PUT)]
    #[tracing::instrument(skip(self))]
    async fn put(&self, Json(number): Json<u32>) -> String {
        self.answer(number).await
    }

    async fn answer(&self, number: u32) -> String {
        number.to_string()
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    assert_eq!(Traced.receive(Json(7)).await, "7");
    assert_eq!(Traced.put(Json(8)).await, "8");
}
