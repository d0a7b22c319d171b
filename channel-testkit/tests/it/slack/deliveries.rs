//! How the bot is told.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Router,
    body::Bytes,
    http::{HeaderMap, StatusCode},
    response::IntoResponse,
};
use channel_testkit::{
    Outcome,
    slack::{Fake, Forgery},
};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::support::{Office, SECRET, echo};

/// A status, and a header where there is one.
type Answer = (u16, Option<&'static str>);

/// A bot that answers as it is told to, then 200; what it heard.
#[derive(Clone, Default)]
struct Bot {
    answers: Arc<Mutex<VecDeque<Answer>>>,
    heard: Arc<Mutex<Vec<(HeaderMap, Bytes)>>>,
}

impl Bot {
    async fn answering(answers: impl IntoIterator<Item = Answer>) -> (Self, String) {
        let bot = Self { answers: Arc::new(Mutex::new(answers.into_iter().collect())), ..Self::default() };
        let heard = bot.clone();
        let react = async move |headers: HeaderMap, body: Bytes| {
            heard.heard.lock().unwrap().push((headers, body));
            let next = heard.answers.lock().unwrap().pop_front();
            match next {
                Some((0, _)) => std::future::pending().await,
                Some((status, Some(header))) => {
                    (StatusCode::from_u16(status).unwrap(), [(header, "1")]).into_response()
                }
                Some((status, None)) => StatusCode::from_u16(status).unwrap().into_response(),
                None => StatusCode::OK.into_response(),
            }
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, Router::new().fallback(react)).await });
        (bot, url)
    }
}

async fn office(answers: impl IntoIterator<Item = Answer>) -> (Office, Bot) {
    let slack = Fake::builder()
        .signing_secret(SECRET)
        .redelivery([Duration::ZERO; 3])
        .ack_deadline(Duration::from_millis(300))
        .start()
        .await
        .unwrap();
    let (bot, url) = Bot::answering(answers).await;
    slack.deliver_to(url);
    (Office::empty(slack), bot)
}

#[tokio::test]
async fn an_event_is_delivered_again_until_it_is_taken() {
    let (office, bot) = office([(500, None), (0, None)]).await;
    let delivery = office.slack.say(&office.ada, &office.dm, "hello").await;
    assert!(delivery.is_taken());
    assert_eq!(delivery.statuses(), [Some(500), None, Some(200)]);
    assert_eq!(delivery.tries[1].outcome, Outcome::TimedOut);
    let heard = bot.heard.lock().unwrap();
    let header =
        |index: usize, name| heard[index].0.get(name).map(|value| value.to_str().unwrap().to_owned());
    assert_eq!(header(0, "x-slack-retry-num"), None);
    assert_eq!(header(1, "x-slack-retry-reason").as_deref(), Some("http_error"));
    assert_eq!(header(2, "x-slack-retry-reason").as_deref(), Some("http_timeout"));
    assert_eq!(header(2, "x-slack-retry-num").as_deref(), Some("2"));
    assert_eq!(heard[0].1, heard[2].1, "it is the same event");
}

#[tokio::test]
async fn it_is_given_up_in_the_end_or_when_the_bot_says_so() {
    let (office, _bot) = office([(500, None); 9]).await;
    let delivery = office.slack.say(&office.ada, &office.dm, "hello").await;
    assert_eq!((delivery.tries.len(), delivery.is_taken()), (4, false));
    let (office, _bot) = self::office([(500, Some("x-slack-no-retry"))]).await;
    let delivery = office.slack.say(&office.ada, &office.dm, "hello").await;
    assert_eq!(delivery.statuses(), [Some(500)]);
}

#[tokio::test]
async fn commands_are_delivered_once() {
    let (office, _bot) = office([(500, None)]).await;
    let delivery = office.slack.command(&office.ada, &office.dm, "/help", "").await;
    assert_eq!(delivery.statuses(), [Some(500)]);
}

#[tokio::test]
async fn an_answer_to_a_command_is_shown() {
    let (office, _bot) = office([]).await;
    let inner = office.slack.command(&office.ada, &office.dm, "/help", "").await;
    assert!(
        inner.is_taken() && office.slack.transcript(&office.dm).is_empty(),
        "an empty answer is no message"
    );
}

#[tokio::test]
async fn other_events_are_told_as_they_are() {
    let (office, bot) = office([]).await;
    office.slack.deliver_event(json!({ "type": "reaction_added" })).await;
    office.slack.rate_limit_events().await;
    let heard = bot.heard.lock().unwrap();
    let types: Vec<_> = heard
        .iter()
        .map(|(_, body)| serde_json::from_slice::<Value>(body).unwrap()["type"].clone())
        .collect();
    assert_eq!(types, ["event_callback", "app_rate_limited"]);
}

#[tokio::test]
async fn forgeries_are_refused_by_the_connector() {
    let office = Office::with(json!({}), echo()).await;
    for forgery in [Forgery::WrongSecret, Forgery::Stale, Forgery::Early, Forgery::Unsigned, Forgery::CutOff]
    {
        office.slack.forge_next(forgery);
        let delivery = office.slack.say(&office.ada, &office.dm, "forged").await;
        assert_eq!(delivery.statuses(), [Some(401)], "{forgery:?}");
    }
    office.slack.say(&office.ada, &office.dm, "genuine").await;
    assert_eq!(office.slack.next_reply(&office.dm).await.unwrap().text, "genuine");
}

#[tokio::test]
async fn what_arrives_five_times_at_once_has_one_turn() {
    let office = Office::with(json!({}), echo()).await;
    office.slack.duplicate_next(5);
    let delivery = office.slack.say(&office.ada, &office.dm, "hello").await;
    assert_eq!(delivery.statuses(), [Some(200); 5]);
    assert_eq!(office.slack.next_reply(&office.dm).await.unwrap().text, "hello");
    office.slack.say(&office.ada, &office.dm, "next").await;
    assert_eq!(office.slack.next_reply(&office.dm).await.unwrap().text, "next");
}
