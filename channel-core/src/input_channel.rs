//! The trait of input channels, and what their routes know.

use std::{fmt, sync::Arc};

use axum::Router;

use crate::{
    BoxError, BoxFuture, Concurrency, Intake, Metadata, OnNewMessage, OutputChannel, Recipient, Shutdown,
    WebhookRequest,
};

/// A chat platform's way in: its name, its routes, and how to answer it later.
///
/// `#[channel]` writes this for a struct; the `by_hand` example shows it written out.
pub trait InputChannel: Send + Sync + 'static {
    /// The channel's one name: its route, response variations (`channel: myio`), `output_channel=…`, logs.
    fn name(&self) -> &str;

    /// The part of the route after `/webhooks/`: the name, unless declared otherwise.
    fn prefix(&self) -> &str {
        self.name()
    }

    /// The routes below `/webhooks/<prefix>`: health at `/`, receiving at `/webhook`, and whatever else there is.
    fn router(self: Arc<Self>) -> Router<ChannelState>;

    /// How to write to somebody without being asked: for accepted messages and proactive ones.
    fn output_channel(&self, _to: &Recipient) -> Option<Arc<dyn OutputChannel>> {
        None
    }

    /// What a request carries for custom actions to read; nothing, unless the channel says otherwise.
    fn metadata(&self, _request: &WebhookRequest) -> Option<Metadata> {
        None
    }

    /// Whether the channel verifies requests itself.
    fn verifies(&self) -> bool {
        false
    }

    /// Runs beside the server from its start on: registers webhooks, polls, holds a socket open.
    fn start(
        self: Arc<Self>,
        _on_new_message: OnNewMessage,
        _shutdown: Shutdown,
    ) -> BoxFuture<'static, Result<(), BoxError>> {
        Box::pin(std::future::ready(Ok(())))
    }
}

/// What a channel's routes know: the channel, its instance, and who takes its messages.
#[derive(Clone)]
pub struct ChannelState(Arc<Inner>);

#[derive(Clone)]
struct Inner {
    channel: Arc<dyn InputChannel>,
    instance: Option<String>,
    address: Arc<str>,
    insecure: bool,
    concurrency: Concurrency,
    typed_payloads: bool,
    intake: Arc<dyn Intake>,
}

impl ChannelState {
    /// The state of a channel whose messages go to `intake`.
    ///
    /// `instance` is the name under `instances:` in the credentials. `insecure` switches the channel's own
    /// verification off.
    pub fn new(
        channel: Arc<dyn InputChannel>,
        instance: Option<String>,
        insecure: bool,
        intake: Arc<dyn Intake>,
    ) -> Self {
        let address = match &instance {
            Some(instance) => format!("{}/{instance}", channel.name()).into(),
            None => channel.name().into(),
        };
        let concurrency = Concurrency::default();
        let typed_payloads = false;
        Self(Arc::new(Inner { channel, instance, address, insecure, concurrency, typed_payloads, intake }))
    }

    /// Sets what becomes of messages that come while their conversation is busy.
    pub fn with_concurrency(mut self, concurrency: Concurrency) -> Self {
        Arc::make_mut(&mut self.0).concurrency = concurrency;
        self
    }

    /// Sets whether every text may be a payload, whatever the channel says: as in Rasa, anybody may then type `/intent{…}`.
    pub fn with_typed_payloads(mut self, typed_payloads: bool) -> Self {
        Arc::make_mut(&mut self.0).typed_payloads = typed_payloads;
        self
    }

    /// Whether every text may be a payload.
    pub fn typed_payloads(&self) -> bool {
        self.0.typed_payloads
    }

    /// What becomes of messages that come while their conversation is busy.
    pub fn concurrency(&self) -> Concurrency {
        self.0.concurrency
    }

    /// The channel.
    pub fn channel(&self) -> &Arc<dyn InputChannel> {
        &self.0.channel
    }

    /// The instance's name, where the credentials declare several.
    pub fn instance(&self) -> Option<&str> {
        self.0.instance.as_deref()
    }

    /// The channel's name, with `/` and the instance where there are several: `myio`, `slack/acme`.
    pub fn address(&self) -> &Arc<str> {
        &self.0.address
    }

    /// Whether verification is switched off (`insecure: true`).
    pub fn insecure(&self) -> bool {
        self.0.insecure
    }

    pub(crate) fn intake(&self) -> &Arc<dyn Intake> {
        &self.0.intake
    }
}

impl fmt::Debug for ChannelState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ChannelState({})", self.address())
    }
}
