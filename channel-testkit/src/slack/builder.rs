//! Setting up the fake.

use std::{io, time::Duration};

use channel_core::Rate;

use super::Fake;
use crate::fake::Courier;

/// Sets up a [`Fake`].
#[derive(Clone)]
pub struct Builder {
    settings: Settings,
    ack_deadline: Duration,
}

#[derive(Clone)]
pub(super) struct Settings {
    pub(super) token: String,
    pub(super) signing_secret: String,
    /// Socket Mode is on where there is one.
    pub(super) app_token: Option<String>,
    pub(super) app_name: String,
    pub(super) events: Vec<String>,
    pub(super) pauses: Vec<Duration>,
    pub(super) message_rate: Option<Rate>,
    pub(super) patience: Duration,
}

impl Default for Builder {
    fn default() -> Self {
        let events = ["app_mention", "message.im", "message.channels"].map(str::to_owned).to_vec();
        let settings = Settings {
            token: "xoxb-fake".to_owned(),
            signing_secret: "fake signing secret".to_owned(),
            app_token: None,
            app_name: "bot".to_owned(),
            events,
            pauses: [0, 60, 300].map(Duration::from_secs).to_vec(),
            message_rate: Rate::of(5, Duration::from_secs(5)),
            patience: Duration::from_secs(10),
        };
        Self { settings, ack_deadline: Duration::from_secs(3) }
    }
}

impl Builder {
    /// Sets the bot's token; without it, `xoxb-fake`.
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.settings.token = token.into();
        self
    }

    /// Sets what deliveries are signed with; without it, `fake signing secret`.
    pub fn signing_secret(mut self, secret: impl Into<String>) -> Self {
        self.settings.signing_secret = secret.into();
        self
    }

    /// Turns Socket Mode on, with this app-level token for `apps.connections.open`: everything is delivered through sockets,
    /// and nothing to a webhook.
    pub fn socket_mode(mut self, app_token: impl Into<String>) -> Self {
        self.settings.app_token = Some(app_token.into());
        self
    }

    /// Sets the name by which people mention the app; without it, `bot`, as in `@bot hello`.
    pub fn app_name(mut self, name: impl Into<String>) -> Self {
        self.settings.app_name = name.into();
        self
    }

    /// Sets the events that the app is subscribed to; without it, `app_mention`, `message.im` and `message.channels`.
    pub fn events(mut self, events: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.settings.events = events.into_iter().map(Into::into).collect();
        self
    }

    /// Sets how long the bot may take to acknowledge a delivery; without it, 3 seconds.
    pub fn ack_deadline(mut self, deadline: Duration) -> Self {
        self.ack_deadline = deadline;
        self
    }

    /// Sets how long to wait before each further try of an event; without it, three tries: at once, after a minute, after five
    /// (<https://docs.slack.dev/apis/events-api>, Retries).
    pub fn redelivery(mut self, pauses: impl IntoIterator<Item = Duration>) -> Self {
        self.settings.pauses = pauses.into_iter().collect();
        self
    }

    /// Sets how many messages a channel takes, of which all may come at once; without it, 5 in 5 seconds
    /// (<https://docs.slack.dev/apis/web-api/rate-limits>: one a second, with short bursts). `None` for any number.
    pub fn message_rate(mut self, rate: Option<Rate>) -> Self {
        self.settings.message_rate = rate;
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
        let courier = Courier::new(self.ack_deadline).map_err(io::Error::other)?;
        Fake::serve(self.settings, courier).await
    }
}
