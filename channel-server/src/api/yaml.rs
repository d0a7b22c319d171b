//! JSON values as YAML in blocks, as people write it.

use std::fmt::{self, Write as _};

use serde_json::Value;

/// The value as a YAML document.
pub(super) fn write(value: &Value) -> String {
    let mut text = String::new();
    // A string takes whatever is written to it.
    let _ = block(&mut text, value, 0);
    text
}

fn block(out: &mut String, value: &Value, indent: usize) -> fmt::Result {
    match value {
        Value::Object(fields) if !fields.is_empty() => {
            for (index, (key, value)) in fields.iter().enumerate() {
                if index > 0 {
                    pad(out, indent);
                }
                write!(out, "{}:", scalar(key))?;
                field(out, value, indent)?;
            }
            Ok(())
        }
        Value::Array(items) if !items.is_empty() => {
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    pad(out, indent);
                }
                out.push_str("- ");
                block(out, item, indent + 2)?;
            }
            Ok(())
        }
        Value::String(text) => writeln!(out, "{}", scalar(text)),
        flow => writeln!(out, "{flow}"),
    }
}

/// What follows a key: on its line, or below it. A list stands as far left as its key.
fn field(out: &mut String, value: &Value, indent: usize) -> fmt::Result {
    match value {
        Value::Object(fields) if !fields.is_empty() => below(out, value, indent + 2),
        Value::Array(items) if !items.is_empty() => below(out, value, indent),
        Value::String(text) if text.contains('\n') && is_literal(text) => {
            literal(out, text, indent + 2);
            Ok(())
        }
        value => {
            out.push(' ');
            block(out, value, indent)
        }
    }
}

fn below(out: &mut String, value: &Value, indent: usize) -> fmt::Result {
    out.push('\n');
    pad(out, indent);
    block(out, value, indent)
}

fn pad(out: &mut String, indent: usize) {
    out.extend(std::iter::repeat_n(' ', indent));
}

/// A text behind its key, line by line.
pub(super) fn literal(out: &mut String, text: &str, indent: usize) {
    if !is_literal(text) {
        out.extend([" ", &scalar(text), "\n"]);
        return;
    }
    out.push_str(" |-\n");
    for line in text.split('\n') {
        if !line.is_empty() {
            pad(out, indent);
            out.push_str(line);
        }
        out.push('\n');
    }
}

/// Whether a text can stand line by line.
fn is_literal(text: &str) -> bool {
    !text.is_empty()
        && !text.starts_with([' ', '\n'])
        && !text.ends_with('\n')
        && !text.contains(|letter: char| letter.is_control() && letter != '\n')
}

/// A text on one line: as it is where nobody could take it for something else, else as JSON, which YAML reads.
pub(super) fn scalar(text: &str) -> String {
    if is_plain(text) { text.to_owned() } else { Value::from(text).to_string() }
}

fn is_plain(text: &str) -> bool {
    let is_word = |letter: char| letter.is_alphanumeric() || " _-./'!?,(){}[]*".contains(letter);
    let reserved = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];
    text.starts_with(|letter: char| letter.is_alphabetic() || letter == '_')
        && !text.ends_with(' ')
        && text.chars().all(is_word)
        && !reserved.contains(&text.to_ascii_lowercase().as_str())
}
