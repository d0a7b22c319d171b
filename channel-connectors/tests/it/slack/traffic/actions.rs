//! What comes by interactivity and slash commands.

use serde_json::{Value, json};

use super::{NOTHING, check, payload, typed, with};
use crate::slack::support::{FORM, Workspace, form, signed};

/// What Ida does, but for these keys.
fn interaction(kind: &str, more: Value) -> Value {
    let payload = json!({
        "type": kind, "token": "legacy", "api_app_id": "A0GARDEN", "trigger_id": "7.7.seed",
        "team": { "id": "T0HILL", "domain": "hill" }, "enterprise": null, "is_enterprise_install": false,
        "user": { "id": "U0IDA", "username": "ida", "name": "ida", "team_id": "T0HILL" },
    });
    with(payload, more)
}

fn action(more: Value) -> Value {
    json!([with(json!({ "action_id": "a", "block_id": "b", "action_ts": "1770000003.5" }), more)])
}

#[tokio::test]
async fn what_people_press_and_submit() {
    let home = json!({ "id": "V0", "type": "home", "callback_id": "", "state": { "values": {} } });
    let values = json!({ "b": { "a": { "type": "number_input", "value": "5" } } });
    let modal = json!({ "id": "V1", "type": "modal", "callback_id": "order", "private_metadata": "", "state": { "values": values } });
    let ephemeral =
        json!({ "type": "message", "message_ts": "9.1", "channel_id": "D0IDA", "is_ephemeral": true });
    let text = json!({ "type": "rich_text", "elements": [{ "type": "rich_text_section", "elements": [{ "type": "text", "text": "in May" }] }] });
    let press =
        |more: Value, actions: Value| interaction("block_actions", with(more, json!({ "actions": actions })));
    let answer_in = json!([{ "block_id": "b", "action_id": "a", "channel_id": "C0BEDS", "response_url": "https://hooks.slack.com/app/1" }]);
    let events = vec![
        (
            "in the home",
            press(
                json!({ "view": home, "container": { "type": "view", "view_id": "V0" } }),
                action(json!({ "type": "button", "value": "/sow" })),
            ),
            payload("/sow", json!({ "out_channel": null })),
        ),
        (
            "in a modal",
            press(
                json!({ "view": modal, "channel": null, "message": null }),
                action(json!({ "type": "static_select", "selected_option": { "value": "tulips" } })),
            ),
            payload("tulips", json!({})),
        ),
        (
            "on what one person sees",
            press(json!({ "container": ephemeral }), action(json!({ "type": "button", "value": "/sow" }))),
            payload("/sow", json!({ "out_channel": "D0IDA", "message_ts": "9.1" })),
        ),
        (
            "formatted",
            press(json!({}), action(json!({ "type": "rich_text_input", "rich_text_value": text }))),
            typed("in May"),
        ),
        ("a number", press(json!({}), action(json!({ "type": "number_input", "value": "5" }))), typed("5")),
        (
            "a number that is one",
            press(json!({}), action(json!({ "type": "number_input", "value": 5 }))),
            typed("5"),
        ),
        ("a file", press(json!({}), action(json!({ "type": "file_input", "files": [] }))), typed("")),
        (
            "a workflow",
            press(json!({}), action(json!({ "type": "workflow_button", "value": "w" }))),
            payload("w", json!({})),
        ),
        (
            "a link",
            press(json!({}), action(json!({ "type": "button", "value": null, "url": "https://a.example" }))),
            NOTHING,
        ),
        ("none", press(json!({}), Value::Null), NOTHING),
        ("nulls", press(json!({}), json!([null, 5, "x"])), None),
        (
            "by nobody",
            interaction(
                "block_actions",
                json!({ "user": null, "actions": [{ "type": "button", "value": "x" }] }),
            ),
            NOTHING,
        ),
        (
            "of old",
            interaction(
                "interactive_message",
                json!({ "callback_id": "c", "message_ts": "1.1", "attachment_id": "1", "channel": { "id": "D0IDA", "name": "directmessage" }, "original_message": {}, "actions": [{ "name": "n", "type": "button", "value": "/sow" }] }),
            ),
            payload("/sow", json!({ "thread_id": "1.1" })),
        ),
        (
            "a select of old",
            interaction(
                "interactive_message",
                json!({ "callback_id": "c", "actions": [{ "name": "n", "type": "select", "selected_options": [{ "value": "tulips" }] }] }),
            ),
            payload("tulips", json!({})),
        ),
        (
            "a view",
            interaction("view_submission", json!({ "view": modal, "response_urls": [] })),
            payload(
                "order",
                json!({ "out_channel": null, "view": { "id": "V1", "callback_id": "order", "private_metadata": "", "values": values } }),
            ),
        ),
        (
            "a view that answers in a channel",
            interaction("view_submission", json!({ "view": modal, "response_urls": answer_in })),
            payload("order", json!({ "out_channel": "C0BEDS" })),
        ),
        (
            "a closed view",
            interaction("view_closed", json!({ "view": modal, "is_cleared": false, "trigger_id": null })),
            payload("order", json!({})),
        ),
        (
            "a dialog",
            interaction(
                "dialog_submission",
                json!({ "callback_id": "order", "state": "7", "view": null, "submission": { "n": "5" } }),
            ),
            payload(
                "order",
                json!({ "view": { "callback_id": "order", "private_metadata": "7", "values": { "n": "5" } } }),
            ),
        ),
        (
            "a closed dialog",
            interaction("dialog_cancellation", json!({ "callback_id": "order", "state": "7" })),
            payload("order", json!({})),
        ),
        (
            "a step",
            interaction("workflow_step_edit", json!({ "callback_id": "w", "workflow_step": {} })),
            NOTHING,
        ),
        (
            "a global shortcut",
            interaction("shortcut", json!({ "callback_id": "sow" })),
            payload("sow", json!({ "out_channel": null })),
        ),
        (
            "a shortcut on a bot's message",
            interaction(
                "message_action",
                json!({ "callback_id": "sow", "channel": { "id": "C0BEDS" }, "message": { "bot_id": "B0", "ts": "1.1", "text": null } }),
            ),
            payload("sow", json!({ "out_channel": "C0BEDS" })),
        ),
    ];
    let workspace = Workspace::with(&json!({}));
    for (name, body, expected) in events {
        check(name, &workspace.interaction(&body).await, &expected);
    }
}

#[tokio::test]
async fn what_people_command() {
    let workspace = Workspace::with(&json!({ "raw_event": true }));
    let grid =
        [("enterprise_id", "E0VALE"), ("enterprise_name", "Vale & Co"), ("is_enterprise_install", "true")];
    let asked = [
        ("command", "/sow"),
        ("user_id", "U0IDA"),
        ("channel_id", "D0IDA"),
        ("channel_name", "directmessage"),
    ];
    for (name, more, expected) in [
        ("with nothing", vec![], payload("/sow", json!({}))),
        ("in a grid", grid.to_vec(), payload("/sow", json!({}))),
        (
            "with words",
            vec![("text", "süß & \u{1f331} + 100%")],
            payload("/sow süß & \u{1f331} + 100%", json!({})),
        ),
        ("with escapes", vec![("text", "<#C0BEDS|beds>")], payload("/sow <#C0BEDS|beds>", json!({}))),
        ("with a mention", vec![("text", "<@U0BEN|ben>")], typed("/sow <@U0BEN|ben>")),
        ("twice the same field", vec![("text", "a"), ("text", "b")], payload("/sow b", json!({}))),
        ("by nobody", vec![("user_id", "")], NOTHING),
        ("a look at the certificate", vec![("ssl_check", "1"), ("command", "")], NOTHING),
    ] {
        let fields: Vec<_> = asked.into_iter().chain(more).collect();
        for kind in [FORM, "application/x-www-form-urlencoded; charset=UTF-8"] {
            check(name, &workspace.taken(signed(kind, &form(&fields))).await, &expected);
        }
    }
    // What is no UTF-8 and no escape is taken as well as it can be.
    let odd = "command=%2Fsow&user_id=U0IDA&text=%ff%zz%";
    check("odd", &workspace.taken(signed(FORM, odd)).await, &payload("/sow \u{fffd}%zz%", json!({})));
    for empty in ["", "&&&", "=", "payload", "payload=null", "payload=[]", "command=/sow"] {
        assert!([200, 400].contains(&workspace.deliver(signed(FORM, empty)).await.0), "{empty}");
    }
}
