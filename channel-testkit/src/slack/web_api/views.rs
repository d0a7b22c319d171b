//! `views.open`, <https://docs.slack.dev/reference/methods/views.open>.

use serde_json::{Value, json};

use super::{Arguments, Refusal, blocks};
use crate::slack::Inner;

/// The most blocks of a view.
const BLOCKS: usize = 100;
/// The most views that lie on one another.
const OPEN: usize = 3;
/// The most characters of its title, and of the titles of its buttons.
const TITLE: usize = 24;

impl Inner {
    pub(super) fn open_view(&self, arguments: &Arguments) -> Result<Value, Refusal> {
        let trigger = arguments.required("trigger_id")?;
        let view = arguments.json("view", "invalid_arguments")?;
        let view = view.ok_or_else(|| {
            Refusal::because("invalid_arguments", vec!["missing required field: view".into()])
        })?;
        check(&view)?;
        self.change(|workspace| {
            let user = workspace.pull(trigger).map_err(Refusal::new)?;
            let view = workspace.completed_view(view.into_owned());
            let open = workspace.views.entry(user).or_default();
            if open.len() == OPEN {
                return Err(Refusal::new("push_limit_reached"));
            }
            open.push(view.clone());
            Ok(json!({ "view": view }))
        })
    }
}

fn check(view: &Value) -> Result<(), Refusal> {
    let wrong = |what: &str| Err(Refusal::because("invalid_arguments", vec![what.to_owned()]));
    if view.get("type").is_none_or(|kind| kind != "modal") {
        return wrong("must be of the type `modal` [json-pointer:/view/type]");
    }
    for (part, is_required) in [("title", true), ("submit", false), ("close", false)] {
        let text = view.pointer(&format!("/{part}/text")).and_then(Value::as_str);
        let is_good = match text {
            Some(text) => (1..=TITLE).contains(&text.chars().count()),
            None => !is_required && view.get(part).is_none(),
        };
        if !is_good {
            return wrong(&format!("must have 1 to {TITLE} characters [json-pointer:/view/{part}]"));
        }
    }
    match view.get("blocks") {
        Some(list) => blocks::check(list, BLOCKS),
        None => wrong("missing required field: blocks [json-pointer:/view]"),
    }
}
