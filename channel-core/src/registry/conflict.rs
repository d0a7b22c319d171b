//! What two channels may not share.

use std::{collections::BTreeMap, fmt};

use super::Registration;

/// A name, a route or a key that two channels claim.
#[derive(Clone, Debug)]
pub struct Conflict {
    what: &'static str,
    value: String,
    first: &'static Registration,
    second: &'static Registration,
}

impl fmt::Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "two channels have the {} `{}`: {} ({}, package {}) and {} ({}, package {}); change one of them in its `#[channel(…)]`",
            self.what,
            self.value,
            self.first.path(),
            self.first.place(),
            self.first.package,
            self.second.path(),
            self.second.place(),
            self.second.package,
        )
    }
}

/// The conflicts among these channels, each once: channels that share a name mostly share the route too.
pub(super) fn among(channels: &[&'static Registration]) -> Vec<Conflict> {
    let mut claims = BTreeMap::<(&str, String), &'static Registration>::new();
    let mut conflicts = Vec::new();
    for &channel in channels {
        let mut reported = Vec::new();
        for (what, value) in claims_of(channel) {
            let first = *claims.entry((what, value.clone())).or_insert(channel);
            let known =
                std::ptr::eq(first, channel) || reported.iter().any(|other| std::ptr::eq(*other, first));
            if !known {
                reported.push(first);
                conflicts.push(Conflict { what, value, first, second: channel });
            }
        }
    }
    conflicts
}

fn claims_of(channel: &'static Registration) -> Vec<(&'static str, String)> {
    let keys = channel.key.into_iter().chain(channel.aliases.iter().copied()).map(str::to_owned);
    let mut claims =
        vec![("name", channel.name.to_owned()), ("route", format!("/webhooks/{}", channel.prefix))];
    // The credentials may name it with dots, too.
    claims.extend([("key", channel.path()), ("key", channel.path().replace("::", "."))]);
    claims.extend(keys.map(|key| ("key", key)));
    claims
}
