//! Secrets as they stand in the credentials.

use channel_core::{FromSettings, Secret, Settings, channel, webhook};
use serde_json::{Value, json};

#[channel(name = "secretive")]
#[derive(Debug)]
struct Secretive {
    token: Secret,
}

impl Secretive {
    #[webhook]
    async fn receive(&self) {}
}

fn read(token: &Value) -> Result<Secretive, String> {
    let settings = Settings::from_json(&json!({ "token": token }));
    Secretive::from_settings(&settings).map_err(|mistakes| mistakes.to_string())
}

fn file(name: &str, text: &str) -> String {
    let path = std::env::temp_dir().join(format!("secret-{}-{name}", std::process::id()));
    std::fs::write(&path, text).unwrap();
    format!("file:{}", path.display())
}

#[test]
fn a_secret_is_read_from_where_it_is() {
    assert_eq!(read(&json!("s3cret")).unwrap().token.expose(), "s3cret");
    assert_eq!(read(&json!(file("line", "from a file\r\n"))).unwrap().token.expose(), "from a file");
    assert_eq!(read(&json!(file("spaces", " kept \n\n"))).unwrap().token.expose(), " kept ");
    let path = std::env::var("PATH").unwrap();
    assert_eq!(read(&json!("env:PATH")).unwrap().token.expose(), path);
}

#[test]
fn a_secret_that_is_nothing_is_refused() {
    for empty in [json!(""), json!(file("empty", "")), json!(file("newline", "\n"))] {
        assert!(read(&empty).unwrap_err().contains("the secret is empty"), "{empty}");
    }
    assert!(read(&json!("env:NO_SUCH_VARIABLE_S3CRET")).unwrap_err().contains("is not set"));
    assert!(read(&json!("file:/no/such/s3cret")).unwrap_err().contains("no such file"));
}

#[test]
fn a_secret_never_shows() {
    let channel = read(&json!("s3cret")).unwrap();
    assert_eq!(format!("{channel:?}"), "Secretive { token: Secret(…) }");
    for wrong in ["env:NO_SUCH_VARIABLE_S3CRET", "file:/no/such/s3cret"] {
        let said = read(&json!(wrong)).unwrap_err();
        assert!(!said.to_lowercase().contains("s3cret"), "{said}");
    }
}

#[test]
fn secrets_are_compared_whole() {
    let secret = Secret::new("s3cret");
    assert!(secret.matches("s3cret") && secret.matches(b"s3cret"));
    for wrong in ["", "s3cre", "s3cret ", "S3cret"] {
        assert!(!secret.matches(wrong), "{wrong}");
    }
}
