//! What people write.

use channel_core::{Metadata, Recipient};
use serde_json::{Value, json};

use super::support::{FORM, Workspace, fixture, form, metadata, only, signed};

fn metadata_of(value: &Value) -> Option<Metadata> {
    value.as_object().cloned()
}

#[tokio::test]
async fn a_direct_message_is_a_message() {
    let workspace = Workspace::with(&json!({}));
    let message = only(workspace.event(&fixture("message_im")).await);
    assert_eq!((message.text.as_str(), message.sender_id.as_str()), ("hello there", "U0USER"));
    assert_eq!(message.message_id, "T0TEAM/D0DM/1760000001.000200");
    assert_eq!(message.input_channel.as_deref(), Some("slack"));
    let expected = json!({ "out_channel": "D0DM", "thread_id": "1760000001.000200", "users": ["U0BOT"] });
    assert_eq!(message.metadata, metadata_of(&expected), "as in Rasa");
    let mut to = Recipient::new("D0DM");
    to.details.insert("user".to_owned(), "U0USER".into());
    assert_eq!(message.recipient, Some(to));
}

#[tokio::test]
async fn a_mention_is_a_message_without_the_mention() {
    let workspace = Workspace::with(&json!({}));
    let message = only(workspace.event(&fixture("app_mention")).await);
    assert_eq!(
        (message.text.as_str(), message.message_id.as_str()),
        ("hello", "T0TEAM/C0GENERAL/1760000005.000300")
    );
    assert_eq!(
        workspace.event(&fixture("message_channel")).await,
        [],
        "the bot does not listen to that channel"
    );
}

#[tokio::test]
async fn in_its_channel_a_mention_comes_twice_as_one_message() {
    let workspace = Workspace::with(&json!({ "slack_channel": "C0GENERAL" }));
    let mut as_message = only(workspace.event(&fixture("message_channel")).await);
    let as_mention = only(workspace.event(&fixture("app_mention")).await);
    // Each delivery is a trace of its own.
    as_message.headers.clone_from(&as_mention.headers);
    assert_eq!(as_message, as_mention);
}

#[tokio::test]
async fn a_file_is_a_message_without_text() {
    let workspace = Workspace::with(&json!({}));
    let message = only(workspace.event(&fixture("file_share")).await);
    assert_eq!(message.text, "");
    assert_eq!(metadata(&message, "files")[0]["name"], "cat.png");
}

#[tokio::test]
async fn a_message_that_is_passed_on_is_a_message_without_text() {
    let workspace = Workspace::with(&json!({}));
    let mut event = fixture("message_im");
    event["event"]["text"] = "".into();
    assert_eq!(workspace.event(&event).await, [], "nothing was said");
    let shared = json!([{ "is_share": true, "author_id": "U0BOB", "text": "the original" }]);
    event["event"]["attachments"] = shared.clone();
    let message = only(workspace.event(&event).await);
    assert_eq!((message.text.as_str(), metadata(&message, "attachments")), ("", shared));
}

#[tokio::test]
async fn a_thread_is_known_by_its_first_message() {
    for (granularity, sender) in
        [("sender", "U0USER"), ("channel", "U0USER_D0DM"), ("thread", "U0USER_D0DM_1760000001.000200")]
    {
        for key in ["conversation", "conversation_granularity"] {
            let workspace = Workspace::with(&json!({ key: granularity, "use_threads": true }));
            for name in ["message_im", "message_im_thread"] {
                let message = only(workspace.event(&fixture(name)).await);
                assert_eq!(message.sender_id, sender, "{name}");
                assert_eq!(metadata(&message, "thread_id"), "1760000001.000200", "{name}");
                assert_eq!(message.reply_to().details["thread_ts"], "1760000001.000200", "{name}");
            }
        }
    }
}

#[tokio::test]
async fn bots_and_slack_itself_are_not_heard() {
    let workspace = Workspace::with(&json!({ "edits": true, "slack_channel": "C0GENERAL" }));
    for name in [
        "own_message",
        "own_message_without_bot_id",
        "own_message_changed",
        "other_bot",
        "slackbot",
        "channel_join",
        "reaction_added",
        "channel_created",
        "app_rate_limited",
        "message_unfurled",
    ] {
        assert_eq!(workspace.event(&fixture(name)).await, [], "{name}");
    }
}

#[tokio::test]
async fn an_id_that_is_empty_names_nobody_and_nothing() {
    let workspace = Workspace::with(&json!({ "conversation": "channel" }));
    let command = |user| form(&[("command", "/weather"), ("user_id", user), ("channel_id", "")]);
    assert_eq!(workspace.taken(signed(FORM, &command(""))).await, []);
    let press = json!({ "type": "block_actions", "user": { "id": "" }, "actions": [{ "value": "a" }] });
    assert_eq!(workspace.interaction(&press).await, []);
    let mut event = fixture("message_im");
    event["event"]["user"] = "".into();
    assert_eq!(workspace.event(&event).await, []);

    let message = only(workspace.taken(signed(FORM, &command("U0USER"))).await);
    assert_eq!((message.sender_id.as_str(), message.reply_to().id.as_str()), ("U0USER", "U0USER"));
}

#[tokio::test]
async fn edits_and_deletions_are_messages_where_they_are_wanted() {
    let deaf = Workspace::with(&json!({}));
    let workspace = Workspace::with(&json!({ "edits": true }));
    let before = json!({ "ts": "1760000001.000200", "previous_text": "hello there" });
    for (name, key, text, id) in [
        ("message_changed", "message_changed", "hello again", "Ev0TEST07"),
        ("message_deleted", "message_deleted", "", "Ev0TEST09"),
        ("thread_parent_deleted", "message_deleted", "", "Ev0TEST10"),
    ] {
        assert_eq!(deaf.event(&fixture(name)).await, [], "{name}");
        let message = only(workspace.event(&fixture(name)).await);
        assert_eq!((message.text.as_str(), message.message_id.as_str()), (text, id));
        assert_eq!(
            (message.sender_id.as_str(), metadata(&message, key)),
            ("U0USER", before.clone()),
            "{name}"
        );
    }
}

#[tokio::test]
async fn the_raw_event_comes_along_where_it_is_wanted() {
    let workspace = Workspace::with(&json!({ "raw_event": true }));
    let body = fixture("message_im");
    let message = only(workspace.event(&body).await);
    let mut expected = body;
    expected.as_object_mut().unwrap().shift_remove("token");
    assert_eq!(metadata(&message, "raw_event"), expected, "all but the legacy token");
}

#[tokio::test]
async fn a_text_full_of_marks_is_read_at_once() {
    let workspace = Workspace::with(&json!({}));
    for mark in ["<@U0BOT|", "<@U0BOT|b>", "<@U0BOT>", "<", "<<>", "<a|", "&amp;"] {
        let mut body = fixture("message_im");
        body["event"]["text"] = format!("hi {}", mark.repeat(200_000 / mark.len())).into();
        assert!(only(workspace.event(&body).await).text.starts_with("hi"), "{mark}");
    }
}
