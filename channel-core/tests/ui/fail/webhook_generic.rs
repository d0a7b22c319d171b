use channel_core::{Json, channel, webhook};

#[channel(name = "myio")]
pub struct MyIo {
    pub username: String,
}

impl MyIo {
    #[webhook]
    async fn receive<T>(&self, body: Json<T>) -> &'static str {
        "ok"
    }
}

fn main() {}
