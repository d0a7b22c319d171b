//! Values taken out of other people's words.

use std::collections::BTreeSet;

use super::{Node, Value, scalar};

/// The message without any text of the section: a type's own `Deserialize` may have quoted what it was given.
pub(super) fn scrub(message: &str, section: &Node) -> String {
    let mut texts = BTreeSet::new();
    collect(section, &mut texts);
    let mut texts: Vec<_> = texts.into_iter().collect();
    // The longest first, lest a part of a longer one be taken out and the rest stay.
    texts.sort_by_key(|text| std::cmp::Reverse(text.len()));
    texts.iter().fold(message.to_owned(), |message, text| without(&message, text))
}

fn collect(node: &Node, texts: &mut BTreeSet<String>) {
    match &node.value {
        Value::Null => {}
        Value::Scalar { text, .. } => insert(text, texts),
        Value::List(nodes) => nodes.iter().for_each(|node| collect(node, texts)),
        Value::Map(entries) => {
            for (key, node) in entries {
                if key.written.is_some() {
                    insert(&key.text, texts);
                }
                collect(node, texts);
            }
        }
    }
}

fn insert(text: &str, texts: &mut BTreeSet<String>) {
    let quoted = format!("{text:?}");
    // A type may have got `0x1f` and say 31.
    texts.extend(scalar::whole::<i128>(text).map(|number| number.to_string()));
    texts.extend(scalar::float::<f64>(text).map(|number| number.to_string()));
    texts.extend([text.trim(), text, &quoted[1..quoted.len() - 1]].map(str::to_owned));
    texts.remove("");
}

/// Takes a short text out only where it stands as a word: a value `a` shall not cost a message all its vowels.
fn without(message: &str, text: &str) -> String {
    const SHORT: usize = 3;

    let anywhere = text.chars().count() > SHORT;
    let (mut kept, mut start) = (String::new(), 0);
    while let Some(at) = message[start..].find(text).map(|at| at + start) {
        let end = at + text.len();
        let inside_a_word = message[..at].ends_with(char::is_alphanumeric)
            || message[end..].starts_with(char::is_alphanumeric);
        kept.push_str(&message[start..at]);
        kept.push_str(if anywhere || !inside_a_word { "…" } else { text });
        start = end;
    }
    kept + &message[start..]
}
