//! What is said about settings.

use std::time::Duration;

use channel_core::Settings;
use channel_endpoint::{Endpoint, EndpointConfig};
use serde_json::{Value, json};

fn read(settings: &Value) -> Result<EndpointConfig, String> {
    Settings::from_json(settings).read().map_err(|mistakes| mistakes.to_string())
}

fn mistake(settings: &Value) -> String {
    Endpoint::new(read(settings).unwrap()).err().unwrap().to_string()
}

#[test]
fn all_but_the_address_has_a_default() {
    let config = read(&json!({ "url": "http://localhost:5055/webhook" })).unwrap();
    assert_eq!((config.token_name.as_str(), config.timeout), ("token", Duration::from_secs(300)));
    assert!(config.token.is_none() && config.basic_auth.is_none() && config.cafile.is_none());
    assert_eq!(
        read(&json!({ "url": "http://x", "timeout": 2.5 })).unwrap().timeout,
        Duration::from_millis(2500)
    );
}

#[test]
fn all_mistakes_are_told() {
    let text = read(&json!({ "urll": "x", "basic_auth": { "user": "x" }, "timeout": 0 })).unwrap_err();
    for part in ["`urll`", "`basic_auth.user`", "`basic_auth.username`", "a positive number of seconds"] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn an_address_has_to_be_one() {
    let expected =
        "`url` is no address (relative URL without a base); write one such as http://localhost:5055/webhook";
    assert_eq!(mistake(&json!({ "url": "localhost" })), expected);
    for url in ["localhost:5055/webhook", "ftp://example.com"] {
        let expected =
            "`url` begins with neither http:// nor https://; write one such as http://localhost:5055/webhook";
        assert_eq!(mistake(&json!({ "url": url })), expected);
    }
}

#[test]
fn headers_have_to_be_headers() {
    let headers = |name: &str, value: &str| json!({ "url": "http://x", "headers": { name: value } });
    assert!(mistake(&headers("a b", "x")).starts_with("`a b` in `headers` is no name of a header"));
    assert!(mistake(&headers("ab", "x\ny")).starts_with("the value of `ab` in `headers` has a line break"));
}

#[test]
fn certificates_have_to_be_there() {
    let settings = |path: &str| json!({ "url": "https://x", "cafile": path });
    assert_eq!(
        mistake(&settings("no/such.pem")),
        "the certificates in `cafile` (no/such.pem) can't be read: No such file or directory (os error 2)"
    );
    let text = mistake(&settings(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")));
    assert!(text.ends_with("can't be read: there is no PEM certificate in it"), "{text}");
}

#[test]
fn a_proxy_has_to_be_an_address() {
    let text = mistake(&json!({ "url": "http://x", "proxy": "s3cr3t proxy" }));
    assert_eq!(text, "`proxy` is no address of a proxy; write one such as http://proxy.example.com:3128");
}
