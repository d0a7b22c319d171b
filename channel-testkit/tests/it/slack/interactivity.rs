//! What people press, choose, submit and command.

use channel_core::{BotMessage, Button, UserMessage};
use channel_testkit::slack::Fake;
use serde_json::{Value, json};

use super::support::{Office, SECRET, TOKEN, echo, post};

fn text(text: &str) -> Value {
    json!({ "type": "plain_text", "text": text })
}

#[tokio::test]
async fn a_button_is_pressed() {
    let agent = |message: UserMessage| async move {
        match message.text.as_str() {
            "colours" => BotMessage::text("Which?")
                .with_buttons([Button::new("Red", "/pick_red"), Button::new("Blue", "/pick_blue")]),
            other => BotMessage::text(other),
        }
    };
    let office = Office::with(json!({}), agent).await;
    let Office { slack, ada, dm, .. } = &office;
    slack.say(ada, dm, "colours").await;
    let question = slack.next_reply(dm).await.unwrap();
    assert_eq!(question.text, "Which?");
    let titles: Vec<_> = question.buttons.iter().map(|button| button.title.as_str()).collect();
    assert_eq!(titles, ["Red", "Blue"]);
    assert!(slack.press(ada, dm, "Blue").await.unwrap().is_taken());
    assert_eq!(slack.next_reply(dm).await.unwrap().text, "/pick_blue");
    let error = slack.press(ada, dm, "Green").await.unwrap_err().to_string();
    assert!(error.contains("Green"), "{error}");
}

#[tokio::test]
async fn every_kind_of_element_is_chosen_in() {
    let slack = Fake::builder().token(TOKEN).signing_secret(SECRET).message_rate(None).start().await.unwrap();
    let office = Office::around(slack, json!({}), echo()).await;
    let Office { slack, ada, dm, .. } = &office;
    let option = |title: &str, value: &str| json!({ "text": text(title), "value": value });
    let options = || json!([option("Red", "red"), option("Blue", "blue")]);
    for (kind, has_options, values, heard) in [
        ("static_select", true, &["Red"][..], "red"),
        ("radio_buttons", true, &["Red"], "red"),
        ("overflow", true, &["Blue"], "blue"),
        ("multi_static_select", true, &["Red", "Blue"], "red, blue"),
        ("checkboxes", true, &["Red", "Blue"], "red, blue"),
        ("external_select", false, &["whatever"], "whatever"),
        ("users_select", false, &["U0ADA"], "U0ADA"),
        ("multi_users_select", false, &["U0ADA", "U0BOB"], "U0ADA, U0BOB"),
        ("conversations_select", false, &["C0A"], "C0A"),
        ("channels_select", false, &["C0A"], "C0A"),
        ("datepicker", false, &["2026-11-25"], "2026-11-25"),
        ("timepicker", false, &["13:37"], "13:37"),
        ("datetimepicker", false, &["1760000000"], "1760000000"),
        ("plain_text_input", false, &["so it is"], "so it is"),
    ] {
        let mut element = json!({ "type": kind, "action_id": kind });
        if has_options {
            element["options"] = options();
        }
        let block = json!({ "type": "actions", "elements": [element] });
        let content = json!({ "channel": dm.id, "blocks": [block] });
        let answer = office.call("chat.postMessage", content).await;
        assert_eq!(answer["ok"], true, "{kind}: {answer}");
        slack.next_reply(dm).await.unwrap();
        slack.choose(ada, dm, kind, values).await.unwrap();
        assert_eq!(slack.next_reply(dm).await.unwrap().text, heard, "{kind}");
    }
}

#[tokio::test]
async fn a_view_is_filled_in() {
    let agent = |message: UserMessage| async move {
        let metadata = message.metadata.unwrap_or_default();
        if let Some(view) = metadata.get("view") {
            return BotMessage::text(view["values"]["guests"]["count"]["value"].as_str().unwrap_or("none"));
        }
        let view = json!({
            "type": "modal",
            "callback_id": "book_table",
            "title": text("A table"),
            "submit": text("Book"),
            "blocks": [{
                "type": "input",
                "block_id": "guests",
                "label": text("Guests"),
                "element": { "type": "plain_text_input", "action_id": "count" },
            }],
        });
        BotMessage::custom(json!({ "trigger_id": metadata.get("trigger_id"), "view": view }))
    };
    let office = Office::with(json!({}), agent).await;
    let Office { slack, ada, dm, .. } = &office;
    slack.shortcut(ada, "book").await;
    slack.wait_until(|slack| slack.modal(ada).is_some()).await.unwrap();
    let modal = slack.modal(ada).unwrap();
    assert_eq!((modal.title.as_str(), modal.inputs), ("A table", vec!["count".to_owned()]));
    assert!(slack.submit(ada, &[("count", &["4"])]).await.unwrap().is_taken());
    assert_eq!(slack.modal(ada), None, "a submitted view closes");
    assert_eq!(slack.next_reply(dm).await.unwrap().text, "4");
}

#[tokio::test]
async fn a_trigger_is_good_once() {
    let office = Office::alone().await;
    let view = json!({ "type": "modal", "title": text("Hi"), "blocks": [] });
    let opened = office.call("views.open", json!({ "trigger_id": "1.2.x", "view": view })).await;
    assert_eq!(opened["error"], "invalid_trigger_id");
}

#[tokio::test]
async fn a_command_is_answered_by_its_response_url() {
    let agent = |message: UserMessage| async move {
        let metadata = message.metadata.unwrap_or_default();
        metadata["command"]["response_url"].as_str().unwrap_or_default().to_owned()
    };
    let office = Office::with(json!({}), agent).await;
    let Office { slack, ada, dm, .. } = &office;
    slack.command(ada, dm, "/where", "is it").await;
    let url = slack.next_reply(dm).await.unwrap().text;
    for uses in 1..=6 {
        let (status, answer) = post(&url, "", &json!({ "text": format!("number {uses}") })).await;
        assert_eq!(status, if uses <= 5 { 200 } else { 404 }, "{answer}");
    }
    let last = slack.transcript(dm).pop().unwrap();
    assert_eq!((last.text.as_str(), last.is_ephemeral), ("number 5", true));
    let calls = slack.calls();
    assert_eq!(calls.iter().filter(|call| call.method == "response_url").count(), 6);
}
