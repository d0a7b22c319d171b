//! Calls that come to nothing.

use std::time::{Duration, SystemTime};

use channel_endpoint::{Endpoint, EndpointConfig, EndpointError, MAX_REPLY};
use serde_json::json;
use tokio::{
    io::AsyncWriteExt,
    net::{TcpListener, TcpSocket},
};

use crate::support::{Request, StandIn, answer_with};

async fn failure(endpoint: &Endpoint) -> EndpointError {
    endpoint.post("", &json!({})).send().await.unwrap_err()
}

#[tokio::test]
async fn nobody_is_there() {
    // Bound, lest somebody else get the port, and not listening.
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let address = socket.local_addr().unwrap();
    let error =
        failure(&Endpoint::new(EndpointConfig::new(format!("http://{address}/x?a=b"))).unwrap()).await;
    let expected = format!(
        "could not connect to http://{address}/x: Connection refused (os error 111); check that it runs and that this \
         is its address"
    );
    assert_eq!(error.to_string(), expected);
    assert_eq!(error.url(), format!("http://{address}/x"));
    assert!(matches!(error, EndpointError::Connect { .. }) && error.is_retryable() && !error.was_sent());
}

#[tokio::test]
async fn nobody_has_that_name() {
    let endpoint = Endpoint::new(EndpointConfig::new("http://nowhere.invalid/")).unwrap();
    let error = failure(&endpoint).await;
    assert!(matches!(error, EndpointError::Connect { .. }), "{error}");
}

#[tokio::test]
async fn no_answer_comes() {
    let mut stand_in = StandIn::answering([]).await;
    let endpoint = Endpoint::new(stand_in.config().with_timeout(Duration::from_millis(200))).unwrap();
    let error = failure(&endpoint).await;
    let address = stand_in.address;
    let expected = format!(
        "http://{address}/webhook did not answer within 200ms; look into its log, or give it more `timeout`"
    );
    assert_eq!(error.to_string(), expected);
    assert!(error.is_retryable() && error.was_sent());
    stand_in.asked().await;
}

#[tokio::test]
async fn half_an_answer_comes_and_no_more() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let config = EndpointConfig::new(format!("http://{address}")).with_timeout(Duration::from_millis(200));
    let half = async {
        let (mut stream, _) = listener.accept().await.unwrap();
        Request::read(&mut stream).await;
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{").await.unwrap();
        stream
    };
    let endpoint = Endpoint::new(config).unwrap();
    let (error, _stream) = tokio::join!(failure(&endpoint), half);
    assert!(matches!(error, EndpointError::TimedOut { .. }), "{error}");
}

#[tokio::test]
async fn the_connection_is_lost() {
    for answer in ["", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{", "SSH-2.0-OpenSSH_9.2\r\n"] {
        let stand_in = StandIn::answering([answer]).await;
        let error = failure(&stand_in.endpoint()).await;
        assert!(matches!(error, EndpointError::Lost { .. }), "{answer:?}: {error}");
        let expected = format!("the connection to http://{}/webhook was lost", stand_in.address);
        assert!(error.to_string().starts_with(&expected), "{error}");
        assert!(error.is_retryable() && error.was_sent());
    }
}

#[tokio::test]
async fn a_status_is_told_with_what_was_said() {
    let said = format!("no \"such\"\n\u{1b}[31m thing {}", "x".repeat(500));
    let stand_in = StandIn::answering([&answer_with("404 Not Found", "", &said)]).await;
    let error = failure(&stand_in.endpoint()).await;
    let text = error.to_string();
    let start =
        format!(r#"http://{}/webhook answered 404 (no "such"\n\u{{1b}}[31m thing xxx"#, stand_in.address);
    assert!(text.starts_with(&start) && text.ends_with("xxx…); check its address"), "{text}");
    let EndpointError::Status { status: 404, retry_after: None, excerpt, body, .. } = error else {
        panic!("{text}")
    };
    assert_eq!((excerpt.chars().count(), body), (200, said.into_bytes()));
}

#[tokio::test]
async fn statuses_say_whether_and_when_to_try_again() {
    let hour = httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(3600));
    let statuses = [
        ("400 Bad Request", String::new(), false, None),
        ("401 Unauthorized", String::new(), false, None),
        ("429 Too Many Requests", "Retry-After: 7\r\n".to_owned(), true, Some(7)),
        ("503 Service Unavailable", format!("Retry-After: {hour}\r\n"), true, Some(3600)),
        ("502 Bad Gateway", "Retry-After: soon\r\n".to_owned(), true, None),
    ];
    for (status, headers, retryable, after) in statuses {
        let stand_in = StandIn::answering([&answer_with(status, &headers, "")]).await;
        let error = failure(&stand_in.endpoint()).await;
        assert_eq!((error.is_retryable(), error.was_sent()), (retryable, true), "{error}");
        let seconds = error.retry_after().map(|after| after.as_secs());
        assert!(
            seconds == after || seconds.zip(after).is_some_and(|(a, b)| a.abs_diff(b) < 60),
            "{seconds:?}"
        );
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let mut stand_in =
        StandIn::answering([&answer_with("307 Temporary Redirect", "Location: /there?t=s3cret\r\n", "")])
            .await;
    let error = failure(&stand_in.endpoint()).await;
    let expected = format!(
        "http://{}/webhook answered 307; redirects are not followed: give the address that it redirects to",
        stand_in.address
    );
    assert_eq!(error.to_string(), expected);
    assert!(!error.is_retryable());
    stand_in.asked().await;
}

#[tokio::test]
async fn a_flood_is_cut_off() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint =
        Endpoint::new(EndpointConfig::new(format!("http://{}", listener.local_addr().unwrap()))).unwrap();
    let flood = async {
        let (mut stream, _) = listener.accept().await.unwrap();
        Request::read(&mut stream).await;
        stream.write_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n").await.unwrap();
        let (mut written, chunk) = (0, vec![b' '; 65536]);
        while written < 100 * 1024 * 1024 && stream.write_all(&chunk).await.is_ok() {
            written += chunk.len();
        }
        written
    };
    let (error, written) = tokio::join!(failure(&endpoint), flood);
    assert!(
        matches!(error, EndpointError::TooLarge { limit: MAX_REPLY, .. }) && !error.is_retryable(),
        "{error}"
    );
    // What is in the buffers of the system was written, too.
    assert!(written < 3 * MAX_REPLY, "{written}");
}
