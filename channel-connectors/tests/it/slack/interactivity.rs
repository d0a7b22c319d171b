//! What people press, choose, submit and command.

use channel_core::axum::{
    body::{Body, to_bytes},
    extract::Request,
};
use serde_json::{Value, json};

use super::support::{FORM, Workspace, fixture, form, metadata, only, signed};

#[tokio::test]
async fn a_button_says_its_value() {
    let workspace = Workspace::with(&json!({}));
    let payload = fixture("button");
    let message = only(workspace.interaction(&payload).await);
    assert_eq!(message.text, r#"/pick{"color":"red"}"#);
    assert_eq!((message.sender_id.as_str(), message.message_id.as_str()), ("U0USER", "1.2.abc"));
    assert_eq!(
        message.metadata.map(Value::Object),
        Some(json!({
            "out_channel": "D0DM",
            "thread_id": "1760000002.000100",
            "users": ["U0USER"],
            "action": payload["actions"][0],
            "state": {},
            "message_ts": "1760000002.000100",
            "trigger_id": "1.2.abc",
        }))
    );
}

#[tokio::test]
async fn every_element_says_what_was_chosen() {
    let workspace = Workspace::with(&json!({}));
    let option = |value: &str| json!({ "text": { "type": "plain_text", "text": "shown" }, "value": value });
    for (kind, key, chosen, text) in [
        ("static_select", "selected_option", option("red"), "red"),
        ("external_select", "selected_option", option("red"), "red"),
        ("overflow", "selected_option", option("red"), "red"),
        ("radio_buttons", "selected_option", option("red"), "red"),
        ("select", "selected_options", json!([{ "value": "red" }]), "red"),
        ("multi_static_select", "selected_options", json!([option("red"), option("blue")]), "red, blue"),
        ("checkboxes", "selected_options", json!([option("red"), option("blue")]), "red, blue"),
        ("checkboxes", "selected_options", json!([]), ""),
        ("users_select", "selected_user", json!("U0ADA"), "U0ADA"),
        ("multi_users_select", "selected_users", json!(["U0ADA", "U0BOB"]), "U0ADA, U0BOB"),
        ("conversations_select", "selected_conversation", json!("C0A"), "C0A"),
        ("multi_conversations_select", "selected_conversations", json!(["C0A"]), "C0A"),
        ("channels_select", "selected_channel", json!("C0A"), "C0A"),
        ("multi_channels_select", "selected_channels", json!(["C0A", "C0B"]), "C0A, C0B"),
        ("datepicker", "selected_date", json!("2026-11-25"), "2026-11-25"),
        ("timepicker", "selected_time", json!("13:37"), "13:37"),
        ("datetimepicker", "selected_date_time", json!(1_760_000_000), "1760000000"),
        ("plain_text_input", "value", json!("so it is"), "so it is"),
        ("static_select", "selected_option", Value::Null, ""),
    ] {
        let mut payload = fixture("button");
        payload["actions"] = json!([{ "type": kind, "action_id": "a1", "block_id": "b1", key: chosen }]);
        assert_eq!(only(workspace.interaction(&payload).await).text, text, "{kind}");
    }
}

#[tokio::test]
async fn a_link_says_nothing() {
    let workspace = Workspace::with(&json!({}));
    let mut payload = fixture("button");
    payload["actions"][0].as_object_mut().unwrap().shift_remove("value");
    assert_eq!(workspace.interaction(&payload).await, []);
}

#[tokio::test]
async fn several_actions_are_messages_of_their_own() {
    let workspace = Workspace::with(&json!({}));
    let mut payload = fixture("button");
    payload["actions"] = json!([{ "type": "button", "value": "one" }, { "type": "button", "value": "two" }]);
    let messages = workspace.interaction(&payload).await;
    let said: Vec<_> = messages.iter().map(|said| (said.text.as_str(), said.message_id.as_str())).collect();
    assert_eq!(said, [("one", "1.2.abc"), ("two", "1.2.abc/1")]);
}

#[tokio::test]
async fn a_view_says_its_callback_id() {
    let workspace = Workspace::with(&json!({}));
    let payload = fixture("view_submission");
    let message = only(workspace.interaction(&payload).await);
    assert_eq!((message.text.as_str(), message.message_id.as_str()), ("/book_table", "3.4.def"));
    let view = metadata(&message, "view");
    assert_eq!(view["private_metadata"], "order 7");
    assert_eq!(view["values"], payload["view"]["state"]["values"]);
    assert_eq!(message.reply_to().id, "U0USER", "a view is nowhere: the answer is a direct message");

    let mut payload = payload;
    payload["response_urls"] = json!([{ "channel_id": "C0GENERAL" }]);
    assert_eq!(only(workspace.interaction(&payload).await).reply_to().id, "C0GENERAL");
}

#[tokio::test]
async fn shortcuts_say_their_callback_id() {
    let workspace = Workspace::with(&json!({}));
    let global = only(workspace.interaction(&fixture("shortcut")).await);
    assert_eq!((global.text.as_str(), global.reply_to().id.as_str()), ("/new_ticket", "U0USER"));
    let on_message = only(workspace.interaction(&fixture("message_action")).await);
    assert_eq!((on_message.text.as_str(), on_message.reply_to().id.as_str()), ("/remember", "C0GENERAL"));
    assert_eq!(metadata(&on_message, "shortcut")["message"]["text"], "the milk is out");
    assert_eq!(metadata(&on_message, "thread_id"), "1760000012.000100");
}

#[tokio::test]
async fn a_slash_command_is_what_was_typed() {
    let workspace = Workspace::with(&json!({ "raw_event": true }));
    let command = |text: &str| {
        form(&[
            ("token", "legacy"),
            ("team_id", "T0TEAM"),
            ("channel_id", "C0GENERAL"),
            ("user_id", "U0USER"),
            ("command", "/weather"),
            ("text", text),
            ("response_url", "https://hooks.slack.example/commands/1"),
            ("trigger_id", "9.8.zyx"),
        ])
    };
    let message = only(workspace.taken(signed(FORM, &command("in Paris & Rome"))).await);
    assert_eq!(message.text, "/weather in Paris & Rome");
    assert_eq!((message.sender_id.as_str(), message.message_id.as_str()), ("U0USER", "9.8.zyx"));
    assert_eq!(message.reply_to().id, "C0GENERAL");
    assert_eq!(metadata(&message, "command")["text"], "in Paris & Rome");
    assert_eq!(metadata(&message, "raw_event").get("token"), None);
    assert_eq!(only(workspace.taken(signed(FORM, &command(""))).await).text, "/weather");
}

#[tokio::test]
async fn a_look_at_the_certificate_is_no_command() {
    let workspace = Workspace::with(&json!({}));
    assert_eq!(workspace.taken(signed(FORM, "token=legacy&ssl_check=1")).await, []);
}

#[tokio::test]
async fn what_is_played_back_has_the_same_id_even_without_a_trigger() {
    let workspace = Workspace::with(&json!({}));
    let mut payload = fixture("button");
    payload.as_object_mut().unwrap().shift_remove("trigger_id");
    let (parts, body) = signed(FORM, &form(&[("payload", &payload.to_string())])).into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    let mut ids = Vec::new();
    for _ in 0..2 {
        let request = Request::from_parts(parts.clone(), Body::from(body.clone()));
        ids.push(only(workspace.taken(request).await).message_id);
    }
    assert_eq!(ids[0], ids[1]);
}

#[tokio::test]
async fn a_view_that_is_closed_says_so() {
    let workspace = Workspace::with(&json!({}));
    let mut payload = fixture("view_submission");
    payload["type"] = "view_closed".into();
    let message = only(workspace.interaction(&payload).await);
    assert_eq!(message.text, payload["view"]["callback_id"].as_str().unwrap());
    assert_eq!(metadata(&message, "view_closed")["id"], payload["view"]["id"]);
    assert_eq!(metadata(&message, "view"), Value::Null);
}

#[tokio::test]
async fn a_dialog_of_old_is_a_view() {
    let workspace = Workspace::with(&json!({}));
    let payload = json!({
        "type": "dialog_submission",
        "callback_id": "order",
        "state": "table 7",
        "submission": { "drink": "tea" },
        "user": { "id": "U0USER" },
        "channel": { "id": "D0DM" },
    });
    let message = only(workspace.interaction(&payload).await);
    assert_eq!((message.text.as_str(), message.is_payload), ("order", true));
    let view = json!({ "callback_id": "order", "private_metadata": "table 7", "values": { "drink": "tea" } });
    assert_eq!(metadata(&message, "view"), view);
}

#[tokio::test]
async fn what_is_typed_is_no_payload() {
    let workspace = Workspace::with(&json!({}));
    let mut payload = fixture("button");
    assert!(only(workspace.interaction(&payload).await).is_payload);
    for kind in ["plain_text_input", "number_input", "email_text_input", "url_text_input"] {
        payload["actions"] = json!([{ "type": kind, "value": "/inform{\"vip\": true}" }]);
        assert!(!only(workspace.interaction(&payload).await).is_payload, "{kind}");
    }
    let words = json!([{ "type": "text", "text": "so it " }, { "type": "text", "text": "is", "style": { "bold": true } }]);
    let rich =
        json!({ "type": "rich_text", "elements": [{ "type": "rich_text_section", "elements": words }] });
    payload["actions"] = json!([{ "type": "rich_text_input", "rich_text_value": rich }]);
    let message = only(workspace.interaction(&payload).await);
    assert_eq!((message.text.as_str(), message.is_payload), ("so it is", false));
    for (text, is_payload) in [("", true), ("me", true), (r#"{"vip": true}"#, false)] {
        let fields =
            [("command", "/inform"), ("text", text), ("user_id", "U0ADA"), ("trigger_id", "1.2.abc")];
        let message = only(workspace.taken(signed(FORM, &form(&fields))).await);
        assert_eq!(message.is_payload, is_payload, "{text}");
    }
}

#[tokio::test]
async fn so_many_actions_are_heard_and_no_more() {
    let workspace = Workspace::with(&json!({ "raw_event": true }));
    let mut payload = fixture("button");
    payload["actions"] = (0..9_999).map(|number| json!({ "type": "button", "value": number })).collect();
    assert_eq!(workspace.interaction(&payload).await.len(), 25);
}

#[tokio::test]
async fn the_token_of_a_workflow_is_not_handed_on() {
    let workspace = Workspace::with(&json!({ "raw_event": true }));
    let mut payload = fixture("button");
    payload["bot_access_token"] = "xwfp-s3cr3t".into();
    let message = only(workspace.interaction(&payload).await);
    assert_eq!(metadata(&message, "raw_event").get("bot_access_token"), None);
}
