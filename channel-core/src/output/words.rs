//! The words of a message, and the choices that go with them, as so many messages of the platform.

use std::{borrow::Cow, mem};

use super::{ButtonLimits, Capabilities, Length, Splitting, pieces, split};
use crate::message::{BotMessage, Button, Element};

/// What is left to be said.
pub(super) struct Words<'a> {
    text: Option<Cow<'a, str>>,
    choices: Option<Choices<'a>>,
    splitting: Option<Splitting>,
    limit: Option<Length>,
}

/// Choices that are shown as such.
struct Choices<'a> {
    buttons: Cow<'a, [Button]>,
    are_quick_replies: bool,
    /// How long the text above them may be.
    limit: Option<Length>,
}

/// What is said at once.
pub(super) enum Said<'a> {
    Text(Cow<'a, str>),
    Buttons(Option<Cow<'a, str>>, Cow<'a, [Button]>),
    QuickReplies(Option<Cow<'a, str>>, Cow<'a, [Button]>),
}

impl<'a> Words<'a> {
    pub(super) fn of(message: &'a BotMessage, shown: &Capabilities) -> Self {
        let above = || message.text.as_deref().map(Cow::Borrowed);
        if !message.quick_replies.is_empty() {
            return Self::with_choices(
                above(),
                &message.quick_replies,
                shown.of_quick_replies(),
                true,
                shown,
            );
        }
        if !message.buttons.is_empty() {
            return Self::with_choices(above(), &message.buttons, shown.buttons.as_ref(), false, shown);
        }
        let text =
            message.text.as_deref().filter(|text| !text.is_empty()).map(|text| match shown.splitting {
                Some(splitting) => split::trimmed(text, splitting).into(),
                None => text.into(),
            });
        Self { text, choices: None, splitting: shown.splitting, limit: shown.text }
    }

    /// A card that is no card there: its two lines as Rasa words them, and its buttons.
    pub(super) fn of_element(element: &'a Element, shown: &Capabilities) -> Self {
        let Element { title, subtitle, buttons, .. } = element;
        let line = |line: &'a Option<String>| line.as_deref().unwrap_or_default();
        let text = Some(format!("{} : {}", line(title), line(subtitle)).into());
        if buttons.is_empty() {
            return Self { text, choices: None, splitting: None, limit: shown.text };
        }
        Self::with_choices(text, buttons, shown.buttons.as_ref(), false, shown)
    }

    /// A text that is sent with choices is not split at blank lines.
    fn with_choices(
        text: Option<Cow<'a, str>>,
        buttons: &'a [Button],
        limits: Option<&ButtonLimits>,
        are_quick_replies: bool,
        shown: &Capabilities,
    ) -> Self {
        let fitting = match limits {
            Some(limits) => limits.fit(buttons),
            None => Some(buttons.into()),
        };
        let Some(buttons) = fitting else {
            let text = Some(list(text.as_deref().unwrap_or_default(), buttons).into());
            return Self { text, choices: None, splitting: None, limit: shown.text };
        };
        let limit = limits.and_then(|limits| limits.text).or(shown.text);
        let choices = Some(Choices { buttons, are_quick_replies, limit });
        Self { text, choices, splitting: None, limit: shown.text }
    }

    /// Whether choices are still to be shown.
    pub(super) fn has_choices(&self) -> bool {
        self.choices.is_some()
    }

    /// The text that is left.
    pub(super) fn into_text(self) -> Option<String> {
        self.text.map(Cow::into_owned)
    }

    /// The next text of at most this length; `None` where there is no more text.
    fn next_piece(&mut self, limit: Option<Length>) -> Option<Cow<'a, str>> {
        let text = self.text.take()?;
        let (block, rest) = match self.splitting {
            Some(splitting) => halve(text, |text| {
                let (block, rest) = split::cut(text, splitting);
                (block.into(), rest.map(Cow::Borrowed))
            }),
            None => (text, None),
        };
        let (piece, behind) = match limit {
            Some(limit) => halve(block, |block| pieces::cut(block, limit)),
            None => (block, None),
        };
        self.text = match (behind, rest) {
            (Some(behind), Some(rest)) => Some(format!("{behind}\n\n{rest}").into()),
            (behind, rest) => behind.or(rest),
        };
        Some(piece)
    }
}

/// Cuts a text that may be owned.
fn halve<'a>(
    text: Cow<'a, str>,
    cut: impl for<'t> FnOnce(&'t str) -> (Cow<'t, str>, Option<Cow<'t, str>>),
) -> (Cow<'a, str>, Option<Cow<'a, str>>) {
    match text {
        Cow::Borrowed(text) => cut(text),
        Cow::Owned(text) => {
            let (first, rest) = cut(&text);
            (first.into_owned().into(), rest.map(|rest| rest.into_owned().into()))
        }
    }
}

impl<'a> Iterator for Words<'a> {
    type Item = Said<'a>;

    fn next(&mut self) -> Option<Said<'a>> {
        if let Some(choices) = self.choices.take_if(|choices| {
            let text = self.text.as_deref().unwrap_or_default();
            choices.limit.is_none_or(|limit| limit.holds(text))
        }) {
            let text = mem::take(&mut self.text);
            return Some(if choices.are_quick_replies {
                Said::QuickReplies(text, choices.buttons)
            } else {
                Said::Buttons(text, choices.buttons)
            });
        }
        let limit = self.choices.as_ref().map_or(self.limit, |choices| choices.limit);
        loop {
            let piece = self.next_piece(limit)?;
            if !piece.is_empty() || self.splitting == Some(Splitting::Rasa) {
                return Some(Said::Text(piece));
            }
        }
    }
}

/// A text with a line for each choice, which is told from the others by its number.
fn list(text: &str, buttons: &[Button]) -> String {
    let lines = buttons.iter().enumerate().map(|(index, button)| line(index + 1, button));
    let text = Some(text.trim_end().to_owned()).filter(|text| !text.is_empty());
    text.into_iter().chain(lines).collect::<Vec<_>>().join("\n")
}

fn line(number: usize, Button { title, payload, extra }: &Button) -> String {
    let title =
        Some(title.trim()).filter(|title| !title.is_empty()).or(payload.as_deref()).unwrap_or_default();
    match extra.get("url").and_then(serde_json::Value::as_str) {
        Some(url) => format!("{number}. {title}: {url}"),
        None => format!("{number}. {title}"),
    }
}
