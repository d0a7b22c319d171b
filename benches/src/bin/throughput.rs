//! Requests per second over loopback: channel-server against axum by hand, each in a process of its own.
//!
//! ```text
//! cargo run --release -p channel-benches --bin throughput
//! cargo run --release -p channel-benches --bin throughput -- 32
//! ```

use std::{env, error::Error, time::Duration};

use axum::serve::ListenerExt as _;
use channel_benches::{
    connector::{BODY, by_hand, generated::MyIo},
    figures::{median, print_table, ratio},
    load::Load,
    process::Served,
};
use channel_core::UserMessage;
use channel_server::Server;
use tokio::{net::TcpListener, runtime};

const ROUNDS: usize = 60;
const SLOT: Duration = Duration::from_millis(250);

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let argument = env::args().nth(1);
    match argument.as_deref() {
        Some("channel-server") => runtime::Runtime::new()?.block_on(serve_channel()),
        Some("axum") => runtime::Runtime::new()?.block_on(serve_by_hand()),
        connections => {
            let connections = connections.map_or(Ok(64), str::parse)?;
            runtime::Builder::new_current_thread().enable_all().build()?.block_on(measure(connections))
        }
    }
}

async fn serve_channel() -> Outcome<()> {
    let server = Server::builder()
        .channel(MyIo::example())
        .agent(|message: UserMessage| async move { format!("You said: {}", message.text) })
        .address("127.0.0.1", 0)
        .build()?
        .start()
        .await?;
    println!("{}", server.address());
    server.run().await;
    Ok(())
}

async fn serve_by_hand() -> Outcome<()> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    println!("{}", listener.local_addr()?);
    let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
    axum::serve(listener, by_hand::router("/webhooks/myio")).await?;
    Ok(())
}

#[derive(Default)]
struct Figures {
    per_second: Vec<f64>,
    microseconds: Vec<f64>,
}

async fn measure(connections: usize) -> Outcome<()> {
    let requests: Vec<_> = (0..connections).map(request).collect();
    let served = [Served::start("channel-server")?, Served::start("axum")?];
    let [ours, theirs] = [served[0].address, served[1].address];
    let mut loads = [Load::open(ours, requests.clone()).await?, Load::open(theirs, requests).await?];
    let mut figures = [Figures::default(), Figures::default()];
    for round in 0..=ROUNDS {
        for turn in 0..2 {
            let which = (round + turn) % 2;
            let before = served[which].processor_time()?;
            let (answers, time) = loads[which].run(SLOT).await?;
            let used = served[which].processor_time()?.saturating_sub(before);
            // The first round warms up.
            if round > 0 {
                figures[which].per_second.push(f64::from(answers) / time.as_secs_f64());
                figures[which].microseconds.push(used.as_secs_f64() * 1e6 / f64::from(answers));
            }
        }
    }
    print(&figures, connections);
    Ok(())
}

/// Each connection is a user of its own: messages of one user would wait for each other.
fn request(user: usize) -> Vec<u8> {
    let body = BODY.replace("test_user", &format!("user_{user:03}"));
    let head = "POST /webhooks/myio/webhook HTTP/1.1\r\nhost: localhost\r\nuser-agent: bench\r\naccept: */*\r\n\
                content-type: application/json\r\n";
    format!("{head}content-length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

fn print([ours, theirs]: &[Figures; 2], connections: usize) {
    let row = |name: &str, figures: &Figures| {
        let Figures { per_second, microseconds } = figures;
        vec![name.to_owned(), format!("{:.0}", median(per_second)), format!("{:.2}", median(microseconds))]
    };
    println!("{connections} connections, {ROUNDS} rounds of {} ms each", SLOT.as_millis());
    let headings = ["server", "requests/s, median", "processor µs/request, median"];
    print_table(&headings, &[row("channel-server", ours), row("axum by hand", theirs)]);
    let (speed, (low, high)) = ratio(&ours.per_second, &theirs.per_second);
    println!("ratio of requests/s {speed:.3} (quartiles {low:.3} to {high:.3}); goal: at least 0.95");
    let (cost, (low, high)) = ratio(&ours.microseconds, &theirs.microseconds);
    println!("ratio of processor time {cost:.3} (quartiles {low:.3} to {high:.3})");
}
