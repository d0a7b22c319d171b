//! What it costs that nothing is lost: messages kept, turns run and replies handed over, all of it on the disk.
//!
//! ```text
//! cargo run --release -p channel-benches --bin durable
//! cargo run --release -p channel-benches --bin durable -- --rows 10000000
//! cargo run --release -p channel-benches --bin durable -- --store postgres://localhost/bench
//! ```
//!
//! The limit is `SQLite` itself: one thread that writes the same messages into one table with the same id, and commits
//! together what came in meanwhile, with `synchronous=FULL`. Both run in turns in one process with two workers; a caller
//! asks again as soon as it is answered. With `--rows` the file has so many answered messages before it begins, in
//! conversations of ten.

use std::{
    env,
    error::Error,
    path::Path,
    process::Command,
    sync::{
        Arc, LazyLock,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use channel_benches::{
    bare::Bare,
    figures::{median, print_table},
    fill,
    load::Figures,
    process::{own_time, resident_kib},
};
use channel_core::{
    BotMessage, ChannelState, InputChannel, OnNewMessage, OutputChannel, Recipient, SendError, Sent,
    UserMessage, async_trait, axum::Router,
};
use channel_server::engine::{
    Conversation, Engine, Incoming, Options, PostgresOptions, PostgresStore, SqliteStore, Store,
};
use tokio::{sync::Semaphore, task::JoinSet};

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

const TIME: Duration = Duration::from_secs(4);
const ROUNDS: usize = 3;
/// So many conversations that no other process speaks in: each sees its own answers.
const OWN: u64 = 999;
const CALLERS: [u64; 3] = [64, 256, 1_000];

fn main() -> Outcome<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let value = |name| arguments.iter().position(|word| word == name).and_then(|at| arguments.get(at + 1));
    let rows = value("--rows").map(|rows| rows.parse()).transpose()?.unwrap_or(0);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    match (value("--store"), value("--idle")) {
        (Some(url), _) => runtime.block_on(postgres(url)),
        (None, Some(path)) => runtime.block_on(weigh(path)),
        (None, None) => runtime.block_on(sqlite(rows)),
    }
}

async fn sqlite(rows: u32) -> Outcome<()> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("bench.db");
    drop(SqliteStore::open(&path)?);
    if rows > 0 {
        let begun = Instant::now();
        fill::answered(&path, rows)?;
        println!(
            "{rows} answered messages were there before ({:.0} s to write)\n",
            begun.elapsed().as_secs_f64()
        );
    }
    println!("idle with it: {} KiB resident (goal: 30 MB with 100000 conversations)\n", idle(&path)?);
    accepts(&path, &folder.path().join("bare.db")).await?;
    let store: Arc<dyn Store> = Arc::new(SqliteStore::open(&path)?);
    paced(&store, 5_000).await?;
    lives(&store, 1_000).await?;
    if rows > 10_000 {
        lives(&store, u64::from(rows / 10)).await?;
    }
    Ok(())
}

/// What an engine weighs that has the file and nothing to do, in a process of its own.
fn idle(path: &Path) -> Outcome<String> {
    let output = Command::new(env::current_exe()?).arg("--idle").arg(path).output()?;
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}

async fn weigh(path: &str) -> Outcome<()> {
    let store = Arc::new(SqliteStore::open(path)?);
    let agent = |message: UserMessage| async move { message.text };
    let engine = Engine::new(Arc::new(agent), store, Options::default());
    engine.start();
    // By then what was left is taken up, and what is too old forgotten.
    tokio::time::sleep(Duration::from_secs(1)).await;
    println!("{}", resident_kib(std::process::id())?);
    engine.stop(TIME).await;
    Ok(())
}

async fn postgres(url: &str) -> Outcome<()> {
    let connect = || PostgresStore::connect(url, PostgresOptions::default());
    let store: Arc<dyn Store> = Arc::new(connect().await?);
    for callers in CALLERS {
        let accepted = flood(callers, |id| accept(Arc::clone(&store), id)).await?;
        println!("{callers} callers: {:.0} accepts/s, p99 {}", accepted.per_second(), ms(&accepted, 99));
    }
    for callers in CALLERS {
        // An engine has a store for itself: it hears what other servers tell.
        live(&(Arc::new(connect().await?) as Arc<dyn Store>), OWN, callers).await?;
    }
    Ok(())
}

/// As many accepts as callers can make, beside as many bare inserts.
async fn accepts(path: &Path, bare: &Path) -> Outcome<()> {
    let store: Arc<dyn Store> = Arc::new(SqliteStore::open(path)?);
    let bare = Bare::create(bare)?;
    let mut table = Vec::new();
    for callers in CALLERS {
        let mut columns: [Vec<f64>; 6] = Default::default();
        for _ in 0..ROUNDS {
            let limit = flood(callers, |id| {
                let bare = bare.clone();
                async move { Ok(bare.insert(id).await?) }
            });
            let limit = limit.await?.per_second();
            let used = own_time()?;
            let figures = flood(callers, |id| accept(Arc::clone(&store), id)).await?;
            let used = own_time()?.saturating_sub(used).as_secs_f64() * 1e6 / figures.count();
            let milliseconds = |percent| figures.percentile(percent).as_secs_f64() * 1e3;
            let ours = figures.per_second();
            let values = [ours, limit, ours / limit, milliseconds(50), milliseconds(99), used];
            for (column, value) in columns.iter_mut().zip(values) {
                column.push(value);
            }
        }
        let [ours, limit, ratio, p50, p99, used] = columns.map(|column| median(&column));
        table.push(vec![
            callers.to_string(),
            format!("{ours:.0}"),
            format!("{limit:.0}"),
            format!("{ratio:.2}"),
            format!("{p50:.1}"),
            format!("{p99:.1}"),
            format!("{used:.1}"),
        ]);
    }
    print_table(
        &["callers", "accepts/s", "bare inserts/s", "ratio", "p50 ms", "p99 ms", "processor µs/accept"],
        &table,
    );
    println!("goals: a ratio of 0.7 at least; 30 µs at most\n");
    Ok(())
}

/// Accepts at a steady pace: how long each takes.
async fn paced(store: &Arc<dyn Store>, per_second: u64) -> Outcome<()> {
    let begun = Instant::now();
    let mut tasks = JoinSet::new();
    let mut ticks = tokio::time::interval(Duration::from_millis(1));
    let (mut sent, mut times) = (0, Vec::new());
    while begun.elapsed() < TIME {
        ticks.tick().await;
        let due = u64::try_from(begun.elapsed().as_millis())? * per_second / 1_000;
        for _ in sent..due {
            let store = Arc::clone(store);
            tasks.spawn(async move {
                let asked = Instant::now();
                accept(store, next_id()).await.map(|()| asked.elapsed())
            });
        }
        sent = due;
        while let Some(task) = tasks.try_join_next() {
            times.push(task??);
        }
    }
    while let Some(task) = tasks.join_next().await {
        times.push(task??);
    }
    let figures = Figures::new(times, begun.elapsed());
    println!(
        "at {per_second} accepts/s: p50 {}, p99 {} (goal: p99 25 ms)\n",
        ms(&figures, 50),
        ms(&figures, 99)
    );
    Ok(())
}

/// Whole turns: accepted, answered with two events and a reply, which a platform takes at once.
async fn lives(store: &Arc<dyn Store>, conversations: u64) -> Outcome<()> {
    for callers in CALLERS {
        live(store, conversations, callers).await?;
    }
    println!("goal: 12000 whole turns/s, however many conversations and messages there are\n");
    Ok(())
}

async fn live(store: &Arc<dyn Store>, conversations: u64, callers: u64) -> Outcome<()> {
    let platform = Arc::new(Platform::default());
    let agent = |message: UserMessage| async move { format!("You said: {}", message.text) };
    let engine = Engine::new(Arc::new(agent), Arc::clone(store), Options::default());
    let channel = Arc::new(Chat(Arc::clone(&platform)));
    let state = ChannelState::new(channel, None, false, Arc::new(engine.clone()));
    engine.mount([state.clone()]);
    let used = own_time()?;
    let figures = flood(callers, |id| {
        let on_new_message = OnNewMessage::new(state.clone());
        let platform = Arc::clone(&platform);
        async move {
            on_new_message.accept(message(id, conversations)).await?;
            platform.taken.acquire().await?.forget();
            Ok(())
        }
    });
    let figures = figures.await?;
    let used = own_time()?.saturating_sub(used).as_secs_f64() * 1e6 / figures.count();
    println!(
        "{conversations} conversations, {callers} in flight: {:.0} whole turns/s, p50 {}, p99 {}, processor {used:.0} µs/turn",
        figures.per_second(),
        ms(&figures, 50),
        ms(&figures, 99),
    );
    engine.stop(TIME).await;
    Ok(())
}

/// Does something as often as so many callers can, each one after the other.
async fn flood<F>(callers: u64, work: impl Fn(u64) -> F) -> Outcome<Figures>
where
    F: Future<Output = Outcome<()>> + Send + 'static,
{
    let begun = Instant::now();
    let mut tasks = JoinSet::new();
    let clocked = |work: F| async move {
        let asked = Instant::now();
        work.await.map(|()| asked.elapsed())
    };
    for _ in 0..callers {
        tasks.spawn(clocked(work(next_id())));
    }
    let mut times = Vec::new();
    while let Some(task) = tasks.join_next().await {
        times.push(task??);
        if begun.elapsed() < TIME {
            tasks.spawn(clocked(work(next_id())));
        }
    }
    Ok(Figures::new(times, begun.elapsed()))
}

/// No two messages have one id, also of two processes; those that were there before have lower ones.
fn next_id() -> u64 {
    static NEXT: LazyLock<AtomicU64> =
        LazyLock::new(|| AtomicU64::new((1_000_000 + u64::from(std::process::id())) * 1_000_000_000));
    NEXT.fetch_add(1, Ordering::Relaxed)
}

async fn accept(store: Arc<dyn Store>, id: u64) -> Outcome<()> {
    let channel = Arc::from("chat");
    let message = message(id, 100_000);
    let conversation = Conversation::new(Arc::clone(&channel), message.sender_id.as_str());
    store
        .accept(Incoming { conversation: &conversation, channel: &channel, message: &message, waits: false })
        .await?;
    Ok(())
}

fn message(id: u64, conversations: u64) -> UserMessage {
    let user = if conversations == OWN { id / 1_000_000_000 * OWN + id % OWN } else { id % conversations };
    UserMessage::new("Hello, is anybody there?", format!("user_{user}"))
        .with_message_id(format!("wamid.{id:020}"))
}

fn ms(figures: &Figures, percent: usize) -> String {
    format!("{:.1} ms", figures.percentile(percent).as_secs_f64() * 1e3)
}

/// A platform that takes everything at once.
struct Platform {
    taken: Semaphore,
}

impl Default for Platform {
    fn default() -> Self {
        Self { taken: Semaphore::new(0) }
    }
}

struct Chat(Arc<Platform>);

impl InputChannel for Chat {
    fn name(&self) -> &str {
        "chat"
    }

    fn router(self: Arc<Self>) -> Router<ChannelState> {
        Router::new()
    }

    fn output_channel(&self, _to: &Recipient) -> Option<Arc<dyn OutputChannel>> {
        Some(Arc::new(Out(Arc::clone(&self.0))))
    }
}

struct Out(Arc<Platform>);

#[async_trait]
impl OutputChannel for Out {
    fn name(&self) -> &str {
        "chat"
    }

    fn wants_tracker_state(&self) -> bool {
        false
    }

    async fn send_text(&self, _: &Recipient, _: &str, _: &BotMessage) -> Result<Sent, SendError> {
        self.0.taken.add_permits(1);
        Ok(Sent::default())
    }
}
