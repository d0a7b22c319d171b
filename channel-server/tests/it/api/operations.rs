//! What operators see, and do about it.

use channel_core::axum::http::Method;
use channel_server::engine::Options;
use channel_server::{ApiOptions, Server};
use serde_json::{Value, json};

use super::support::{Refusing, Unreachable, call, call_with, get, good, post, reason, with_bot};
use crate::support::{Step, gated, in_time, puppet, sent, server};

const PLATFORM: &str = "/webhooks/platform/webhook";
const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

/// What the platform is sent next for somebody.
async fn reply_to(sent: &mut tokio::sync::broadcast::Receiver<(String, String)>, sender: &str) -> String {
    loop {
        let (to, text) = in_time(sent.recv()).await.unwrap();
        if to == sender {
            return text;
        }
    }
}

fn said(sender: &str, texts: &[&str]) -> String {
    texts.iter().map(|text| json!({ "sender": sender, "message": text })).collect::<Value>().to_string()
}

#[tokio::test]
async fn what_waits_is_listed() {
    let (agent, mut gate) = gated();
    let server = server("platform:\n").agent(agent).enable_api(ApiOptions::default()).build().unwrap();
    let nothing = json!({
        "pending": 0, "oldest_pending_seconds": null, "unsent": 0, "oldest_unsent_seconds": null,
        "scheduled": 0, "dead_letters": 0,
    });
    assert_eq!(good(&get(&server, "/backlog").await), nothing);
    let mut sent = sent();
    post(&server, PLATFORM, &said("one who waits", &["1", "2"])).await;
    gate.begin().await;

    let backlog = good(&get(&server, "/backlog").await);
    assert_eq!(backlog["pending"], 2);
    assert!(backlog["oldest_pending_seconds"].as_f64().unwrap() < 60.0, "{backlog}");
    let inbox = good(&get(&server, "/inbox?channel=platform&sender_id=one%20who%20waits").await);
    assert_eq!(inbox.as_array().unwrap().len(), 2);
    for message in inbox.as_array().unwrap() {
        assert_eq!(
            (&message["channel"], &message["sender_id"]),
            (&"platform".into(), &"one who waits".into())
        );
        assert_eq!((&message["state"], &message["attempts"]), (&"pending".into(), &0.into()));
        assert!(message["accepted_at"].as_f64().unwrap() > 1.7e9, "{message}");
    }
    assert_eq!(good(&get(&server, "/inbox?limit=1").await), json!([inbox[0]]));
    for others in ["channel=open", "sender_id=another"] {
        assert_eq!(good(&get(&server, &format!("/inbox?{others}")).await), json!([]));
    }

    gate.open(2);
    assert_eq!(reply_to(&mut sent, "one who waits").await, "1");
    assert_eq!(reply_to(&mut sent, "one who waits").await, "2");
    assert_eq!(good(&get(&server, "/inbox").await), json!([]));
    let all = good(&get(&server, "/inbox?state=all").await);
    assert_eq!((&all[0]["state"], &all[1]["state"]), (&"over".into(), &"over".into()));
}

#[tokio::test]
async fn replies_on_their_way_are_listed() {
    let server = with_bot("open:\n").channel(Unreachable).build().unwrap();
    let path = "/conversations/ada/trigger_intent?output_channel=unreachable";
    assert_eq!(good(&post(&server, path, r#"{"name": "greet"}"#).await)["delivered"], "queued");
    let outbox = good(&get(&server, "/outbox").await);
    assert_eq!(outbox.as_array().unwrap().len(), 1);
    let reply = &outbox[0];
    assert_eq!((&reply["channel"], &reply["sender_id"]), (&"unreachable".into(), &"ada".into()));
    assert_eq!(good(&get(&server, "/outbox?channel=open").await), json!([]));
    let backlog = good(&get(&server, "/backlog").await);
    assert_eq!(backlog["unsent"], 1);
    assert!(backlog["oldest_unsent_seconds"].is_number(), "{backlog}");
}

#[tokio::test]
async fn a_message_that_failed_is_replayed() {
    let (agent, steps) = puppet();
    let server = server("platform:\n")
        .agent(agent)
        .engine(Options { attempts: 1, ..Options::default() })
        .enable_api(ApiOptions::default())
        .build()
        .unwrap();
    let mut sent = sent();
    for step in [Step::Fail, Step::Say("answer to 2"), Step::End] {
        steps.send(step).unwrap();
    }
    let parent = format!("00-{TRACE}-00f067aa0ba902b7-01");
    let body = said("one who fails", &["1", "2"]);
    call_with(&server, Method::POST, PLATFORM, &body, &[("traceparent", &parent)]).await;
    assert_eq!(reply_to(&mut sent, "one who fails").await, "answer to 2", "later messages go on");

    let listed = good(&get(&server, "/dead_letters?channel=platform&sender_id=one%20who%20fails").await);
    let [letter] = &listed.as_array().unwrap()[..] else { panic!("{listed}") };
    assert_eq!((&letter["kind"], &letter["attempts"]), (&"message".into(), &1.into()));
    assert!(letter["error"].as_str().unwrap().ends_with("string broke"), "{letter}");
    assert_eq!(letter.get("message"), None, "what it says is shown one by one");
    let path = format!("/dead_letters/{}", letter["id"].as_str().unwrap());
    let opened = good(&get(&server, &path).await);
    assert_eq!((&opened["id"], &opened["error"]), (&letter["id"], &letter["error"]));
    assert_eq!((&opened["message"]["text"], &opened["trace_id"]), (&"1".into(), &TRACE.into()));
    assert_eq!(opened["message"].get("headers"), None, "there may be secrets in them");

    for step in [Step::Say("answer to 1"), Step::End] {
        steps.send(step).unwrap();
    }
    let replayed = good(&post(&server, &format!("{path}/replay"), "").await);
    assert_eq!(replayed, json!({ "channel": "platform", "sender_id": "one who fails" }));
    assert_eq!(reply_to(&mut sent, "one who fails").await, "answer to 1");
    is_unknown(&server, &path).await;
}

#[tokio::test]
async fn a_reply_that_was_refused_is_discarded() {
    let server = with_bot("open:\n").channel(Refusing).build().unwrap();
    let path = "/conversations/ada/trigger_intent?output_channel=refusing";
    reason(&post(&server, path, r#"{"name": "greet"}"#).await, 502);
    let listed = good(&get(&server, "/dead_letters").await);
    assert_eq!((&listed[0]["kind"], &listed[0]["sender_id"]), (&"reply".into(), &"ada".into()));
    let path = format!("/dead_letters/{}", listed[0]["id"].as_str().unwrap());
    let opened = good(&get(&server, &path).await);
    assert_eq!((&opened["reply"]["text"], &opened["to"]["id"]), (&"Hello.".into(), &"ada".into()));
    assert_eq!(
        (&opened["outcome"], &opened["error"]),
        (&"failed".into(), &"the user is gone, says tok-123".into())
    );

    assert_eq!(call(&server, Method::DELETE, &path, "").await.status, 204);
    is_unknown(&server, &path).await;
    assert_eq!(good(&get(&server, "/dead_letters").await), json!([]));
}

/// Asserts that there is no dead letter under this path, whatever is asked for.
async fn is_unknown(server: &Server, path: &str) {
    for (method, end) in [(Method::GET, ""), (Method::POST, "/replay"), (Method::DELETE, "")] {
        let refused = call(server, method.clone(), &format!("{path}{end}"), "").await;
        assert_eq!(reason(&refused, 404), "NotFound", "{method}");
    }
}

#[tokio::test]
async fn an_id_that_names_no_letter_is_unknown() {
    let server = with_bot("open:\n").build().unwrap();
    for id in ["m1", "r1", "17", "m", "x1", "m-1", "%FF", "m99999999999999999999"] {
        is_unknown(&server, &format!("/dead_letters/{id}")).await;
    }
    let refused = get(&server, "/dead_letters/m17").await;
    assert!(refused.json()["message"].as_str().unwrap().contains("`m17`"), "{refused:?}");
}

#[tokio::test]
async fn what_is_asked_for_is_checked() {
    let server = with_bot("open:\n").build().unwrap();
    for path in ["/inbox", "/outbox", "/dead_letters"] {
        for limit in ["0", "1001", "-1", "1.5", "many"] {
            let refused = get(&server, &format!("{path}?limit={limit}")).await;
            reason(&refused, 400);
            assert_eq!(refused.json()["details"], json!({ "parameter": "limit", "in": "query" }), "{limit}");
        }
        for query in ["limit=1", "limit=1000", "limit=", "channel=&sender_id="] {
            assert_eq!(good(&get(&server, &format!("{path}?{query}")).await), json!([]));
        }
    }
    reason(&get(&server, "/inbox?state=dead").await, 400);
}
