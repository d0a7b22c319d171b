//! The channels that could be named, for messages.

use channel_core::{Registration, Registry, nearest};

/// The linked channels by the keys to write, sorted.
pub(super) fn list(registry: &Registry) -> String {
    let keys = keys(registry);
    if keys.is_empty() {
        return "no channel is linked into this program".to_owned();
    }
    let keys: Vec<_> = keys.iter().map(|key| format!("`{key}`")).collect();
    format!("linked channels: {}", keys.join(", "))
}

/// Why a channel that was written may not be among them.
pub(super) const HINT: &str =
    "a channel in a crate of its own is linked only if the source names that crate: `use my_channel as _;`";

/// A file that names every linked channel.
pub(super) fn example(registry: &Registry) -> String {
    let keys = keys(registry);
    if keys.is_empty() {
        return format!("no channel is linked into this program; {HINT}");
    }
    let lines: Vec<_> = keys.iter().map(|key| format!("\n{key}:")).collect();
    format!("write the channels' keys, each with its settings below:{}", lines.concat())
}

/// What to write instead of a key that no channel answers to.
pub(super) fn instead(key: &str, registry: &Registry) -> Option<String> {
    if let Some(channel) = registry.iter().find(|channel| channel.name == key) {
        let preferred = channel.preferred_key();
        return Some(format!("write `{preferred}`: `{key}` is that channel's name, not its key"));
    }
    let words: Vec<_> =
        registry.iter().flat_map(|channel| words(channel).map(move |word| (word, channel))).collect();
    let near = nearest(key, words.iter().map(|(word, _)| word.as_str()))?;
    let (_, channel) = words.iter().find(|(word, _)| word == near)?;
    Some(format!("did you mean `{}`?", channel.preferred_key()))
}

/// All that somebody who means this channel may have tried to write.
fn words(channel: &'static Registration) -> impl Iterator<Item = String> {
    let path = channel.path();
    let short = path.split_once("::").map(|(_, short)| short.to_owned());
    let paths: Vec<_> = short.into_iter().chain([path]).collect();
    let dotted: Vec<_> = paths.iter().map(|path| path.replace("::", ".")).collect();
    let names = [channel.name, channel.type_name].into_iter().chain(channel.aliases.iter().copied());
    [channel.preferred_key()].into_iter().chain(names.map(str::to_owned)).chain(paths).chain(dotted)
}

fn keys(registry: &Registry) -> Vec<String> {
    let mut keys: Vec<_> = registry.iter().map(Registration::preferred_key).collect();
    keys.sort();
    keys
}
