//! A Rasa bot of rules, whose own channels were rewritten in Rust.
//!
//! ```text
//! cargo run --example rasa_bot
//! curl --json '{"sender": "ada", "message": "hi"}' http://localhost:5005/webhooks/rest/webhook
//! curl --json '{"sender": "ada", "message": "hi"}' http://localhost:5005/webhooks/myio/webhook
//! ```
//!
//! Any other such bot runs the same way: `-- --bot DIR`, with `--credentials FILE` and `--endpoints FILE` where they are
//! not in its folder.

mod addons;

fn main() -> std::process::ExitCode {
    channel_server::Main::new()
        .credentials(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/rasa_bot/bot/credentials.yml"))
        .bot(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/rasa_bot/bot"))
        .run()
}
