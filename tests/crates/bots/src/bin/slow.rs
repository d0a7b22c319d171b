//! A bot that thinks until it is given a line on its standard input, which it answers with.

use std::io;

use channel_core::UserMessage;

async fn answer(message: UserMessage) -> io::Result<String> {
    println!("thinking about {}", message.text);
    // A thread that is blocked, as by a library that knows nothing of async.
    let line = tokio::task::spawn_blocking(|| io::stdin().lines().next().transpose());
    Ok(line.await??.unwrap_or_default())
}

fn main() -> std::process::ExitCode {
    channel_server::Main::new().agent(answer).run()
}
