//! How long a text is, as platforms count.

use unicode_segmentation::UnicodeSegmentation as _;

/// How long a text may be, in the unit that a platform counts in.
///
/// # Examples
///
/// ```
/// use channel_core::Length;
///
/// assert!(Length::Characters(2).holds("a😀"));
/// assert!(!Length::Utf16(2).holds("a😀"));
/// assert_eq!(Length::Bytes(100).of("a😀"), 5);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Length {
    /// So many Unicode scalar values.
    Characters(usize),
    /// So many UTF-16 code units: an emoji counts as two.
    Utf16(usize),
    /// So many bytes of UTF-8.
    Bytes(usize),
}

impl Length {
    /// How long a text is, in this unit.
    pub fn of(self, text: &str) -> usize {
        match self {
            Self::Characters(_) => text.chars().count(),
            Self::Utf16(_) => text.chars().map(char::len_utf16).sum(),
            Self::Bytes(_) => text.len(),
        }
    }

    /// Whether a text is no longer than this.
    pub fn holds(self, text: &str) -> bool {
        // No unit is smaller than a byte.
        text.len() <= self.limit() || self.of(text) <= self.limit()
    }

    /// How many, whatever the unit.
    pub fn limit(self) -> usize {
        let (Self::Characters(limit) | Self::Utf16(limit) | Self::Bytes(limit)) = self;
        limit
    }

    /// This length, less so many of its unit.
    pub(super) fn less(self, count: usize) -> Self {
        match self {
            Self::Characters(limit) => Self::Characters(limit.saturating_sub(count)),
            Self::Utf16(limit) => Self::Utf16(limit.saturating_sub(count)),
            Self::Bytes(limit) => Self::Bytes(limit.saturating_sub(count)),
        }
    }

    /// The longest beginning of a text that is no longer than this and ends between what readers see as characters, in bytes. It
    /// is never empty: where not even one of them fits, it ends within it, and has one scalar value at least.
    pub(super) fn prefix_of(self, text: &str) -> usize {
        if self.holds(text) {
            return text.len();
        }
        match self.longest(text.grapheme_indices(true)) {
            0 => {
                let first = text.chars().next().map_or(0, char::len_utf8);
                self.longest(text.char_indices().map(|(at, c)| (at, &text[at..at + c.len_utf8()]))).max(first)
            }
            end => end,
        }
    }

    fn longest<'a>(self, units: impl Iterator<Item = (usize, &'a str)>) -> usize {
        let (mut end, mut length) = (0, 0);
        for (at, unit) in units {
            length += self.of(unit);
            if length > self.limit() {
                break;
            }
            end = at + unit.len();
        }
        end
    }

    /// A text that is no longer than this: what is longer is cut, and ends in `…`.
    pub fn shorten(self, text: &str) -> String {
        if self.holds(text) {
            return text.to_owned();
        }
        let kept = &text[..self.less(self.of("…")).prefix_of(text)];
        format!("{}…", kept.trim_end())
    }
}
