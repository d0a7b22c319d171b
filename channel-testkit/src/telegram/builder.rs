//! Setting up the fake.

use std::{io, time::Duration};

use channel_core::Rate;

use super::Fake;
use crate::fake::Courier;

/// Sets up a [`Fake`].
#[derive(Clone)]
pub struct Builder {
    settings: Settings,
    deadline: Duration,
}

#[derive(Clone)]
pub(super) struct Settings {
    pub(super) token: String,
    pub(super) username: String,
    pub(super) pauses: Vec<Duration>,
    pub(super) account_rate: Option<Rate>,
    pub(super) chat_rate: Option<Rate>,
    pub(super) group_rate: Option<Rate>,
    pub(super) patience: Duration,
}

impl Default for Builder {
    fn default() -> Self {
        // One second, two, four, … an hour, then hourly: a day in all.
        let pauses = (0..32).map(|number| Duration::from_secs(3_600.min(1 << number.min(12)))).collect();
        let settings = Settings {
            token: "1:fake".to_owned(),
            username: "fake_bot".to_owned(),
            pauses,
            account_rate: Rate::per_second(30),
            chat_rate: Rate::of(3, Duration::from_secs(3)),
            group_rate: Rate::per_minute(20),
            patience: Duration::from_secs(10),
        };
        Self { settings, deadline: Duration::from_mins(1) }
    }
}

impl Builder {
    /// Sets the bot's token; without it, `1:fake`.
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.settings.token = token.into();
        self
    }

    /// Sets the bot's user name; without it, `fake_bot`.
    pub fn username(mut self, username: impl Into<String>) -> Self {
        self.settings.username = username.into();
        self
    }

    /// Sets how long the bot may take to answer a delivery; without it, a minute.
    pub fn answer_deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// Sets how long to wait before each further try of an update; without it, a second, and twice as long each time, at most an
    /// hour, for about a day. Telegram promises no schedule.
    pub fn redelivery(mut self, pauses: impl IntoIterator<Item = Duration>) -> Self {
        self.settings.pauses = pauses.into_iter().collect();
        self
    }

    /// Sets how many messages are taken of the bot in all; without it, 30 a second
    /// (<https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this>). `None` for any number.
    pub fn account_rate(mut self, rate: Option<Rate>) -> Self {
        self.settings.account_rate = rate;
        self
    }

    /// Sets how many messages are taken for one chat; without it, one a second, of which three may come at once. `None` for any
    /// number.
    pub fn chat_rate(mut self, rate: Option<Rate>) -> Self {
        self.settings.chat_rate = rate;
        self
    }

    /// Sets how many messages are taken for one group; without it, 20 a minute. `None` for any number.
    pub fn group_rate(mut self, rate: Option<Rate>) -> Self {
        self.settings.group_rate = rate;
        self
    }

    /// Sets how long [`Fake::next_reply`] and [`Fake::wait_until`] wait; without it, 10 seconds.
    pub fn patience(mut self, patience: Duration) -> Self {
        self.settings.patience = patience;
        self
    }

    /// Starts it, at a port of this machine that is free.
    ///
    /// # Errors
    ///
    /// There is no such port, or no HTTP client can be made.
    pub async fn start(self) -> io::Result<Fake> {
        let courier = Courier::new(self.deadline).map_err(io::Error::other)?;
        Fake::serve(self.settings, courier).await
    }
}
