//! The API's description of itself.

use std::collections::BTreeSet;

use channel_core::{Secret, axum::http::Method};
use channel_server::{ApiOptions, Jwt, Server};
use serde_json::Value;

use super::support::{call, get, good, with_bot};

const ROUTES: [&str; 25] = [
    "delete /conversations/{conversation_id}/tracker",
    "delete /dead_letters/{id}",
    "get /",
    "get /auth/verify",
    "get /backlog",
    "get /conversations/{conversation_id}/story",
    "get /conversations/{conversation_id}/tracker",
    "get /dead_letters",
    "get /dead_letters/{id}",
    "get /docs",
    "get /domain",
    "get /inbox",
    "get /openapi.json",
    "get /outbox",
    "get /status",
    "get /version",
    "post /auth",
    "post /conversations/{conversation_id}/execute",
    "post /conversations/{conversation_id}/messages",
    "post /conversations/{conversation_id}/predict",
    "post /conversations/{conversation_id}/tracker/events",
    "post /conversations/{conversation_id}/trigger_intent",
    "post /dead_letters/{id}/replay",
    "post /model/parse",
    "put /conversations/{conversation_id}/tracker/events",
];

fn with_tokens() -> Server {
    let jwt = Jwt::new("HS256", &Secret::new("a secret of the test")).unwrap();
    with_bot("open:\n").enable_api(ApiOptions { auth_token: None, jwt: Some(jwt) }).build().unwrap()
}

fn operations(document: &Value) -> impl Iterator<Item = (String, &Value)> {
    document["paths"].as_object().unwrap().iter().flat_map(|(path, operations)| {
        operations
            .as_object()
            .unwrap()
            .iter()
            .map(move |(method, operation)| (format!("{method} {path}"), operation))
    })
}

#[tokio::test]
async fn every_route_is_described_and_answers() {
    let server = with_tokens();
    let document = good(&get(&server, "/openapi.json").await);
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"), "{}", document["openapi"]);
    let described: BTreeSet<String> = operations(&document).map(|(route, _)| route).collect();
    assert_eq!(described.iter().map(String::as_str).collect::<Vec<_>>(), ROUTES);
    for route in &described {
        let (method, path) = route.split_once(' ').unwrap();
        let method: Method = method.to_uppercase().parse().unwrap();
        let answer = call(&server, method, &path.replace("{conversation_id}", "ada"), "{}").await;
        assert_ne!(answer.status, 405, "{route}: {answer:?}");
        assert!(!answer.body.contains("nothing under this path"), "{route}: {answer:?}");
    }
}

#[tokio::test]
async fn only_described_methods_are_answered() {
    let server = with_tokens();
    let document = good(&get(&server, "/openapi.json").await);
    let described: BTreeSet<String> = operations(&document).map(|(route, _)| route).collect();
    for path in document["paths"].as_object().unwrap().keys() {
        for method in [Method::GET, Method::POST, Method::PUT, Method::DELETE, Method::PATCH] {
            let route = format!("{} {path}", method.as_str().to_lowercase());
            if !described.contains(&route) {
                call(&server, method, &path.replace("{conversation_id}", "ada"), "").await.refused(405);
            }
        }
    }
}

#[tokio::test]
async fn a_description_is_whole() {
    let document = good(&get(&with_tokens(), "/openapi.json").await);
    let schemas = &document["components"]["schemas"];
    let ids: BTreeSet<_> =
        operations(&document).filter_map(|(_, operation)| operation["operationId"].as_str()).collect();
    assert_eq!(ids.len(), ROUTES.len(), "{ids:?}");
    for (route, operation) in operations(&document) {
        assert!(operation["summary"].as_str().is_some_and(|text| !text.is_empty()), "{route} has no summary");
        let is_open =
            ["get /", "get /version", "get /docs", "get /openapi.json", "post /auth"].contains(&&*route);
        assert_eq!(operation["security"].is_array(), !is_open, "{route}");
        let parameters = operation["parameters"].as_array().map_or(&[][..], Vec::as_slice);
        for parameter in parameters {
            assert!(parameter["description"].is_string(), "{route}: {parameter}");
        }
        let named = parameters.iter().any(|parameter| parameter["in"] == "path");
        assert_eq!(named, route.contains('{'), "{route}");
    }
    let text = document.to_string();
    for reference in text.split("#/components/schemas/").skip(1) {
        let name = reference.split('"').next().unwrap();
        assert!(schemas.get(name).is_some(), "there is no schema {name}");
    }
    for scheme in ["token", "bearer"] {
        assert!(document["components"]["securitySchemes"][scheme].is_object(), "{scheme}");
    }
}

#[tokio::test]
async fn the_page_needs_nothing_from_elsewhere() {
    let page = get(&with_tokens(), "/docs").await;
    assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"));
    assert!(page.header("content-security-policy").contains("default-src 'none'"));
    for foreign in ["http://", "https://", "src=", "@import", "innerHTML"] {
        assert!(!page.body.contains(foreign), "{foreign}");
    }
}
