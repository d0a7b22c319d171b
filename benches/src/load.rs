//! A load driver: connections that each send one request after the other.

use std::{
    io,
    net::SocketAddr,
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    task::JoinSet,
};

/// Open connections to one server.
pub struct Load {
    connections: Vec<Connection>,
}

struct Connection {
    exchange: Exchange,
    request: Vec<u8>,
}

/// A connection over which one request goes after the other.
pub struct Exchange {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// How long answers took.
pub struct Figures {
    /// Sorted.
    times: Vec<Duration>,
    total: Duration,
}

impl Load {
    /// Opens so many connections; over each, its request is to be sent again and again.
    ///
    /// # Errors
    ///
    /// A connection can't be opened.
    pub async fn open(address: SocketAddr, requests: Vec<Vec<u8>>) -> io::Result<Self> {
        let mut connections = Vec::new();
        for request in requests {
            connections.push(Connection { exchange: Exchange::open(address).await?, request });
        }
        Ok(Self { connections })
    }

    /// Sends for so long, and says how many answers came, and in what time.
    ///
    /// # Errors
    ///
    /// A connection broke, or an answer was not a 200.
    pub async fn run(&mut self, time: Duration) -> io::Result<(u32, Duration)> {
        let start = Instant::now();
        let mut tasks = JoinSet::new();
        for mut connection in self.connections.drain(..) {
            tasks.spawn(async move {
                let mut answers = 0_u32;
                while start.elapsed() < time {
                    connection.exchange.ask(&connection.request).await?;
                    answers += 1;
                }
                io::Result::Ok((connection, answers))
            });
        }
        let mut total = 0;
        while let Some(task) = tasks.join_next().await {
            let (connection, answers) = task??;
            self.connections.push(connection);
            total += answers;
        }
        Ok((total, start.elapsed()))
    }
}

impl Exchange {
    /// Opens a connection.
    ///
    /// # Errors
    ///
    /// It can't be opened.
    pub async fn open(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::with_capacity(4096) })
    }

    /// Sends a request and reads its answer to the end.
    ///
    /// # Errors
    ///
    /// The connection broke, or the answer was not a 200.
    pub async fn ask(&mut self, request: &[u8]) -> io::Result<()> {
        self.stream.write_all(request).await?;
        self.buffer.clear();
        while !is_whole(&self.buffer)? {
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        Ok(())
    }
}

impl Figures {
    /// Of answers that took so long each, and together.
    pub fn new(mut times: Vec<Duration>, total: Duration) -> Self {
        times.sort_unstable();
        Self { times, total }
    }

    /// How many there were.
    #[allow(clippy::cast_precision_loss, reason = "they are counted in millions")]
    pub fn count(&self) -> f64 {
        self.times.len() as f64
    }

    /// How many came in a second.
    pub fn per_second(&self) -> f64 {
        self.count() / self.total.as_secs_f64()
    }

    /// What so many percent of the answers did not exceed; 0 where there are none.
    pub fn percentile(&self, percent: usize) -> Duration {
        let index = self.times.len() * percent / 100;
        self.times.get(index).copied().unwrap_or_default()
    }
}

fn is_whole(answer: &[u8]) -> io::Result<bool> {
    let Some(end) = answer.windows(4).position(|four| four == b"\r\n\r\n") else { return Ok(false) };
    let head = std::str::from_utf8(&answer[..end]).map_err(io::Error::other)?;
    if !head.starts_with("HTTP/1.1 200 ") {
        return Err(io::Error::other(format!("not a 200: {head}")));
    }
    let length = head.split("\r\n").find_map(|line| {
        let (name, value) = line.split_once(": ")?;
        name.eq_ignore_ascii_case("content-length").then_some(value)
    });
    let length: usize = length.unwrap_or("0").parse().map_err(io::Error::other)?;
    Ok(answer.len() >= end + 4 + length)
}
