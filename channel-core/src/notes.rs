//! What a channel remembers beyond a restart.

use std::{convert::Infallible, fmt, sync::Arc};

use axum::{extract::FromRequestParts, http::request::Parts};

use crate::{BoxError, ChannelState};

/// What a channel remembers beyond a restart, as short texts under names of its own: where its polling is, what it has
/// registered. An argument of `#[start]`, and an extractor.
///
/// The notes of a channel, or of each of its instances, are its own. They are in the server's store; nothing else forgets them.
///
/// # Examples
///
/// ```
/// use channel_core::{BoxError, Notes, OnNewMessage, Shutdown, UserMessage, channel, start};
///
/// # async fn updates_after(_: &str) -> Vec<(String, String, String)> { Vec::new() }
/// #[channel(name = "myio")]
/// pub struct MyIo;
///
/// impl MyIo {
///     #[start]
///     async fn poll(&self, on_new_message: OnNewMessage, notes: Notes, shutdown: Shutdown) -> Result<(), BoxError> {
///         while !shutdown.is_requested() {
///             let after = notes.get("after").await?.unwrap_or_default();
///             for (id, sender, text) in updates_after(&after).await {
///                 on_new_message.accept(UserMessage::new(text, sender).with_message_id(&id)).await?;
///                 notes.set("after", &id).await?;
///             }
///         }
///         Ok(())
///     }
/// }
/// ```
#[derive(Clone)]
pub struct Notes(ChannelState);

impl Notes {
    /// The notes of this channel.
    pub fn new(channel: ChannelState) -> Self {
        Self(channel)
    }

    /// What stands under this name; `None` where nothing does.
    ///
    /// # Errors
    ///
    /// The store can't be read.
    pub async fn get(&self, name: &str) -> Result<Option<String>, BoxError> {
        self.0.intake().note(Arc::clone(self.0.address()), name.to_owned()).await
    }

    /// Puts a text under this name, in place of what stood there. Once it returns, a restart finds it.
    ///
    /// # Errors
    ///
    /// The store can't be written.
    pub async fn set(&self, name: &str, text: &str) -> Result<(), BoxError> {
        self.0.intake().set_note(Arc::clone(self.0.address()), name.to_owned(), text.to_owned()).await
    }
}

impl FromRequestParts<ChannelState> for Notes {
    type Rejection = Infallible;

    async fn from_request_parts(_: &mut Parts, state: &ChannelState) -> Result<Self, Infallible> {
        Ok(Self::new(state.clone()))
    }
}

impl fmt::Debug for Notes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Notes").field(&self.0).finish()
    }
}
