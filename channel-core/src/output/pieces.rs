//! One text that is too long for one message.

use std::borrow::Cow;

use super::{Length, split::Fence};

/// Cuts the first piece off a text: at most so long, without white space at its end. Returns what is behind it, if there is
/// anything.
///
/// Cutting what is behind cuts the same pieces as cutting the whole.
pub(super) fn cut(text: &str, limit: Length) -> (Cow<'_, str>, Option<Cow<'_, str>>) {
    if limit.holds(text) {
        return (text.into(), None);
    }
    let (piece, rest) = cut_long(text, limit);
    (piece, Some(rest).filter(|rest| !rest.is_empty()))
}

fn cut_long(text: &str, limit: Length) -> (Cow<'_, str>, Cow<'_, str>) {
    let end = end_of_piece(text, limit);
    if let Some(open) = open_at(text, end) {
        if open.begin > 0 && !text[..open.begin].trim().is_empty() {
            return halves(text, open.begin);
        }
        if let Some(halves) = cut_code(text, &open, limit) {
            return halves;
        }
    }
    halves(text, end)
}

fn halves(text: &str, at: usize) -> (Cow<'_, str>, Cow<'_, str>) {
    (text[..at].trim_end().into(), without_blank_lines(&text[at..]).trim_end().into())
}

/// White space at the start of a line is a part of it, elsewhere it went with the cut.
fn without_blank_lines(text: &str) -> &str {
    let blank = text.len() - text.trim_start().len();
    &text[text[..blank].rfind('\n').map_or(blank, |at| at + 1)..]
}

/// Where the first piece ends: behind a line, else behind a word, else where it must.
fn end_of_piece(text: &str, limit: Length) -> usize {
    let most = limit.prefix_of(text);
    if text[most..].starts_with(char::is_whitespace) {
        return most;
    }
    let head = &text[..most];
    // A piece of a few words would be no better than a line that is cut.
    let line = head.rfind('\n').filter(|at| *at >= most / 2);
    let word = || head.rfind(char::is_whitespace);
    let end = line.or_else(word).map_or(0, |at| head[..at].trim_end().len());
    if end > 0 { end } else { most }
}

/// A code block that is open at a place.
struct Open<'a> {
    /// Where its opening line begins.
    begin: usize,
    /// The opening line, without what ends it.
    line: &'a str,
    /// Where the code begins.
    code: usize,
    fence: Fence,
}

fn open_at(text: &str, place: usize) -> Option<Open<'_>> {
    let mut open: Option<Open<'_>> = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if at >= place {
            break;
        }
        open = match open {
            None => Fence::opened_by(line).map(|fence| Open {
                begin: at,
                line: line.trim_end(),
                code: at + line.len(),
                fence,
            }),
            // One that ends with the piece is whole.
            Some(open) if open.fence.is_closed_by(line) => None,
            open => open,
        };
        at += line.len();
    }
    open
}

/// Cuts within the code block that a text begins with: it is closed, and opened again. `None` where there is no room for that.
fn cut_code<'a>(text: &'a str, open: &Open<'_>, limit: Length) -> Option<(Cow<'a, str>, Cow<'a, str>)> {
    let close = format!("\n{}", open.fence.closing());
    let room = limit.less(limit.of(&close));
    let most = room.prefix_of(text);
    if most <= open.code {
        return None;
    }
    // Code is cut between lines, wherever there is such a place.
    let end = text[open.code..most].rfind('\n').map_or(most, |at| open.code + at).max(open.code + 1);
    let piece = format!("{}{close}", &text[..end]);
    let rest = text[end..].strip_prefix('\n').unwrap_or(&text[end..]);
    let (line, behind) = rest.split_once('\n').unwrap_or((rest, ""));
    if open.fence.is_closed_by(line) {
        return Some((piece.into(), without_blank_lines(behind).into()));
    }
    Some((piece.into(), format!("{}\n{rest}", open.line).into()))
}
