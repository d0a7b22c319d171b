//! What a tester shows of a channel.

use channel_core::{
    BotMessage, Json, OnNewMessage, OutputChannel, Recipient, SendError, Sent, TurnError, UserMessage,
    async_trait, channel, output, webhook,
};
use channel_testkit::ChannelTester;
use serde_json::json;

/// Accepts what somebody says.
#[channel(name = "accepting")]
struct Accepting {
    greeting: String,
}

struct Nowhere;

#[async_trait]
impl OutputChannel for Nowhere {
    fn name(&self) -> &str {
        "accepting"
    }

    async fn send_text(&self, _: &Recipient, _: &str, _: &BotMessage) -> Result<Sent, SendError> {
        panic!("a tester sends nothing");
    }
}

impl Accepting {
    #[webhook]
    async fn receive(&self, Json(text): Json<String>, on_new_message: OnNewMessage) -> Result<(), TurnError> {
        let message = UserMessage::new(format!("{} {text}", self.greeting), "ada");
        on_new_message.accept(message.with_recipient(Recipient::new("a chat"))).await
    }

    #[output]
    fn output(&self, _: &Recipient) -> impl OutputChannel + use<> {
        Nowhere
    }
}

#[tokio::test]
async fn replies_are_recorded_rather_than_sent() {
    let tester = ChannelTester::new::<Accepting>(json!({ "greeting": "Hi" })).unwrap();
    let tester =
        tester.agent(|message: UserMessage| async move { vec![message.text, "and more".to_owned()] });
    assert_eq!(tester.post("there").await.status, 200);
    let reply = tester.next_reply().await;
    assert_eq!((reply.to.id.as_str(), reply.message), ("a chat", BotMessage::text("Hi there")));
    let rest = tester.replies().await;
    assert_eq!(rest.into_iter().map(|reply| reply.message).collect::<Vec<_>>(), ["and more".into()]);
    assert_eq!(tester.turns()[0].text, "Hi there");
}

#[tokio::test]
async fn instances_and_bearer_tokens_are_those_of_the_credentials() {
    let one = json!({ "greeting": "One", "bearer_token": "s3cr3t-one" });
    let two = json!({ "greeting": "Two", "bearer_token": "s3cr3t-two" });
    let tester = ChannelTester::new::<Accepting>(json!({ "instances": { "one": one, "two": two } })).unwrap();
    assert_eq!(tester.post("a").await.status, 200);
    assert_eq!(tester.post_to_instance("two", "b").await.status, 200);
    let bare =
        channel_core::axum::http::Request::post("/webhooks/accepting/one/webhook").body(r#""c""#.into());
    assert_eq!(tester.send(bare.unwrap()).await.status, 401);
    tester.idle().await;
    let mut texts: Vec<_> = tester.turns().into_iter().map(|message| message.text).collect();
    texts.sort();
    assert_eq!(texts, ["One a", "Two b"]);
}

#[tokio::test]
async fn wrong_settings_are_an_error() {
    let error = ChannelTester::new::<Accepting>(json!({ "greetings": "Hi" })).err().unwrap().to_string();
    assert!(error.contains("greeting"), "{error}");
}

#[tokio::test]
async fn a_refusal_is_an_answer() {
    let tester = ChannelTester::new::<Accepting>(json!({ "greeting": "Hi" })).unwrap();
    let answer = tester.post(7).await;
    assert_eq!((answer.status, answer.json()["status"].as_u64()), (400, Some(400)));
    assert!(tester.replies().await.is_empty());
}
