//! One text, several messages: splitting at blank lines.

/// How a text is split into messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Splitting {
    /// At blank lines. Parts are trimmed, empty ones left out, fenced code blocks kept whole.
    #[default]
    BlankLines,
    /// As Rasa does it: the whole text is trimmed, then cut wherever two line feeds meet; parts stay as they are.
    Rasa,
}

/// Splits a text into the messages that it makes.
///
/// # Examples
///
/// ````
/// use channel_core::{Splitting, split_text};
///
/// let text = "Try this:\n\n\n```\nlet a = 1;\n\nlet b = 2;\n```";
/// let parts: Vec<_> = split_text(text, Splitting::BlankLines).collect();
/// assert_eq!(parts, ["Try this:", "```\nlet a = 1;\n\nlet b = 2;\n```"]);
///
/// let parts: Vec<_> = split_text("a\n\n\n\nb", Splitting::Rasa).collect();
/// assert_eq!(parts, ["a", "", "b"]);
/// ````
pub fn split_text(text: &str, splitting: Splitting) -> impl Iterator<Item = &str> {
    let mut rest = Some(trimmed(text, splitting));
    std::iter::from_fn(move || {
        loop {
            let (part, behind) = cut(rest?, splitting);
            rest = behind;
            if !part.is_empty() || splitting == Splitting::Rasa {
                return Some(part);
            }
        }
    })
}

/// A text about to be split.
pub(super) fn trimmed(text: &str, splitting: Splitting) -> &str {
    match splitting {
        Splitting::BlankLines => text,
        Splitting::Rasa => text.trim_matches(is_python_space),
    }
}

/// The first part, which may be empty, and what is behind it.
pub(super) fn cut(text: &str, splitting: Splitting) -> (&str, Option<&str>) {
    match splitting {
        Splitting::BlankLines => cut_at_blank_line(text),
        Splitting::Rasa => cut_at_line_feeds(text),
    }
}

fn cut_at_line_feeds(text: &str) -> (&str, Option<&str>) {
    match text.split_once("\n\n") {
        Some((part, rest)) => (part, Some(rest)),
        None => (text, None),
    }
}

fn cut_at_blank_line(text: &str) -> (&str, Option<&str>) {
    // Most replies are one line.
    if !text.contains('\n') {
        return (text.trim(), None);
    }
    let mut fence: Option<Fence> = None;
    let mut end = 0;
    for line in text.split_inclusive('\n') {
        let start = end;
        end += line.len();
        fence = match fence {
            None => Fence::opened_by(line),
            Some(open) if open.is_closed_by(line) => None,
            open => open,
        };
        if fence.is_none() && line.trim().is_empty() {
            return (text[..start].trim(), Some(&text[end..]));
        }
    }
    (text.trim(), None)
}

/// The opening line of a code block, <https://spec.commonmark.org/0.31.2/#fenced-code-blocks>.
#[derive(Clone, Copy)]
pub(super) struct Fence {
    mark: char,
    length: usize,
}

impl Fence {
    pub(super) fn opened_by(line: &str) -> Option<Self> {
        let (fence, info) = Self::at_start_of(line)?;
        let is_inline_code = fence.mark == '`' && info.contains('`');
        (!is_inline_code).then_some(fence)
    }

    pub(super) fn is_closed_by(self, line: &str) -> bool {
        Self::at_start_of(line).is_some_and(|(fence, rest)| {
            fence.mark == self.mark && fence.length >= self.length && rest.trim().is_empty()
        })
    }

    /// The line that closes it.
    pub(super) fn closing(self) -> String {
        self.mark.to_string().repeat(self.length)
    }

    fn at_start_of(line: &str) -> Option<(Self, &str)> {
        let unindented = line.trim_start_matches(' ');
        let mark = unindented.chars().next().filter(|mark| ['`', '~'].contains(mark))?;
        let rest = unindented.trim_start_matches(mark);
        let length = unindented.len() - rest.len();
        let is_fence = line.len() - unindented.len() <= 3 && length >= 3;
        is_fence.then_some((Self { mark, length }, rest))
    }
}

/// What Python's `str.strip` takes away: four separators more than Unicode's white space.
fn is_python_space(c: char) -> bool {
    c.is_whitespace() || ('\x1c'..='\x1f').contains(&c)
}
