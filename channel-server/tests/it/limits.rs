//! What a caller may not ask of the server: too much, too slowly, too often.

use std::time::Duration;

use channel_core::UserMessage;
use channel_server::{Limits, RunningServer};
use serde_json::json;

use crate::support::{Peer, ask, gated, in_time, post, server};

const REST: &str = "/webhooks/rest/webhook";
const HI: &str = r#"{"sender": "ada", "message": "Hi"}"#;

fn limits(change: impl FnOnce(&mut Limits)) -> Limits {
    let mut limits = Limits::default();
    change(&mut limits);
    limits
}

async fn rest_with(limits: Limits) -> RunningServer {
    server("rest:").limits(limits).build().unwrap().start().await.unwrap()
}

fn of_length(length: usize) -> String {
    let empty = json!({ "sender": "ada", "message": "" }).to_string().len();
    json!({ "sender": "ada", "message": "x".repeat(length - empty) }).to_string()
}

#[tokio::test]
async fn a_body_up_to_the_limit_is_taken_and_no_larger_one() {
    let server = rest_with(limits(|limits| limits.body = 4096)).await;
    let mut peer = Peer::connect(server.address()).await;
    assert_eq!(peer.post(REST, &of_length(4096)).await.status, 200);
    assert!(peer.post(REST, &of_length(4097)).await.refused(413).contains("4096 bytes"));
}

#[tokio::test]
async fn a_body_that_names_no_length_has_the_same_limit() {
    let server = rest_with(limits(|limits| limits.body = 4096)).await;
    for (length, status) in [(4096, 200), (4097, 413)] {
        let mut peer = Peer::connect(server.address()).await;
        peer.send(format!("POST {REST} HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n")).await;
        for chunk in of_length(length).as_bytes().chunks(1000) {
            peer.send(format!("{:x}\r\n{}\r\n", chunk.len(), str::from_utf8(chunk).unwrap())).await;
        }
        peer.send("0\r\n\r\n").await;
        assert_eq!(peer.answer().await.status, status, "{length} bytes");
    }
}

#[tokio::test]
async fn the_limit_of_the_body_may_lie_above_axums() {
    let server = server("rest:\nopen:").limits(limits(|limits| limits.body = 8 << 20)).build().unwrap();
    assert_eq!(ask(&server, post(REST, of_length(4 << 20))).await.status, 200);
    assert_eq!(ask(&server, post("/webhooks/open/more/1", of_length(4 << 20))).await.status, 200);
}

#[tokio::test]
async fn a_body_that_is_announced_too_large_is_not_asked_for() {
    let server = rest_with(limits(|limits| limits.body = 4096)).await;
    let mut peer = Peer::connect(server.address()).await;
    let head = "Content-Type: application/json\r\nContent-Length: 1000000\r\nExpect: 100-continue";
    peer.send(format!("POST {REST} HTTP/1.1\r\nHost: test\r\n{head}\r\n\r\n")).await;
    peer.answer().await.refused(413);
}

#[tokio::test]
async fn a_body_that_stalls_is_given_up() {
    let server = rest_with(limits(|limits| limits.receive = Duration::from_millis(100))).await;
    for head in ["Content-Length: 100\r\n\r\n{\"sender\":", "Transfer-Encoding: chunked\r\n\r\n4\r\n{\"se"] {
        let mut peer = Peer::connect(server.address()).await;
        peer.send(format!("POST {REST} HTTP/1.1\r\nHost: test\r\n{head}")).await;
        assert!(peer.answer().await.refused(408).contains("did not arrive in time"));
        assert_eq!(peer.rest().await, "", "the connection is of no more use");
    }
}

#[tokio::test]
async fn a_body_that_trickles_is_given_up_too() {
    let server = rest_with(limits(|limits| limits.receive = Duration::from_millis(200))).await;
    let peer = tokio::net::TcpStream::connect(server.address()).await.unwrap();
    let (read, mut write) = tokio::io::split(peer);
    let trickle = tokio::spawn(async move {
        use tokio::io::AsyncWriteExt as _;
        let head = format!("POST {REST} HTTP/1.1\r\nHost: test\r\nContent-Length: 1000000\r\n\r\n");
        write.write_all(head.as_bytes()).await.unwrap();
        while write.write_all(b" ").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    });
    let mut peer = Peer::over(tokio::io::join(read, tokio::io::sink()));
    peer.answer().await.refused(408);
    trickle.abort();
}

#[tokio::test]
async fn a_head_that_stalls_is_given_up() {
    let server = rest_with(limits(|limits| limits.receive = Duration::from_millis(100))).await;
    for part in ["", "PRI * HT", "POST", "POST / HTTP/1.1\r\nHost: te"] {
        let mut peer = Peer::connect(server.address()).await;
        peer.send(part).await;
        peer.rest().await;
    }
}

#[tokio::test]
async fn an_idle_connection_is_closed_without_a_word() {
    let server = rest_with(limits(|limits| limits.receive = Duration::from_millis(300))).await;
    let mut peer = Peer::connect(server.address()).await;
    assert_eq!(peer.post(REST, HI).await.status, 200);
    assert_eq!(peer.post(REST, HI).await.status, 200);
    assert_eq!(peer.rest().await, "");
}

#[tokio::test]
async fn a_slow_turn_is_no_slow_request() {
    let (agent, mut gate) = gated();
    let limits = limits(|limits| limits.receive = Duration::from_millis(50));
    let server = server("rest:").agent(agent).limits(limits).build().unwrap().start().await.unwrap();
    let mut peer = Peer::connect(server.address()).await;
    peer.send_post(REST, HI).await;
    gate.begin().await;
    // What takes as long as the limit: a body that does not come.
    let mut slow = Peer::connect(server.address()).await;
    slow.send(format!("POST {REST} HTTP/1.1\r\nHost: test\r\nContent-Length: 9\r\n\r\n{{")).await;
    slow.answer().await.refused(408);
    gate.open(1);
    assert_eq!(peer.answer().await.texts(), ["Hi"]);
}

#[tokio::test]
async fn a_head_that_is_too_large_is_refused() {
    let server = rest_with(limits(|limits| limits.head = 16 * 1024)).await;
    for (head, status) in [
        (format!("GET / HTTP/1.1\r\nHost: test\r\nX-Long: {}\r\n\r\n", "x".repeat(8000)), 200),
        (format!("GET / HTTP/1.1\r\nHost: test\r\nX-Long: {}\r\n\r\n", "x".repeat(20_000)), 431),
        (format!("GET / HTTP/1.1\r\nHost: test\r\n{}\r\n", "X-Many: x\r\n".repeat(500)), 431),
        (format!("GET /{} HTTP/1.1\r\nHost: test\r\n\r\n", "x".repeat(8000)), 404),
    ] {
        let mut peer = Peer::connect(server.address()).await;
        peer.send(head).await;
        assert_eq!(peer.head().await.status, status);
    }
}

#[tokio::test]
async fn only_so_many_requests_are_served_at_a_time() {
    let (agent, mut gate) = gated();
    let limits = limits(|limits| limits.requests = 1);
    let server = server("rest:").agent(agent).limits(limits).build().unwrap().start().await.unwrap();
    let mut first = Peer::connect(server.address()).await;
    first.send_post(REST, HI).await;
    gate.begin().await;
    let refused = Peer::post_to(server.address(), REST, HI).await;
    assert!(refused.refused(503).contains("limit of requests"));
    assert_eq!(refused.header("retry-after"), "1");
    gate.open(2);
    first.answer().await;
    assert_eq!(Peer::post_to(server.address(), REST, HI).await.texts(), ["Hi"]);
}

#[tokio::test]
async fn only_so_many_connections_are_taken_at_a_time() {
    let server = rest_with(limits(|limits| limits.connections = 1)).await;
    let mut first = Peer::connect(server.address()).await;
    assert_eq!(first.get("/").await.status, 200);
    let mut second = Peer::connect(server.address()).await;
    second.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n").await;
    assert_eq!(first.get("/").await.status, 200);
    drop(first);
    assert_eq!(second.answer().await.status, 200, "as soon as there is room");
}

#[tokio::test]
async fn only_so_many_messages_are_at_work_or_wait() {
    let (agent, mut gate) = gated();
    let limits = limits(|limits| limits.waiting = 2);
    let server = server("platform:\nrest:").agent(agent).limits(limits).build().unwrap();
    let two = r#"[{"sender": "ada", "message": "one"}, {"sender": "ada", "message": "two"}]"#;
    let one = r#"[{"sender": "bob", "message": "three"}]"#;
    assert_eq!(ask(&server, post("/webhooks/platform/webhook", two)).await.status, 202);
    let refused = ask(&server, post("/webhooks/platform/webhook", one)).await;
    assert!(refused.refused(503).contains("too many messages are waiting"));
    assert_eq!(refused.header("retry-after"), "1");
    ask(&server, post(REST, HI)).await.refused(503);
    gate.open(2);
    assert_eq!([gate.end().await, gate.end().await], ["one", "two"]);
}

#[tokio::test]
async fn messages_of_callers_that_hung_up_count_too() {
    let (agent, mut gate) = gated();
    let limits = limits(|limits| limits.waiting = 2);
    let server = server("rest:").agent(agent).limits(limits).build().unwrap().start().await.unwrap();
    for sender in ["ada", "bob"] {
        let mut peer = Peer::connect(server.address()).await;
        peer.send_post(REST, &json!({ "sender": sender, "message": "Hi" }).to_string()).await;
        gate.begin().await;
    }
    let refused = Peer::post_to(server.address(), REST, HI).await;
    assert!(refused.refused(503).contains("too many messages are waiting"));
}

#[tokio::test]
async fn who_does_not_read_on_is_hung_up_on() {
    let limits = limits(|limits| {
        limits.send = Duration::from_millis(100);
        limits.connections = 1;
    });
    let agent = |_: UserMessage| async { vec!["x".repeat(8 << 10); 4096] };
    for path in [REST, "/webhooks/rest/webhook?stream=true"] {
        let server = server("rest:").agent(agent).limits(limits).build().unwrap().start().await.unwrap();
        let mut greedy = Peer::connect(server.address()).await;
        greedy.send_post(path, HI).await;
        assert_eq!(Peer::connect(server.address()).await.get("/").await.status, 200, "there is room again");
    }
}

#[tokio::test]
async fn limits_may_be_as_large_as_they_go() {
    let limits = limits(|limits| {
        (limits.body, limits.head, limits.requests) = (usize::MAX, usize::MAX, usize::MAX);
        (limits.connections, limits.waiting) = (usize::MAX, usize::MAX);
        (limits.receive, limits.send) = (Duration::MAX, Duration::MAX);
        (limits.response, limits.grace) = (Duration::MAX, Duration::MAX);
    });
    let server = rest_with(limits).await;
    assert_eq!(Peer::post_to(server.address(), REST, HI).await.texts(), ["Hi"]);
    in_time(server.stop()).await;
}
