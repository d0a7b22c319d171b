//! What becomes of a call that fails.

use std::{error::Error, time::Duration};

use channel_core::{BotMessage, Element, Recipient, Retry, SendError};
use serde_json::json;

use super::{
    bot_api::{
        BotApi,
        Reaction::{self, Answer, Break},
        refusal, result,
    },
    support::{TOKEN, channel},
};

fn assert_silent(error: &SendError) {
    let mut cause: Option<&dyn Error> = Some(error);
    while let Some(error) = cause {
        let texts = format!("{error} {error:?}");
        assert!(!texts.contains("s3cr3t"), "{texts}");
        cause = error.source();
    }
}

async fn failure(reaction: Reaction) -> SendError {
    let (api, to) = (BotApi::reacting("sendMessage", [reaction]).await, Recipient::new("5001"));
    let error = api.output(&json!({}), &to).send(&to, &"Hi".into()).await.unwrap_err();
    assert_silent(&error);
    error
}

#[tokio::test]
async fn a_code_says_whether_to_try_again() {
    let limited = json!({ "retry_after": 7 });
    let after = Retry::After(Duration::from_secs(7));
    let refused = json!({ "ok": false, "error_code": 429, "description": "Too Many Requests" });
    for (reaction, retry) in [
        (refusal(429, "Too Many Requests: retry after 7", &limited), after),
        (Answer(429, Some(7), refused.clone()), after),
        (Answer(200, None, refused), Retry::Later),
        (Answer(429, Some(7), json!("slow down")), after),
        (refusal(500, "Internal Server Error", &json!(null)), Retry::Later),
        (Answer(502, None, json!("a proxy's page")), Retry::Later),
        (refusal(400, "Bad Request: chat not found", &json!(null)), Retry::Never),
        (Answer(200, None, json!(null)), Retry::Never),
        (Break, Retry::Unknown),
    ] {
        assert_eq!(failure(reaction).await.retry(), retry);
    }
}

#[tokio::test]
async fn a_refusal_says_what_to_mend_and_no_secret() {
    for (code, description, remedy) in [
        (401, "Unauthorized", "check `access_token`"),
        (404, "Not Found", "check `access_token`"),
        (403, "Forbidden: bot was blocked by the user", "the user blocked the bot"),
        (403, "Forbidden: bot is not a member of the supergroup chat", "has to be a member"),
        (400, "Bad Request: chat not found", "has to write to the bot first"),
        (400, &format!("Bad Request: {TOKEN} is odd"), "Bad Request: … is odd"),
    ] {
        let error = failure(refusal(code, description, &json!(null))).await;
        assert_eq!(error.retry(), Retry::Never, "{code}");
        let text = error.to_string();
        assert!(text.contains("`sendMessage`") && text.contains(remedy), "{text}");
    }
}

#[tokio::test]
async fn who_is_not_there_is_asked_again() {
    let to = Recipient::new("5001");
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let url = format!("http://{}", socket.local_addr().unwrap());
    let telegram = channel(&json!({ "api_url": url }));
    let error = telegram.output_channel(&to).unwrap().send(&to, &"Hi".into()).await.unwrap_err();
    assert_eq!(error.retry(), Retry::Later);
    assert_silent(&error);
}

#[tokio::test]
async fn a_group_that_became_a_supergroup_is_found() {
    let moved = || {
        let parameters = json!({ "migrate_to_chat_id": -1_001_234_567_890_123_i64 });
        refusal(400, "Bad Request: group chat was upgraded to a supergroup chat", &parameters)
    };
    let to = Recipient::new("-42");
    let mut api = BotApi::reacting("sendMessage", [moved()]).await;
    api.output(&json!({}), &to).send(&to, &"Hi".into()).await.unwrap();
    let chats: Vec<_> = api.calls().into_iter().map(|(_, body)| body["chat_id"].clone()).collect();
    assert_eq!(chats, [json!(-42), json!(-1_001_234_567_890_123_i64)]);
    let mut api = BotApi::reacting("sendMessage", std::iter::repeat_with(moved).take(9)).await;
    api.output(&json!({}), &to).send(&to, &"Hi".into()).await.unwrap_err();
    assert_eq!(api.calls().len(), 3, "not again and again");
}

#[tokio::test]
async fn what_broke_off_goes_on_where_it_stopped() {
    let limited = refusal(429, "Too Many Requests", &json!({ "retry_after": 1 }));
    let mut api = BotApi::reacting("sendMessage", [result(json!({ "message_id": 1 })), limited]).await;
    let to = Recipient::new("5001");
    let output = api.output(&json!({}), &to);
    let message = BotMessage::text("one\n\ntwo\n\nthree");
    let error = output.send(&to, &message).await.unwrap_err();
    let rest = message.without_parts(error.parts_sent(), &output.capabilities());
    output.send(&to, &rest).await.unwrap();
    let texts: Vec<_> = api.calls().into_iter().map(|(_, body)| body["text"].clone()).collect();
    assert_eq!(texts, ["one", "two", "two", "three"]);
}

#[tokio::test]
async fn cards_that_were_begun_are_not_shown_twice() {
    let limited = refusal(429, "Too Many Requests", &json!({ "retry_after": 0 }));
    let mut api = BotApi::reacting("sendMessage", [result(json!({ "message_id": 1 })), limited]).await;
    let to = Recipient::new("5001");
    let cards = ["one", "two"].map(|title| Element { title: Some(title.to_owned()), ..Element::default() });
    let sent =
        api.output(&json!({}), &to).send(&to, &BotMessage::default().with_elements(cards)).await.unwrap();
    assert_eq!(sent.message_ids, ["1", "77"]);
    let texts: Vec<_> = api.calls().into_iter().map(|(_, body)| body["text"].clone()).collect();
    assert_eq!(texts, ["one", "two", "two"]);
}
