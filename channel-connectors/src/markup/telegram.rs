//! Markdown as the HTML that Telegram takes, <https://core.telegram.org/bots/api#html-style>.

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

/// The HTML of a text in `CommonMark`. Its tags are balanced and are Telegram's; what Telegram has no tag for is words and signs.
pub(crate) fn from_markdown(markdown: &str) -> String {
    let mut writer = Writer { at_start: true, ..Writer::default() };
    for event in Parser::new_ext(markdown, Options::ENABLE_STRIKETHROUGH) {
        writer.event(event);
    }
    writer.html.trim().to_owned()
}

#[derive(Default)]
struct Writer {
    html: String,
    /// Whether nothing was written since the text, the item or the quote began.
    at_start: bool,
    lists: Vec<List>,
    /// How often each mark is open: one within another of its kind says nothing more, and Telegram refuses some.
    open: [usize; 5],
}

/// A list that is open.
struct List {
    /// The number of the next item; `None` where they have bullets.
    next: Option<u64>,
    has_items: bool,
}

#[derive(Clone, Copy)]
enum Mark {
    Bold,
    Italic,
    Struck,
    Quote,
    Link,
}

impl Writer {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Code(code) => {
                self.raw("<code>");
                self.text(&code);
                self.raw("</code>");
            }
            Event::SoftBreak | Event::HardBreak => self.raw("\n"),
            Event::Rule => {
                self.block();
                self.raw("———");
            }
            Event::Text(text)
            | Event::Html(text)
            | Event::InlineHtml(text)
            | Event::InlineMath(text)
            | Event::DisplayMath(text)
            | Event::FootnoteReference(text) => self.text(&text),
            Event::TaskListMarker(is_done) => self.raw(if is_done { "☑ " } else { "☐ " }),
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Paragraph | Tag::HtmlBlock => self.block(),
            Tag::Heading { .. } => {
                self.block();
                self.open(Mark::Bold, "<b>");
            }
            Tag::BlockQuote(_) => {
                self.block();
                self.open(Mark::Quote, "<blockquote>");
                self.at_start = true;
            }
            Tag::CodeBlock(kind) => self.code_block(&kind),
            Tag::List(first) => {
                if self.lists.is_empty() {
                    self.block();
                }
                self.lists.push(List { next: first, has_items: false });
            }
            Tag::Item => self.item(),
            Tag::Strong => self.open(Mark::Bold, "<b>"),
            Tag::Emphasis => self.open(Mark::Italic, "<i>"),
            Tag::Strikethrough => self.open(Mark::Struck, "<s>"),
            // Of an image the description is shown.
            Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. } => {
                self.open(Mark::Link, &format!("<a href=\"{}\">", escaped(&dest_url)));
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(_) | TagEnd::Strong => self.close(Mark::Bold, "</b>"),
            TagEnd::Emphasis => self.close(Mark::Italic, "</i>"),
            TagEnd::Strikethrough => self.close(Mark::Struck, "</s>"),
            TagEnd::BlockQuote(_) => self.close(Mark::Quote, "</blockquote>"),
            TagEnd::Link | TagEnd::Image => self.close(Mark::Link, "</a>"),
            TagEnd::CodeBlock => {
                self.html.truncate(self.html.trim_end_matches('\n').len());
                self.raw("</code></pre>");
            }
            TagEnd::List(_) => {
                self.lists.pop();
            }
            _ => {}
        }
    }

    fn open(&mut self, mark: Mark, tag: &str) {
        let count = &mut self.open[mark as usize];
        *count += 1;
        if *count == 1 {
            self.raw(tag);
        }
    }

    fn close(&mut self, mark: Mark, tag: &str) {
        let count = &mut self.open[mark as usize];
        *count = count.saturating_sub(1);
        if *count == 0 {
            self.raw(tag);
        }
    }

    /// Begins a block: behind a blank line, or where the item or the quote begins.
    fn block(&mut self) {
        if !self.at_start {
            self.raw("\n\n");
        }
    }

    fn code_block(&mut self, kind: &CodeBlockKind<'_>) {
        self.block();
        match language(kind) {
            Some(language) => self.raw(&format!("<pre><code class=\"language-{}\">", escaped(language))),
            None => self.raw("<pre><code>"),
        }
    }

    fn item(&mut self) {
        let depth = self.lists.len().saturating_sub(1);
        let Some(List { next, has_items }) = self.lists.last_mut() else { return };
        let mark = next.map_or("•".to_owned(), |number| format!("{number}."));
        *next = next.map(|number| number.saturating_add(1));
        let is_on_new_line = !*has_items && (depth == 0 || self.at_start);
        *has_items = true;
        if !is_on_new_line {
            self.raw("\n");
        }
        self.raw(&format!("{}{mark} ", "  ".repeat(depth)));
        self.at_start = true;
    }

    fn text(&mut self, text: &str) {
        self.raw(&escaped(text));
    }

    fn raw(&mut self, html: &str) {
        self.html.push_str(html);
        self.at_start = false;
    }
}

/// The first word behind the fence.
fn language<'a>(kind: &'a CodeBlockKind<'_>) -> Option<&'a str> {
    match kind {
        CodeBlockKind::Fenced(info) => info.split_whitespace().next(),
        CodeBlockKind::Indented => None,
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_become_tags() {
        for (markdown, expected) in [
            ("plain", "plain"),
            ("**bold** *italic* ~~gone~~ `a<b`", "<b>bold</b> <i>italic</i> <s>gone</s> <code>a&lt;b</code>"),
            ("1 < 2 & \"3\"", "1 &lt; 2 &amp; &quot;3&quot;"),
            ("**open", "**open"),
            ("<script>x</script>", "&lt;script&gt;x&lt;/script&gt;"),
            ("# Title **x**\ntext", "<b>Title x</b>\n\ntext"),
            ("[a](https://x.org/?q=\"1\"&r)", "<a href=\"https://x.org/?q=&quot;1&quot;&amp;r\">a</a>"),
            ("[![cat](https://x.org/c.png)](https://x.org)", "<a href=\"https://x.org\">cat</a>"),
            ("- a\n- b\n  - c\n\nend", "• a\n• b\n  • c\n\nend"),
            ("3. a\n4. b", "3. a\n4. b"),
            ("- a\n\n- b", "• a\n• b"),
            ("> q\n>> r\n\nend", "<blockquote>q\n\nr</blockquote>\n\nend"),
            ("```rust x\na && b\n```", "<pre><code class=\"language-rust\">a &amp;&amp; b</code></pre>"),
            ("```\"><b>\nx\n```", "<pre><code class=\"language-&quot;&gt;&lt;b&gt;\">x</code></pre>"),
            ("a\n\n---\n\nb", "a\n\n———\n\nb"),
            ("[x]: https://x.org", ""),
        ] {
            assert_eq!(from_markdown(markdown), expected, "{markdown}");
        }
    }

    #[test]
    fn tags_are_balanced_whatever_comes() {
        let parts = [
            "**", "*", "~~", "`", "> ", "- ", "1. ", "# ", "```", "\n", "\n\n", "[a](b)", "![", "](c)",
            "<b>", "x ",
        ];
        for seed in 0..5_000_usize {
            let mut state = seed;
            let text: String = (0..12)
                .map(|_| {
                    state =
                        state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                    parts[(state >> 33) % parts.len()]
                })
                .collect();
            let html = from_markdown(&text);
            let mut open = Vec::new();
            for tag in html.split('<').skip(1).map(|behind| behind.split('>').next().unwrap()) {
                match tag.strip_prefix('/') {
                    Some(name) => assert_eq!(open.pop(), Some(name), "{text:?}: {html}"),
                    None => open.push(tag.split(' ').next().unwrap()),
                }
            }
            assert!(open.is_empty(), "{text:?}: {html}");
        }
    }
}
