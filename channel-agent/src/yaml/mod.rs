//! YAML with the places of everything in it.

mod builder;
mod node;
mod scalar;

pub(crate) use node::{Key, Node, Place, Yaml};

use std::sync::Arc;

use granit_parser::{Event, Parser};

use self::builder::Builder;
use crate::load::Problems;

/// Maps and lists may be this deep in one another.
const DEPTH: usize = 64;

/// The tree of the one document; none for an empty file, or where something is wrong, which is then noted.
pub(crate) fn parse(text: &str, file: &Arc<str>, problems: &mut Problems) -> Option<Node> {
    let options = granit_parser::options! {
        emit_comments: false,
        flow_nesting_limit: DEPTH,
        block_nesting_limit: DEPTH,
        block_scalar_eof_without_line_feed: true,
    };
    let mut builder =
        Builder::new(Parser::new_from_str_with_options(text, options), Arc::clone(file), problems);
    let mut root = None;
    while let Some((event, span)) = builder.next() {
        match event {
            Event::StreamStart | Event::DocumentEnd => {}
            Event::DocumentStart(..) if root.is_some() => {
                builder.refuse(span, "a second document begins here", "write one document, without `---`");
                break;
            }
            Event::DocumentStart(..) => {
                let (event, span) = builder.next()?;
                root = Some(builder.node(event, span)?);
            }
            Event::StreamEnd if root.is_none() => root = Some(builder.nothing(span)),
            _ => break,
        }
    }
    root
}
