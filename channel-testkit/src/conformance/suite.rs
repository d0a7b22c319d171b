//! What the suite has to know of a platform.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex, PoisonError},
    time::SystemTime,
};

use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use channel_core::{FromSettings, Registration};
use channel_server::{StartError, credentials::Mount};
use serde_json::{Value, json};

use super::{Call, Delivery, Said, Shown};
use crate::{Answer, credentials};

pub(super) type Show = Arc<dyn Fn(&Call) -> Vec<Shown> + Send + Sync>;
pub(super) type Accepted = Arc<dyn Fn(&Call) -> Response + Send + Sync>;
pub(super) type Limited = Arc<dyn Fn(u64) -> Response + Send + Sync>;
type Credentials = Box<dyn Fn(&str) -> Value + Send + Sync>;
type Deliver = Box<dyn Fn(&Said) -> Delivery + Send + Sync>;
type Sign = Box<dyn Fn(Delivery, SystemTime, &Value) -> Delivery + Send + Sync>;
type Replies = Box<dyn Fn(&Answer) -> Vec<Shown> + Send + Sync>;
type Custom = Box<dyn Fn(&str) -> Value + Send + Sync>;

/// What the suite has to know of a platform: the fields of [`conformance!`](crate::conformance!).
#[allow(clippy::struct_excessive_bools, reason = "each is a field of `conformance!`")]
pub struct Suite {
    pub(super) channel: &'static Registration,
    pub(super) mounts: fn(&Value) -> Result<Vec<Mount>, StartError>,
    credentials: Credentials,
    other_credentials: Option<Credentials>,
    pub(super) deliver: Deliver,
    sign: Option<Sign>,
    pub(super) own: Option<Deliver>,
    pub(super) shown: Option<Show>,
    pub(super) replies: Option<Replies>,
    pub(super) accepted: Accepted,
    pub(super) limited: Limited,
    pub(super) refused: Accepted,
    pub(super) custom: Custom,
    pub(super) unverified: bool,
    pub(super) without_ids: bool,
    pub(super) waits: bool,
    pub(super) unlimited: bool,
    panics: Panics,
}

/// The first panic of a closure that the stand-in's thread calls.
#[derive(Clone, Default)]
struct Panics(Arc<Mutex<Option<String>>>);

impl Suite {
    /// A suite for a channel.
    ///
    /// `credentials` are the channel's settings, given the base URL of a stand-in for the platform; `deliver` is how the
    /// platform delivers what somebody said, without any proof.
    ///
    /// # Panics
    ///
    /// The type is not registered, as by `#[channel]`.
    pub fn new<C: FromSettings>(
        credentials: impl Fn(&str) -> Value + Send + Sync + 'static,
        deliver: impl Fn(&Said) -> Delivery + Send + Sync + 'static,
    ) -> Self {
        Self {
            channel: credentials::registration::<C>(),
            mounts: credentials::mounts::<C>,
            credentials: Box::new(credentials),
            other_credentials: None,
            deliver: Box::new(deliver),
            sign: None,
            own: None,
            shown: None,
            replies: None,
            accepted: Arc::new(|_| axum::Json(json!({})).into_response()),
            limited: Arc::new(|seconds| {
                (StatusCode::TOO_MANY_REQUESTS, [(header::RETRY_AFTER, seconds.to_string())], "{}")
                    .into_response()
            }),
            refused: Arc::new(|_| (StatusCode::BAD_REQUEST, "{}").into_response()),
            custom: Box::new(|text| json!({ "text": text })),
            unverified: false,
            without_ids: false,
            waits: false,
            unlimited: false,
            panics: Panics::default(),
        }
    }

    /// How a delivery is proved at a time, with these credentials. Without it the credentials have a `bearer_token`.
    pub fn sign(
        mut self,
        sign: impl Fn(Delivery, SystemTime, &Value) -> Delivery + Send + Sync + 'static,
    ) -> Self {
        self.sign = Some(Box::new(sign));
        self
    }

    /// The credentials of a second instance. Without it, those of the first with all secrets changed.
    pub fn other_credentials(mut self, credentials: impl Fn(&str) -> Value + Send + Sync + 'static) -> Self {
        self.other_credentials = Some(Box::new(credentials));
        self
    }

    /// How the bot's own message is delivered, where the platform does that.
    pub fn own(mut self, own: impl Fn(&Said) -> Delivery + Send + Sync + 'static) -> Self {
        self.own = Some(Box::new(own));
        self
    }

    /// What a human sees of a call to the platform: nothing, where it shows nothing.
    pub fn shown(mut self, shown: impl Fn(&Call) -> Vec<Shown> + Send + Sync + 'static) -> Self {
        let panics = self.panics.clone();
        self.shown = Some(Arc::new(move |call| panics.caught(|| shown(call)).unwrap_or_default()));
        self
    }

    /// What a human sees of the answer to a delivery: for channels whose replies are in the answer.
    pub fn replies(mut self, replies: impl Fn(&Answer) -> Vec<Shown> + Send + Sync + 'static) -> Self {
        self.replies = Some(Box::new(replies));
        self
    }

    /// What the platform answers to a good call; without it, `{}`.
    pub fn accepted<R: IntoResponse>(
        mut self,
        accepted: impl Fn(&Call) -> R + Send + Sync + 'static,
    ) -> Self {
        let panics = self.panics.clone();
        self.accepted = Arc::new(move |call| panics.caught(|| accepted(call)).into_response());
        self
    }

    /// What the platform answers to too many calls, with the seconds to wait; without it, a 429 with `Retry-After`.
    pub fn limited<R: IntoResponse>(mut self, limited: impl Fn(u64) -> R + Send + Sync + 'static) -> Self {
        let panics = self.panics.clone();
        self.limited = Arc::new(move |seconds| panics.caught(|| limited(seconds)).into_response());
        self
    }

    /// What the platform answers to a call that it will never take; without it, a 400 with `{}`.
    pub fn refused<R: IntoResponse>(mut self, refused: impl Fn(&Call) -> R + Send + Sync + 'static) -> Self {
        let panics = self.panics.clone();
        self.refused = Arc::new(move |call| panics.caught(|| refused(call)).into_response());
        self
    }

    /// JSON in the platform's own shape that shows this text; without it, `{"text": …}`.
    pub fn custom(mut self, custom: impl Fn(&str) -> Value + Send + Sync + 'static) -> Self {
        self.custom = Box::new(custom);
        self
    }

    /// Says that anybody may write to the bot: for channels that a human calls, not a platform.
    pub fn unverified(mut self, unverified: bool) -> Self {
        self.unverified = unverified;
        self
    }

    /// Says that messages have no ids: for channels that a human calls, not a platform.
    pub fn without_ids(mut self, without_ids: bool) -> Self {
        self.without_ids = without_ids;
        self
    }

    /// Says that whoever delivers waits for the end of the turn, though the replies go elsewhere.
    pub fn waits(mut self, waits: bool) -> Self {
        self.waits = waits;
        self
    }

    /// Says that buttons are shown however many come: for channels that pass replies on as data.
    pub fn unlimited(mut self, unlimited: bool) -> Self {
        self.unlimited = unlimited;
        self
    }

    /// Whether deliveries are acknowledged before they are answered, as a chat platform wants it.
    pub(super) fn accepts(&self) -> bool {
        self.replies.is_none() && !self.waits
    }

    /// The first panic of a closure that the stand-in's thread calls.
    pub(super) fn panic(&self) -> Option<String> {
        self.panics.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn settings(&self, api: &str) -> Value {
        (self.credentials)(api)
    }

    pub(super) fn other_settings(&self, api: &str) -> Value {
        match &self.other_credentials {
            Some(credentials) => credentials(api),
            None => changed(self.settings(api)),
        }
    }

    /// Whether anything proves a delivery.
    pub(super) fn is_proved(&self) -> bool {
        self.sign.is_some() || !self.settings("http://127.0.0.1:9")["bearer_token"].is_null()
    }

    /// A delivery with its proof.
    pub(super) fn prove(&self, delivery: Delivery, at: SystemTime, settings: &Value) -> Delivery {
        let delivery = match settings["bearer_token"].as_str() {
            Some(token) => delivery.header("authorization", format!("Bearer {token}")),
            None => delivery,
        };
        match &self.sign {
            Some(sign) => sign(delivery, at, settings),
            None => delivery,
        }
    }
}

impl Panics {
    fn caught<R>(&self, work: impl FnOnce() -> R) -> Result<R, StatusCode> {
        catch_unwind(AssertUnwindSafe(work)).map_err(|panic| {
            let text = panic.downcast_ref::<String>().cloned();
            let text = text.or_else(|| panic.downcast_ref::<&str>().map(ToString::to_string));
            let mut first = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            first.get_or_insert(text.unwrap_or_else(|| "of no words".to_owned()));
            StatusCode::INTERNAL_SERVER_ERROR
        })
    }
}

/// The settings with other secrets.
fn changed(mut settings: Value) -> Value {
    each_secret(&mut settings, &mut |secret| secret.push_str("-other"));
    settings
}

/// The secrets of settings: by the names of their keys.
pub(super) fn secrets(mut settings: Value) -> Vec<String> {
    let mut all = Vec::new();
    each_secret(&mut settings, &mut |secret| all.push(secret.clone()));
    all
}

fn each_secret(settings: &mut Value, visit: &mut impl FnMut(&mut String)) {
    const NAMES: [&str; 4] = ["secret", "token", "password", "key"];
    match settings {
        Value::Object(entries) => {
            for (name, value) in entries.iter_mut() {
                match value {
                    Value::String(secret) if NAMES.iter().any(|part| name.contains(part)) => visit(secret),
                    other => each_secret(other, visit),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| each_secret(item, visit)),
        _ => {}
    }
}
