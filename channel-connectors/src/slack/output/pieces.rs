//! Long texts.

/// Cuts a text into pieces of at most so many characters: between two words, or else within one. White space around a cut is
/// left out, empty pieces are none.
pub(super) fn pieces(text: &str, limit: usize) -> impl Iterator<Item = &str> {
    let mut rest = text.trim();
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let (piece, behind) = rest.split_at(cut(rest, limit));
        rest = behind.trim_start();
        Some(piece.trim_end())
    })
}

/// Where the first piece ends, in bytes.
fn cut(text: &str, limit: usize) -> usize {
    let Some((end, after)) = text.char_indices().nth(limit) else { return text.len() };
    if after.is_whitespace() {
        return end;
    }
    text[..end].rfind(char::is_whitespace).filter(|at| *at > 0).unwrap_or(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_between_words() {
        for (text, expected) in [
            ("", &[][..]),
            ("short", &["short"]),
            ("one two three", &["one two", "three"]),
            ("one two  three", &["one two", "three"]),
            ("seventeen letters", &["seventee", "n", "letters"]),
            ("äöüäöüäö ü", &["äöüäöüäö", "ü"]),
            ("exactly8 8", &["exactly8", "8"]),
        ] {
            assert_eq!(pieces(text, 8).collect::<Vec<_>>(), expected, "{text}");
        }
    }
}
