//! Maps: their keys are words, each given once, and `<<` takes over another map.

use std::collections::{HashMap, hash_map::Entry};

use channel_core::{Key, Node, Position, Value};
use granit_parser::{Event, ScalarStyle, Span};

use super::{
    super::error::spoken,
    builder::{Builder, position},
};

enum MapKey {
    Word(Key),
    Merge,
    /// Not a word, which is noted.
    Refused,
}

impl<'a> Builder<'a> {
    pub(super) fn map(&mut self) -> Option<Value> {
        let (mut entries, mut merged, mut seen) = (Vec::new(), Vec::new(), HashMap::new());
        self.depth += 1;
        loop {
            let (event, span) = self.next()?;
            if event == Event::MappingEnd {
                break;
            }
            let key = self.key(event, span)?;
            let (event, value_span) = self.next()?;
            let value = self.node(event, value_span)?;
            match key {
                MapKey::Merge => self.merge(value, value_span, &mut merged),
                MapKey::Word(key) if self.is_new(&key, span, &mut seen) => entries.push((key, value)),
                MapKey::Word(_) | MapKey::Refused => {}
            }
        }
        self.depth -= 1;
        // What is written in the map itself goes before what it takes over, wherever the `<<` stands.
        for (key, value) in merged {
            if let Entry::Vacant(vacant) = seen.entry(key.text.clone()) {
                vacant.insert(key.position);
                entries.push((key, value));
            }
        }
        Some(Value::Map(entries))
    }

    fn key(&mut self, event: Event<'a>, span: Span) -> Option<MapKey> {
        match event {
            Event::Scalar(text, ScalarStyle::Plain, ..) if text == "<<" => Some(MapKey::Merge),
            Event::Scalar(text, _, 0, None) => {
                let (expanded, _) = self.expand(&text, span);
                // Neither variables nor control characters get into a message.
                let shown = text.escape_debug().to_string();
                let written = (shown != expanded).then_some(shown);
                Some(MapKey::Word(Key { position: Some(position(span.start)), text: expanded, written }))
            }
            event => {
                let help = "write the key out, without tag, anchor, alias or brackets";
                self.refuse(span.start, "a key that is not a word", help);
                self.node(event, span).map(|_| MapKey::Refused)
            }
        }
    }

    /// Whether the key is the first of its name; a second one is noted.
    fn is_new(&mut self, key: &Key, span: Span, seen: &mut HashMap<String, Option<Position>>) -> bool {
        let Some(first) = seen.insert(key.text.clone(), key.position) else { return true };
        let first = first.map(spoken).unwrap_or_default();
        let problem = format!("the key `{}` is given twice, first at {first}", key.shown());
        self.refuse(span.start, problem, "remove one of them");
        false
    }

    /// Notes what a `<<` takes over: a map, or a list of maps of which the first goes before the rest.
    fn merge(&mut self, value: Node, span: Span, merged: &mut Vec<(Key, Node)>) {
        match value.value {
            Value::Map(entries) => merged.extend(entries),
            Value::List(nodes) if nodes.iter().all(|node| matches!(node.value, Value::Map(_))) => {
                for node in nodes {
                    self.merge(node, span, merged);
                }
            }
            _ => {
                self.refuse(
                    span.start,
                    "`<<` takes over a map, and this is none",
                    "write an alias of a map: `<<: *name`",
                );
            }
        }
    }
}
