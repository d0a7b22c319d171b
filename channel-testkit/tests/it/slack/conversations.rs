//! What is said, and who sees it.

use bytes::Bytes;
use channel_core::{BotMessage, UserMessage};
use channel_testkit::File;
use serde_json::json;

use super::support::{Office, echo};

#[tokio::test]
async fn a_bot_is_talked_to() {
    let Office { slack, ada, dm, .. } = &Office::with(json!({}), echo()).await;
    assert!(slack.verify_url().await);
    assert!(slack.say(ada, dm, "1 < 2 & 3").await.is_taken());
    let reply = slack.next_reply(dm).await.unwrap();
    assert_eq!((reply.text.as_str(), reply.from.as_str(), reply.is_of_app), ("1 < 2 & 3", "app", true));
    slack.say(ada, dm, "once more").await;
    assert_eq!(slack.next_reply(dm).await.unwrap().text, "once more", "each reply comes once");
    let texts: Vec<_> =
        slack.transcript(dm).into_iter().map(|message| (message.from, message.text)).collect();
    let expected = [("ada", "1 < 2 & 3"), ("app", "1 < 2 & 3"), ("ada", "once more"), ("app", "once more")];
    assert_eq!(texts, expected.map(|(from, text)| (from.to_owned(), text.to_owned())));
}

#[tokio::test]
async fn a_mention_in_a_channel_that_is_listened_to_is_two_events_and_one_turn() {
    let office = Office::with(json!({ "slack_channel": "C0GENERAL" }), echo()).await;
    let general = office.slack.channel("general");
    let delivery = office.slack.say(&office.ada, &general, "@bot hello").await;
    assert_eq!(delivery.statuses(), [Some(200), Some(200)]);
    assert_ne!(delivery.tries[0].id, delivery.tries[1].id, "each event has an id of its own");
    assert_eq!(office.slack.next_reply(&general).await.unwrap().text, "hello");
    office.slack.say(&office.ada, &general, "on").await;
    assert_eq!(
        office.slack.next_reply(&general).await.unwrap().text,
        "on",
        "there was one reply to the mention"
    );
    let transcript = office.slack.transcript(&general);
    assert_eq!(transcript[0].text, "@app hello");
}

#[tokio::test]
async fn what_the_app_is_not_subscribed_to_is_not_delivered() {
    let slack = super::support::fake().await;
    let office = Office::around(slack, json!({ "slack_channel": "C0GENERAL" }), echo()).await;
    let general = office.slack.channel("general");
    office.slack.remove_app(&general);
    assert_eq!(office.slack.say(&office.ada, &general, "@bot hello").await.tries, []);
}

#[tokio::test]
async fn a_reply_in_a_thread_stays_there() {
    let office = Office::with(json!({ "use_threads": true }), echo()).await;
    let Office { slack, ada, dm, .. } = &office;
    slack.say(ada, dm, "first").await;
    slack.next_reply(dm).await.unwrap();
    let first = slack.transcript(dm).remove(0);
    slack.reply(ada, &first, "second").await;
    let reply = slack.next_reply(dm).await.unwrap();
    assert_eq!((reply.text.as_str(), reply.thread_ts), ("second", Some(first.ts)));
}

#[tokio::test]
async fn edits_deletions_and_files_are_told() {
    let agent = |message: UserMessage| async move {
        let metadata = message.metadata.unwrap_or_default();
        let kinds = ["message_changed", "message_deleted", "files"];
        let kind = kinds.into_iter().find(|kind| metadata.contains_key(*kind)).unwrap_or("words");
        let url = metadata.get("files").and_then(|files| files[0]["url_private"].as_str());
        format!("{kind} {} {}", message.text, url.unwrap_or_default()).trim().to_owned()
    };
    let office = Office::with(json!({ "edits": true }), agent).await;
    let Office { slack, ada, dm, .. } = &office;
    slack.say(ada, dm, "helo").await;
    assert_eq!(slack.next_reply(dm).await.unwrap().text, "words helo");
    let said = slack.transcript(dm).remove(0);
    slack.edit(&said, "hello").await;
    assert_eq!(slack.next_reply(dm).await.unwrap().text, "message_changed hello");
    assert!(slack.transcript(dm)[0].is_edited);
    slack.delete(&said).await;
    assert_eq!(slack.next_reply(dm).await.unwrap().text, "message_deleted");
    assert!(slack.transcript(dm).iter().all(|message| message.ts != said.ts));

    let cat = File { name: "cat.png".into(), mimetype: "image/png".into(), content: Bytes::from("meow") };
    slack.share(ada, dm, cat, "look").await;
    let reply = slack.next_reply(dm).await.unwrap().text;
    let url = reply.strip_prefix("files look ").unwrap().trim();
    let get = |token: &'static str| reqwest::Client::new().get(url).header("authorization", token).send();
    assert_eq!(get("Bearer xoxb-other").await.unwrap().status(), 403, "files need the bot's token");
    assert_eq!(get("Bearer xoxb-s3cr3t").await.unwrap().text().await.unwrap(), "meow");
}

#[tokio::test]
async fn the_transcript_is_what_people_see() {
    let office = Office::alone().await;
    let general = office.slack.channel("general");
    let bob = office.slack.user("bob");
    let say = async |text: &str| {
        let answer = office.call("chat.postMessage", json!({ "channel": "#general", "text": text })).await;
        answer["ts"].as_str().unwrap().to_owned()
    };
    let first = say("<@U0ADA> &lt;3 <https://x.org|links> in <#C0GENERAL>").await;
    let second = say("second").await;
    let ephemeral = json!({ "channel": "C0GENERAL", "user": "U0ADA", "text": "psst" });
    assert_eq!(office.call("chat.postEphemeral", ephemeral).await["ok"], true);
    let texts = |messages: Vec<channel_testkit::slack::Message>| -> Vec<String> {
        messages.into_iter().map(|message| message.text).collect()
    };
    assert_eq!(texts(office.slack.transcript(&general)), ["@ada <3 links in #general", "second"]);
    assert_eq!(office.slack.transcript_for(&office.ada, &general).len(), 3);
    assert_eq!(office.slack.transcript_for(&bob, &general).len(), 2);

    let update = json!({ "channel": "C0GENERAL", "ts": second, "blocks": [
        { "type": "header", "text": { "type": "plain_text", "text": "Head" } },
        { "type": "section", "text": { "type": "mrkdwn", "text": "body" } },
        { "type": "image", "image_url": "https://x.org/cat.png", "alt_text": "a cat" },
    ] });
    assert_eq!(office.call("chat.update", update).await["ok"], true);
    assert_eq!(office.call("chat.delete", json!({ "channel": "C0GENERAL", "ts": first })).await["ok"], true);
    let left = office.slack.transcript(&general).remove(0);
    assert_eq!((left.text.as_str(), left.is_edited), ("Head\nbody", true));
    assert_eq!(left.images[0].alt, "a cat");
}

#[tokio::test]
async fn the_bots_own_messages_come_back_and_are_not_heard() {
    let agent = |message: UserMessage| async move { BotMessage::text(format!("{}!", message.text)) };
    let office = Office::with(json!({ "slack_channel": "C0GENERAL" }), agent).await;
    let general = office.slack.channel("general");
    office.slack.say(&office.ada, &general, "hello").await;
    office.slack.next_reply(&general).await.unwrap();
    office.slack.say(&office.ada, &general, "bye").await;
    office.slack.next_reply(&general).await.unwrap();
    assert_eq!(office.slack.transcript(&general).len(), 4);
}
