//! Events of the YAML parser put together.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use channel_core::Position;
use granit_parser::{Event, Marker, Parser, ScalarStyle, Span, StrInput};
use serde_json::Value;

use super::{Key, Node, Place, Yaml, scalar};
use crate::load::Problems;

/// What all copies made for aliases may weigh together, in nodes.
const BUDGET: usize = 100_000;

/// Puts nodes together. `None` means that the file can't be read on, and that why is noted.
pub(super) struct Builder<'a> {
    parser: Parser<'a, StrInput<'a>>,
    file: Arc<str>,
    problems: &'a mut Problems,
    anchors: HashMap<usize, Node>,
    budget: usize,
}

impl<'a> Builder<'a> {
    pub(super) fn new(parser: Parser<'a, StrInput<'a>>, file: Arc<str>, problems: &'a mut Problems) -> Self {
        Self { parser, file, problems, anchors: HashMap::new(), budget: BUDGET }
    }

    pub(super) fn next(&mut self) -> Option<(Event<'a>, Span)> {
        match self.parser.next()? {
            Ok(event) => Some(event),
            Err(error) => {
                let place = self.place(*error.marker());
                self.problems.add(
                    &place,
                    format!("this is not valid YAML: {}", error.info()),
                    "check the quotes, the colons and the indentation around this place",
                );
                None
            }
        }
    }

    /// The parser counts columns from 0.
    pub(super) fn place(&self, marker: Marker) -> Place {
        let position = Position { line: marker.line(), column: marker.col() + 1 };
        Place { file: Arc::clone(&self.file), position }
    }

    pub(super) fn refuse(&mut self, span: Span, problem: &str, help: &str) {
        let place = self.place(span.start);
        self.problems.add(&place, problem, help);
    }

    /// What an empty file holds.
    pub(super) fn nothing(&self, span: Span) -> Node {
        Node { place: self.place(span.start), yaml: Yaml::Scalar(Value::Null) }
    }

    pub(super) fn node(&mut self, event: Event<'a>, span: Span) -> Option<Node> {
        let (yaml, anchor) = match event {
            Event::Scalar(text, style, anchor, tag) => {
                let is_text = tag.is_some() || style != ScalarStyle::Plain;
                let value = if is_text { Value::String(text.into_owned()) } else { scalar::read(&text) };
                (Yaml::Scalar(value), anchor)
            }
            Event::SequenceStart(_, anchor, _) => (self.list()?, anchor),
            Event::MappingStart(_, anchor, _) => (self.map()?, anchor),
            Event::Alias(anchor) => (self.alias(anchor, span)?, 0),
            _ => return None,
        };
        let node = Node { place: self.place(span.start), yaml };
        if anchor != 0 {
            self.anchors.insert(anchor, node.clone());
        }
        Some(node)
    }

    fn list(&mut self) -> Option<Yaml> {
        let mut nodes = Vec::new();
        loop {
            let (event, span) = self.next()?;
            if event == Event::SequenceEnd {
                return Some(Yaml::List(nodes));
            }
            nodes.push(self.node(event, span)?);
        }
    }

    fn map(&mut self) -> Option<Yaml> {
        let (mut entries, mut merged, mut seen) = (Vec::new(), Vec::new(), HashSet::new());
        loop {
            let (event, span) = self.next()?;
            let key = match event {
                Event::MappingEnd => break,
                Event::Scalar(text, ..) => text.into_owned(),
                _ => {
                    self.refuse(span, "a key that is not a word", "write the key out");
                    return None;
                }
            };
            let (event, value_span) = self.next()?;
            let value = self.node(event, value_span)?;
            if key == "<<" {
                merged.push(value);
            } else if seen.insert(key.clone()) {
                entries.push((Key { place: self.place(span.start), text: key }, value));
            } else {
                self.refuse(span, &format!("the key `{key}` is given twice"), "remove one of them");
            }
        }
        for node in merged {
            merge(node, &mut entries, &mut seen);
        }
        Some(Yaml::Map(entries))
    }

    fn alias(&mut self, anchor: usize, span: Span) -> Option<Yaml> {
        let Some(node) = self.anchors.get(&anchor).cloned() else {
            self.refuse(span, "an alias (`*…`) of what it stands in", "write the values out");
            return None;
        };
        let Some(left) = self.budget.checked_sub(weight(&node)) else {
            self.refuse(span, "aliases (`*…`) make the file too large", "write fewer of them");
            return None;
        };
        self.budget = left;
        Some(node.yaml)
    }
}

/// What is written in the map itself goes before what it takes over.
fn merge(node: Node, entries: &mut Vec<(Key, Node)>, seen: &mut HashSet<String>) {
    match node.yaml {
        Yaml::Map(merged) => {
            entries.extend(merged.into_iter().filter(|(key, _)| seen.insert(key.text.clone())));
        }
        Yaml::List(nodes) => nodes.into_iter().for_each(|node| merge(node, entries, seen)),
        Yaml::Scalar(_) => {}
    }
}

fn weight(node: &Node) -> usize {
    1 + match &node.yaml {
        Yaml::Scalar(_) => 0,
        Yaml::List(nodes) => nodes.iter().map(weight).sum(),
        Yaml::Map(entries) => entries.iter().map(|(_, node)| weight(node)).sum(),
    }
}
