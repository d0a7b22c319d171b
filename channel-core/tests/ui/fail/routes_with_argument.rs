use channel_core::{axum, channel, routes, webhook};

#[channel(name = "myio")]
pub struct MyIo {
    pub username: String,
}

impl MyIo {
    #[webhook]
    async fn receive(&self) -> &'static str {
        "ok"
    }

    #[routes]
    fn routes(&self, path: &str) -> axum::Router {
        let _ = path;
        axum::Router::new()
    }
}

fn main() {}
