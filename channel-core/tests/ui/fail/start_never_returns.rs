use channel_core::{channel, start};

#[channel(name = "myio")]
pub struct MyIo {
    pub username: String,
}

impl MyIo {
    #[start]
    async fn start(&self) -> ! {
        loop {
            std::future::pending::<()>().await;
        }
    }
}

fn main() {}
