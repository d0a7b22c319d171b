//! `tracker_store`: where it says that everything is kept.

use std::env::VarError;

use channel_server::{
    StoreLocation::{self, File, Memory, Postgres},
    endpoints,
};

fn read_in(text: &str, schema: Option<&str>) -> Result<StoreLocation, String> {
    let environment = |_: &str| schema.map(str::to_owned).ok_or(VarError::NotPresent);
    let endpoints = endpoints::parse(text, "endpoints.yml", &environment);
    endpoints.map(|endpoints| endpoints.store.unwrap()).map_err(|error| error.to_string())
}

fn read(settings: &str) -> Result<StoreLocation, String> {
    read_in(&format!("tracker_store:\n  {}\n", settings.replace(", ", "\n  ")), None)
}

/// The URL, if it is a PostgreSQL database.
fn url(settings: &str) -> String {
    let Ok(Postgres { url, schema: None }) = read(settings) else { panic!("{settings}") };
    url.expose().to_owned()
}

#[test]
fn a_file_is_named_by_its_path() {
    for (settings, path) in [
        ("type: SQL, dialect: sqlite, db: data/bot.db", "data/bot.db"),
        ("type: sql, db: bot.db", "bot.db"),
        ("type: SQL", "channel.db"),
    ] {
        let Ok(File(found)) = read(settings) else { panic!("{settings}") };
        assert_eq!(found.to_str(), Some(path), "{settings}");
    }
    assert!(matches!(read("type: InMemory"), Ok(Memory)));
    assert!(matches!(read("type: in_memory"), Ok(Memory)));
}

#[test]
fn a_database_is_named_as_in_rasa() {
    let whole = "type: SQL, dialect: postgresql, url: db.example, port: 5433, db: bot, username: me@here, password: p:/w";
    assert_eq!(url(whole), "postgres://me%40here:p%3A%2Fw@db.example:5433/bot");
    assert_eq!(url("type: SQL, dialect: postgresql+psycopg2, db: bot"), "postgres://localhost/bot");
    assert_eq!(url("type: SQL, dialect: postgresql, url: postgresql://a:b@c/d"), "postgresql://a:b@c/d");
    let Ok(Postgres { url, .. }) = read_in(
        "tracker_store:\n  type: SQL\n  dialect: postgresql\n  db: bot\n  query: {sslmode: require, options: a b}\n",
        None,
    ) else {
        panic!("it is a database")
    };
    assert_eq!(url.expose(), "postgres://localhost/bot?options=a%20b&sslmode=require");
}

#[test]
fn a_schema_comes_from_the_environment() {
    let text = "tracker_store:\n  type: SQL\n  dialect: postgresql\n  db: bot\n";
    let Ok(Postgres { schema, .. }) = read_in(text, Some("bots")) else { panic!("it is a database") };
    assert_eq!(schema.as_deref(), Some("bots"));
}

#[test]
fn what_is_not_supported_is_said() {
    for (settings, said) in [
        ("type: mongod", "`mongod` is not supported"),
        ("type: Excel", "expected `SQL` or `InMemory`"),
        ("dialect: sqlite", "expected `SQL` or `InMemory`"),
        ("type: SQL, dialect: oracle", "expected `sqlite` or `postgresql`"),
        ("type: SQL, dialekt: sqlite", "dialect"),
        ("type: SQL, port: many", "port"),
    ] {
        let error = read(settings).unwrap_err();
        assert!(error.contains(said), "{settings}: {error}");
    }
}

#[test]
fn the_command_line_names_a_store_in_one_word() {
    let parse = |text: &str| text.parse::<StoreLocation>().unwrap();
    assert!(matches!(parse("memory"), Memory));
    assert!(matches!(parse("./memory"), File(_)));
    let postgres = parse("postgresql://me:secret@db/bot");
    assert!(matches!(&postgres, Postgres { .. }));
    assert!(!format!("{postgres} {postgres:?}").contains("secret"));
}
