//! Files, <https://core.telegram.org/bots/api#getfile>.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use serde_json::{Map, Value, json};

use super::{
    Inner,
    bot_api::is_token,
    world::{Stored, World},
};
use crate::{File, fake::KEPT};

/// What a file is to Telegram.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Medium {
    /// A picture, in several sizes.
    Photo,
    /// Any file.
    Document,
    /// Music.
    Audio,
    /// What somebody said.
    Voice,
    /// A film.
    Video,
    /// A round film.
    VideoNote,
    /// A film without sound.
    Animation,
    /// A sticker.
    Sticker,
}

impl Medium {
    pub(super) const ALL: [Self; 8] = [
        Self::Photo,
        Self::Document,
        Self::Audio,
        Self::Voice,
        Self::Video,
        Self::VideoNote,
        Self::Animation,
        Self::Sticker,
    ];

    /// As messages name it.
    pub(super) fn key(self) -> &'static str {
        match self {
            Self::Photo => "photo",
            Self::Document => "document",
            Self::Audio => "audio",
            Self::Voice => "voice",
            Self::Video => "video",
            Self::VideoNote => "video_note",
            Self::Animation => "animation",
            Self::Sticker => "sticker",
        }
    }
}

impl World {
    /// Keeps a file; its `file_id`.
    pub(super) fn keep_file(&mut self, name: &str, content: Option<Bytes>) -> String {
        let id = format!("file{:012}", self.next());
        if self.files.len() == KEPT {
            self.files.pop_first();
        }
        self.files.insert(id.clone(), Stored { name: name.to_owned(), content });
        id
    }

    /// A file as messages show it; a photo in two sizes, the larger last.
    pub(super) fn file_json(&self, medium: Medium, id: &str, mimetype: Option<&str>) -> Value {
        let stored = self.files.get(id);
        let size = stored.and_then(|stored| Some(stored.content.as_ref()?.len()));
        let mut file = json!({ "file_id": id, "file_unique_id": format!("u{id}"), "file_size": size });
        match medium {
            Medium::Photo => {
                let sized = |side: u32| {
                    let mut size = file.clone();
                    size["width"] = side.into();
                    size["height"] = side.into();
                    size
                };
                return json!([sized(90), sized(800)]);
            }
            Medium::Document | Medium::Audio | Medium::Video | Medium::Animation => {
                file["file_name"] = stored.map(|stored| stored.name.as_str()).into();
            }
            Medium::Voice | Medium::VideoNote | Medium::Sticker => {}
        }
        if matches!(medium, Medium::Voice | Medium::Audio | Medium::Video | Medium::VideoNote) {
            file["duration"] = 1.into();
        }
        if let Some(mimetype) = mimetype {
            file["mime_type"] = mimetype.into();
        }
        file
    }

    /// What a message has of a file that somebody sends.
    pub(super) fn sent_file(&mut self, medium: Medium, file: File, caption: &str) -> Map<String, Value> {
        let id = self.keep_file(&file.name, Some(file.content));
        let shown = self.file_json(medium, &id, Some(&file.mimetype));
        let mut content = Map::from_iter([(medium.key().to_owned(), shown)]);
        if !caption.is_empty() {
            content.insert("caption".to_owned(), caption.into());
        }
        content
    }
}

/// The path of a file, as `getFile` tells it.
pub(super) fn path(id: &str) -> String {
    format!("files/{id}")
}

pub(super) async fn download(
    State(inner): State<Arc<Inner>>,
    Path((bot, path)): Path<(String, String)>,
) -> Response {
    if !is_token(&inner, &bot) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let id = path.strip_prefix("files/").unwrap_or_default();
    let content = inner.look(|world| world.files.get(id)?.content.clone());
    content.map_or_else(|| StatusCode::NOT_FOUND.into_response(), IntoResponse::into_response)
}
