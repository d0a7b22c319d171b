//! JSON and `repr` as Python writes them: Rasa's degraded texts contain both.

use std::fmt::{self, Display, Formatter, Write};

use serde_json::{Number, Value};

use crate::message::Metadata;

/// Python's `json.dumps`.
pub(super) fn dumps(value: &Value) -> String {
    Written { value, notation: JSON }.to_string()
}

/// Python's `json.dumps(…, sort_keys=True)`.
pub(super) fn dumps_sorted(object: &Metadata) -> String {
    Object { entries: object, notation: Notation { sort_keys: true, ..JSON } }.to_string()
}

/// A value as Python's `repr` writes it: Rasa's texts contain it wherever they show a list, a map, `None` or `True`.
///
/// # Examples
///
/// ```
/// assert_eq!(channel_core::python_repr(&serde_json::json!([null, true, "it's"])), r#"[None, True, "it's"]"#);
/// ```
pub fn repr(value: &Value) -> String {
    Written { value, notation: REPR }.to_string()
}

#[derive(Clone, Copy)]
struct Notation {
    null: &'static str,
    yes: &'static str,
    no: &'static str,
    string: fn(&str, &mut Formatter<'_>) -> fmt::Result,
    sort_keys: bool,
}

const JSON: Notation =
    Notation { null: "null", yes: "true", no: "false", string: json_string, sort_keys: false };
const REPR: Notation =
    Notation { null: "None", yes: "True", no: "False", string: repr_string, sort_keys: false };

struct Written<'a> {
    value: &'a Value,
    notation: Notation,
}

struct Object<'a> {
    entries: &'a Metadata,
    notation: Notation,
}

impl Display for Written<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { value, notation } = *self;
        match value {
            Value::Null => f.write_str(notation.null),
            Value::Bool(true) => f.write_str(notation.yes),
            Value::Bool(false) => f.write_str(notation.no),
            Value::Number(number) => write_number(number, f),
            Value::String(text) => (notation.string)(text, f),
            Value::Array(items) => write_list(items, notation, f),
            Value::Object(entries) => Object { entries, notation }.fmt(f),
        }
    }
}

impl Display for Object<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { entries, notation } = *self;
        let mut entries: Vec<_> = entries.iter().collect();
        if notation.sort_keys {
            entries.sort_unstable_by_key(|(key, _)| *key);
        }
        f.write_char('{')?;
        for (index, (key, value)) in entries.into_iter().enumerate() {
            f.write_str(separator(index))?;
            (notation.string)(key, f)?;
            write!(f, ": {}", Written { value, notation })?;
        }
        f.write_char('}')
    }
}

fn write_list(items: &[Value], notation: Notation, f: &mut Formatter<'_>) -> fmt::Result {
    f.write_char('[')?;
    for (index, value) in items.iter().enumerate() {
        write!(f, "{}{}", separator(index), Written { value, notation })?;
    }
    f.write_char(']')
}

fn separator(index: usize) -> &'static str {
    if index == 0 { "" } else { ", " }
}

/// `serde_json` writes Python's digits. Python turns to exponents below 1e-4, one size sooner, and gives them at least
/// two digits.
fn write_number(number: &Number, f: &mut Formatter<'_>) -> fmt::Result {
    let digits = number.to_string();
    let (sign, size) = digits.strip_prefix('-').map_or(("", digits.as_str()), |size| ("-", size));
    if let Some((mantissa, exponent)) = size.split_once("e-") {
        write!(f, "{sign}{mantissa}e-{exponent:0>2}")
    } else if let Some(small) = size.strip_prefix("0.0000") {
        let (first, rest) = small.split_at(1);
        let point = if rest.is_empty() { "" } else { "." };
        write!(f, "{sign}{first}{point}{rest}e-05")
    } else {
        f.write_str(&digits)
    }
}

fn json_string(text: &str, f: &mut Formatter<'_>) -> fmt::Result {
    f.write_char('"')?;
    for c in text.chars() {
        match c {
            '"' => f.write_str("\\\"")?,
            '\\' => f.write_str("\\\\")?,
            '\n' => f.write_str("\\n")?,
            '\r' => f.write_str("\\r")?,
            '\t' => f.write_str("\\t")?,
            '\x08' => f.write_str("\\b")?,
            '\x0c' => f.write_str("\\f")?,
            ' '..='~' => f.write_char(c)?,
            _ => c.encode_utf16(&mut [0; 2]).iter().try_for_each(|unit| write!(f, "\\u{unit:04x}"))?,
        }
    }
    f.write_char('"')
}

fn repr_string(text: &str, f: &mut Formatter<'_>) -> fmt::Result {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    f.write_char(quote)?;
    for c in text.chars() {
        match c {
            '\\' => f.write_str("\\\\")?,
            '\n' => f.write_str("\\n")?,
            '\r' => f.write_str("\\r")?,
            '\t' => f.write_str("\\t")?,
            _ if c == quote => write!(f, "\\{c}")?,
            _ if is_printable(c) => f.write_char(c)?,
            _ => match u32::from(c) {
                code @ ..=0xff => write!(f, "\\x{code:02x}")?,
                code @ ..=0xffff => write!(f, "\\u{code:04x}")?,
                code => write!(f, "\\U{code:08x}")?,
            },
        }
    }
    f.write_char(quote)
}

/// Rust escapes what Python does. A combining mark is escaped at the start of a string only, hence the `_` before it.
fn is_printable(c: char) -> bool {
    matches!(c, ' '..='~') || (!c.is_ascii() && format!("_{c}").escape_debug().nth(1) == Some(c))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// A value, what Python 3.11 says of `json.dumps(value)`, and of `repr(value)`.
    fn as_python_wrote_them() -> Vec<(Value, &'static str, &'static str)> {
        vec![
            (json!(null), "null", "None"),
            (json!(true), "true", "True"),
            (json!(false), "false", "False"),
            (json!(0), "0", "0"),
            (json!(-7), "-7", "-7"),
            (json!(u64::MAX), "18446744073709551615", "18446744073709551615"),
            (json!(i64::MIN), "-9223372036854775808", "-9223372036854775808"),
            (json!(1.0), "1.0", "1.0"),
            (json!(-0.0), "-0.0", "-0.0"),
            (json!(0.1), "0.1", "0.1"),
            (json!(100.0), "100.0", "100.0"),
            (json!(123_456_789_012_345.6), "123456789012345.6", "123456789012345.6"),
            (json!(1e15), "1000000000000000.0", "1000000000000000.0"),
            (json!(9_999_999_999_999_998.0), "9999999999999998.0", "9999999999999998.0"),
            (json!(1e16), "1e+16", "1e+16"),
            (json!(1.5e16), "1.5e+16", "1.5e+16"),
            (json!(1e22), "1e+22", "1e+22"),
            (json!(1e100), "1e+100", "1e+100"),
            (json!(f64::MAX), "1.7976931348623157e+308", "1.7976931348623157e+308"),
            (json!(0.0001), "0.0001", "0.0001"),
            (json!(0.00012), "0.00012", "0.00012"),
            (json!(1e-5), "1e-05", "1e-05"),
            (json!(-0.000_025), "-2.5e-05", "-2.5e-05"),
            (json!(1.5e-7), "1.5e-07", "1.5e-07"),
            (json!(2_f64.powi(-25)), "2.9802322387695312e-08", "2.9802322387695312e-08"),
            // Halfway between two shortest forms.
            (json!(2_035_000_000_000_000.0 + 0.25), "2035000000000000.2", "2035000000000000.2"),
            (json!(5e-324), "5e-324", "5e-324"),
            (json!(2.5), "2.5", "2.5"),
            (json!(""), r#""""#, "''"),
            (json!("plain"), r#""plain""#, "'plain'"),
            (json!("it's"), r#""it's""#, r#""it's""#),
            (json!("say \"hi\""), r#""say \"hi\"""#, r#"'say "hi"'"#),
            (json!("both ' and \""), r#""both ' and \"""#, r#"'both \' and "'"#),
            (json!("back\\slash"), r#""back\\slash""#, r"'back\\slash'"),
            (json!("a\nb\rc\td"), r#""a\nb\rc\td""#, r"'a\nb\rc\td'"),
            (json!("\u{8}\u{c}"), r#""\b\f""#, r"'\x08\x0c'"),
            (json!("\u{0}\u{1f}\u{7f}"), r#""\u0000\u001f\u007f""#, r"'\x00\x1f\x7f'"),
            (json!("/"), r#""/""#, "'/'"),
            (json!("é"), r#""\u00e9""#, "'é'"),
            (json!("\u{80}\u{a0}\u{ad}"), r#""\u0080\u00a0\u00ad""#, r"'\x80\xa0\xad'"),
            (json!("日本"), r#""\u65e5\u672c""#, "'日本'"),
            (json!("😀"), r#""\ud83d\ude00""#, "'😀'"),
            (
                json!("\u{200b}\u{2028}\u{feff}\u{e000}"),
                r#""\u200b\u2028\ufeff\ue000""#,
                r"'\u200b\u2028\ufeff\ue000'",
            ),
            (json!("e\u{301}"), r#""e\u0301""#, "'e\u{301}'"),
            (json!("\u{301}"), r#""\u0301""#, "'\u{301}'"),
            (json!("👩\u{200d}🚀"), r#""\ud83d\udc69\u200d\ud83d\ude80""#, r"'👩\u200d🚀'"),
            (json!("\u{e0001}"), r#""\udb40\udc01""#, r"'\U000e0001'"),
            (json!([]), "[]", "[]"),
            (json!({}), "{}", "{}"),
            (
                json!([1, "a", null, [true, {}]]),
                r#"[1, "a", null, [true, {}]]"#,
                "[1, 'a', None, [True, {}]]",
            ),
            (
                json!({ "b": 1, "a": { "d": false, "c": [null] } }),
                r#"{"b": 1, "a": {"d": false, "c": [null]}}"#,
                "{'b': 1, 'a': {'d': False, 'c': [None]}}",
            ),
            (
                json!({ "é": "ü", "e": "u", "E": 2, "😀": 1, "\u{ffff}": 3 }),
                r#"{"\u00e9": "\u00fc", "e": "u", "E": 2, "\ud83d\ude00": 1, "\uffff": 3}"#,
                r"{'é': 'ü', 'e': 'u', 'E': 2, '😀': 1, '\uffff': 3}",
            ),
            (json!({ "it's": "x" }), r#"{"it's": "x"}"#, r#"{"it's": 'x'}"#),
        ]
    }

    #[test]
    fn writes_json_as_python_does() {
        for (value, json, _) in as_python_wrote_them() {
            assert_eq!(dumps(&value), json);
        }
    }

    #[test]
    fn writes_reprs_as_python_does() {
        for (value, _, repr_of_value) in as_python_wrote_them() {
            assert_eq!(repr(&value), repr_of_value);
        }
    }

    #[test]
    fn sorts_keys_by_code_point_at_every_level() {
        let value =
            json!({ "é": { "d": 1, "c": [{ "y": 2, "x": 3 }] }, "e": 4, "E": 5, "😀": 6, "\u{ffff}": 7 });
        let object = value.as_object().unwrap();
        let sorted = r#"{"E": 5, "e": 4, "\u00e9": {"c": [{"x": 3, "y": 2}], "d": 1}, "\uffff": 7, "\ud83d\ude00": 6}"#;
        assert_eq!(dumps_sorted(object), sorted);
    }
}
