//! Health, HTTP methods, routes, start, and methods that stay methods.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use axum::http::{Method, StatusCode};
use channel_core::{
    BoxError, ChannelState, InputChannel, Json, OnNewMessage, Recipient, Shutdown, ShutdownSignal,
    UserMessage, axum, channel, health, routes, start, webhook,
};

use super::support::{Server, none};

#[channel(name = "methods", prefix = "team/methods")]
#[derive(Default)]
struct Methods {
    #[serde(skip)]
    started: AtomicBool,
}

impl Methods {
    #[webhook]
    async fn post(&self, body: String) -> String {
        format!("post {body}")
    }

    #[webhook(GET)]
    async fn get(self: Arc<Self>) -> &'static str {
        "get"
    }

    #[webhook(PUT)]
    #[webhook(PATCH)]
    async fn put(&self, method: Method) -> String {
        method.to_string()
    }

    #[webhook(DELETE)]
    async fn delete(&self) -> StatusCode {
        StatusCode::NO_CONTENT
    }

    #[routes]
    fn routes(self: Arc<Self>) -> axum::Router<ChannelState> {
        let name = async |state: axum::extract::State<ChannelState>| state.channel().name().to_owned();
        axum::Router::new().route("/more/{id}", axum::routing::get(name))
    }

    #[start]
    async fn start(&self, shutdown: Shutdown, on_new_message: OnNewMessage) -> Result<(), BoxError> {
        self.started.store(true, Ordering::SeqCst);
        shutdown.requested().await;
        let message = UserMessage::new("polled", "me");
        on_new_message.handle(message, on_new_message.collector()).await?;
        Err("stopped".into())
    }
}

#[channel(name = "healthy")]
struct Healthy {
    word: String,
}

impl Healthy {
    #[health]
    async fn health(&self) -> (StatusCode, String) {
        (StatusCode::IM_A_TEAPOT, self.word.clone())
    }

    #[start]
    async fn start(&self) {}
}

#[tokio::test]
async fn health_is_ok_unless_the_channel_says_more() {
    let server = Server::of::<Methods>(&none());
    assert_eq!(server.get("/webhooks/team/methods/").await, (StatusCode::OK, r#"{"status":"ok"}"#.into()));
    let server = Server::of::<Healthy>(&serde_json::json!({ "word": "tea" }));
    assert_eq!(server.get("/webhooks/healthy/").await, (StatusCode::IM_A_TEAPOT, "tea".into()));
    assert_eq!(server.post("/webhooks/healthy/", &none()).await.0, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(server.post("/webhooks/healthy/webhook", &none()).await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn each_http_method_has_its_method() {
    let server = Server::of::<Methods>(&none());
    let call = async |method| server.call(method, "/webhooks/team/methods/webhook", "body").await;
    assert_eq!(call(Method::POST).await, (StatusCode::OK, "post body".into()));
    assert_eq!(call(Method::GET).await, (StatusCode::OK, "get".into()));
    assert_eq!(call(Method::PUT).await, (StatusCode::OK, "PUT".into()));
    assert_eq!(call(Method::PATCH).await, (StatusCode::OK, "PATCH".into()));
    assert_eq!(call(Method::DELETE).await, (StatusCode::NO_CONTENT, String::new()));
    assert_eq!(call(Method::OPTIONS).await.0, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn routes_by_hand_are_beside_the_webhook() {
    let server = Server::of::<Methods>(&none());
    assert_eq!(server.get("/webhooks/team/methods/more/7").await, (StatusCode::OK, "methods".into()));
}

#[tokio::test]
async fn start_gets_a_way_in_and_the_shutdown() {
    let server = Server::of::<Methods>(&none());
    let (signal, shutdown) = ShutdownSignal::new();
    let channel = Arc::clone(server.state.channel());
    let running = tokio::spawn(channel.start(server.on_new_message(), shutdown));
    assert!(server.kept.handled.lock().unwrap().is_empty());
    signal.request();
    assert_eq!(running.await.unwrap().unwrap_err().to_string(), "stopped");
    assert_eq!(server.kept.handled.lock().unwrap()[0].message.text, "polled");
    let (_signal, shutdown) = ShutdownSignal::new();
    let healthy = Arc::new(Healthy { word: "tea".into() });
    InputChannel::start(healthy, server.on_new_message(), shutdown).await.unwrap();
}

#[tokio::test]
async fn a_method_stays_a_method() {
    let methods = Methods::default();
    assert_eq!(methods.post("x".into()).await, "post x");
    assert_eq!(methods.put(Method::PUT).await, "PUT");
    assert_eq!(Arc::new(methods).get().await, "get");
    assert_eq!(Echo.receive(Json("x".into())).await.0, "x");
}

#[channel(name = "echo")]
struct Echo;

impl Echo {
    #[webhook]
    async fn receive(&self, Json(text): Json<String>) -> Json<String> {
        Json(text)
    }
}

#[test]
fn without_hooks_there_is_nothing_to_answer_with() {
    let channel: Arc<dyn InputChannel> = Arc::new(Echo);
    assert_eq!((channel.name(), channel.prefix(), channel.verifies()), ("echo", "echo", false));
    assert!(channel.output_channel(&Recipient::new("somebody")).is_none());
    assert_eq!(Arc::new(Methods::default()).prefix(), "team/methods");
}
