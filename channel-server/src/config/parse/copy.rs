//! What a copy of a node costs.

use channel_core::{Node, Value};

/// What all copies of one file may weigh.
pub(super) const BUDGET: usize = 100_000;

/// One for each value, and for every hundred bytes of its text.
pub(super) fn weight(node: &Node) -> usize {
    1 + match &node.value {
        Value::Null => 0,
        Value::Scalar { text, .. } => text.len() / 100,
        Value::List(nodes) => nodes.iter().map(weight).sum(),
        Value::Map(entries) => entries.iter().map(|(key, node)| key.text.len() / 100 + weight(node)).sum(),
    }
}

/// How many lists and maps are in one another.
pub(super) fn depth(node: &Node) -> usize {
    match &node.value {
        Value::Null | Value::Scalar { .. } => 0,
        Value::List(nodes) => 1 + nodes.iter().map(depth).max().unwrap_or_default(),
        Value::Map(entries) => 1 + entries.iter().map(|(_, node)| depth(node)).max().unwrap_or_default(),
    }
}
