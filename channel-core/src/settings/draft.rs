//! The section as it is read: mistakes are mended in it until the type can be read to its end.

use super::{Node, Position, Value};

/// A part of the section, or what stands in for one.
pub(super) struct Draft<'a> {
    pub(super) position: Option<Position>,
    pub(super) content: Content<'a>,
    /// Nobody wrote it: it stands in for something wrong or missing.
    pub(super) made_up: bool,
    /// The keys (or list indices) whose values were taken out, since nothing can stand in for them.
    pub(super) lost: Vec<&'a str>,
}

pub(super) enum Content<'a> {
    /// Whatever the type asks for.
    Stub,
    Null,
    Scalar {
        text: &'a str,
        plain: bool,
    },
    List(Vec<Draft<'a>>),
    Map(Vec<Entry<'a>>),
}

pub(super) struct Entry<'a> {
    pub(super) key: &'a str,
    /// The key as messages show it.
    pub(super) shown: &'a str,
    pub(super) position: Option<Position>,
    pub(super) value: Draft<'a>,
}

impl<'a> Draft<'a> {
    /// The whole section: one without anything in it is an empty map.
    pub(super) fn of_section(node: &'a Node) -> Self {
        let draft = Self::of(node);
        match draft.content {
            Content::Null => Self { content: Content::Map(Vec::new()), ..draft },
            _ => draft,
        }
    }

    fn of(node: &'a Node) -> Self {
        let content = match &node.value {
            Value::Null => Content::Null,
            Value::Scalar { text, plain } => Content::Scalar { text, plain: *plain },
            Value::List(nodes) => Content::List(nodes.iter().map(Self::of).collect()),
            Value::Map(entries) => Content::Map(
                entries
                    .iter()
                    .map(|(key, node)| Entry {
                        key: &key.text,
                        shown: key.shown(),
                        position: key.position,
                        value: Self::of(node),
                    })
                    .collect(),
            ),
        };
        Self { position: node.position, content, made_up: false, lost: Vec::new() }
    }

    pub(super) fn stub() -> Self {
        Self { position: None, content: Content::Stub, made_up: true, lost: Vec::new() }
    }

    /// Whether anything in it is not as written, so that an error may be due to that.
    pub(super) fn is_touched(&self) -> bool {
        self.made_up
            || !self.lost.is_empty()
            || match &self.content {
                Content::List(parts) => parts.iter().any(Self::is_touched),
                Content::Map(entries) => entries.iter().any(|entry| entry.value.is_touched()),
                _ => false,
            }
    }

    /// A part of a list or a map. The index was counted by the deserializer, on the same draft.
    pub(super) fn child(&mut self, index: usize) -> Option<&mut Self> {
        match &mut self.content {
            Content::List(parts) => parts.get_mut(index),
            Content::Map(entries) => entries.get_mut(index).map(|entry| &mut entry.value),
            _ => None,
        }
    }
}

impl<'a> Entry<'a> {
    /// What stands in for a key that is not there.
    pub(super) fn stub(key: &'a str) -> Self {
        Self { key, shown: key, position: None, value: Draft::stub() }
    }
}
