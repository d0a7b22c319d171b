//! Reached under another path, which only the struct names.

mod facade {
    pub mod inner {
        pub use channel_core as channels;
    }
}

#[facade::inner::channels::channel(name = "renamed", crate = facade::inner::channels)]
pub struct Renamed {
    pub username: String,
}

use facade::inner::channels as hidden;

impl Renamed {
    #[hidden::webhook]
    async fn receive(&self, on_new_message: hidden::OnNewMessage) -> String {
        format!("{} {on_new_message:?}", self.username)
    }
}

fn main() {}
