use channel_core::{Json, channel, webhook};

#[channel(name = "myio")]
pub struct MyIo {
    pub username: String,
}

impl MyIo {
    #[webhook]
    async fn receive<'a>(&self, Json(body): Json<&'a str>) -> String {
        body.to_owned()
    }
}

fn main() {}
