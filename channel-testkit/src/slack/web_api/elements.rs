//! The limits of elements, <https://docs.slack.dev/reference/block-kit/block-elements>.

use std::ops::RangeInclusive;

use serde_json::Value;

use super::blocks::{Checker, Kind};

pub(super) fn check(checker: &mut Checker, at: &str, element: &Value) {
    checker.id(at, element, "action_id");
    checker.text(at, element, "placeholder", Kind::Plain, 150);
    match element.get("type").and_then(Value::as_str).unwrap_or("none") {
        "button" => button(checker, at, element),
        "image" => checker.image(at, element),
        "static_select" | "multi_static_select" => select(checker, at, element),
        "overflow" => options(checker, at, element, 1..=5),
        "checkboxes" | "radio_buttons" => options(checker, at, element, 1..=10),
        "external_select"
        | "multi_external_select"
        | "users_select"
        | "multi_users_select"
        | "conversations_select"
        | "multi_conversations_select"
        | "channels_select"
        | "multi_channels_select"
        | "datepicker"
        | "timepicker"
        | "datetimepicker"
        | "plain_text_input"
        | "email_text_input"
        | "url_text_input"
        | "number_input"
        | "rich_text_input"
        | "file_input"
        | "workflow_button" => {}
        kind => checker.wrong(&format!("{at}/type"), &format!("unsupported type: {kind}")),
    }
}

fn button(checker: &mut Checker, at: &str, button: &Value) {
    checker.required_text(at, button, "text", Kind::Plain, 75);
    checker.string(at, button, "value", 2_000);
    checker.string(at, button, "url", 3_000);
    if let Some(style) = button.get("style")
        && style != "primary"
        && style != "danger"
    {
        checker.wrong(&format!("{at}/style"), "must be `primary` or `danger`");
    }
}

/// Options, or groups of them.
fn select(checker: &mut Checker, at: &str, element: &Value) {
    let Some(groups) = element.get("option_groups").and_then(Value::as_array) else {
        return options(checker, at, element, 1..=100);
    };
    checker.count(&format!("{at}/option_groups"), "items", groups.len(), 1..=100);
    for (index, group) in groups.iter().enumerate() {
        let at = format!("{at}/option_groups/{index}");
        checker.required_text(&at, group, "label", Kind::Plain, 75);
        options(checker, &at, group, 1..=100);
    }
}

fn options(checker: &mut Checker, at: &str, element: &Value, allowed: RangeInclusive<usize>) {
    let Some(options) = element.get("options").and_then(Value::as_array) else {
        return checker.wrong(at, "missing required field: options");
    };
    checker.count(&format!("{at}/options"), "items", options.len(), allowed);
    for (index, option) in options.iter().enumerate() {
        let at = format!("{at}/options/{index}");
        checker.required_text(&at, option, "text", Kind::Any, 75);
        checker.text(&at, option, "description", Kind::Any, 75);
        checker.string(&at, option, "value", 150);
    }
}
