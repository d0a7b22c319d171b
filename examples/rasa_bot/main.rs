//! Any Rasa bot of rules, with its channels of one's own rewritten in Rust.
//!
//! ```text
//! cargo run --example rasa_bot
//! curl --json '{"sender": "ada", "message": "hi"}' http://localhost:5005/webhooks/myio/webhook
//! curl --json '{"sender": "ada", "message": "hi"}' http://localhost:5005/webhooks/myiobranded/webhook
//! ```

mod addons;

fn main() -> std::process::ExitCode {
    channel_server::Main::new()
        .credentials(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/rasa_bot/bot/credentials.yml"))
        .run()
}
