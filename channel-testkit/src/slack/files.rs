//! Files that people share.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use super::{Inner, web_api::bearer};
use crate::{File, fake::KEPT};

impl Inner {
    /// Keeps a file; as Slack shows it to apps. Its `url_private` needs the bot's token.
    pub(super) fn keep_file(&self, File { name, mimetype, content }: File, user: &str) -> Value {
        let size = content.len();
        let id = self.change(|workspace| {
            let id = workspace.next_id("F");
            if workspace.files.len() == KEPT {
                workspace.files.pop_first();
            }
            workspace.files.insert(id.clone(), (mimetype.clone(), content));
            id
        });
        let url = self.url(&format!("/files/{id}"));
        json!({
            "id": id,
            "name": name,
            "title": name,
            "mimetype": mimetype,
            "size": size,
            "user": user,
            "url_private": url,
            "url_private_download": url,
        })
    }
}

pub(super) async fn download(
    State(inner): State<Arc<Inner>>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    if bearer(&headers) != Some(&inner.settings.token) {
        return StatusCode::FORBIDDEN.into_response();
    }
    match inner.look(|workspace| workspace.files.get(&id).cloned()) {
        Some((mimetype, content)) => ([(CONTENT_TYPE, mimetype)], content).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
