//! What Prometheus reads.

use std::collections::BTreeSet;

use channel_core::axum::{body::Body, extract::Request};
use channel_server::Server;

use crate::support::{Answer, ask, gated, post, server};

async fn scrape(server: &Server) -> String {
    let answer = ask(server, Request::get("/metrics").body(Body::empty()).unwrap()).await;
    assert_eq!(
        (answer.status, answer.header("content-type")),
        (200, "text/plain; version=0.0.4; charset=utf-8")
    );
    answer.body
}

async fn say(server: &Server, instance: &str, sender: &str) -> Answer {
    let body = format!(r#"{{"sender": "{sender}", "message": "Hi"}}"#);
    ask(server, post(&format!("/webhooks/open/{instance}/webhook"), body)).await
}

/// The samples of a text for Prometheus, each without its value.
fn samples(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).map(|line| {
        let (sample, value) = line.rsplit_once(' ').unwrap();
        assert!(value.parse::<f64>().is_ok(), "{line}");
        sample
    })
}

#[tokio::test]
async fn without_being_asked_for_there_are_none() {
    let server = server("open:\n").build().unwrap();
    ask(&server, Request::get("/metrics").body(Body::empty()).unwrap()).await.refused(404);
}

#[tokio::test]
async fn turns_are_counted_by_channel() {
    let server = server("open: { instances: { counted: , other: } }").metrics().build().unwrap();
    for sender in ["ada", "bob"] {
        say(&server, "counted", sender).await.texts();
    }
    let text = scrape(&server).await;
    for sample in [
        r#"channel_turn_seconds_count{channel="open/counted"} 2"#,
        r#"channel_turn_seconds_bucket{channel="open/counted",le="+Inf"} 2"#,
        r#"channel_ack_seconds_bucket{channel="open/counted",le="2.5"} 2"#,
        r#"channel_lane_wait_seconds_count{channel="open/counted"} 2"#,
        "# TYPE channel_turn_seconds histogram",
        "channel_backlog_pending_messages 0",
        "channel_backlog_oldest_pending_seconds 0",
    ] {
        assert!(text.lines().any(|line| line == sample), "no `{sample}` in\n{text}");
    }
    assert!(!text.contains("open/other"), "nothing was said there");
    ask(&server, post("/metrics", "")).await.refused(405);
}

#[tokio::test]
async fn servers_of_one_process_have_backlogs_of_their_own() {
    let (agent, mut gate) = gated();
    let busy = server("open: { instances: { busy: } }").agent(agent).metrics().build().unwrap();
    let idle = server("open: { instances: { idle: } }").metrics().build().unwrap();
    let scrapes = async {
        gate.begin().await;
        let busy = scrape(&busy).await;
        gate.open(1);
        (busy, scrape(&idle).await)
    };
    let (_, (busy, idle)) = tokio::join!(say(&busy, "busy", "ada"), scrapes);
    assert!(busy.contains("\nchannel_backlog_pending_messages 1\n"), "{busy}");
    assert!(!busy.contains("\nchannel_backlog_oldest_pending_seconds 0\n"), "{busy}");
    assert!(idle.contains("\nchannel_backlog_pending_messages 0\n"), "{idle}");
}

#[tokio::test]
async fn every_metric_is_described_and_tells_nothing_of_a_conversation() {
    let server = server("open: { instances: { described: } }").metrics().build().unwrap();
    say(&server, "described", "somebody with a secret").await.texts();
    let text = scrape(&server).await;
    let named = |start: &str| -> BTreeSet<String> {
        let lines = text.lines().filter_map(|line| line.strip_prefix(start));
        lines.map(|line| line.split(' ').next().unwrap().to_owned()).collect()
    };
    let types = named("# TYPE ");
    assert!(types.len() > 8, "{types:?}");
    assert_eq!(types, named("# HELP "));
    for sample in samples(&text) {
        let labels = sample.split_once('{').map_or("", |(_, labels)| labels.trim_end_matches('}'));
        for label in labels.split(',').filter(|label| !label.is_empty()) {
            let name = label.split('=').next().unwrap();
            assert!(["channel", "kind", "outcome", "le"].contains(&name), "{sample}");
        }
    }
    assert!(!text.contains("secret"));
}
