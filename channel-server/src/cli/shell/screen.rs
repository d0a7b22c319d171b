//! The terminal as an output channel.

use std::{
    io::{self, IsTerminal as _, Write as _},
    sync::{Mutex, MutexGuard, PoisonError},
};

use channel_core::{BotMessage, Button, OutputChannel, Recipient, SendError, Sent, async_trait, button_line};

/// The channel's name.
pub(super) const NAME: &str = "shell";

/// Shows one answer of the bot, and remembers what can be chosen of it.
#[derive(Default)]
pub(super) struct Screen(Mutex<Shown>);

#[derive(Default)]
struct Shown {
    lines: usize,
    choices: Vec<Button>,
}

impl Screen {
    /// Whether nothing was shown.
    pub(super) fn is_empty(&self) -> bool {
        self.shown().lines == 0
    }

    pub(super) fn has_choices(&self) -> bool {
        !self.shown().choices.is_empty()
    }

    /// What the bot is told if this is the number of a choice.
    pub(super) fn chosen(&self, number: &str) -> Option<String> {
        let index = number.parse::<usize>().ok()?.checked_sub(1)?;
        let Button { title, payload, .. } = self.shown().choices.get(index)?.clone();
        Some(payload.unwrap_or(title))
    }

    fn show(&self, text: &str) -> Result<Sent, SendError> {
        self.shown().lines += 1;
        print_line(text)
            .map_err(|error| SendError::permanent("can't write to the terminal").because(error))?;
        Ok(Sent::default())
    }

    /// Adds a choice, and returns its number: all those of one answer are counted as one list.
    fn add_choice(&self, button: &Button) -> usize {
        let choices = &mut self.shown().choices;
        choices.push(button.clone());
        choices.len()
    }

    fn shown(&self) -> MutexGuard<'_, Shown> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl OutputChannel for Screen {
    fn name(&self) -> &str {
        NAME
    }

    async fn send_text(&self, _to: &Recipient, text: &str, _message: &BotMessage) -> Result<Sent, SendError> {
        self.show(text)
    }

    async fn send_buttons(
        &self,
        _to: &Recipient,
        text: Option<&str>,
        buttons: &[Button],
        _message: &BotMessage,
    ) -> Result<Sent, SendError> {
        if let Some(text) = text {
            self.show(text)?;
        }
        for button in buttons {
            self.show(&format!("  {}", button_line(self.add_choice(button), button)))?;
        }
        Ok(Sent::default())
    }
}

/// Where people look, the bot's words have a colour of their own; see <https://no-color.org>.
fn print_line(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let has_colour = out.is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|set| set.is_empty());
    if has_colour { writeln!(out, "\x1b[36m{text}\x1b[0m") } else { writeln!(out, "{text}") }
}
