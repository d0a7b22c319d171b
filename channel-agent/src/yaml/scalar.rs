//! What a plain word of YAML 1.2 stands for.

use serde_json::{Number, Value};

/// `null`, a truth value, a number, or else the word itself.
pub(super) fn read(word: &str) -> Value {
    match word {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        _ => number(word).map_or_else(|| Value::String(word.to_owned()), Value::Number),
    }
}

fn number(word: &str) -> Option<Number> {
    let digits = word.strip_prefix(['-', '+']).unwrap_or(word);
    if let Some(octal) = word.strip_prefix("0o") {
        return u64::from_str_radix(octal, 8).ok().map(Number::from);
    }
    if let Some(hexadecimal) = word.strip_prefix("0x") {
        return u64::from_str_radix(hexadecimal, 16).ok().map(Number::from);
    }
    if !digits.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return None;
    }
    if digits.bytes().all(|byte| byte.is_ascii_digit()) {
        let word = word.strip_prefix('+').unwrap_or(word);
        if let Ok(number) = word.parse::<i64>() {
            return Some(number.into());
        }
        if let Ok(number) = word.parse::<u64>() {
            return Some(number.into());
        }
    }
    Number::from_f64(word.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn words_stand_for_what_yaml_1_2_says() {
        for (word, value) in [
            ("~", json!(null)),
            ("yes", json!("yes")),
            ("True", json!(true)),
            ("12", json!(12)),
            ("-3", json!(-3)),
            ("+3", json!(3)),
            ("0x1F", json!(31)),
            ("0o17", json!(15)),
            ("1.5", json!(1.5)),
            (".5", json!(0.5)),
            ("1e3", json!(1000.0)),
            ("1.2.3", json!("1.2.3")),
            ("nan", json!("nan")),
            ("infinity", json!("infinity")),
        ] {
            assert_eq!(read(word), value, "{word}");
        }
    }
}
