//! `parse_mode` `MarkdownV2`, <https://core.telegram.org/bots/api#markdownv2-style>.

use super::{Entity, Formatted, utf16};

/// What has to be escaped where it marks nothing.
const RESERVED: &str = "_*[]()~`>#+-=|{}.!";

/// The marks, longer ones first: how they look, what they make, what Telegram calls that.
const MARKS: [(&str, &str, &str); 7] = [
    ("__", "underline", "Underline"),
    ("||", "spoiler", "Spoiler"),
    ("_", "italic", "Italic"),
    ("*", "bold", "Bold"),
    ("~", "strikethrough", "Strikethrough"),
    ("![", "custom_emoji", "CustomEmoji"),
    ("[", "text_link", "TextUrl"),
];

struct Reader<'a> {
    text: &'a str,
    /// In bytes.
    at: usize,
    read: Formatted,
    open: Vec<Open>,
    /// Where the quotation began that this line is in.
    quote: Option<usize>,
}

/// A mark that waits for its end.
struct Open {
    kind: &'static str,
    name: &'static str,
    offset: usize,
    /// In bytes of the marked text.
    begin: usize,
}

pub(super) fn parse(text: &str) -> Result<Formatted, String> {
    let mut reader = Reader { text, at: 0, read: Formatted::default(), open: Vec::new(), quote: None };
    while let Some(next) = reader.rest().chars().next() {
        reader.step(next)?;
    }
    if let Some(Open { name, begin, .. }) = reader.open.last() {
        return Err(no_end(name, *begin));
    }
    reader.end_quote("blockquote");
    Ok(reader.read)
}

fn no_end(name: &str, begin: usize) -> String {
    format!("Can't find end of {name} entity at byte offset {begin}")
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn offset(&self) -> usize {
        utf16(&self.read.text)
    }

    fn push(&mut self, character: char) {
        self.read.text.push(character);
        self.at += character.len_utf8();
    }

    fn step(&mut self, next: char) -> Result<(), String> {
        let at_line_start = self.read.text.is_empty() || self.read.text.ends_with('\n');
        if next == '\\'
            && let Some(escaped) = self.rest()[1..].chars().next().filter(char::is_ascii)
        {
            self.at += 1;
            self.push(escaped);
        } else if next == '>' && at_line_start && self.rest_is_quote() {
            self.quote.get_or_insert(utf16(&self.read.text));
            self.at += 1;
        } else if self.quote.is_some() && self.ends_expandable() {
            self.at += 2;
            self.end_quote("expandable_blockquote");
        } else if next == '`' {
            self.code()?;
        } else if next == ']'
            && self.open.last().is_some_and(|open| open.kind == "text_link" || open.kind == "custom_emoji")
        {
            self.link()?;
        } else if let Some(mark) = MARKS.into_iter().find(|(mark, ..)| self.rest().starts_with(mark)) {
            self.mark(mark);
        } else if RESERVED.contains(next) {
            return Err(format!(
                "Character '{next}' is reserved and must be escaped with the preceding '\\'"
            ));
        } else {
            self.push(next);
            if next == '\n' && !self.rest().starts_with('>') {
                self.end_quote("blockquote");
            }
        }
        Ok(())
    }

    /// A quotation is in nothing else.
    fn rest_is_quote(&self) -> bool {
        self.quote.is_some() || self.open.is_empty()
    }

    fn ends_expandable(&self) -> bool {
        let is_spoiler = self.open.iter().any(|open| open.kind == "spoiler");
        let behind = self.rest().strip_prefix("||");
        !is_spoiler && behind.is_some_and(|behind| behind.is_empty() || behind.starts_with('\n'))
    }

    fn end_quote(&mut self, kind: &str) {
        if let Some(offset) = self.quote.take() {
            let length = self.offset() - offset;
            let length = length - usize::from(self.read.text.ends_with('\n') && length > 0);
            self.read.entities.push(Entity::new(kind, offset, length));
        }
    }

    /// A mark ends what the same one began last, else it begins.
    fn mark(&mut self, (mark, kind, name): (&str, &'static str, &'static str)) {
        let begin = self.at;
        self.at += mark.len();
        let offset = self.offset();
        match self.open.pop_if(|open| open.kind == kind && !mark.ends_with('[')) {
            Some(open) => self.close(Entity::new(kind, open.offset, offset - open.offset)),
            None => self.open.push(Open { kind, name, offset, begin }),
        }
    }

    fn close(&mut self, entity: Entity) {
        if entity.length > 0 {
            self.read.entities.push(entity);
        }
    }

    /// Code in a line, or lines of it: nothing in it is a mark.
    fn code(&mut self) -> Result<(), String> {
        let begin = self.at;
        let offset = self.offset();
        let is_block = self.rest().starts_with("```");
        let (mark, kind, mut name) = if is_block { ("```", "pre", "Pre") } else { ("`", "code", "Code") };
        self.at += mark.len();
        let language = if is_block { self.language() } else { None };
        if language.is_some() {
            name = "PreCode";
        }
        loop {
            let rest = self.rest();
            if rest.starts_with(mark) {
                break;
            }
            let mut coming = rest.chars();
            match (coming.next(), coming.next()) {
                (None, _) => return Err(no_end(name, begin)),
                (Some('\\'), Some(escaped)) if escaped.is_ascii() => {
                    self.at += 1;
                    self.push(escaped);
                }
                (Some(next), _) => self.push(next),
            }
        }
        self.at += mark.len();
        let length = self.offset() - offset;
        self.close(Entity { language, ..Entity::new(kind, offset, length) });
        Ok(())
    }

    /// The language of a block: a word right behind the mark, before white space.
    fn language(&mut self) -> Option<String> {
        let rest = self.rest();
        let end = rest.find(|next: char| next.is_ascii_whitespace() || next == '`')?;
        let language = rest[..end].to_owned();
        let line_ends = rest[end..].strip_prefix('\r').unwrap_or(&rest[end..]).starts_with('\n');
        let is_language = end > 0 && !rest[end..].starts_with('`');
        if !is_language {
            self.at += usize::from(end == 0 && line_ends);
            return None;
        }
        self.at += end + usize::from(line_ends);
        Some(language)
    }

    /// The end of `[words](address)`; without an address the words are it.
    fn link(&mut self) -> Result<(), String> {
        let Some(open) = self.open.pop() else { return Ok(()) };
        self.at += 1;
        let mut entity = Entity::new(open.kind, open.offset, self.offset() - open.offset);
        let address =
            if self.rest().starts_with('(') { self.address()? } else { self.words_since(open.offset) };
        if open.kind == "custom_emoji" {
            entity.custom_emoji_id = Some(address.rsplit('=').next().unwrap_or_default().to_owned());
        } else {
            entity.url = Some(address);
        }
        self.close(entity);
        Ok(())
    }

    fn words_since(&self, offset: usize) -> String {
        String::from_utf16_lossy(&self.read.text.encode_utf16().skip(offset).collect::<Vec<_>>())
    }

    fn address(&mut self) -> Result<String, String> {
        let begin = self.at;
        self.at += 1;
        let mut address = String::new();
        let mut characters = self.rest().char_indices();
        while let Some((at, next)) = characters.next() {
            match next {
                ')' => {
                    self.at += at + 1;
                    return Ok(address);
                }
                '\\' => address.extend(characters.next().map(|(_, escaped)| escaped)),
                _ => address.push(next),
            }
        }
        Err(format!("Can't find end of a URL at byte offset {begin}"))
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse;

    #[test]
    fn what_is_wrong_is_told_as_telegram_tells_it() {
        for (text, why) in [
            ("🏟 🏟_abacaba", "Can't find end of Italic entity at byte offset 9"),
            ("🏟 🏟_abac * asd ", "Can't find end of Bold entity at byte offset 15"),
            ("🏟 🏟_abac * asd _", "Can't find end of Italic entity at byte offset 21"),
            ("🏟 🏟`", "Can't find end of Code entity at byte offset 9"),
            ("🏟 🏟```", "Can't find end of Pre entity at byte offset 9"),
            ("🏟 🏟```a", "Can't find end of Pre entity at byte offset 9"),
            ("🏟 🏟```a ", "Can't find end of PreCode entity at byte offset 9"),
            ("🏟 🏟__🏟 🏟_", "Can't find end of Italic entity at byte offset 20"),
            ("🏟 🏟_🏟 🏟__", "Can't find end of Underline entity at byte offset 19"),
            ("1.0", "Character '.' is reserved and must be escaped with the preceding '\\'"),
            ("[x](y", "Can't find end of a URL at byte offset 3"),
        ] {
            assert_eq!(
                parse(text, "MarkdownV2").unwrap_err(),
                format!("can't parse entities: {why}"),
                "{text}"
            );
        }
    }

    #[test]
    fn every_reserved_character_can_be_escaped() {
        for reserved in "]()#+-=|{}.!".chars() {
            let text = reserved.to_string();
            assert!(parse(&text, "MarkdownV2").unwrap_err().contains("reserved"), "{text}");
            assert_eq!(parse(&format!("\\{text}"), "MarkdownV2").unwrap().text, text);
        }
    }

    #[test]
    fn marks_are_entities() {
        let text =
            "🏟*bold _both_* [link](https://x.org/\\)) `co_de` ||secret||\n```rust\nlet x;```\n>said\n>so";
        let read = parse(text, "markdownv2").unwrap();
        assert_eq!(read.text, "🏟bold both link co_de secret\nlet x;\nsaid\nso");
        let kinds: Vec<_> = read.entities.iter().map(|one| one.kind.as_str()).collect();
        assert_eq!(kinds, ["bold", "italic", "text_link", "code", "spoiler", "pre", "blockquote"]);
        assert_eq!((read.entities[0].offset, read.entities[0].length), (2, 9));
        assert_eq!(read.entities[2].url.as_deref(), Some("https://x.org/)"));
        assert_eq!(read.entities[5].language.as_deref(), Some("rust"));
    }
}
