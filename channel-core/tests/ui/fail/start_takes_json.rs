use channel_core::{Json, channel, start};

#[channel(name = "myio")]
pub struct MyIo {
    pub username: String,
}

impl MyIo {
    #[start]
    async fn start(&self, body: Json<String>) {
        let _ = body;
    }
}

fn main() {}
