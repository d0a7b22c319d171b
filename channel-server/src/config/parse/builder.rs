//! Events of the YAML parser put together.

use std::collections::HashMap;

use channel_core::{Node, Position, Value};
use granit_parser::{Event, Marker, Parser, ScalarStyle, Span, StrInput, Tag};

use super::{
    super::{
        error::Problem,
        syntax,
        variables::{self, Environment, Variables},
    },
    DEPTH,
    copy::{self, BUDGET},
};

/// Puts nodes together. `None` from any of its calls means that the file can't be read on, and that why is noted.
pub(super) struct Builder<'a> {
    parser: Parser<'a, StrInput<'a>>,
    environment: Environment<'a>,
    problems: &'a mut Vec<Problem>,
    anchors: HashMap<usize, Node>,
    /// What the copies made for aliases may still weigh.
    budget: usize,
    pub(super) depth: usize,
}

impl<'a> Builder<'a> {
    pub(super) fn new(
        parser: Parser<'a, StrInput<'a>>,
        environment: Environment<'a>,
        problems: &'a mut Vec<Problem>,
    ) -> Self {
        Self { parser, environment, problems, anchors: HashMap::new(), budget: BUDGET, depth: 0 }
    }

    pub(super) fn next(&mut self) -> Option<(Event<'a>, Span)> {
        match self.parser.next()? {
            Ok(event) => Some(event),
            Err(error) => {
                let (problem, help) = syntax::explain(error.kind());
                self.refuse(*error.marker(), problem, help);
                None
            }
        }
    }

    pub(super) fn refuse(&mut self, at: Marker, problem: impl Into<String>, help: impl Into<String>) {
        self.problems.push(Problem::new(Some(position(at)), problem).help(help));
    }

    pub(super) fn node(&mut self, event: Event<'a>, span: Span) -> Option<Node> {
        let (value, anchor) = match event {
            Event::Scalar(text, style, anchor, tag) => {
                (self.scalar(&text, style, tag.as_deref(), anchor, span), anchor)
            }
            Event::SequenceStart(_, anchor, tag) => {
                self.check_tag(tag.as_deref(), "seq", span);
                (self.list()?, anchor)
            }
            Event::MappingStart(_, anchor, tag) => {
                self.check_tag(tag.as_deref(), "map", span);
                (self.map()?, anchor)
            }
            Event::Alias(anchor) => (self.alias(anchor, span)?, 0),
            _ => return None,
        };
        let node = Node { position: Some(position(span.tag_start().unwrap_or(span.start))), value };
        if anchor != 0 {
            self.spend(&node, span)?;
            self.anchors.insert(anchor, node.clone());
        }
        Some(node)
    }

    fn scalar(
        &mut self,
        text: &str,
        style: ScalarStyle,
        tag: Option<&Tag>,
        anchor: usize,
        span: Span,
    ) -> Value {
        let absent = span.start.index() == span.end.index();
        if absent && anchor != 0 {
            self.refuse(
                span.start,
                "an anchor (`&…`) of nothing",
                "put a value that begins with `&` into quotes",
            );
        }
        let text_tag = self.check_tag(tag, "str", span);
        let plain = style == ScalarStyle::Plain;
        if plain && !text_tag && matches!(text, "~" | "null" | "Null" | "NULL" | "") {
            return Value::Null;
        }
        let (text, variables) = self.expand(if absent { "" } else { text }, span);
        // `port: "${PORT}"` is quoted for the sake of YAML, not to make a text of the port.
        Value::Scalar { text, plain: !text_tag && (plain || variables == Variables::Only) }
    }

    /// The scalar with its variables filled in; what can't be filled in is noted and left as it is.
    pub(super) fn expand(&mut self, written: &str, span: Span) -> (String, Variables) {
        match variables::expand(written, self.environment) {
            Ok(expanded) => (expanded.text, expanded.variables),
            Err(faults) => {
                for fault in faults {
                    self.refuse(span.start, fault.problem, fault.help);
                }
                (written.to_owned(), Variables::None)
            }
        }
    }

    /// Whether a tag is there that says what is expected; other ones are refused, and not shown: `!` may begin a value.
    fn check_tag(&mut self, tag: Option<&Tag>, expected: &str, span: Span) -> bool {
        let Some(tag) = tag else { return false };
        let known = tag.handle() == "tag:yaml.org,2002:" && tag.suffix() == expected;
        if !known {
            let help = "put a value that begins with `!` into quotes; the only tags here are `!!str`, `!!seq` and `!!map`";
            self.refuse(span.tag_start().unwrap_or(span.start), "a tag (`!…`) that is not known here", help);
        }
        known
    }

    fn list(&mut self) -> Option<Value> {
        let mut nodes = Vec::new();
        self.depth += 1;
        loop {
            let (event, span) = self.next()?;
            if event == Event::SequenceEnd {
                self.depth -= 1;
                return Some(Value::List(nodes));
            }
            nodes.push(self.node(event, span)?);
        }
    }

    fn alias(&mut self, anchor: usize, span: Span) -> Option<Value> {
        let Some(node) = self.anchors.get(&anchor).cloned() else {
            self.refuse(
                span.start,
                "an alias (`*…`) of the list or map that it stands in",
                "write the values out",
            );
            return None;
        };
        if self.depth + copy::depth(&node) > DEPTH {
            self.refuse(span.start, "too many maps and lists inside one another", "nest fewer of them");
            return None;
        }
        self.spend(&node, span)?;
        Some(node.value)
    }

    /// Aliases of aliases grow fast: what is copied is paid for.
    fn spend(&mut self, node: &Node, span: Span) -> Option<()> {
        let left = self.budget.checked_sub(copy::weight(node));
        if left.is_none() {
            self.refuse(
                span.start,
                "aliases (`*…`) make the file too large",
                "write fewer aliases of aliases",
            );
        }
        self.budget = left?;
        Some(())
    }
}

/// The parser counts columns from 0.
pub(super) fn position(marker: Marker) -> Position {
    Position { line: marker.line(), column: marker.col() + 1 }
}
