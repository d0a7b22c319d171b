//! The text of the file as a tree with positions, variables filled in.

mod builder;
mod copy;
mod map;

use channel_core::Node;
use granit_parser::{Event, Parser};

use self::builder::Builder;
use super::{Problem, variables::Environment};

/// Maps and lists may be this deep in one another.
const DEPTH: usize = 64;

/// The tree of the one document, or none for a file without any; what is wrong goes to `problems`.
pub(crate) fn parse(text: &str, environment: Environment<'_>, problems: &mut Vec<Problem>) -> Option<Node> {
    let options = granit_parser::options! {
        emit_comments: false,
        flow_nesting_limit: DEPTH,
        block_nesting_limit: DEPTH,
        block_scalar_eof_without_line_feed: true,
    };
    let mut builder = Builder::new(Parser::new_from_str_with_options(text, options), environment, problems);
    let mut root = None;
    while let Some((event, span)) = builder.next() {
        match event {
            Event::StreamStart | Event::DocumentEnd => {}
            Event::DocumentStart(..) if root.is_some() => {
                builder.refuse(
                    span.start,
                    "a second document begins here",
                    "write one document, without `---`",
                );
                break;
            }
            Event::DocumentStart(..) => {
                let (event, span) = builder.next()?;
                root = Some(builder.node(event, span)?);
            }
            _ => break,
        }
    }
    root
}
