//! Markdown in each platform's own markup.

pub(crate) mod slack;
pub(crate) mod telegram;
