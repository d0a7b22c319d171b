//! Which variation of a response is said.

use channel_core::Metadata;
use serde_json::Value;

use crate::domain::{Condition, Variation};

/// The variations to choose from: those that fit the channel, and of these those whose condition is met, go first.
pub(super) fn candidates<'a>(
    variations: &'a [Variation],
    channel: &str,
    slots: &Metadata,
) -> Vec<&'a Variation> {
    let here = |variation: &Variation| variation.channel.as_deref() == Some(channel);
    let anywhere = |variation: &Variation| variation.channel.is_none();
    let met = |variation: &Variation| {
        let conditions = variation.conditions.as_deref().unwrap_or_default();
        !conditions.is_empty() && conditions.iter().all(|condition| is_met(condition, slots))
    };
    let unconditional = |variation: &Variation| variation.conditions.is_none();
    let groups: [&dyn Fn(&Variation) -> bool; 4] = [
        &|variation| here(variation) && met(variation),
        &|variation| here(variation) && unconditional(variation),
        &|variation| anywhere(variation) && met(variation),
        &|variation| anywhere(variation) && unconditional(variation),
    ];
    let group = groups.iter().map(|group| variations.iter().filter(|variation| group(variation)).collect());
    group.into_iter().find(|group: &Vec<_>| !group.is_empty()).unwrap_or_default()
}

/// Texts are compared without case.
fn is_met(condition: &Condition, slots: &Metadata) -> bool {
    let value = slots.get(&condition.slot).unwrap_or(&Value::Null);
    match (value, &condition.value) {
        (Value::String(value), Value::String(wanted)) => value.to_lowercase() == wanted.to_lowercase(),
        (Value::Number(value), Value::Number(wanted)) => value.as_f64() == wanted.as_f64(),
        (value, wanted) => value == wanted,
    }
}
