//! The names of the prelude and of the core mean something else here.
#![allow(dead_code)]

use channel_core::*;

struct Result;
struct Option;
struct Box;
struct Vec;
struct Ok;
struct Err;
struct None;
struct Some;
struct Settings;
struct Registration;
struct Arc;
trait Send {}
trait Sync {}
trait From {}
trait Into {}
trait Default {}
mod std {}
mod core {}
mod serde {}
mod axum {}

#[channel(name = "shadowed")]
pub struct Shadowed {
    #[serde(default)]
    token: ::std::string::String,
}

impl Shadowed {
    #[webhook]
    async fn receive(&self, on_new_message: OnNewMessage) -> ::std::string::String {
        format!("{on_new_message:?}{}", self.token)
    }

    #[verify]
    fn verify(&self, _: &WebhookRequest) -> ::std::result::Result<(), VerifyError> {
        ::std::result::Result::Ok(())
    }

    #[metadata]
    fn metadata(&self, _: &WebhookRequest) -> Metadata {
        Metadata::default()
    }

    #[start]
    async fn start(&self, on_new_message: OnNewMessage) {
        drop(on_new_message);
    }
}

fn main() {}
