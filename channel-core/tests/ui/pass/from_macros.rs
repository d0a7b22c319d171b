//! Structs and methods that a declarative macro writes, with types of its own crate.

#[derive(Debug, serde::Deserialize)]
pub struct Token(String);

macro_rules! channel {
    ($(#[$attribute:meta])* $visibility:vis $name:ident, $text:literal, $type:ty, $answer:expr) => {
        $(#[$attribute])*
        #[channel_core::channel(name = $text, prefix = $text)]
        $visibility struct $name {
            $visibility token: $crate::Token,
            $visibility tokens: Vec<$crate::Token>,
            $visibility more: $type,
        }

        impl $name {
            #[channel_core::webhook]
            async fn receive(&self, channel_core::Json(token): channel_core::Json<$crate::Token>) -> String {
                format!("{}{}{}", token.0, self.token.0, $answer)
            }
        }
    };
}

channel!(pub First, "first", Option<u8>, 7);
channel!(
    /// Documented.
    #[derive(Debug)]
    pub(crate) Second, "second", std::collections::BTreeMap<String, Vec<u8>>, String::new()
);

fn main() {
    use channel_core::{FromSettings, Settings};
    let settings = Settings::from_json(&serde_json::json!({ "token": "a", "tokens": ["b"], "more": {} }));
    assert_eq!(Second::from_settings(&settings).unwrap().tokens[0].0, "b");
}
