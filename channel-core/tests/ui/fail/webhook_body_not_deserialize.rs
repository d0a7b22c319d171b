use channel_core::{Json, channel, webhook};

#[channel(name = "myio")]
pub struct MyIo {
    pub username: String,
}

impl MyIo {
    #[webhook]
    async fn receive(&self, Json(body): Json<Incoming>) -> &'static str {
        let _ = body;
        "ok"
    }
}

pub struct Incoming;

fn main() {}
