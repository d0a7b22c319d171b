//! What the bot says: the variation of a response, slots filled in.

mod choose;
mod format;
mod interpolate;
mod random;

pub(crate) use interpolate::{InterpolationError, slots_in};
pub use random::Chooser;
pub(crate) use random::at_random;

use std::collections::HashSet;

use channel_core::Metadata;
use serde_json::Value;

use self::format::Values;
use crate::domain::{Domain, Variation};

/// Says responses.
pub(crate) struct Responder<'a> {
    pub(crate) domain: &'a Domain,
    pub(crate) chooser: &'a dyn Chooser,
    /// The channel that variations are chosen for.
    pub(crate) channel: &'a str,
    pub(crate) slots: &'a Metadata,
}

impl<'a> Responder<'a> {
    /// The message of a response; `None` where there is none, or none of its variations fits. Arguments win over slots.
    pub(crate) fn say(
        &self,
        response: &str,
        arguments: &Metadata,
    ) -> Result<Option<Metadata>, InterpolationError> {
        let candidates = self.candidates(response);
        let Some(chosen) = candidates.get(self.chooser.choose(candidates.len())) else { return Ok(None) };
        let mut message = chosen.message.clone();
        interpolate::fill(&mut message, Values { arguments, slots: self.slots })?;
        message.insert("utter_action".to_owned(), response.into());
        Ok(Some(message))
    }

    /// The id of the first of the variations to choose from, if no two of them have the same.
    pub(crate) fn id(&self, response: &str) -> Option<&'a str> {
        let candidates = self.candidates(response);
        let id = |variation: &&'a Variation| variation.message.get("id").and_then(Value::as_str);
        let mut seen = HashSet::new();
        if let Some(twice) = candidates.iter().filter_map(id).find(|id| !seen.insert(*id)) {
            tracing::warn!(
                response,
                id = twice,
                "variations of a response share an id; the NLG server gets none"
            );
            return None;
        }
        candidates.first().and_then(id)
    }

    fn candidates(&self, response: &str) -> Vec<&'a Variation> {
        let variations = self.domain.responses.get(response).map_or(&[][..], Vec::as_slice);
        choose::candidates(variations, self.channel, self.slots)
    }
}
