//! What a channel starts beside the server, and what breaks on its own.

use std::sync::Arc;

use channel_core::{
    BoxError, BoxFuture, ChannelState, CollectedMessage, InputChannel, OnNewMessage, Shutdown, UserMessage,
    axum::Router,
};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

use crate::support::{Peer, ask, in_time, logged, post, server};

const HI: &str = r#"{"sender": "ada", "message": "Hi"}"#;

#[tokio::test]
async fn a_webhook_that_panics_is_one_failed_request() {
    let server = server("broken:\nrest:").build().unwrap();
    let answer = ask(&server, post("/webhooks/broken/webhook", HI)).await;
    assert!(!answer.refused(500).contains("broke"));
    let log = logged(answer.header("x-request-id"));
    assert!(log.iter().any(|line| line.contains("panicked")), "{log:?}");
    assert_eq!(ask(&server, post("/webhooks/rest/webhook", HI)).await.texts(), ["Hi"]);
}

#[tokio::test]
async fn a_start_that_panics_leaves_the_others_alone() {
    let server = server("broken:\nrest:").build().unwrap().start().await.unwrap();
    assert_eq!(Peer::post_to(server.address(), "/webhooks/rest/webhook", HI).await.texts(), ["Hi"]);
    server.stop().await;
    let log = logged("channel=\"broken\"");
    assert!(log.iter().any(|line| line.contains("the channel's `#[start]` panicked")), "{log:?}");
}

/// A channel that does this when it starts.
struct Starts {
    name: &'static str,
    start: Box<dyn Fn(OnNewMessage, Shutdown) -> Starting + Send + Sync>,
}

type Starting = BoxFuture<'static, Result<(), BoxError>>;

impl Starts {
    fn with(
        name: &'static str,
        start: impl Fn(OnNewMessage, Shutdown) -> Starting + Send + Sync + 'static,
    ) -> Self {
        Self { name, start: Box::new(start) }
    }
}

impl InputChannel for Starts {
    fn name(&self) -> &str {
        self.name
    }

    fn router(self: Arc<Self>) -> Router<ChannelState> {
        Router::new()
    }

    fn start(self: Arc<Self>, on_new_message: OnNewMessage, shutdown: Shutdown) -> Starting {
        (self.start)(on_new_message, shutdown)
    }
}

#[tokio::test]
async fn a_start_may_panic_before_it_has_begun() {
    let channel = Starts::with("hasty", |_, _| panic!("the hasty start broke"));
    let server = server("rest:").channel(channel).build().unwrap().start().await.unwrap();
    server.stop().await;
    let log = logged("channel=\"hasty\"");
    assert!(log.iter().any(|line| line.contains("the channel's `#[start]` panicked")), "{log:?}");
}

#[tokio::test]
async fn a_start_that_fails_is_logged() {
    let channel = Starts::with("failing", |_, _| Box::pin(async { Err("no such platform".into()) }));
    server("rest:").channel(channel).build().unwrap().start().await.unwrap().stop().await;
    let log = logged("channel=\"failing\"");
    assert!(log.iter().any(|line| line.contains("no such platform")), "{log:?}");
}

/// Hands in a message once the server is told to stop, and reports what became of it.
fn late(report: UnboundedSender<Vec<CollectedMessage>>) -> impl Fn(OnNewMessage, Shutdown) -> Starting {
    move |on_new_message, shutdown| {
        let report = report.clone();
        Box::pin(async move {
            shutdown.requested().await;
            let collector = on_new_message.collector();
            on_new_message.handle(UserMessage::new("last words", "ada"), collector.clone()).await?;
            Ok(report.send(collector.take_messages())?)
        })
    }
}

#[tokio::test]
async fn a_start_may_end_what_it_has_begun() {
    let (report, mut reports) = unbounded_channel();
    let server =
        server("rest:").channel(Starts::with("late", late(report))).build().unwrap().start().await.unwrap();
    server.stop().await;
    // Answered or refused, but never forgotten.
    let refused = || logged("channel=\"late\"").iter().any(|line| line.contains("shutting down"));
    match in_time(reports.recv()).await {
        Some(replies) => assert_eq!(replies[0].text.as_deref(), Some("last words")),
        None => assert!(refused()),
    }
}
