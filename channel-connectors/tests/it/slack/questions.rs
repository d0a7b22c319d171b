//! What Slack waits for in the answer: options of an external select, and what becomes of a view.

use channel_core::{BotMessage, Retry, UserMessage};
use serde_json::{Value, json};

use super::support::{FORM, Workspace, fixture, form, metadata, signed};

fn suggestion() -> Value {
    json!({
        "type": "block_suggestion",
        "user": { "id": "U0USER" },
        "team": { "id": "T0TEAM" },
        "container": { "type": "message", "message_ts": "1.1", "channel_id": "D0DM" },
        "action_id": "city",
        "block_id": "b1",
        "value": "Ro",
    })
}

/// What is answered to a payload, whose message the bot answers with this where it does.
async fn asked(workspace: &Workspace, payload: &Value, answer: Option<Value>) -> (u16, String, UserMessage) {
    let request = signed(FORM, &form(&[("payload", &payload.to_string())]));
    let bot = async {
        let message = workspace.accepted().await;
        if let Some(answer) = answer {
            let to = message.reply_to();
            workspace.output(&to).send(&to, &BotMessage::custom(answer)).await.unwrap();
        }
        message
    };
    let ((status, body), message) = tokio::join!(workspace.deliver(request), bot);
    (status, body, message)
}

#[tokio::test]
async fn options_are_what_the_bot_says() {
    let workspace = Workspace::with(&json!({}));
    let options =
        json!({ "options": [{ "text": { "type": "plain_text", "text": "Rome" }, "value": "rome" }] });
    let (status, body, message) = asked(&workspace, &suggestion(), Some(options.clone())).await;
    assert_eq!((status, body), (200, options.to_string()));
    assert_eq!((message.text.as_str(), message.sender_id.as_str()), ("city", "U0USER"));
    let expected = json!({ "action_id": "city", "block_id": "b1", "value": "Ro" });
    assert_eq!(metadata(&message, "suggestion"), expected);
}

#[tokio::test(start_paused = true)]
async fn without_an_answer_in_time_there_are_no_options() {
    let workspace = Workspace::with(&json!({}));
    let (status, body, message) = asked(&workspace, &suggestion(), None).await;
    assert_eq!((status, body), (200, r#"{"options":[]}"#.to_owned()));
    let to = message.reply_to();
    let late = BotMessage::custom(json!({ "options": [] }));
    let error = workspace.output(&to).send(&to, &late).await.unwrap_err();
    assert_eq!(error.retry(), Retry::Never);
    assert!(error.to_string().contains("too late"), "{error}");
}

#[tokio::test]
async fn a_view_may_wait_for_the_bot() {
    let workspace = Workspace::with(&json!({ "view_responses": true }));
    let errors = json!({ "response_action": "errors", "errors": { "b1": "not a date" } });
    let (status, body, _) = asked(&workspace, &fixture("view_submission"), Some(errors.clone())).await;
    assert_eq!((status, body), (200, errors.to_string()));
}

#[tokio::test(start_paused = true)]
async fn a_view_that_the_bot_says_nothing_to_closes() {
    let workspace = Workspace::with(&json!({ "view_responses": true }));
    let (status, body, _) = asked(&workspace, &fixture("view_submission"), None).await;
    assert_eq!((status, body.as_str()), (200, ""));
}

#[tokio::test]
async fn what_is_played_back_takes_nobodys_answer() {
    let workspace = Workspace::with(&json!({ "view_responses": true }));
    let request = || signed(FORM, &form(&[("payload", &fixture("view_submission").to_string())]));
    let clear = json!({ "response_action": "clear" });
    let bot = async {
        let message = workspace.accepted().await;
        assert_eq!(workspace.accepted().await.message_id, message.message_id, "it is one to the inbox");
        let to = message.reply_to();
        workspace.output(&to).send(&to, &BotMessage::custom(clear.clone())).await.unwrap();
    };
    let (first, again, ()) = tokio::join!(workspace.deliver(request()), workspace.deliver(request()), bot);
    assert_eq!([first, again], [(200, clear.to_string()), (200, clear.to_string())]);
}
