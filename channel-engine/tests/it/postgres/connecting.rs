//! How it begins, or says why it can't.

use channel_engine::{PostgresOptions, PostgresStore, Store};

use super::support::{Shared, accept, ada};

async fn refusal(url: &str, options: PostgresOptions) -> String {
    match PostgresStore::connect(url, options).await {
        Ok(_) => panic!("it connects"),
        Err(error) => error.to_string(),
    }
}

#[tokio::test]
async fn servers_that_begin_at_once_make_one_set_of_tables() {
    let Some(shared) = Shared::new() else { return };
    let (one, two, three) = tokio::join!(shared.connect(), shared.connect(), shared.connect());
    for store in [one, two, three] {
        store.unwrap().lease(&ada()).await.unwrap();
    }
    let versions =
        shared.cluster.run("postgres", &format!("SELECT * FROM {}.channel_meta", shared.options.schema));
    assert_eq!(versions, "2");
}

#[tokio::test]
async fn tables_of_a_newer_version_are_left_alone() {
    let Some(shared) = Shared::new() else { return };
    drop(shared.open().await);
    shared
        .cluster
        .run("postgres", &format!("UPDATE {}.channel_meta SET version = 99", shared.options.schema));
    let error = shared.connect().await.err().expect("it is newer").to_string();
    assert!(error.contains("has version 99") && error.contains("versions up to 2"), "{error}");
}

#[tokio::test]
async fn a_schema_may_have_any_name() {
    let Some(mut shared) = Shared::new() else { return };
    shared.options.schema = format!("A \"quoted\" näme {}", shared.options.schema);
    accept(&shared.open().await, "1").await;
    assert_eq!(shared.open().await.work(None, 9).await.unwrap(), [ada()]);
}

#[tokio::test]
async fn a_wrong_password_is_told_and_not_shown() {
    let Some(shared) = Shared::new() else { return };
    shared.cluster.run("postgres", "CREATE ROLE guarded LOGIN PASSWORD 'right'");
    let error = refusal(&shared.cluster.url("guarded:hunter2", "postgres"), shared.options.clone()).await;
    assert!(error.contains("refused the user or the password"), "{error}");
    assert!(!error.contains("hunter2"), "{error}");
}

#[tokio::test]
async fn a_missing_right_is_told() {
    let Some(shared) = Shared::new() else { return };
    let (user, schema) = (shared.cluster.new_name(), &shared.options.schema);
    shared.cluster.run("postgres", &format!("CREATE ROLE {user} LOGIN; CREATE SCHEMA {schema}"));
    let error = refusal(&shared.cluster.url(&user, "postgres"), shared.options.clone()).await;
    assert!(error.contains(&format!("the user `{user}` lacks a right in schema `{schema}`")), "{error}");
}

#[tokio::test]
async fn a_database_that_is_not_there_is_told() {
    for url in ["postgres://bot:hunter2@127.0.0.1:1/bots", "postgres://bot:hunter2@%2Fnowhere/bots"] {
        let error = refusal(url, PostgresOptions::default()).await;
        assert!(error.contains("can't be reached"), "{error}");
        assert!(!error.contains("hunter2"), "{error}");
    }
}

#[tokio::test]
async fn an_address_that_is_none_is_not_shown() {
    for url in ["postgres://bot:hunter2@host:port/bots", "host=db password=hunter2 hunter2=x", "hunter2"] {
        let error = refusal(url, PostgresOptions::default()).await;
        assert!(error.contains("postgres://user:password@host:5432/database"), "{error}");
        assert!(!error.contains("hunter2"), "{error}");
    }
}

#[tokio::test]
async fn tls_that_is_wanted_is_not_left_out() {
    let Some(shared) = Shared::new() else { return };
    for mode in ["require", "verify-full"] {
        let url = format!("{}?sslmode={mode}", shared.cluster.url("postgres", "postgres"));
        let error = refusal(&url, shared.options.clone()).await;
        assert!(error.contains("does not support TLS"), "{error}");
    }
}
