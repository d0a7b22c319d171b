//! `parse_mode` HTML, <https://core.telegram.org/bots/api#html-style>.

use super::{Entity, Formatted, utf16};

/// Reads a text from one end to the other.
struct Reader<'a> {
    text: &'a str,
    /// In bytes.
    at: usize,
}

/// A tag that waits for its end.
struct Open {
    tag: String,
    attribute: Option<String>,
    offset: usize,
}

pub(super) fn parse(text: &str) -> Result<Formatted, String> {
    let mut reader = Reader { text, at: 0 };
    let mut read = Formatted::default();
    let mut open: Vec<Open> = Vec::new();
    while let Some(next) = reader.peek() {
        let begin = reader.at;
        match next {
            '&' => read.text.push(reader.character()),
            '<' if reader.rest().starts_with("</") => {
                let last = open.pop().ok_or(format!("Unexpected end tag at byte offset {begin}"))?;
                reader.end_tag(&last.tag)?;
                close(&mut read, last);
            }
            '<' => {
                let (tag, attribute) = reader.start_tag()?;
                open.push(Open { tag, attribute, offset: utf16(&read.text) });
            }
            other => {
                read.text.push(other);
                reader.at += other.len_utf8();
            }
        }
    }
    match open.pop() {
        Some(last) => Err(format!("Can't find end tag corresponding to start tag \"{}\"", last.tag)),
        None => Ok(read),
    }
}

fn close(read: &mut Formatted, Open { tag, attribute, offset }: Open) {
    let length = utf16(&read.text) - offset;
    let kind = match tag.as_str() {
        "b" | "strong" => "bold",
        "i" | "em" => "italic",
        "u" | "ins" => "underline",
        "s" | "strike" | "del" => "strikethrough",
        "span" | "tg-spoiler" => "spoiler",
        "tg-emoji" => "custom_emoji",
        "a" => "text_link",
        "blockquote" if attribute.is_some() => "expandable_blockquote",
        other => other,
    };
    let mut entity = Entity::new(kind, offset, length);
    match kind {
        "text_link" => {
            let given = attribute.filter(|url| !url.is_empty());
            entity.url = given.or_else(|| Some(after(&read.text, offset)));
        }
        "custom_emoji" => entity.custom_emoji_id = attribute,
        "code" => {
            entity.language = attribute.and_then(|class| Some(class.strip_prefix("language-")?.to_owned()));
        }
        // `<pre><code class="language-…">` is one entity.
        "pre" => {
            let is_inside =
                |code: &&Entity| code.kind == "code" && code.offset == offset && code.length == length;
            if let Some(code) = read.entities.last().filter(is_inside) {
                entity.language.clone_from(&code.language);
                read.entities.pop();
            }
        }
        _ => {}
    }
    read.entities.push(entity);
}

/// What comes after so many UTF-16 units.
fn after(text: &str, offset: usize) -> String {
    String::from_utf16_lossy(&text.encode_utf16().skip(offset).collect::<Vec<_>>())
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn take_while(&mut self, fits: impl Fn(char) -> bool) -> String {
        let rest = self.rest();
        let taken = rest[..rest.find(|next| !fits(next)).unwrap_or(rest.len())].to_owned();
        self.at += taken.len();
        taken
    }

    fn skip_space(&mut self) {
        self.take_while(|next| next.is_ascii_whitespace());
    }

    /// What stands at an `&`: an entity, or itself.
    fn character(&mut self) -> char {
        const NAMED: [(&str, char); 4] = [("&lt", '<'), ("&gt", '>'), ("&amp", '&'), ("&quot", '"')];
        let named = NAMED.iter().find(|(name, _)| self.rest().starts_with(name));
        let (length, character) = match named {
            Some((name, character)) => (name.len(), *character),
            None => self.numeric().unwrap_or((1, '&')),
        };
        self.at += length;
        if length > 1 && self.peek() == Some(';') {
            self.at += 1;
        }
        character
    }

    fn numeric(&self) -> Option<(usize, char)> {
        let digits = self.rest().strip_prefix("&#")?;
        let (digits, radix, before) = match digits.strip_prefix('x') {
            Some(digits) => (digits, 16, 3),
            None => (digits, 10, 2),
        };
        let length = digits.find(|next: char| !next.is_digit(radix)).unwrap_or(digits.len());
        let code = u32::from_str_radix(&digits[..length], radix).ok()?;
        Some((before + length, char::from_u32(code).filter(|character| *character != '\0')?))
    }

    /// The name of a tag, and the attribute that says something.
    fn start_tag(&mut self) -> Result<(String, Option<String>), String> {
        let begin = self.at;
        let unclosed = || format!("Unclosed start tag at byte offset {begin}");
        self.at += 1;
        let name = self.take_while(|next| !next.is_ascii_whitespace() && next != '>').to_ascii_lowercase();
        self.peek().ok_or_else(unclosed)?;
        let is_known = "a b strong i em s strike del u ins tg-spoiler tg-emoji span pre code blockquote";
        if name.is_empty() || !is_known.split(' ').any(|known| known == name) {
            return Err(format!("Unsupported start tag \"{name}\" at byte offset {begin}"));
        }
        let mut said = None;
        loop {
            self.skip_space();
            match self.peek() {
                None => return Err(unclosed()),
                Some('>') => break,
                Some(_) => {}
            }
            let attribute = self.take_while(|next| !next.is_ascii_whitespace() && !matches!(next, '=' | '>'));
            if attribute.is_empty() {
                return Err(format!("Empty attribute name in the tag \"{name}\" at byte offset {begin}"));
            }
            let value = match (name.as_str(), attribute.as_str(), self.peek()) {
                ("blockquote", "expandable", Some('>')) => String::new(),
                _ => self.value(&name, begin)?,
            };
            if matches!(
                (name.as_str(), attribute.to_ascii_lowercase().as_str()),
                ("a", "href")
                    | ("code" | "span", "class")
                    | ("tg-emoji", "emoji-id")
                    | ("blockquote", "expandable")
            ) {
                said = Some(value);
            }
        }
        self.at += 1;
        if name == "span" && said.as_deref() != Some("tg-spoiler") {
            return Err(format!("Tag \"span\" must have class \"tg-spoiler\" at byte offset {begin}"));
        }
        Ok((name, said))
    }

    fn value(&mut self, tag: &str, begin: usize) -> Result<String, String> {
        self.skip_space();
        if self.peek() != Some('=') {
            return Err(format!(
                "Expected equal sign in declaration of an attribute of the tag \"{tag}\" at byte offset {begin}"
            ));
        }
        self.at += 1;
        self.skip_space();
        let value = self.at;
        match self.peek() {
            None => Err(format!("Unclosed start tag \"{tag}\" at byte offset {begin}")),
            Some(quote @ ('"' | '\'')) => {
                self.at += 1;
                let mut read = String::new();
                while let Some(next) = self.peek().filter(|next| *next != quote) {
                    if next == '&' {
                        read.push(self.character());
                    } else {
                        read.push(next);
                        self.at += next.len_utf8();
                    }
                }
                self.peek().ok_or(format!("Unclosed start tag at byte offset {begin}"))?;
                self.at += 1;
                Ok(read)
            }
            Some(_) => {
                let read = self.take_while(|next| next.is_ascii_alphanumeric() || matches!(next, '.' | '-'));
                match self.peek() {
                    Some(next) if next.is_ascii_whitespace() || next == '>' => Ok(read),
                    _ => Err(format!("Unexpected end of name token at byte offset {value}")),
                }
            }
        }
    }

    fn end_tag(&mut self, expected: &str) -> Result<(), String> {
        let begin = self.at;
        self.at += 2;
        let name = self.take_while(|next| !next.is_ascii_whitespace() && next != '>').to_ascii_lowercase();
        self.skip_space();
        if self.peek() != Some('>') {
            return Err(format!("Unclosed end tag at byte offset {begin}"));
        }
        self.at += 1;
        if !name.is_empty() && name != expected {
            return Err(format!(
                "Unmatched end tag at byte offset {begin}, expected \"</{expected}>\", found \"</{name}>\""
            ));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse;

    #[test]
    fn what_is_wrong_is_told_as_telegram_tells_it() {
        for (text, why) in [
            ("🏟 🏟&lt;<abacaba", "Unclosed start tag at byte offset 13"),
            ("🏟 🏟&lt;<abac aba>", "Unsupported start tag \"abac\" at byte offset 13"),
            ("a < b>", "Unsupported start tag \"\" at byte offset 2"),
            ("🏟 🏟&lt;<i   =aba>", "Empty attribute name in the tag \"i\" at byte offset 13"),
            (
                "🏟 🏟&lt;<i    aba>",
                "Expected equal sign in declaration of an attribute of the tag \"i\" at byte offset 13",
            ),
            ("🏟 🏟&lt;<i    aba  =  ", "Unclosed start tag \"i\" at byte offset 13"),
            ("🏟 🏟&lt;<i    aba  =  190azAz-.,", "Unexpected end of name token at byte offset 27"),
            ("🏟 🏟&lt;<i    aba  =  \"&lt;&gt;&quot;>", "Unclosed start tag at byte offset 13"),
            ("🏟 🏟&lt;</", "Unexpected end tag at byte offset 13"),
            ("<b>x</b", "Unclosed end tag at byte offset 4"),
            ("<b>x</i>", "Unmatched end tag at byte offset 4, expected \"</b>\", found \"</i>\""),
            ("<b>x", "Can't find end tag corresponding to start tag \"b\""),
            ("<span>x</span>", "Tag \"span\" must have class \"tg-spoiler\" at byte offset 0"),
        ] {
            assert_eq!(parse(text, "HTML").unwrap_err(), format!("can't parse entities: {why}"), "{text}");
        }
    }

    #[test]
    fn tags_are_entities() {
        let text = "🏟<b>bold <i>both</i></b> &lt;<a href=\"https://x.org/?a&amp;b\">link</a> \
                    <pre><code class=\"language-rust\">x</code></pre>";
        let read = parse(text, "html").unwrap();
        assert_eq!(read.text, "🏟bold both <link x");
        let all = read.entities.iter().map(|one| (one.kind.as_str(), one.offset, one.length));
        let expected = [("bold", 2, 9), ("italic", 7, 4), ("text_link", 13, 4), ("pre", 18, 1)];
        assert_eq!(all.collect::<Vec<_>>(), expected);
        assert_eq!(read.entities[2].url.as_deref(), Some("https://x.org/?a&b"));
        assert_eq!(read.entities[3].language.as_deref(), Some("rust"));
    }
}
