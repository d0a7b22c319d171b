//! What a bot writes in Markdown, in the marks that a platform knows.

pub(crate) mod telegram;
