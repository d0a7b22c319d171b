//! `tracker_store` of `endpoints.yml`, in Rasa's form.

use std::collections::BTreeMap;

use channel_core::{Key, Node, Position, Secret, Settings};
use serde::Deserialize;

use super::{DEFAULT_FILE, StoreLocation};
use crate::config::{Environment, Problem};

/// What Rasa keeps elsewhere, and what to do about it.
const ELSEWHERE: [&str; 3] = ["redis", "mongod", "dynamo"];

/// The keys of an SQL store.
#[derive(Deserialize)]
struct Sql {
    #[serde(default = "sqlite")]
    dialect: String,
    /// The host, or a whole URL.
    url: Option<Secret>,
    port: Option<u16>,
    /// The file, or the name of the database.
    db: Option<String>,
    username: Option<String>,
    password: Option<Secret>,
    /// The database to sign in at where the other is still to be made.
    login_db: Option<String>,
    #[serde(default)]
    query: BTreeMap<String, String>,
}

fn sqlite() -> String {
    "sqlite".to_owned()
}

/// Where the section says that everything is kept. `kind` is its `type`, which `node` does not have any more.
pub(crate) fn read(
    kind: Option<&str>,
    key: &Key,
    node: Node,
    environment: Environment<'_>,
    problems: &mut Vec<Problem>,
) -> Option<StoreLocation> {
    let kind = kind.map(str::to_lowercase);
    match kind.as_deref() {
        Some("in_memory" | "inmemory") => Some(StoreLocation::Memory),
        Some("sql") => sql(key, node, environment, problems),
        Some(kind) if ELSEWHERE.contains(&kind) => {
            let problem =
                Problem::new(key.position, format!("`tracker_store.type`: `{kind}` is not supported"));
            problems.push(problem.help(
                "write `type: SQL` with `dialect: sqlite` for one server, `dialect: postgresql` for several",
            ));
            None
        }
        _ => {
            let problem = Problem::new(key.position, "`tracker_store.type`: expected `SQL` or `InMemory`");
            problems.push(problem.help("`type: SQL` with `dialect: sqlite` and `db: channel.db` is a file"));
            None
        }
    }
}

fn sql(
    key: &Key,
    node: Node,
    environment: Environment<'_>,
    problems: &mut Vec<Problem>,
) -> Option<StoreLocation> {
    let section = key.position.unwrap_or(Position { line: 1, column: 1 });
    let sql: Sql = match Settings::new(node).read() {
        Ok(sql) => sql,
        Err(mistakes) => {
            problems.extend(mistakes.into_iter().map(|mistake| Problem::of(key.shown(), section, mistake)));
            return None;
        }
    };
    // `postgresql+psycopg2` names the library beside the dialect.
    match sql.dialect.split('+').next() {
        Some("sqlite") => Some(StoreLocation::File(sql.db.as_deref().unwrap_or(DEFAULT_FILE).into())),
        Some("postgresql" | "postgres") => {
            if sql.login_db.is_some() {
                tracing::info!(
                    "`tracker_store.login_db` is not needed: the database has to be there already"
                );
            }
            let schema = environment("POSTGRESQL_SCHEMA").ok().filter(|schema| !schema.is_empty());
            Some(StoreLocation::Postgres { url: Secret::new(url(&sql)), schema })
        }
        _ => {
            let problem =
                Problem::new(key.position, "`tracker_store.dialect`: expected `sqlite` or `postgresql`");
            problems.push(problem.help("other databases are not supported"));
            None
        }
    }
}

/// The URL of the database. One that is written as such is left as it is.
fn url(sql: &Sql) -> String {
    let host = sql.url.as_ref().map_or("localhost", Secret::expose);
    if host.contains("://") {
        return host.to_owned();
    }
    let mut url = "postgres://".to_owned();
    if let Some(user) = &sql.username {
        url += &escaped(user);
        if let Some(password) = &sql.password {
            url = url + ":" + &escaped(password.expose());
        }
        url.push('@');
    }
    url += host;
    if let Some(port) = sql.port {
        url = format!("{url}:{port}");
    }
    url = url + "/" + &escaped(sql.db.as_deref().unwrap_or("rasa"));
    let query: Vec<_> =
        sql.query.iter().map(|(name, value)| format!("{}={}", escaped(name), escaped(value))).collect();
    if query.is_empty() { url } else { url + "?" + &query.join("&") }
}

/// With what means something in a URL escaped (RFC 3986, section 2.1).
fn escaped(text: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let escape = |byte| if is_plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    text.bytes().map(escape).collect()
}
