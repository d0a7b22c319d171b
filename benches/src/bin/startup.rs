//! From exec to the first health answer, and the memory then, with 1, 100 and 1,000 channels.
//!
//! ```text
//! cargo run --release -p channel-benches --bin startup
//! ```
//!
//! Given arguments, this program is the server, as `cargo run -p channel-benches --bin startup -- run --help` says.

use std::{
    env,
    error::Error,
    fs,
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    path::Path,
    process::{Command, ExitCode, Stdio},
    thread,
    time::{Duration, Instant},
};

use channel_benches::{
    figures::{median, print_table, quartiles},
    process::resident_kib,
};
use channel_core::UserMessage;

const ROUNDS: usize = 15;
const CHANNELS: [usize; 3] = [1, 100, 1000];

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> ExitCode {
    if env::args().len() > 1 {
        return channel_server::Main::new()
            .agent(|message: UserMessage| async move { format!("You said: {}", message.text) })
            .run();
    }
    match measure() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn measure() -> Outcome<()> {
    let file = env::temp_dir().join(format!("channel-benches-{}.yml", std::process::id()));
    let mut figures = CHANNELS.map(|channels| (channels, Vec::new(), Vec::new()));
    for _ in 0..ROUNDS {
        for (channels, milliseconds, mebibytes) in &mut figures {
            fs::write(&file, credentials(*channels))?;
            let (time, kib) = start(&file, *channels)?;
            milliseconds.push(time.as_secs_f64() * 1e3);
            mebibytes.push(f64::from(kib) / 1024.0);
        }
    }
    fs::remove_file(&file)?;
    let row = |(channels, milliseconds, mebibytes): &(usize, Vec<f64>, Vec<f64>)| {
        let (low, high) = quartiles(milliseconds);
        vec![
            channels.to_string(),
            format!("{:.1} ({low:.1} to {high:.1})", median(milliseconds)),
            format!("{:.1}", median(mebibytes)),
        ]
    };
    let headings = ["channels", "ms to the first health answer, median (quartiles)", "MiB resident, median"];
    print_table(&headings, &figures.iter().map(row).collect::<Vec<_>>());
    println!("goal: linear; with one channel under 50 ms and 15 MB");
    Ok(())
}

fn credentials(channels: usize) -> String {
    let instances = (0..channels).map(|number| {
        format!("    i{number:04}:\n      username: user_name\n      another_parameter: some value\n")
    });
    format!("myio:\n  instances:\n{}", instances.collect::<String>())
}

/// The time until the last channel answers, and the resident memory then.
fn start(credentials: &Path, channels: usize) -> Outcome<(Duration, u32)> {
    let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
    let health = format!(
        "GET /webhooks/myio/i{:04} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n",
        channels - 1
    );
    let mut command = Command::new(env::current_exe()?);
    command.args(["run", "--interface", "127.0.0.1", "--port", &address.port().to_string(), "--credentials"]);
    command.arg(credentials).stdout(Stdio::null()).stderr(Stdio::null());
    let start = Instant::now();
    let mut server = command.spawn()?;
    let healthy = wait_for(address, &health, start);
    let time = start.elapsed();
    let kib = resident_kib(server.id());
    server.kill()?;
    server.wait()?;
    healthy?;
    Ok((time, kib?))
}

fn wait_for(address: SocketAddr, health: &str, start: Instant) -> Outcome<()> {
    while start.elapsed() < Duration::from_secs(30) {
        if let Ok(mut stream) = TcpStream::connect(address) {
            stream.write_all(health.as_bytes())?;
            let mut answer = String::new();
            stream.read_to_string(&mut answer)?;
            let is_healthy = answer.starts_with("HTTP/1.1 200 ");
            return if is_healthy { Ok(()) } else { Err(format!("not healthy: {answer}").into()) };
        }
        thread::sleep(Duration::from_micros(200));
    }
    Err("the server did not come up".into())
}
