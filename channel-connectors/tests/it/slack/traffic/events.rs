//! What comes by the Events API.

use serde_json::{Value, json};

use super::{Expected, NOTHING, check, typed, typed_with, with};
use crate::slack::support::{JSON, Workspace, signed};

/// An event in its envelope.
fn event(event: Value) -> Value {
    json!({
        "token": "legacy", "team_id": "T0HILL", "api_app_id": "A0GARDEN", "type": "event_callback",
        "event_id": "Ev0HILL1", "event_time": 1_770_000_000, "event_context": "4-garden",
        "is_ext_shared_channel": false,
        "authorizations": [{ "enterprise_id": null, "team_id": "T0HILL", "user_id": "U0GARDEN", "is_bot": true }],
        "event": event,
    })
}

/// A direct message of Ida's, but for these keys.
fn direct(more: Value) -> Value {
    let message = json!({
        "type": "message", "channel": "D0IDA", "channel_type": "im", "user": "U0IDA", "text": "when does it rain?",
        "ts": "1770000000.000100", "event_ts": "1770000000.000100",
    });
    event(with(message, more))
}

fn mention(more: Value) -> Value {
    let message = json!({
        "type": "app_mention", "channel": "C0BEDS", "user": "U0IDA", "text": "<@U0GARDEN> water the roses",
        "ts": "1770000000.000200", "event_ts": "1770000000.000200",
    });
    event(with(message, more))
}

fn rich_text(elements: &Value) -> Value {
    json!([{ "type": "rich_text", "block_id": "x1", "elements": elements }])
}

async fn check_events(settings: Value, events: Vec<(&str, Value, Expected)>) {
    let workspace = Workspace::with(&settings);
    for (name, body, expected) in events {
        check(name, &workspace.event(&body).await, &expected);
    }
}

#[tokio::test]
async fn what_people_write() {
    let old = |event: Value| {
        with(
            event,
            json!({ "authorizations": null, "authed_users": ["U0GARDEN"], "event_time": "1770000000" }),
        )
    };
    let without_kind = json!({
        "type": "message", "channel": "D0IDA", "user": "U0IDA", "text": "hi", "ts": "1770000000.000100",
    });
    let list = json!([
        { "type": "rich_text_section", "elements": [
            { "type": "text", "text": "buy " }, { "type": "emoji", "name": "seedling" },
            { "type": "link", "url": "https://seeds.example" }, { "type": "text", "text": " for\n" },
            { "type": "user", "user_id": "U0BEN" },
        ] },
        { "type": "rich_text_list", "style": "bullet", "elements": [
            { "type": "rich_text_section", "elements": [{ "type": "text", "text": "beds" }] },
            { "type": "rich_text_section", "elements": [{ "type": "text", "text": "pots", "style": { "bold": true } }] },
        ] },
    ]);
    let tombstone = json!([{ "id": "F0GONE", "mode": "tombstone" }]);
    let foreign =
        json!([{ "id": "F0HIS", "created": 0, "mode": "file_access", "file_access": "check_file_info" }]);
    let hidden = json!([{ "id": "F0OLD", "mode": "hidden_by_limit", "date_delete": 1 }]);
    let words =
        rich_text(&json!([{ "type": "rich_text_section", "elements": [{ "type": "text", "text": "x" }] }]));
    let events = vec![
        ("plain", direct(json!({})), typed("when does it rain?")),
        (
            "of today",
            direct(json!({ "client_msg_id": "5e", "team": "T0HILL", "blocks": words })),
            typed("when does it rain?"),
        ),
        ("of old", old(direct(json!({}))), typed("when does it rain?")),
        ("before channels had kinds", old(event(without_kind)), typed("hi")),
        (
            "empty where others have nothing",
            direct(json!({ "bot_id": "", "subtype": "", "thread_ts": "" })),
            typed("when does it rain?"),
        ),
        (
            "null where others have nothing",
            direct(
                json!({ "bot_id": null, "subtype": null, "thread_ts": null, "files": null, "blocks": null }),
            ),
            typed("when does it rain?"),
        ),
        ("of the app's home", direct(json!({ "channel_type": "app_home" })), typed("when does it rain?")),
        (
            "grid",
            with(direct(json!({})), json!({ "enterprise_id": "E0VALE", "is_enterprise_install": true })),
            typed("when does it rain?"),
        ),
        (
            "blocks alone",
            direct(json!({ "text": "", "blocks": rich_text(&list) })),
            typed("buy :seedling:https://seeds.example for\n<@U0BEN>\nbeds\npots"),
        ),
        (
            "a reply",
            direct(json!({ "thread_ts": "1769999999.000100", "parent_user_id": "U0GARDEN" })),
            typed_with("when does it rain?", json!({ "thread_id": "1769999999.000100" })),
        ),
        (
            "a reply for all",
            direct(
                json!({ "subtype": "thread_broadcast", "thread_ts": "1769999999.000100", "root": { "bot_id": "B0GARDEN" } }),
            ),
            typed("when does it rain?"),
        ),
        ("of oneself", direct(json!({ "subtype": "me_message" })), typed("when does it rain?")),
        (
            "a reply to the assistant",
            direct(json!({ "thread_ts": "1.1", "assistant_thread": { "action_token": "s3cr3t" } })),
            typed("when does it rain?"),
        ),
        (
            "a deleted file",
            direct(json!({ "subtype": "file_share", "text": "", "files": tombstone })),
            typed_with("", json!({ "files": tombstone })),
        ),
        (
            "a file of another workspace",
            direct(json!({ "subtype": "file_share", "text": "see", "files": foreign })),
            typed_with("see", json!({ "files": foreign })),
        ),
        (
            "a file too many",
            direct(json!({ "subtype": "file_share", "text": "see", "files": hidden, "upload": false })),
            typed_with("see", json!({ "files": hidden })),
        ),
        (
            "links",
            direct(json!({ "text": "<https://a.example|a> &amp; <tel:1|1> <!date^1^{date}|today>" })),
            typed("a & 1 <!date^1^{date}|today>"),
        ),
        ("no payload", direct(json!({ "text": "/inform{\"vip\":true}" })), typed("/inform{\"vip\":true}")),
        (
            "NUL and a surrogate pair",
            direct(json!({ "text": "a\u{0}b \u{1f331}" })),
            typed("a\u{0}b \u{1f331}"),
        ),
        ("a mention", mention(json!({})), typed("water the roses")),
        ("a mention of old", old(mention(json!({ "text": "<@U0GARDEN|garden>: roses" }))), typed(": roses")),
        (
            "a mention that comes with an edit",
            mention(json!({ "edited": { "user": "U0IDA", "ts": "2.0" } })),
            typed("water the roses"),
        ),
        ("a mention among several people", mention(json!({ "channel": "G0FEW" })), typed("water the roses")),
        (
            "a guest's",
            with(
                mention(json!({ "user_team": "T0LAKE", "source_team": "T0LAKE", "team": "T0LAKE" })),
                json!({ "context_team_id": "T0HILL", "is_ext_shared_channel": true }),
            ),
            typed("water the roses"),
        ),
        (
            "a mention that nobody is authorized for",
            with(mention(json!({})), json!({ "authorizations": [] })),
            typed("<@U0GARDEN> water the roses"),
        ),
    ];
    check_events(json!({}), events).await;
}

#[tokio::test]
async fn what_nobody_says_to_the_bot() {
    let assistant = json!({ "user_id": "U0IDA", "channel_id": "D0IDA", "thread_ts": "1.1", "context": {} });
    let step = json!({ "workflow_step_execute_id": "1.2", "inputs": {}, "outputs": [] });
    let link = json!([{ "domain": "seeds.example", "url": "https://seeds.example/1" }]);
    let huddle =
        json!({ "subtype": "huddle_thread", "room": { "id": "R0", "created_by": "U0IDA" }, "text": "" });
    let mut events = vec![
        ("among several people", direct(json!({ "channel": "G0FEW", "channel_type": "mpim" })), NOTHING),
        ("a private channel", direct(json!({ "channel": "G0SHED", "channel_type": "group" })), NOTHING),
        ("a channel", direct(json!({ "channel": "C0BEDS", "channel_type": "channel" })), NOTHING),
        ("the bot", direct(json!({ "user": "U0GARDEN" })), NOTHING),
        (
            "a bot",
            direct(json!({ "bot_id": "B0MOLE", "bot_profile": { "name": "mole", "deleted": false } })),
            NOTHING,
        ),
        (
            "a bot of old",
            direct(json!({ "subtype": "bot_message", "user": null, "username": "mole" })),
            NOTHING,
        ),
        ("a mention by a bot", mention(json!({ "subtype": "bot_message", "bot_id": "B0MOLE" })), NOTHING),
        ("a reply is counted", direct(json!({ "subtype": "message_replied", "hidden": true })), NOTHING),
        ("a huddle", direct(huddle), NOTHING),
        ("nothing", direct(json!({ "text": "" })), NOTHING),
        ("null", direct(json!({ "text": null, "user": null })), NOTHING),
        ("everything null", event(Value::Null), NOTHING),
        ("numbers", direct(json!({ "ts": 1_770_000_000.1, "channel": 7, "text": 5, "user": 3 })), NOTHING),
        (
            "assistant",
            event(json!({ "type": "assistant_thread_started", "assistant_thread": assistant })),
            NOTHING,
        ),
        (
            "step",
            event(json!({ "type": "workflow_step_execute", "callback_id": "w", "workflow_step": step })),
            NOTHING,
        ),
        (
            "function",
            event(json!({ "type": "function_executed", "function": {}, "bot_access_token": "xwfp-s3cr3t" })),
            NOTHING,
        ),
        (
            "link",
            event(json!({ "type": "link_shared", "user": "U0IDA", "channel": "D0IDA", "links": link })),
            NOTHING,
        ),
        (
            "home",
            event(
                json!({ "type": "app_home_opened", "user": "U0IDA", "channel": "D0IDA", "tab": "messages" }),
            ),
            NOTHING,
        ),
        (
            "newcomer",
            event(json!({ "type": "team_join", "user": { "id": "U0IDA", "is_bot": false } })),
            NOTHING,
        ),
        (
            "file",
            event(
                json!({ "type": "file_shared", "file_id": "F0", "user_id": "U0IDA", "channel_id": "D0IDA" }),
            ),
            NOTHING,
        ),
        (
            "tokens",
            event(json!({ "type": "tokens_revoked", "tokens": { "oauth": ["U0IDA"], "bot": [] } })),
            NOTHING,
        ),
        ("uninstalled", event(json!({ "type": "app_uninstalled" })), NOTHING),
    ];
    for subtype in [
        "channel_join",
        "channel_topic",
        "channel_name",
        "pinned_item",
        "bot_add",
        "reminder_add",
        "file_comment",
        "ekm_access_denied",
        "assistant_app_thread",
        "to_be_invented",
    ] {
        events.push((subtype, direct(json!({ "subtype": subtype })), NOTHING));
    }
    check_events(json!({ "edits": true }), events).await;
}

#[tokio::test]
async fn what_people_write_anew() {
    let now = json!({ "type": "message", "user": "U0IDA", "text": "when does it snow?", "ts": "1.1" });
    let edited = with(now.clone(), json!({ "edited": { "user": "U0IDA", "ts": "2.0" }, "blocks": [] }));
    let change = |message: &Value, more: Value| {
        let keys = json!({ "subtype": "message_changed", "hidden": true, "user": null, "text": null, "message": message });
        direct(with(keys, more))
    };
    let events = vec![
        (
            "an edit",
            change(&edited, json!({ "previous_message": { "user": "U0IDA", "text": "rain?" } })),
            typed("when does it snow?"),
        ),
        ("an edit that does not say what was there", change(&edited, json!({})), typed("when does it snow?")),
        ("a preview that does not either", change(&now, json!({ "previous_message": null })), NOTHING),
        ("a preview", change(&edited, json!({ "previous_message": edited })), NOTHING),
        (
            "a deletion of who knows whose",
            direct(json!({ "subtype": "message_deleted", "deleted_ts": "1.1" })),
            NOTHING,
        ),
    ];
    check_events(json!({ "edits": true }), events).await;
}

#[tokio::test]
async fn the_address_is_verified_whatever_else_is_said() {
    let asked = json!({ "type": "url_verification", "token": "legacy", "challenge": "c1", "api_app_id": "A0", "x": {} });
    let answer = Workspace::with(&json!({})).deliver(signed(JSON, &asked.to_string())).await;
    assert_eq!(answer, (200, "c1".to_owned()));
}

#[tokio::test]
async fn half_an_emoji_is_no_reason_to_lose_a_message() {
    let body = direct(json!({ "text": "a HALF" })).to_string().replace("HALF", r"\ud83c");
    let messages = Workspace::with(&json!({})).taken(signed(JSON, &body)).await;
    check("half", &messages, &typed("a \u{fffd}"));
}
