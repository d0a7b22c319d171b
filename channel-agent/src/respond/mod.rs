//! What the bot says: the variation of a response, slots filled in.

mod choose;
mod format;
mod interpolate;
mod random;

pub(crate) use interpolate::{InterpolationError, slots_in};
pub use random::Chooser;
pub(crate) use random::at_random;

use channel_core::Metadata;

use crate::domain::Domain;

/// Says a response.
pub(crate) struct Responder<'a> {
    pub(crate) domain: &'a Domain,
    pub(crate) chooser: &'a dyn Chooser,
    /// The channel that variations are chosen for.
    pub(crate) channel: Option<&'a str>,
    pub(crate) slots: &'a Metadata,
}

impl Responder<'_> {
    /// The message of a response; `None` where there is none, or none of its variations fits. Arguments win over slots.
    pub(crate) fn say(
        &self,
        response: &str,
        arguments: &Metadata,
    ) -> Result<Option<Metadata>, InterpolationError> {
        let variations = self.domain.responses.get(response).map_or(&[][..], Vec::as_slice);
        let candidates = choose::candidates(variations, self.channel, self.slots);
        let Some(chosen) = candidates.get(self.chooser.choose(candidates.len())) else { return Ok(None) };
        let mut message = chosen.message.clone();
        let mut values = self.slots.clone();
        values.extend(arguments.iter().map(|(name, value)| (name.clone(), value.clone())));
        if !values.is_empty() {
            interpolate::fill(&mut message, &values)?;
        }
        message.insert("utter_action".to_owned(), response.into());
        Ok(Some(message))
    }
}
