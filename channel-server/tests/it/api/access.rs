//! Who is let in.

use std::time::{SystemTime, UNIX_EPOCH};

use channel_core::{Secret, axum::http::Method};
use channel_server::{ApiOptions, Jwt, Server};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use rcgen::KeyPair;
use serde_json::{Value, json};

use super::support::{call_with, get, good, post, reason, with_bot};
use crate::support::{logged, server};

const SECRET: &str = "jwt-test-secret-0123456789abcdefghij";
const TRACKER: &str = "/conversations/ada/tracker";

fn guarded(auth_token: Option<&str>, jwt: Option<Jwt>) -> Server {
    let options = ApiOptions { auth_token: auth_token.map(Secret::new), jwt };
    with_bot("open:\n").enable_api(options).build().unwrap()
}

fn hs256() -> Jwt {
    Jwt::new("HS256", &Secret::new(SECRET)).unwrap()
}

fn signed(claims: &Value) -> String {
    encode(&Header::default(), claims, &EncodingKey::from_secret(SECRET.as_bytes())).unwrap()
}

fn of(username: &str, role: &str) -> Value {
    json!({ "user": { "username": username, "role": role } })
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

/// The status of an answer to somebody with this `Authorization`.
async fn status(server: &Server, path: &str, authorization: &str) -> u16 {
    call_with(server, Method::GET, path, "", &[("authorization", authorization)]).await.status
}

#[tokio::test]
async fn without_the_api_there_are_only_channels() {
    let server = server("open:\n").build().unwrap();
    assert_eq!(get(&server, "/").await.status, 200);
    for path in ["/version", "/status", "/domain", TRACKER, "/docs", "/openapi.json", "/auth/verify"] {
        get(&server, path).await.refused(404);
    }
    post(&server, "/conversations/ada/trigger_intent", r#"{"name": "greet"}"#).await.refused(404);
}

#[tokio::test]
async fn an_open_api_is_warned_of() {
    let server = with_bot("open:\n").build().unwrap();
    assert!(!logged("can read every conversation").is_empty());
    good(&get(&server, TRACKER).await);
}

#[tokio::test]
async fn a_token_opens_the_api() {
    let server = guarded(Some("t o+k"), None);
    for path in ["/", "/version", "/docs", "/openapi.json"] {
        assert_eq!(get(&server, path).await.status, 200, "{path}");
    }
    for path in ["/status", "/domain", TRACKER] {
        for query in
            ["", "?token=", "?token=t+o", "?token=t+o%2Bk%20", "?Token=t+o%2Bk", "?token=no&token=t+o%2Bk"]
        {
            let refused = get(&server, &format!("{path}{query}")).await;
            assert_eq!(reason(&refused, 401), "NotAuthenticated", "{path}{query}");
            assert_eq!(refused.header("www-authenticate"), "Bearer");
        }
        good(&get(&server, &format!("{path}?token=t+o%2Bk")).await);
        assert_eq!(status(&server, path, "Bearer t o+k").await, 200);
        assert_eq!(status(&server, path, "Bearer t o+").await, 401);
        assert_eq!(status(&server, path, "t o+k").await, 401);
    }
    let body = r#"{"name": "greet"}"#;
    reason(&post(&server, "/conversations/ada/trigger_intent?token=no", body).await, 401);
    good(&post(&server, "/conversations/ada/trigger_intent?token=t+o%2Bk", body).await);
    assert_eq!(
        post(&server, "/webhooks/open/webhook", r#"{"sender": "ada", "message": "hi"}"#).await.status,
        200
    );
}

#[tokio::test]
async fn an_empty_token_lets_nobody_in() {
    let server = guarded(Some(""), None);
    for query in ["", "?token="] {
        reason(&get(&server, &format!("/status{query}")).await, 401);
    }
    assert_eq!(status(&server, "/status", "Bearer ").await, 401);
}

#[tokio::test]
async fn a_jwt_lets_in_by_its_role() {
    let server = guarded(None, Some(hs256()));
    let cases = [
        (of("boss", "admin"), 200, 200),
        (of("ada", "user"), 200, 403),
        (of("bob", "user"), 403, 403),
        (json!({ "user": { "username": "ada" } }), 403, 403),
        (json!({ "user": { "role": "user" } }), 403, 403),
        (json!({ "user": "ada" }), 403, 403),
        (json!({ "sub": "x" }), 403, 403),
    ];
    for (claims, tracker, status_route) in cases {
        let authorization = format!("Bearer {}", signed(&claims));
        assert_eq!(status(&server, TRACKER, &authorization).await, tracker, "{claims}");
        assert_eq!(status(&server, "/status", &authorization).await, status_route, "{claims}");
    }
    assert_eq!(reason(&get(&server, TRACKER).await, 401), "NotAuthenticated");
    let claims = signed(&of("a/b c", "user"));
    assert_eq!(status(&server, "/conversations/a%2Fb%20c/tracker", &format!("Bearer {claims}")).await, 200);
    assert_eq!(status(&server, "/conversations/a/b%20c/tracker", &format!("Bearer {claims}")).await, 200);
}

#[tokio::test]
async fn what_waits_is_for_admins() {
    let server = guarded(None, Some(hs256()));
    let (admin, user) = (signed(&of("boss", "admin")), signed(&of("m1", "user")));
    for (method, path, found) in [
        (Method::GET, "/backlog", 200),
        (Method::GET, "/inbox", 200),
        (Method::GET, "/inbox?sender_id=m1", 200),
        (Method::GET, "/outbox", 200),
        (Method::GET, "/dead_letters", 200),
        (Method::GET, "/dead_letters/m1", 404),
        (Method::POST, "/dead_letters/m1/replay", 404),
        (Method::DELETE, "/dead_letters/m1", 404),
    ] {
        for (token, status) in [(&admin, found), (&user, 403)] {
            let authorization = format!("Bearer {token}");
            let headers = [("authorization", &*authorization)];
            let answer = call_with(&server, method.clone(), path, "", &headers).await;
            assert_eq!(answer.status, status, "{method} {path}");
        }
        reason(&call_with(&server, method, path, "", &[]).await, 401);
    }
}

#[tokio::test]
async fn a_jwt_has_its_time() {
    let server = guarded(None, Some(hs256()));
    let admin = |claim: &str, time: u64| {
        let mut claims = of("boss", "admin");
        claims[claim] = time.into();
        format!("Bearer {}", signed(&claims))
    };
    for (claim, time, expected) in [
        ("exp", now() - 60, 200),
        ("exp", now() - 300, 401),
        ("nbf", now() + 60, 200),
        ("nbf", now() + 600, 401),
        ("iat", now() + 60, 200),
        ("iat", now() + 600, 401),
    ] {
        assert_eq!(status(&server, "/status", &admin(claim, time)).await, expected, "{claim} {time}");
    }
    let mut claims = of("boss", "admin");
    claims["aud"] = "somebody else".into();
    assert_eq!(status(&server, "/status", &format!("Bearer {}", signed(&claims))).await, 401);
}

#[tokio::test]
async fn what_is_not_signed_by_the_key_is_refused() {
    let server = guarded(None, Some(hs256()));
    let claims = of("boss", "admin");
    let other = encode(&Header::default(), &claims, &EncodingKey::from_secret(b"another")).unwrap();
    let stronger = Header::new(Algorithm::HS512);
    let stronger = encode(&stronger, &claims, &EncodingKey::from_secret(SECRET.as_bytes())).unwrap();
    let good = signed(&claims);
    let (_, rest) = good.split_once('.').unwrap();
    let unsigned = format!("eyJhbGciOiJub25lIn0.{}.", rest.split('.').next().unwrap());
    for token in [&*other, &stronger, &unsigned, "abc.def.ghi", "", "."] {
        assert_eq!(status(&server, "/status", &format!("Bearer {token}")).await, 401, "{token}");
    }
    let answer = call_with(&server, Method::GET, "/status", "", &[("authorization", &good)]).await;
    assert_eq!((answer.status, &answer.json()["exception"]), (400, &"InvalidAuthorizationHeader".into()));
    assert_eq!(answer.json()["reasons"], json!(["Authorization header is invalid."]));
}

#[tokio::test]
async fn either_lets_in_where_both_are_set() {
    let server = guarded(Some("tok"), Some(hs256()));
    good(&get(&server, "/status?token=tok").await);
    assert_eq!(status(&server, "/status", "Bearer tok").await, 200);
    assert_eq!(
        status(&server, "/status?token=no", &format!("Bearer {}", signed(&of("x", "admin")))).await,
        200
    );
    assert_eq!(status(&server, "/status?token=no", "Bearer x").await, 401);
}

#[tokio::test]
async fn tokens_are_verified_and_never_issued() {
    let server = guarded(None, Some(hs256()));
    let answer = post(&server, "/auth", r#"{"username": "x", "password": "y"}"#).await;
    assert_eq!((answer.status, &answer.json()["exception"]), (401, &"AuthenticationFailed".into()));
    let verify = |authorization: Option<String>| {
        let server = &server;
        async move {
            let headers: Vec<_> =
                authorization.iter().map(|value| ("authorization", value.as_str())).collect();
            call_with(server, Method::GET, "/auth/verify", "", &headers).await
        }
    };
    let valid = verify(Some(format!("Bearer {}", signed(&of("x", "nobody"))))).await;
    assert_eq!(good(&valid), json!({ "valid": true }));
    let invalid = verify(Some("Bearer a.b.c".to_owned())).await;
    assert_eq!((invalid.status, &invalid.json()["valid"]), (401, &false.into()));
    assert_eq!(verify(None).await.json()["exception"], "MissingAuthorizationHeader");
    assert_eq!(get(&guarded(Some("tok"), None), "/auth/verify").await.status, 404);
}

#[tokio::test]
async fn public_keys_are_read_from_pem() {
    let key = KeyPair::generate().unwrap();
    let jwt = Jwt::new("ES256", &Secret::new(key.public_key_pem())).unwrap();
    let server = guarded(None, Some(jwt));
    let private = EncodingKey::from_ec_pem(key.serialize_pem().as_bytes()).unwrap();
    let token = encode(&Header::new(Algorithm::ES256), &of("x", "admin"), &private).unwrap();
    assert_eq!(status(&server, "/status", &format!("Bearer {token}")).await, 200);
    // A public key is no secret: who knows it must not sign with it.
    let pem = key.public_key_pem();
    let forged =
        encode(&Header::default(), &of("x", "admin"), &EncodingKey::from_secret(pem.as_bytes())).unwrap();
    assert_eq!(status(&server, "/status", &format!("Bearer {forged}")).await, 401);
}

#[test]
fn keys_that_are_none_are_refused() {
    let refused =
        |method: &str, secret: &str| Jwt::new(method, &Secret::new(secret)).unwrap_err().to_string();
    assert!(refused("HS257", "secret").contains("`HS257`"));
    assert!(refused("none", "secret").contains("`none`"));
    assert!(refused("RS256", "s3cret").contains("PEM"));
    assert!(!refused("RS256", "s3cret").contains("s3cret"));
    assert!(refused("HS256", "").contains("empty"));
}
