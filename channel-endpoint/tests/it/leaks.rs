//! Secrets never show.

use channel_core::{Secret, Settings};
use channel_endpoint::{Endpoint, EndpointConfig};
use serde_json::json;

use crate::support::{StandIn, answer_with};

const SECRETS: [&str; 6] = ["t-s3cret", "pw-s3cret", "h-s3cret", "p-s3cret", "u-s3cret", "path:s3cret"];

fn config(address: &str) -> EndpointConfig {
    let settings = json!({
        "url": format!("http://{address}/webhook?in=u-s3cret"),
        "params": { "p": "p-s3cret" },
        "headers": { "authorization": "Bearer h-s3cret" },
        "basic_auth": { "username": "ada", "password": "pw-s3cret" },
        "token": "t-s3cret",
    });
    let config: EndpointConfig = Settings::from_json(&settings).read().unwrap();
    config.with_path_secret(Secret::new("path:s3cret"))
}

fn assert_silent(text: &str) {
    assert!(!text.contains("s3cret"), "{text}");
}

#[test]
fn neither_settings_nor_endpoint_show_them() {
    let config = config("eve:s3cret@example.com");
    assert_silent(&format!("{config:?} {config:#?}"));
    let endpoint = Endpoint::new(config).unwrap();
    assert_eq!(endpoint.url(), "http://example.com/webhook");
    assert_silent(&format!("{endpoint:?}"));
    assert_silent(&format!("{:?}", EndpointConfig::new("s3cret:")));
}

#[tokio::test]
async fn an_endpoint_that_repeats_them_is_not_quoted() {
    let said = format!("bad: {}", SECRETS.join(" "));
    let stand_in = StandIn::answering([&answer_with("403 Forbidden", "", &said)]).await;
    let endpoint = Endpoint::new(config(&stand_in.address.to_string())).unwrap();
    let error = endpoint.post("", &json!({})).send().await.unwrap_err();
    assert_silent(&error.to_string());
    assert!(error.to_string().contains("(bad: … … … … … …)"), "{error}");
    assert_silent(&format!("{error:?}"));
}

#[tokio::test]
async fn no_cause_of_a_failure_shows_them() {
    let stand_in = StandIn::answering([""]).await;
    let lost = config(&stand_in.address.to_string());
    for config in [config("nowhere.invalid"), lost] {
        let endpoint = Endpoint::new(config).unwrap();
        let error = endpoint.post("", &json!({})).send().await.unwrap_err();
        let mut cause: Option<&dyn std::error::Error> = Some(&error);
        while let Some(error) = cause {
            assert_silent(&format!("{error} {error:?}"));
            cause = error.source();
        }
    }
}

#[test]
fn nor_does_a_mistake() {
    for url in ["s3cret", "http://eve:s3cret@[x", "s3cret:x", "https://", "ftp://eve:s3cret@example.com"] {
        let error = Endpoint::new(EndpointConfig::new(url).with_token(Secret::new("s3cret"))).err().unwrap();
        assert_silent(&format!("{error} {error:?}"));
    }
}
