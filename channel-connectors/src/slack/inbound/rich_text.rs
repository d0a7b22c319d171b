//! Formatted text, <https://docs.slack.dev/reference/block-kit/blocks/rich-text-block>.

use serde_json::Value;

use super::str_at;

/// The words of a `rich_text` block, or of all that are in a list of blocks, marked as Slack marks them in a text.
pub(super) fn words(blocks: Option<&Value>) -> String {
    match blocks {
        Some(Value::Array(blocks)) => {
            let formatted = blocks.iter().filter(|block| str_at(block, "/type") == Some("rich_text"));
            lines(formatted)
        }
        Some(block) => part(block),
        None => String::new(),
    }
}

fn part(part: &Value) -> String {
    let at = |key: &str| str_at(part, key).unwrap_or_default();
    match at("/type") {
        "user" => format!("<@{}>", at("/user_id")),
        "channel" => format!("<#{}>", at("/channel_id")),
        "broadcast" => format!("<!{}>", at("/range")),
        "emoji" => format!(":{}:", at("/name")),
        "link" if at("/text").is_empty() => at("/url").to_owned(),
        kind => {
            let inner = part.get("elements").and_then(Value::as_array).into_iter().flatten();
            let inner = if ["rich_text", "rich_text_list"].contains(&kind) {
                lines(inner)
            } else {
                inner.map(self::part).collect()
            };
            at("/text").to_owned() + &inner
        }
    }
}

fn lines<'a>(parts: impl Iterator<Item = &'a Value>) -> String {
    let lines: Vec<_> = parts.map(|line| part(line).trim_end_matches('\n').to_owned()).collect();
    lines.join("\n")
}
