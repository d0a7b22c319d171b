//! By path, under another name, and from a declarative macro.

use channel_core::webhook as receiving;

macro_rules! channel {
    ($name:ident, $text:literal, $field:ident: $type:ty) => {
        #[channel_core::channel(name = $text)]
        pub struct $name {
            pub $field: $type,
        }

        impl $name {
            #[channel_core::webhook]
            async fn receive(&self, on_new_message: channel_core::OnNewMessage) -> String {
                format!("{} {on_new_message:?}", self.$field)
            }

            #[receiving(GET)]
            async fn get(&self) -> String {
                self.$field.to_string()
            }
        }
    };
}

channel!(First, "first", username: String);
channel!(Second, "second", port: u16);

fn main() {}
