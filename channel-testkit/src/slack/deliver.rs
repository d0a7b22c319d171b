//! Delivering to the app, <https://docs.slack.dev/apis/events-api> and
//! <https://docs.slack.dev/interactivity/handling-user-interaction>.

use std::{sync::Arc, time::Duration};

use axum::http::HeaderMap;
use serde_json::{Map, Value, json};

use super::{
    Fake, Forgery, Inner,
    sign::{header, signed},
    workspace::{APP, BOT_USER, TEAM},
};
use crate::fake::{Delivery, Outcome, Plan, lock, now};

/// What is delivered.
pub(super) enum Parcel {
    /// Of the Events API: the whole body.
    Event(Value),
    /// Of interactivity.
    Interaction(Value),
    /// A slash command.
    Command(Map<String, Value>),
}

/// How something is delivered, as a test wants it.
#[derive(Clone, Copy)]
pub(super) struct Manner {
    forgery: Option<Forgery>,
    copies: usize,
}

const PLAIN: Manner = Manner { forgery: None, copies: 1 };

impl Fake {
    /// Asks the bot whether it is the app, as Slack does when the address is entered: whether it gave the challenge back.
    pub async fn verify_url(&self) -> bool {
        let challenge = self.inner.change(|workspace| workspace.next_id("challenge"));
        let body = json!({ "token": "legacy", "type": "url_verification", "challenge": challenge });
        let delivery = self.inner.deliver(&challenge, &Parcel::Event(body), PLAIN).await;
        let echoed = || serde_json::from_str::<Value>(delivery.answer()).ok()?.get("challenge").cloned();
        delivery.is_taken() && (delivery.answer() == challenge || echoed() == Some(challenge.clone().into()))
    }

    /// Tells the app that it gets no events for a minute, since there were more than it may have.
    pub async fn rate_limit_events(&self) -> Delivery {
        let body = json!({
            "token": "legacy",
            "type": "app_rate_limited",
            "team_id": TEAM,
            "minute_rate_limited": now() / 60 * 60,
            "api_app_id": APP,
        });
        self.inner.deliver("app_rate_limited", &Parcel::Event(body), self.inner.next_manner()).await
    }

    /// Delivers an event that this fake has no name for: the `event` in an `event_callback`.
    pub async fn deliver_event(&self, event: Value) -> Delivery {
        self.inner.deliver_events(vec![event]).await
    }
}

impl Inner {
    /// How the test wants what happens now to be delivered.
    pub(super) fn next_manner(&self) -> Manner {
        Manner { forgery: self.forgeries.take(), copies: self.copies.take().unwrap_or(1) }
    }

    /// Delivers events at the same time, as Slack does what is two to it.
    pub(super) async fn deliver_events(&self, events: Vec<Value>) -> Delivery {
        if events.is_empty() {
            return Delivery::default();
        }
        let manner = self.next_manner();
        let deliveries = events.into_iter().map(async |event| self.deliver_event(event, manner).await);
        let mut delivery = Delivery::default();
        for more in futures_util::future::join_all(deliveries).await {
            delivery.extend(more);
        }
        delivery
    }

    /// Delivers events that nobody waits for.
    pub(super) fn deliver_in_background(self: &Arc<Self>, events: Vec<Value>) {
        let mut background = lock(&self.background);
        while background.try_join_next().is_some() {}
        for event in events {
            let inner = Arc::clone(self);
            background.spawn(async move {
                inner.deliver_event(event, PLAIN).await;
            });
        }
    }

    async fn deliver_event(&self, event: Value, manner: Manner) -> Delivery {
        let id = self.change(|workspace| workspace.next_id("Ev"));
        let authorization = json!({
            "enterprise_id": null,
            "team_id": TEAM,
            "user_id": BOT_USER,
            "is_bot": true,
            "is_enterprise_install": false,
        });
        let body = json!({
            "token": "legacy",
            "team_id": TEAM,
            "context_team_id": TEAM,
            "api_app_id": APP,
            "type": "event_callback",
            "event_id": id,
            "event_time": now(),
            "event_context": "4-fake",
            "authorizations": [authorization],
            "event": event,
        });
        self.deliver(&id, &Parcel::Event(body), manner).await
    }

    pub(super) async fn deliver(&self, id: &str, parcel: &Parcel, manner: Manner) -> Delivery {
        let is_repeated = matches!(parcel, Parcel::Event(_)) && manner.forgery.is_none();
        let pauses: &[Duration] = if is_repeated { &self.settings.pauses } else { &[] };
        let plan = Plan { id, copies: manner.copies, pauses };
        let attempt = async |number, before: Option<Outcome>| {
            let reason = before.as_ref().map(reason);
            if self.settings.app_token.is_some() {
                return self.sockets.deliver(parcel, number, reason, self.courier.deadline()).await;
            }
            let url = lock(&self.webhook).clone()?;
            let (body, mut headers) = signed(&self.settings.signing_secret, parcel.body(), manner.forgery);
            headers.extend([header("content-type", parcel.content_type())]);
            headers.extend(retry_headers(number, reason));
            Some(self.courier.post(&url, headers, body).await)
        };
        plan.carry_out(attempt, wants_no_retry).await
    }
}

impl Parcel {
    fn body(&self) -> String {
        let form = |fields: &mut dyn Iterator<Item = (&str, &str)>| {
            form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
        };
        match self {
            Self::Event(body) => body.to_string(),
            Self::Interaction(payload) => form(&mut [("payload", payload.to_string().as_str())].into_iter()),
            Self::Command(fields) => {
                let text = |(key, value)| Some((String::as_str(key), Value::as_str(value)?));
                form(&mut fields.iter().filter_map(text))
            }
        }
    }

    fn content_type(&self) -> &'static str {
        match self {
            Self::Event(_) => "application/json",
            Self::Interaction(_) | Self::Command(_) => "application/x-www-form-urlencoded",
        }
    }
}

fn retry_headers(number: u32, reason: Option<&str>) -> HeaderMap {
    let Some(reason) = reason else { return HeaderMap::new() };
    HeaderMap::from_iter([
        header("x-slack-retry-num", &number.to_string()),
        header("x-slack-retry-reason", reason),
    ])
}

/// Why it is delivered again.
fn reason(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::TimedOut => "http_timeout",
        Outcome::Failed(_) => "connection_failed",
        Outcome::Answered { status: 300..=399, .. } => "too_many_redirects",
        Outcome::Answered { .. } => "http_error",
    }
}

fn wants_no_retry(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Answered { headers, .. } if headers.get("x-slack-no-retry").is_some_and(|value| value == "1"))
}
