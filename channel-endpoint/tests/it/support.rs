//! A stand-in for an endpoint, which answers byte by byte what it is told to.

use std::net::SocketAddr;

use channel_endpoint::{Endpoint, EndpointConfig};
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    sync::mpsc,
};

/// Answers one request per connection, and keeps what it was asked.
pub(crate) struct StandIn {
    pub(crate) address: SocketAddr,
    asked: mpsc::UnboundedReceiver<Request>,
}

/// A request as it came.
pub(crate) struct Request {
    /// The request line and the headers, in lower case.
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl StandIn {
    /// Answers these, one after the other; after that it keeps connections open and says nothing.
    pub(crate) async fn answering<const N: usize>(answers: [&str; N]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (sender, asked) = mpsc::unbounded_channel();
        let answers = answers.map(str::to_owned);
        tokio::spawn(async move {
            let mut answers = answers.into_iter();
            let mut silent: Vec<TcpStream> = Vec::new();
            while let Ok((mut stream, _)) = listener.accept().await {
                let _ = sender.send(Request::read(&mut stream).await);
                match answers.next() {
                    Some(answer) => stream.write_all(answer.as_bytes()).await.unwrap(),
                    None => silent.push(stream),
                }
            }
        });
        Self { address, asked }
    }

    pub(crate) fn config(&self) -> EndpointConfig {
        EndpointConfig::new(format!("http://{}/webhook", self.address))
    }

    pub(crate) fn endpoint(&self) -> Endpoint {
        Endpoint::new(self.config()).unwrap()
    }

    /// The next request.
    pub(crate) async fn asked(&mut self) -> Request {
        self.asked.recv().await.unwrap()
    }
}

impl Request {
    pub(crate) async fn read(stream: &mut (impl AsyncRead + Unpin)) -> Self {
        let mut stream = BufReader::new(stream);
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            assert_ne!(stream.read_line(&mut head).await.unwrap(), 0, "the request ends in its head");
        }
        let lower = head.to_lowercase();
        let length = lower.split("content-length: ").nth(1).map_or("0", |rest| rest.lines().next().unwrap());
        let mut body = vec![0; length.parse().unwrap()];
        stream.read_exact(&mut body).await.unwrap();
        Self { head: lower, body }
    }
}

/// An answer of JSON.
pub(crate) fn answer(status: &str, body: &str) -> String {
    answer_with(status, "Content-Type: application/json\r\n", body)
}

/// An answer with these headers, each with a line break.
pub(crate) fn answer_with(status: &str, headers: &str, body: &str) -> String {
    let length = body.len();
    format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}")
}
