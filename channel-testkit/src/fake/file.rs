//! Files that people send.

use bytes::Bytes;

/// A file that somebody sends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// As `cat.png`.
    pub name: String,
    /// As `image/png`.
    pub mimetype: String,
    /// What is in it.
    pub content: Bytes,
}
