//! Telling the bot, <https://core.telegram.org/bots/api#getting-updates>.

use std::sync::Arc;

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::{Value, json};

use super::{
    Inner,
    world::{Pending, Webhook},
};
use crate::fake::{Delivery, KEPT, Outcome, Plan, lock, now};

/// The first `update_id`.
const FIRST: i64 = 880_000;
/// What a bot is not told unless it asks.
const ON_DEMAND: [&str; 3] = ["chat_member", "message_reaction", "message_reaction_count"];

/// What is wrong with a delivery that is not Telegram's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Forgery {
    /// With another secret.
    WrongSecret,
    /// Without the secret.
    NoSecret,
}

impl Inner {
    /// Tells the bot: by the webhook now, or when it asks.
    pub(super) async fn update(self: &Arc<Self>, kind: &str, content: Value) -> Delivery {
        let id = self.change(|world| {
            let is_wanted = match world.allowed.as_slice() {
                [] => !ON_DEMAND.contains(&kind),
                allowed => allowed.iter().any(|allowed| allowed == kind),
            };
            is_wanted.then(|| {
                world.last_update += 1;
                let id = FIRST + world.last_update;
                if world.pending.len() == KEPT {
                    world.pending.pop_front();
                }
                let body = json!({ "update_id": id, kind: content });
                world.pending.push_back(Pending { id, body, is_under_way: false });
                id
            })
        });
        match id {
            Some(id) => self.deliver(id).await,
            None => Delivery::default(),
        }
    }

    /// Delivers what waits, in order, without anybody waiting for it.
    pub(super) fn deliver_pending(self: &Arc<Self>) {
        let inner = Arc::clone(self);
        lock(&self.background).spawn(async move {
            let waiting: Vec<_> = inner.look(|world| world.pending.iter().map(|one| one.id).collect());
            for id in waiting {
                inner.deliver(id).await;
            }
        });
    }

    async fn deliver(self: &Arc<Self>, id: i64) -> Delivery {
        let body = self.change(|world| {
            world.webhook.as_ref()?;
            let pending = world.pending.iter_mut().find(|one| one.id == id && !one.is_under_way)?;
            pending.is_under_way = true;
            Some(pending.body.to_string())
        });
        let Some(body) = body else { return Delivery::default() };
        let forgery = self.forgeries.take();
        let pauses = if forgery.is_some() { &[][..] } else { &self.settings.pauses };
        let plan = Plan { id: &id.to_string(), copies: self.copies.take().unwrap_or(1), pauses };
        let attempt = async |_, _| {
            let webhook = self.look(|world| world.webhook.clone())?;
            let outcome = self.courier.post(&webhook.url, headers(&webhook, forgery), body.clone()).await;
            self.note(&outcome);
            Some(outcome)
        };
        let delivery = plan.carry_out(attempt, |_| false).await;
        self.settle(id, &delivery, forgery.is_some());
        delivery
    }

    /// What was taken, or tried for a day, is gone; what has nowhere to go waits.
    fn settle(self: &Arc<Self>, id: i64, delivery: &Delivery, is_forged: bool) {
        self.change(|world| {
            let is_over = delivery.is_taken() || is_forged || world.webhook.is_some();
            world.pending.retain_mut(|one| {
                one.is_under_way &= one.id != id;
                one.id != id || !is_over
            });
        });
        if delivery.is_taken() {
            self.follow(delivery.answer());
        }
    }

    /// Notes what `getWebhookInfo` tells.
    fn note(&self, outcome: &Outcome) {
        let why = match outcome {
            _ if outcome.is_taken() => return,
            Outcome::Answered { status, .. } => format!("Wrong response from the webhook: {status}"),
            Outcome::TimedOut => "Read timeout expired".to_owned(),
            Outcome::Failed(_) => "Connection refused".to_owned(),
        };
        self.change(|world| world.last_error = Some((now(), why)));
    }
}

fn headers(webhook: &Webhook, forgery: Option<Forgery>) -> HeaderMap {
    let json = (HeaderName::from_static("content-type"), HeaderValue::from_static("application/json"));
    let mut headers = HeaderMap::from_iter([json]);
    let secret = match forgery {
        Some(Forgery::NoSecret) => None,
        Some(Forgery::WrongSecret) => Some("wrong"),
        None => webhook.secret.as_deref(),
    };
    if let Some(Ok(secret)) = secret.map(HeaderValue::from_str) {
        headers.insert("x-telegram-bot-api-secret-token", secret);
    }
    headers
}
