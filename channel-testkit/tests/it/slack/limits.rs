//! What Slack refuses.

use channel_core::Rate;
use channel_testkit::slack::Fake;
use serde_json::{Value, json};

use super::support::{Office, TOKEN, fake, post};

fn text(text: &str) -> Value {
    json!({ "type": "plain_text", "text": text })
}

fn buttons(count: usize, change: impl Fn(&mut Value)) -> Value {
    let button = |index: usize| {
        let mut button = json!({ "type": "button", "action_id": format!("a{index}"), "text": text("Press") });
        change(&mut button);
        button
    };
    json!({ "type": "actions", "elements": (0..count).map(button).collect::<Vec<_>>() })
}

async fn said_to(content: Value) -> Value {
    let office = Office::empty(Fake::builder().token(TOKEN).message_rate(None).start().await.unwrap());
    let mut content = content;
    content["channel"] = json!(office.dm.id);
    office.call("chat.postMessage", content).await
}

#[tokio::test]
async fn calls_are_refused_as_slack_refuses_them() {
    let office = Office::alone().await;
    let slack = &office.slack;
    office.call("chat.postMessage", json!({ "channel": "U0ADA", "text": "to a user" })).await;
    let ts = slack.transcript(&office.dm)[0].ts.clone();
    slack.say(&office.ada, &office.dm, "mine").await;
    let hers = slack.transcript(&office.dm)[1].ts.clone();
    slack.remove_app(&slack.channel("private"));
    slack.archive(&slack.channel("old"));
    for (method, body, error) in [
        ("chat.postMessage", json!({ "text": "Hi" }), "invalid_arguments"),
        ("chat.postMessage", json!({ "channel": "C0NOWHERE", "text": "Hi" }), "channel_not_found"),
        ("chat.postMessage", json!({ "channel": "#private", "text": "Hi" }), "not_in_channel"),
        ("chat.postMessage", json!({ "channel": "#old", "text": "Hi" }), "is_archived"),
        ("chat.postMessage", json!({ "channel": "D0ADA" }), "no_text"),
        ("chat.postMessage", json!({ "channel": "D0ADA", "text": "x".repeat(40_001) }), "msg_too_long"),
        ("chat.postMessage", json!({ "channel": "D0ADA", "blocks": "nonsense" }), "invalid_blocks_format"),
        (
            "chat.postEphemeral",
            json!({ "channel": "D0ADA", "user": "U0BOB", "text": "x" }),
            "user_not_in_channel",
        ),
        ("chat.update", json!({ "channel": "D0ADA", "ts": "1.1", "text": "x" }), "message_not_found"),
        ("chat.update", json!({ "channel": "D0ADA", "ts": hers, "text": "x" }), "cant_update_message"),
        ("chat.delete", json!({ "channel": "D0ADA", "ts": hers }), "cant_delete_message"),
        ("conversations.open", json!({ "users": "U0BOB" }), "user_not_found"),
        ("views.open", json!({ "trigger_id": "1" }), "invalid_arguments"),
        ("no.such.method", json!({}), "unknown_method"),
    ] {
        let answer = office.call(method, body.clone()).await;
        assert_eq!((&answer["ok"], &answer["error"]), (&json!(false), &json!(error)), "{method} {body}");
    }
    assert_eq!(office.call("chat.delete", json!({ "channel": "D0ADA", "ts": ts })).await["ok"], true);
    assert_eq!(office.call("auth.test", json!({})).await["user_id"], "U0BOT");
    let (status, answer) = post(&format!("{}/auth.test", slack.api_url()), "xoxb-other", &json!({})).await;
    assert_eq!((status, &answer["error"]), (200, &json!("invalid_auth")));
}

#[tokio::test]
async fn blocks_have_limits() {
    let section = |length: usize| json!({ "type": "section", "text": text(&"x".repeat(length)) });
    let with = |key: &'static str, value: Value| buttons(1, move |button| button[key] = value.clone());
    let same = buttons(2, |button| button["action_id"] = json!("same"));
    let select = |count: usize, length: usize| {
        let option = json!({ "text": text("One"), "value": "v".repeat(length) });
        let select = json!({ "type": "static_select", "options": vec![option; count] });
        json!({ "type": "actions", "elements": [select] })
    };
    for (good, bad) in [
        (section(3_000), section(3_001)),
        (buttons(25, |_| ()), buttons(26, |_| ())),
        (buttons(2, |_| ()), same),
        (with("value", json!("v".repeat(2_000))), with("value", json!("v".repeat(2_001)))),
        (with("text", text(&"t".repeat(75))), with("text", text(&"t".repeat(76)))),
        (with("style", json!("danger")), with("style", json!("blue"))),
        (select(100, 150), select(101, 150)),
        (select(1, 150), select(1, 151)),
        (
            json!({ "type": "header", "text": text(&"h".repeat(150)) }),
            json!({ "type": "header", "text": text(&"h".repeat(151)) }),
        ),
        (
            json!({ "type": "image", "image_url": "https://x.org/a.png", "alt_text": "a" }),
            json!({ "type": "image", "image_url": "https://x.org/a.png" }),
        ),
        (json!({ "type": "divider" }), json!({ "type": "dividor" })),
    ] {
        assert_eq!(said_to(json!({ "blocks": [good] })).await["ok"], true, "{good}");
        let refused = said_to(json!({ "blocks": [bad] })).await;
        assert_eq!(refused["error"], "invalid_blocks", "{bad}");
        let reason = refused["response_metadata"]["messages"][0].as_str().unwrap();
        assert!(reason.contains("[json-pointer:/blocks/0"), "{reason}");
    }
    let dividers = |count: usize| json!({ "blocks": vec![json!({ "type": "divider" }); count] });
    assert_eq!(said_to(dividers(50)).await["ok"], true);
    assert_eq!(said_to(dividers(51)).await["error"], "invalid_blocks");
}

#[tokio::test]
async fn a_form_is_as_good_as_json() {
    let office = Office::empty(fake().await);
    let blocks = json!([{ "type": "section", "text": text("from a form") }]).to_string();
    let form = form_urlencoded::Serializer::new(String::new())
        .extend_pairs([("token", TOKEN), ("channel", office.dm.id.as_str()), ("blocks", blocks.as_str())])
        .finish();
    let request = reqwest::Client::new().post(format!("{}/chat.postMessage", office.slack.api_url()));
    let request = request.header("content-type", "application/x-www-form-urlencoded").body(form);
    let answer: Value = serde_json::from_str(&request.send().await.unwrap().text().await.unwrap()).unwrap();
    assert_eq!(answer["ok"], true, "{answer}");
    assert_eq!(office.slack.transcript(&office.dm)[0].text, "from a form");
    assert!(!format!("{:?}", office.slack.calls()).contains(TOKEN), "the log has no token");
}

#[tokio::test]
async fn a_channel_takes_a_burst_then_no_more() {
    let slack = Fake::builder().token(TOKEN).message_rate(Rate::per_minute(2)).start().await.unwrap();
    let office = Office::empty(slack);
    let url = format!("{}/chat.postMessage", office.slack.api_url());
    let body = json!({ "channel": office.dm.id, "text": "Hi" });
    for _ in 0..2 {
        assert_eq!(post(&url, TOKEN, &body).await.0, 200);
    }
    let request = reqwest::Client::new().post(&url).header("authorization", format!("Bearer {TOKEN}"));
    let answer =
        request.header("content-type", "application/json").body(body.to_string()).send().await.unwrap();
    assert_eq!(answer.status(), 429);
    let seconds: u64 = answer.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=30).contains(&seconds), "{seconds}");
    let elsewhere = json!({ "channel": office.slack.channel("general").id, "text": "Hi" });
    assert_eq!(post(&url, TOKEN, &elsewhere).await.0, 200, "each channel has its own");
}
