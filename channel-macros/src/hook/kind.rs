//! The kinds of hooks, and what each asks of its method.

/// The kind of a hook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Webhook,
    Health,
    Verify,
    Metadata,
    Output,
    Routes,
    Start,
}

/// The HTTP method of a webhook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verb {
    Post,
    Get,
    Put,
    Patch,
    Delete,
}

/// Whether a method is `async`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asyncness {
    Always,
    Never,
    Either,
}

impl Verb {
    pub(crate) const ALL: [Self; 5] = [Self::Post, Self::Get, Self::Put, Self::Patch, Self::Delete];

    /// As it is written in `#[webhook(GET)]`.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Post => "POST",
            Self::Get => "GET",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

impl Kind {
    /// The attribute's name.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Webhook => "webhook",
            Self::Health => "health",
            Self::Verify => "verify",
            Self::Metadata => "metadata",
            Self::Output => "output",
            Self::Routes => "routes",
            Self::Start => "start",
        }
    }

    /// A method that is right for the kind.
    pub(crate) fn example(self) -> &'static str {
        match self {
            Self::Webhook => {
                "async fn receive(&self, Json(body): Json<Incoming>, on_new_message: OnNewMessage) -> impl IntoResponse"
            }
            Self::Health => "async fn health(&self) -> impl IntoResponse",
            Self::Verify => "fn verify(&self, request: &WebhookRequest) -> Result<(), VerifyError>",
            Self::Metadata => "fn metadata(&self, request: &WebhookRequest) -> Option<Metadata>",
            Self::Output => "fn output(&self, to: &Recipient) -> impl OutputChannel + use<>",
            Self::Routes => "fn routes(self: Arc<Self>) -> Router<ChannelState>",
            Self::Start => "async fn start(&self, on_new_message: OnNewMessage) -> Result<(), BoxError>",
        }
    }

    pub(crate) fn asyncness(self) -> Asyncness {
        match self {
            Self::Webhook | Self::Health | Self::Start => Asyncness::Always,
            Self::Verify => Asyncness::Either,
            Self::Metadata | Self::Output | Self::Routes => Asyncness::Never,
        }
    }

    /// The type behind the `&` of the one argument that the method takes besides `self`, where it takes just one.
    pub(crate) fn one_argument(self) -> Option<&'static str> {
        match self {
            Self::Verify | Self::Metadata => Some("WebhookRequest"),
            Self::Output => Some("Recipient"),
            _ => None,
        }
    }

    /// Whether any number of arguments is fine.
    pub(crate) fn any_arguments(self) -> bool {
        matches!(self, Self::Webhook | Self::Health | Self::Start)
    }

    /// Whether the method has to return something.
    pub(crate) fn returns(self) -> bool {
        matches!(self, Self::Verify | Self::Metadata | Self::Output | Self::Routes)
    }
}
