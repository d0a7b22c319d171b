#![doc = include_str!("../README.md")]

mod agent;
mod concurrency;
mod input_channel;
mod intake;
mod message;
mod notes;
mod output;
mod registry;
mod secret;
mod settings;
mod shutdown;
mod trace;
mod tracker;
mod webhook;

#[doc(hidden)]
#[path = "private/mod.rs"]
pub mod __private;

mod macros;

pub use agent::{Agent, AgentError, Dialogue, IntoReplies, Prediction, Steps, Turn};
pub use async_trait::async_trait;
pub use axum;
pub use concurrency::Concurrency;
pub use input_channel::{ChannelState, InputChannel};
pub use intake::{Arrival, Intake, OnNewMessage, TurnError};
pub use macros::{channel, health, metadata, output, routes, start, verify, webhook};
pub use message::{BotMessage, Button, Element, Metadata, Recipient, UserMessage, unique_id};
pub use notes::Notes;
pub use output::{
    ButtonLimits, Capabilities, CollectedMessage, CollectingOutputChannel, Length, OutputChannel, Rate,
    Retry, SendError, SendLimits, Sent, Splitting, button_line, chosen, python_repr, split_text,
};
pub use registry::{Conflict, FromSettings, Registration, Registry};
pub use secret::Secret;
pub use settings::{Key, Mistake, Mistakes, Node, Position, Settings, Value, field_names, nearest};
pub use shutdown::{Shutdown, ShutdownSignal};
pub use tracker::{
    ActiveLoop, Event, EventKind, EventVerbosity, LatestAction, Tracker, TrackerState, UnknownVerbosity,
};
pub use webhook::{Json, Problem, VerifyError, WebhookRequest, read_json};

/// A boxed error, as `#[start]` and agents may return it.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// A boxed future, as the traits that are stored as objects return it.
pub type BoxFuture<'a, T> = std::pin::Pin<Box<dyn Future<Output = T> + Send + 'a>>;
