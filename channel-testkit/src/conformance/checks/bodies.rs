//! Bodies that no platform sends.

use std::time::Duration;

use channel_server::Limits;
use serde_json::{Map, Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout,
};

use super::Verdict;
use crate::conformance::{
    Delivery, Failure, Said, Suite,
    stage::{SOON, Setup, Stage, shortened},
};

const LIMIT: usize = 64 * 1024;

pub(crate) fn is_no_json(suite: &Suite) -> Option<&'static str> {
    let said = Said { id: 1, sender: 2, text: "JSON".to_owned() };
    (!(suite.deliver)(&said).is_json()).then_some("deliveries are no JSON")
}

pub(crate) async fn health(suite: &Suite) -> Verdict {
    let stage = Stage::new(suite).await?;
    let mut health = Delivery::post("/");
    health.method = axum::http::Method::GET;
    let answer = stage.deliver(health).await?;
    if answer.status == 200 {
        return Ok(());
    }
    Err(Failure::new(
        "200 for `GET` of the channel's route, without any proof",
        answer.status.to_string(),
        "leave `#[health]` away, or let it answer without asking the platform",
    ))
}

pub(crate) async fn large(suite: &Suite) -> Verdict {
    let mut limits = Limits::default();
    limits.body = LIMIT;
    let stage = Stage::with(suite, Setup { limits, ..Setup::default() }).await?;
    let said = stage.says("x".repeat(LIMIT));
    let answer = stage.deliver(stage.delivery(&said)).await?;
    if answer.status == 413 {
        return Ok(());
    }
    Err(Failure::new(
        "413 for a body beyond the limit",
        answer.status.to_string(),
        "read the body with an extractor (`Json`, `WebhookRequest`), whose refusal is returned as it is",
    ))
}

pub(crate) async fn slow(suite: &Suite) -> Verdict {
    let mut limits = Limits::default();
    limits.receive = Duration::from_millis(300);
    let stage = Stage::with(suite, Setup { limits, ..Setup::default() }).await?;
    let delivery = stage.delivery(&stage.says("slowly"));
    let answer = timeout(SOON, halfway(&stage, &delivery)).await;
    let mend =
        "read the body with an extractor (`Json`, `WebhookRequest`), whose refusal is returned as it is";
    let came = match answer {
        Ok(Ok(answer)) if !answer.starts_with("HTTP/1.1 5") => return Ok(()),
        // It was closed.
        Ok(Err(_)) => return Ok(()),
        Ok(Ok(answer)) => answer,
        Err(_) => format!("nothing within {SOON:?}"),
    };
    Err(Failure::new(
        "408, or the end of the connection, for a body that stops halfway",
        shortened(&came),
        mend,
    ))
}

/// Delivers the first half, and reads what comes of it.
async fn halfway(stage: &Stage<'_>, delivery: &Delivery) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(stage.server.address()).await?;
    let url = stage.url(0, &delivery.path);
    let path = url.splitn(4, '/').nth(3).unwrap_or_default();
    let mut head = format!(
        "{} /{path} HTTP/1.1\r\nhost: bot\r\ncontent-length: {}\r\n",
        delivery.method,
        delivery.body.len()
    );
    for (name, value) in &delivery.headers {
        head.extend([name.as_str(), ": ", value.to_str().unwrap_or_default(), "\r\n"]);
    }
    stream.write_all((head + "connection: close\r\n\r\n").as_bytes()).await?;
    stream.write_all(&delivery.body[..delivery.body.len() / 2]).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

pub(crate) async fn broken(suite: &Suite) -> Verdict {
    let stage = Stage::new(suite).await?;
    let good = (suite.deliver)(&stage.says("broken"));
    let half = good.body.slice(..good.body.len() / 2);
    for body in
        [half, "{".into(), "nonsense".into(), "".into(), "{}{}".into(), b"{\"a\":\"\xff\xfe\"}"[..].into()]
    {
        let shown = String::from_utf8_lossy(&body).into_owned();
        let answer = stage.deliver(stage.prove(good.clone().body(body))).await?;
        if !(400..500).contains(&answer.status) {
            return Err(Failure::new(
                format!("a 4xx for the body `{shown}`, which is no JSON"),
                format!("{} {}", answer.status, shortened(&answer.text())),
                "read the body with `Json`, or return what `Json::from_bytes` refuses",
            ));
        }
    }
    Ok(())
}

pub(crate) async fn foreign(suite: &Suite) -> Verdict {
    let stage = Stage::new(suite).await?;
    let good = (suite.deliver)(&stage.says("foreign"));
    let whole: Value = serde_json::from_slice(&good.body).unwrap_or_default();
    let deep = format!("{}{}", "[".repeat(20_000), "]".repeat(20_000));
    let mut bodies: Vec<String> = strange().iter().map(Value::to_string).collect();
    bodies.push(deep);
    each_change(&whole, &mut |changed| bodies.push(changed.to_string()));
    for body in bodies {
        let answer = stage.deliver(stage.prove(good.clone().body(body.clone()))).await;
        let came = match answer {
            Ok(answer) if answer.status < 500 => continue,
            Ok(answer) => format!("{} {}", answer.status, shortened(&answer.text())),
            Err(failure) => failure.to_string(),
        };
        return Err(Failure::new(
            format!("a 2xx or a 4xx for the body `{}`", shortened(&body)),
            came,
            "take nothing for granted in the webhook: no `unwrap`, no index that may not be there; what is of no use is left out, or refused with a `Problem`",
        ));
    }
    stage.say(&stage.says("and as ever")).await.map(drop)
}

/// JSON that may stand anywhere.
fn strange() -> Vec<Value> {
    let nested = (0..100).fold(json!({}), |inside, _| json!([inside]));
    let text = "\u{0}\u{feff}é".repeat(1000);
    let mut all = vec![Value::Null, json!([]), json!({}), json!([null]), json!(true), json!(""), json!(text)];
    all.extend([json!(0), json!(-1), json!(1.5), json!(u64::MAX), json!(f64::MAX), nested]);
    all
}

/// Visits the value with each part of it replaced by something else, and left out.
fn each_change(whole: &Value, visit: &mut impl FnMut(Value)) {
    for pointer in pointers(whole) {
        for value in strange() {
            let mut changed = whole.clone();
            if let Some(place) = changed.pointer_mut(&pointer) {
                *place = value;
            }
            visit(changed);
        }
        let (parent, name) = pointer.rsplit_once('/').unwrap_or_default();
        let mut changed = whole.clone();
        if changed
            .pointer_mut(parent)
            .and_then(Value::as_object_mut)
            .and_then(|fields| remove(fields, name))
            .is_some()
        {
            visit(changed);
        }
    }
}

fn remove(fields: &mut Map<String, Value>, escaped: &str) -> Option<Value> {
    fields.shift_remove(&escaped.replace("~1", "/").replace("~0", "~"))
}

/// The places of all parts (RFC 6901).
fn pointers(value: &Value) -> Vec<String> {
    let parts: Vec<(String, &Value)> = match value {
        Value::Object(fields) => {
            let escaped = |name: &str| name.replace('~', "~0").replace('/', "~1");
            fields.iter().map(|(name, value)| (escaped(name), value)).collect()
        }
        Value::Array(items) => {
            items.iter().enumerate().map(|(index, item)| (index.to_string(), item)).collect()
        }
        _ => Vec::new(),
    };
    let below = |(name, part): (String, &Value)| {
        let place = format!("/{name}");
        let inside: Vec<_> = pointers(part).iter().map(|pointer| format!("{place}{pointer}")).collect();
        std::iter::once(place.clone()).chain(inside)
    };
    parts.into_iter().flat_map(below).collect()
}
