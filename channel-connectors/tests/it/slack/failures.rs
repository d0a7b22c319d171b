//! What becomes of a call that fails.

use std::time::Duration;

use channel_core::{BotMessage, Recipient, Retry, SendError};
use serde_json::json;

use super::{
    support::TOKEN,
    web_api::{
        Reaction::{self, Answer, Break},
        WebApi, refusal,
    },
};

async fn failure(reaction: Reaction) -> SendError {
    let (api, to) = (WebApi::reacting([reaction]).await, Recipient::new("U0ADA"));
    let error = api.output(&json!({}), &to).send(&to, &"Hi".into()).await.unwrap_err();
    let texts = format!("{error} {error:?}");
    assert!(!texts.contains(TOKEN), "{texts}");
    error
}

#[tokio::test]
async fn a_status_says_whether_to_try_again() {
    let limited = json!({ "ok": false, "error": "ratelimited" });
    for (reaction, retry) in [
        (Answer(429, Some(7), limited.clone()), Retry::After(Duration::from_secs(7))),
        (Answer(429, None, limited), Retry::Later),
        (Answer(503, None, json!({})), Retry::Later),
        (Answer(404, None, json!({})), Retry::Never),
        (Break, Retry::Unknown),
    ] {
        assert_eq!(failure(reaction).await.retry(), retry);
    }
}

#[tokio::test]
async fn a_refusal_says_whether_to_try_again() {
    for code in ["ratelimited", "internal_error", "fatal_error", "service_unavailable", "request_timeout"] {
        assert_eq!(failure(refusal(code)).await.retry(), Retry::Later, "{code}");
    }
    for code in [
        "invalid_auth",
        "token_revoked",
        "account_inactive",
        "not_in_channel",
        "channel_not_found",
        "is_archived",
        "msg_too_long",
        "invalid_blocks",
        "missing_scope",
        "to_be_invented",
    ] {
        let error = failure(refusal(code)).await;
        assert_eq!(error.retry(), Retry::Never, "{code}");
        assert!(error.to_string().contains(code), "{error}");
    }
    assert_eq!(failure(Answer(200, None, json!(null))).await.retry(), Retry::Never);
}

#[tokio::test]
async fn a_refusal_says_what_to_mend_and_no_secret() {
    let answer = json!({
        "ok": false,
        "error": "invalid_blocks",
        "response_metadata": { "messages": [format!("[ERROR] no more than 50 items allowed {TOKEN}")] },
    });
    let text = failure(Answer(200, None, answer)).await.to_string();
    assert!(text.contains("`chat.postMessage`") && text.contains("no more than 50 items"), "{text}");
    let text = failure(refusal("invalid_auth")).await.to_string();
    assert!(text.ends_with("check `slack_token`"), "{text}");
}

#[tokio::test]
async fn who_is_not_there_is_asked_again() {
    let to = Recipient::new("U0ADA");
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let url = format!("http://{}/api", socket.local_addr().unwrap());
    let slack = super::support::channel(&json!({ "api_url": url }));
    let error = slack.output_channel(&to).unwrap().send(&to, &"Hi".into()).await.unwrap_err();
    assert_eq!(error.retry(), Retry::Later);
}

#[tokio::test]
async fn what_broke_off_goes_on_where_it_stopped() {
    let ok = || Answer(200, None, json!({ "ok": true, "ts": "1.1" }));
    let limited = Answer(429, Some(1), json!({ "ok": false, "error": "ratelimited" }));
    let api = WebApi::reacting([ok(), limited]).await;
    let to = Recipient::new("U0ADA");
    let output = api.output(&json!({}), &to);
    let message = BotMessage::text("one\n\ntwo\n\nthree");
    let error = output.send(&to, &message).await.unwrap_err();
    let rest = message.without_parts(error.parts_sent(), &output.capabilities());
    output.send(&to, &rest).await.unwrap();
    let texts: Vec<_> = api.bodies().iter().map(|body| body["text"].as_str().unwrap().to_owned()).collect();
    assert_eq!(texts, ["one", "two", "two", "three"]);
}
