//! What queries may ask for.

use axum::{
    extract::{FromRequestParts, Query},
    http::request::Parts,
};
use channel_core::EventVerbosity;
use serde::{Deserialize, de::DeserializeOwned};
use utoipa::IntoParams;

use super::Failure;

/// A query of this shape. Keys that it does not know do not count.
pub(super) struct Params<T>(pub(super) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Params<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Failure> {
        match Query::try_from_uri(&parts.uri) {
            Ok(Query(query)) => Ok(Self(query)),
            Err(error) => Err(Failure::bad_request(format!("the query can't be read: {error}"))),
        }
    }
}

/// Which conversation is meant.
#[derive(Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Which {
    /// The address of the conversation's channel, as `myio` or `slack/acme`: needed where the id has conversations on
    /// several channels.
    pub(super) channel: Option<String>,
}

/// Which events are shown.
#[derive(Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Shown {
    /// `NONE`, `APPLIED` (those that count), `AFTER_RESTART` or `ALL`; in either case.
    #[param(default = "AFTER_RESTART")]
    include_events: Option<String>,
}

impl Shown {
    pub(super) fn verbosity(&self) -> Result<EventVerbosity, Failure> {
        let Some(name) = given(self.include_events.as_deref()) else {
            return Ok(EventVerbosity::AfterRestart);
        };
        name.parse().map_err(|_| {
            let message = "Invalid parameter value for 'include_events'. Should be one of NONE, APPLIED, AFTER_RESTART, ALL";
            Failure::parameter("include_events", "query", message)
        })
    }
}

/// Until when events are shown.
#[derive(Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Until {
    /// Seconds since 1970: later events are left out. What is no number does not count.
    #[param(value_type = Option<f64>)]
    until: Option<String>,
}

impl Until {
    pub(super) fn time(&self) -> Option<f64> {
        given(self.until.as_deref()).and_then(|until| until.trim().parse().ok())
    }
}

/// Where replies go.
#[derive(Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Out {
    /// The channel that replies go out through: its name (`slack`), its address (`slack/acme`), `latest` for the one
    /// that the user spoke through last, or `collector`. Without it, and for a channel that can only answer,
    /// replies are returned.
    pub(super) output_channel: Option<String>,
}

/// A parameter that says something.
pub(super) fn given(parameter: Option<&str>) -> Option<&str> {
    parameter.filter(|value| !value.is_empty())
}

/// Whether a parameter says `true`, in whatever case.
pub(super) fn is_true(parameter: Option<&str>) -> bool {
    parameter.is_some_and(|value| value.eq_ignore_ascii_case("true"))
}
