use channel_core::{channel, webhook};

#[channel(name = "myio")]
pub struct MyIo {
    #[serde(skip)]
    pub client: std::rc::Rc<String>,
}

impl MyIo {
    #[webhook]
    async fn receive(&self) -> &'static str {
        "ok"
    }
}

fn main() {}
