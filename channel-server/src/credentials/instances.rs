//! Several instances of one channel.

use channel_core::{Key, Node, Value};

use super::reserved::INSTANCES;
use crate::config::Problem;

/// The instances below `instances`, and the problems with them and with what stands beside it.
pub(super) fn split(channel: &str, entries: Vec<(Key, Node)>) -> (Vec<(Key, Node)>, Vec<Problem>) {
    let (mut instances, mut problems) = (Vec::new(), Vec::new());
    for (key, node) in entries {
        if key.text != INSTANCES {
            problems.push(
                Problem::new(
                    key.position,
                    format!("the key `{}` of `{channel}` stands beside `instances`", key.shown()),
                )
                .help("move it into each instance that needs it"),
            );
            continue;
        }
        match node.value {
            Value::Map(named) if !named.is_empty() => instances = named,
            _ => problems.push(
                Problem::new(
                    key.position,
                    format!("`instances` of `{channel}`: expected a map of instances with at least one"),
                )
                .help("write each instance as its name with its settings: `instances: { acme: { … } }`"),
            ),
        }
    }
    instances.retain(|(key, _)| {
        let valid = is_name(&key.text);
        if !valid {
            problems.push(
                Problem::new(key.position, format!("`{}` of `{channel}` can't be the name of an instance", key.shown()))
                    .help("the name is a part of the URL: use letters, digits, `_`, `-` and `.`, and not `webhook`, `.` or `..`"),
            );
        }
        valid
    });
    (instances, problems)
}

/// `.` and `..` would be resolved away by whoever follows the URL.
fn is_name(name: &str) -> bool {
    let characters = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-');
    !name.is_empty() && name.bytes().all(characters) && !matches!(name, "webhook" | "." | "..")
}
