//! Which conversation a bare id means.

use std::sync::Arc;

use axum::http::StatusCode;
use channel_core::{ChannelState, Tracker};
use channel_engine::Conversation;
use serde_json::json;

use super::{
    Api, Failure,
    params::{Out, Which, given},
};

impl Api {
    /// The conversation of this id; where there is none yet, the one that it will be.
    ///
    /// # Errors
    ///
    /// Several channels have a conversation of this id; the channel asked for does not exist.
    pub(super) async fn conversation(
        &self,
        id: &str,
        which: &Which,
        out: &Out,
    ) -> Result<Conversation, Failure> {
        let known = self.engine.find(id).await?;
        if let Some(address) = given(which.channel.as_deref()) {
            return self.of_channel(address, id, &known);
        }
        let named = given(out.output_channel.as_deref());
        let mut of_named = known.iter().filter(|known| named.is_some_and(|name| is_of(&known.channel, name)));
        match (&*known, of_named.next(), of_named.next()) {
            ([], ..) => Ok(self.engine.named(&self.home(named), id)),
            ([only], ..) | (_, Some(only), None) => Ok(only.clone()),
            _ => Err(ambiguous(id, &known)),
        }
    }

    /// The conversation of this id, and what is known of it.
    ///
    /// # Errors
    ///
    /// As for [`conversation`](Self::conversation), and where there is none.
    pub(super) async fn known_conversation(
        &self,
        id: &str,
        which: &Which,
        out: &Out,
    ) -> Result<(Conversation, Tracker), Failure> {
        let conversation = self.conversation(id, which, out).await?;
        let tracker = self.engine.tracker(&conversation).await?.ok_or_else(Failure::no_conversation)?;
        Ok((conversation, tracker))
    }

    fn of_channel(&self, address: &str, id: &str, known: &[Conversation]) -> Result<Conversation, Failure> {
        if let Some(channel) = self.channels.iter().find(|channel| &**channel.address() == address) {
            return Ok(self.engine.named(channel.address(), id));
        }
        let of_the_past = known.iter().find(|known| &*known.channel == address);
        of_the_past.cloned().ok_or_else(|| {
            let message =
                format!("there is no channel at the address `{address}`; choose one of {}", self.addresses());
            Failure::parameter("channel", "query", message)
        })
    }

    /// The channel that a conversation begins in.
    fn home(&self, named: Option<&str>) -> Arc<str> {
        let mut of_named =
            self.channels.iter().filter(|channel| named.is_some_and(|name| answers_to(channel, name)));
        match (of_named.next(), of_named.next(), &*self.channels) {
            (Some(only), None, _) | (None, _, [only]) => Arc::clone(only.address()),
            _ => Arc::from(""),
        }
    }

    /// The addresses of all channels, for people.
    pub(super) fn addresses(&self) -> String {
        let addresses: Vec<_> =
            self.channels.iter().map(|channel| format!("`{}`", channel.address())).collect();
        addresses.join(", ")
    }
}

/// Whether a channel has this name or address.
pub(super) fn answers_to(channel: &ChannelState, name: &str) -> bool {
    channel.channel().name() == name || &**channel.address() == name
}

fn is_of(address: &str, name: &str) -> bool {
    address == name || address.strip_prefix(name).is_some_and(|instance| instance.starts_with('/'))
}

fn ambiguous(id: &str, known: &[Conversation]) -> Failure {
    let channels: Vec<_> = known.iter().map(|conversation| &*conversation.channel).collect();
    let message = format!(
        "`{id}` has a conversation on each of {} channels; add the parameter `channel` with one of `details.candidates`",
        channels.len()
    );
    Failure::new(StatusCode::CONFLICT, "Conflict", message)
        .with_details(json!({ "parameter": "channel", "in": "query", "candidates": channels }))
}
