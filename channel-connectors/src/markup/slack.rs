//! Markdown as Slack's mrkdwn, <https://docs.slack.dev/messaging/formatting-message-text>.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// The text of a message, from Markdown.
///
/// What Slack has no markup for stays readable: a heading is bold, a list item begins with `•` or its number, a table is a
/// code block of its cells.
pub(crate) fn from_markdown(markdown: &str) -> String {
    let mut writer = Writer::default();
    let options = Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TABLES;
    for event in Parser::new_ext(markdown, options) {
        writer.event(event);
    }
    writer.text.truncate(writer.text.trim_end().len());
    writer.text
}

/// The characters that Slack's markup begins with, as text.
pub(crate) fn escape(text: &str) -> String {
    // The ampersand first: those of the others stay.
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[derive(Default)]
struct Writer {
    text: String,
    /// The numbers of the next items of the lists that are open; `None` in one that has no numbers.
    lists: Vec<Option<u64>>,
    quotes: usize,
    /// How many marks are open that make text bold: Slack has no bold within bold.
    bold: usize,
    /// Whether the links that are open are shown as such.
    links: Vec<bool>,
    /// Whether a block has just begun, so that what comes next stands in it at once.
    is_fresh: bool,
    /// Whether a cell is the first of its row.
    is_first_cell: bool,
}

impl Writer {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => self.lines(&text),
            Event::Html(html) | Event::InlineHtml(html) => self.lines(&html),
            Event::Code(code) => self.push(&format!("`{}`", escape(&code))),
            Event::SoftBreak | Event::HardBreak => self.break_line(),
            Event::Rule => {
                self.begin_block();
                self.push("———");
            }
            _ => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Paragraph | Tag::HtmlBlock => self.begin_block(),
            Tag::Heading { .. } => {
                self.begin_block();
                self.open_bold();
            }
            Tag::Strong => self.open_bold(),
            Tag::Emphasis => self.push("_"),
            Tag::Strikethrough => self.push("~"),
            Tag::BlockQuote(_) => {
                self.separate();
                self.quotes += 1;
                self.text.push_str("> ");
                self.is_fresh = true;
            }
            // Slack would show the language as code.
            Tag::CodeBlock(_) | Tag::Table(_) => {
                self.begin_block();
                self.push("```");
                self.break_line();
            }
            Tag::List(first) => self.begin_list(first),
            Tag::Item => self.begin_item(),
            Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. } => self.open_link(&dest_url),
            Tag::TableHead | Tag::TableRow => self.is_first_cell = true,
            Tag::TableCell if self.is_first_cell => self.is_first_cell = false,
            Tag::TableCell => self.push(" | "),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(_) | TagEnd::Strong => self.close_bold(),
            TagEnd::Emphasis => self.push("_"),
            TagEnd::Strikethrough => self.push("~"),
            TagEnd::BlockQuote(_) => self.quotes -= 1,
            TagEnd::CodeBlock | TagEnd::Table => self.push("```"),
            TagEnd::List(_) => _ = self.lists.pop(),
            TagEnd::Link | TagEnd::Image => self.close_link(),
            TagEnd::TableHead | TagEnd::TableRow => self.break_line(),
            _ => {}
        }
    }

    fn push(&mut self, text: &str) {
        self.text.push_str(text);
        self.is_fresh = false;
    }

    /// Text that may have several lines, as code has.
    fn lines(&mut self, text: &str) {
        let mut lines = text.split('\n');
        self.push(&escape(lines.next().unwrap_or_default()));
        for line in lines {
            self.break_line();
            self.push(&escape(line));
        }
    }

    fn break_line(&mut self) {
        self.text.push('\n');
        self.begin_line();
    }

    /// What each line of a quote and of a list's item begins with.
    fn begin_line(&mut self) {
        self.text.push_str(&"> ".repeat(self.quotes));
        self.text.push_str(&"    ".repeat(self.lists.len().saturating_sub(1)));
    }

    fn begin_block(&mut self) {
        if !self.is_fresh {
            self.separate();
        }
        self.is_fresh = true;
    }

    /// A blank line after what came before; in a list, a new line.
    fn separate(&mut self) {
        if self.text.is_empty() {
            return;
        }
        if self.lists.is_empty() {
            self.break_line();
        }
        self.break_line();
    }

    fn begin_list(&mut self, first: Option<u64>) {
        if self.lists.is_empty() && !self.is_fresh {
            self.separate();
            self.is_fresh = true;
        }
        self.lists.push(first);
    }

    fn begin_item(&mut self) {
        if !self.is_fresh {
            self.break_line();
        }
        let mark = match self.lists.last_mut() {
            Some(Some(number)) => {
                *number += 1;
                format!("{}. ", *number - 1)
            }
            _ => "• ".to_owned(),
        };
        self.push(&mark);
        self.is_fresh = true;
    }

    /// Slack takes `<!here>` and `<@U…>` for mentions: a link is only what has an address.
    fn open_link(&mut self, address: &str) {
        let is_address =
            ["https://", "http://", "mailto:", "tel:"].iter().any(|kind| address.starts_with(kind));
        self.links.push(is_address);
        if is_address {
            self.push(&format!("<{}|", escape(address).replace('|', "%7C")));
        }
    }

    fn close_link(&mut self) {
        if self.links.pop() == Some(true) {
            self.push(">");
        }
    }

    fn open_bold(&mut self) {
        self.bold += 1;
        if self.bold == 1 {
            self.push("*");
        }
    }

    fn close_bold(&mut self) {
        self.bold -= 1;
        if self.bold == 0 {
            self.push("*");
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn markdown_is_slacks_markup() {
        for (markdown, expected) in [
            ("plain", "plain"),
            ("a < b & c > d", "a &lt; b &amp; c &gt; d"),
            ("**bold** *italic* ~~gone~~ `code`", "*bold* _italic_ ~gone~ `code`"),
            ("# Title\n\nText", "*Title*\n\nText"),
            ("## A **bold** title", "*A bold title*"),
            ("[label](https://x.example/a?b=1&c=2)", "<https://x.example/a?b=1&amp;c=2|label>"),
            ("<https://x.example>", "<https://x.example|https://x.example>"),
            ("[all](!here) [you](@U0ADA)", "all you"),
            ("![a cat](https://x.example/cat.png)", "<https://x.example/cat.png|a cat>"),
            ("- one\n- two\n  - inner\n- three", "• one\n• two\n    • inner\n• three"),
            ("3. three\n4. four", "3. three\n4. four"),
            ("> quoted\n> twice\n\nafter", "> quoted\n> twice\n\nafter"),
            ("```rust\nlet a = &b;\n\nlet c;\n```", "```\nlet a = &amp;b;\n\nlet c;\n```"),
            ("one  \ntwo", "one\ntwo"),
            ("a\n\n---\n\nb", "a\n\n———\n\nb"),
            ("| a | b |\n|---|---|\n| 1 | 2 |", "```\na | b\n1 | 2\n```"),
            ("<b>raw</b>", "&lt;b&gt;raw&lt;/b&gt;"),
            ("text\n\n- item\n\ntext", "text\n\n• item\n\ntext"),
        ] {
            assert_eq!(from_markdown(markdown), expected, "{markdown}");
        }
    }

    proptest! {
        /// Nobody is mentioned, and no link is made, but by a link.
        #[test]
        fn no_text_becomes_markup_of_slacks(words in "[a-z<>&!@#|*_`~> ()\\[\\]\n-]{0,60}") {
            let text = from_markdown(&words);
            for (at, _) in text.match_indices('<') {
                prop_assert!(!text[at..].starts_with("<!") && !text[at..].starts_with("<@"), "{text}");
            }
        }

        #[test]
        fn whatever_is_written_can_be_read(markdown in "\\PC{0,80}") {
            from_markdown(&markdown);
        }
    }
}
