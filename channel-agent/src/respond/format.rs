//! Python's `str.format`, as far as Rasa's responses reach it.

use channel_core::{Metadata, python_repr};
use serde_json::Value;

/// Why a text could not be filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum FormatError {
    /// There is no value of this name: Rasa sends the text as it is written.
    Unknown(String),
    /// Python refuses the text: Rasa's action fails.
    Malformed(&'static str),
}

/// What a text is filled with: arguments, and slots where there is no argument of the name.
#[derive(Clone, Copy)]
pub(super) struct Values<'a> {
    pub(super) arguments: &'a Metadata,
    pub(super) slots: &'a Metadata,
}

impl Values<'_> {
    pub(super) fn is_empty(self) -> bool {
        self.arguments.is_empty() && self.slots.is_empty()
    }

    fn get(&self, name: &str) -> Option<&Value> {
        self.arguments.get(name).or_else(|| self.slots.get(name))
    }

    fn all(&self) -> Value {
        let mut all = self.slots.clone();
        all.extend(self.arguments.iter().map(|(name, value)| (name.clone(), value.clone())));
        Value::Object(all)
    }
}

/// `template.format(values)`: `{0[name]}` is the value of that name.
pub(super) fn format(template: &str, values: Values<'_>) -> Result<String, FormatError> {
    let mut formatter = Formatter { values, numbering: None, text: String::with_capacity(template.len()) };
    let mut rest = template;
    while let Some(at) = rest.find(['{', '}']) {
        formatter.text.push_str(&rest[..at]);
        let (brace, after) = rest[at..].split_at(1);
        if let Some(after) = after.strip_prefix(brace) {
            formatter.text.push_str(brace);
            rest = after;
        } else if brace == "}" {
            return Err(FormatError::Malformed("a single `}`; write it twice"));
        } else {
            rest = formatter.field(after)?;
        }
    }
    formatter.text.push_str(rest);
    Ok(formatter.text)
}

/// A value as Python's `str` writes it.
pub(super) fn python_str(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        value => python_repr(value),
    }
}

/// Fields are numbered by hand (`{0}`) or not at all (`{}`), never both in one text.
#[derive(Clone, Copy, PartialEq)]
enum Numbering {
    Automatic(usize),
    Manual,
}

struct Formatter<'a> {
    values: Values<'a>,
    numbering: Option<Numbering>,
    text: String,
}

impl Formatter<'_> {
    /// Fills in the field that begins here, and returns what comes after it.
    fn field<'t>(&mut self, text: &'t str) -> Result<&'t str, FormatError> {
        let (name, after, is_plain) = split_field(text)?;
        let value = self.value(name)?;
        if !is_plain {
            return Err(FormatError::Malformed("a conversion or a format"));
        }
        self.text.push_str(&value);
        Ok(after)
    }

    fn value(&mut self, name: &str) -> Result<String, FormatError> {
        let (first, path) = name.split_at(name.find(['.', '[']).unwrap_or(name.len()));
        self.number(first)?;
        let Some(item) = path.strip_prefix('[') else {
            return match path {
                "" => Ok(python_repr(&self.values.all())),
                _ => Err(FormatError::Malformed("an attribute of all values")),
            };
        };
        let Some((key, deeper)) = item.split_once(']') else {
            return Err(FormatError::Malformed("a `[` without a `]`"));
        };
        if key.is_empty() {
            return Err(FormatError::Malformed("an empty name"));
        }
        // A number is an index to Python, and no name of a slot.
        let is_index = key.bytes().all(|byte| byte.is_ascii_digit());
        let value = self.values.get(key).filter(|_| !is_index);
        let value = value.ok_or_else(|| FormatError::Unknown(key.to_owned()))?;
        if deeper.is_empty() {
            Ok(python_str(value))
        } else {
            Err(FormatError::Malformed("something after a `]`"))
        }
    }

    /// Checks the number of a field: there is one thing to show, number 0. Anything else is a name, and none is known.
    fn number(&mut self, first: &str) -> Result<(), FormatError> {
        let (numbering, number) = match (first.is_empty(), self.numbering) {
            (true, None) => (Numbering::Automatic(1), 0),
            (true, Some(Numbering::Automatic(next))) => (Numbering::Automatic(next + 1), next),
            (false, None | Some(Numbering::Manual)) => match first.parse() {
                Ok(number) => (Numbering::Manual, number),
                Err(_) => return Err(FormatError::Unknown(first.to_owned())),
            },
            (false, _) if first.parse::<usize>().is_err() => {
                return Err(FormatError::Unknown(first.to_owned()));
            }
            _ => return Err(FormatError::Malformed("`{}` beside a field with a name")),
        };
        self.numbering = Some(numbering);
        if number == 0 { Ok(()) } else { Err(FormatError::Malformed("more fields `{}` than values")) }
    }
}

/// A field's name, what comes after the field, and whether it is nothing but a name.
fn split_field(text: &str) -> Result<(&str, &str, bool), FormatError> {
    let mut in_brackets = false;
    for (at, c) in text.char_indices() {
        match c {
            ']' => in_brackets = false,
            _ if in_brackets => {}
            '[' => in_brackets = true,
            '{' => return Err(FormatError::Malformed("a `{` within a field")),
            '}' => return Ok((&text[..at], &text[at + 1..], true)),
            '!' | ':' => return Ok((&text[..at], "", false)),
            _ => {}
        }
    }
    Err(FormatError::Malformed("a `{` without a `}`"))
}
