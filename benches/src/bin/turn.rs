//! A whole turn over loopback: `rest`, keyword intent, rule, response, tracker; and what an idle conversation weighs.
//!
//! ```text
//! cargo run --release -p channel-benches --bin turn
//! cargo run --release -p channel-benches --bin turn -- 10000
//! ```
//!
//! The server has one worker; the driver is a process of its own. Without an argument it goes from 10 to 1,000,000
//! conversations.

use std::{
    env,
    error::Error,
    io,
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use channel_benches::{
    figures::print_table,
    load::{Exchange, Figures},
    process::{Served, resident_kib},
};
use channel_core::UserMessage;
use channel_server::{
    Server,
    agent::{Bot, DomainAgent},
};
use tokio::{runtime, task::JoinSet};

const CONVERSATIONS: [u32; 4] = [10, 1_000, 10_000, 1_000_000];
const CONNECTIONS: [u32; 3] = [1, 8, 64];
const TIME: Duration = Duration::from_secs(4);

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

fn main() -> Outcome<()> {
    let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
    let argument = env::args().nth(1);
    match argument.as_deref() {
        Some("bot") => runtime.block_on(serve(true)),
        Some("echo") => runtime.block_on(serve(false)),
        Some(conversations) => runtime.block_on(measure(&[conversations.parse()?])),
        None => runtime.block_on(measure(&CONVERSATIONS)),
    }
}

async fn serve(bot: bool) -> Outcome<()> {
    let server = Server::builder().credentials_text("rest:").address("127.0.0.1", 0);
    let server = if bot {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/bot");
        server.agent(DomainAgent::builder(Bot::load(folder)?).build()?)
    } else {
        server.agent(|message: UserMessage| async move { format!("You said: {}", message.text) })
    };
    let server = server.build()?.start().await?;
    println!("{}", server.address());
    server.run().await;
    Ok(())
}

async fn measure(conversations: &[u32]) -> Outcome<()> {
    let mut rows = Vec::new();
    for &conversations in conversations {
        let served = Served::start("bot")?;
        let before = resident_kib(served.id())?;
        fill(served.address, conversations).await?;
        let grown = f64::from(resident_kib(served.id())?.saturating_sub(before)) * 1024.0;
        println!(
            "{conversations} conversations after one turn: {:.0} bytes each",
            grown / f64::from(conversations)
        );
        let echo = Served::start("echo")?;
        for connections in CONNECTIONS {
            let limit = talk(echo.address, conversations, connections).await?;
            let used = served.processor_time()?;
            let turns = talk(served.address, conversations, connections).await?;
            let used = served.processor_time()?.saturating_sub(used);
            rows.push(row(conversations, connections, &turns, &limit, used));
        }
    }
    let headings = [
        "conversations",
        "connections",
        "turns/s",
        "p50 µs",
        "p99 µs",
        "processor µs/turn",
        "of echo's turns/s",
    ];
    print_table(&headings, &rows);
    println!("goal: at least 15000 turns/s with 10000 conversations; at most 2000 bytes; p99 flat");
    Ok(())
}

fn row(
    conversations: u32,
    connections: u32,
    turns: &Figures,
    limit: &Figures,
    used: Duration,
) -> Vec<String> {
    vec![
        conversations.to_string(),
        connections.to_string(),
        format!("{:.0}", turns.per_second()),
        turns.percentile(50).as_micros().to_string(),
        turns.percentile(99).as_micros().to_string(),
        format!("{:.1}", used.as_secs_f64() * 1e6 / turns.count()),
        format!("{:.2}", turns.per_second() / limit.per_second()),
    ]
}

/// One turn in each conversation.
async fn fill(address: SocketAddr, conversations: u32) -> io::Result<()> {
    let next = Arc::new(std::sync::atomic::AtomicU32::new(0));
    let mut tasks = JoinSet::new();
    for _ in 0..16 {
        let next = Arc::clone(&next);
        tasks.spawn(async move {
            let mut exchange = Exchange::open(address).await?;
            loop {
                let user = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                if user >= conversations {
                    return io::Result::Ok(());
                }
                exchange.ask(&request(user)).await?;
            }
        });
    }
    while let Some(task) = tasks.join_next().await {
        task??;
    }
    Ok(())
}

/// Each connection speaks for one user after the other, spread over all of them.
async fn talk(address: SocketAddr, conversations: u32, connections: u32) -> io::Result<Figures> {
    let start = Instant::now();
    let mut tasks = JoinSet::new();
    for connection in 0..connections {
        tasks.spawn(async move {
            let mut exchange = Exchange::open(address).await?;
            let mut times = Vec::new();
            // Numbers that come to every conversation before they come to one again.
            let (step, mut user) = (7919 % conversations.max(2), connection * 104_729 % conversations);
            while start.elapsed() < TIME {
                user = (user + step) % conversations;
                let asked = Instant::now();
                exchange.ask(&request(user)).await?;
                times.push(asked.elapsed());
            }
            io::Result::Ok(times)
        });
    }
    let mut times = Vec::new();
    while let Some(task) = tasks.join_next().await {
        times.extend(task??);
    }
    Ok(Figures::new(times, start.elapsed()))
}

fn request(user: u32) -> Vec<u8> {
    let body = format!(r#"{{"sender":"user_{user:07}","message":"hello"}}"#);
    let head =
        "POST /webhooks/rest/webhook HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n";
    format!("{head}content-length: {}\r\n\r\n{body}", body.len()).into_bytes()
}
