//! The hooks of one channel, put together.

use std::{any::type_name, sync::Arc};

use axum::{
    Router,
    extract::Request,
    handler::Handler as AxumHandler,
    middleware::{Next, from_fn},
    response::{IntoResponse, Response},
    routing::{MethodFilter, MethodRouter, get, on},
};

use super::{
    call::Call,
    glue::{GetMetadata, GetOutput, GetRoutes, Handler, Hook, Start, StartCall, Verify},
    tools::Tools,
};
use crate::{
    BoxError, BoxFuture, ChannelState, Json, Metadata, OnNewMessage, OutputChannel, Recipient, Shutdown,
    WebhookRequest, webhook::read_body,
};

/// The names that the hidden functions share with [`NoHooks`]. They show in the compiler's message for two hooks of
/// one kind, and for a hook in an `impl` of a trait: so they say what is allowed.
macro_rules! no_hooks {
    ($($name:ident)*) => {
        /// Gives every type the hooks that it does not have: an inherent function of the same name wins.
        pub trait NoHooks {
            $(fn $name() -> NoHook { NoHook })*
        }

        impl<C> NoHooks for C {}
    };
}

no_hooks! {
    __one_webhook_post_in_an_inherent_impl
    __one_webhook_get_in_an_inherent_impl
    __one_webhook_put_in_an_inherent_impl
    __one_webhook_patch_in_an_inherent_impl
    __one_webhook_delete_in_an_inherent_impl
    __one_health_in_an_inherent_impl
    __one_verify_in_an_inherent_impl
    __one_metadata_in_an_inherent_impl
    __one_output_in_an_inherent_impl
    __one_routes_in_an_inherent_impl
    __one_start_in_an_inherent_impl
}

/// Stands where a type has no hook of a kind.
pub struct NoHook;

/// A hook or none.
pub trait MaybeHook {
    fn hook(self) -> Option<Hook>;
}

impl MaybeHook for NoHook {
    fn hook(self) -> Option<Hook> {
        None
    }
}

impl MaybeHook for Hook {
    fn hook(self) -> Option<Hook> {
        Some(self)
    }
}

/// The hooks of one channel, put together.
pub struct Hooks<C: 'static> {
    webhooks: Vec<(MethodFilter, Handler<C>)>,
    health: Option<Handler<C>>,
    verify: Option<Verify<C>>,
    metadata: Option<GetMetadata<C>>,
    output: Option<GetOutput<C>>,
    routes: Option<GetRoutes<C>>,
    start: Option<Start<C>>,
}

impl<C: Send + Sync + 'static> Hooks<C> {
    pub fn none() -> Self {
        Self {
            webhooks: Vec::new(),
            health: None,
            verify: None,
            metadata: None,
            output: None,
            routes: None,
            start: None,
        }
    }

    pub fn webhook(mut self, method: &str, hook: impl MaybeHook) -> Self {
        let filter = match method {
            "GET" => MethodFilter::GET,
            "PUT" => MethodFilter::PUT,
            "PATCH" => MethodFilter::PATCH,
            "DELETE" => MethodFilter::DELETE,
            _ => MethodFilter::POST,
        };
        self.webhooks.extend(typed(hook).map(|handler| (filter, handler)));
        self
    }

    pub fn health(self, hook: impl MaybeHook) -> Self {
        Self { health: typed(hook), ..self }
    }

    pub fn verify(self, hook: impl MaybeHook) -> Self {
        Self { verify: typed(hook), ..self }
    }

    pub fn metadata(self, hook: impl MaybeHook) -> Self {
        Self { metadata: typed(hook), ..self }
    }

    pub fn output(self, hook: impl MaybeHook) -> Self {
        Self { output: typed(hook), ..self }
    }

    pub fn routes(self, hook: impl MaybeHook) -> Self {
        Self { routes: typed(hook), ..self }
    }

    pub fn start(self, hook: impl MaybeHook) -> Self {
        Self { start: typed(hook), ..self }
    }

    pub fn verifies(&self) -> bool {
        self.verify.is_some()
    }

    /// The channel's routes.
    pub fn router(&'static self, channel: &Arc<C>) -> Router<ChannelState> {
        let endpoint = |run, guarded| Endpoint { channel: Arc::clone(channel), hooks: self, run, guarded };
        let health = self.health.map_or_else(|| get(ok), |run| on(MethodFilter::GET, endpoint(run, false)));
        let mut router = Router::new().route("/", health);
        if !self.webhooks.is_empty() {
            let webhook = self
                .webhooks
                .iter()
                .fold(MethodRouter::new(), |methods, &(filter, run)| methods.on(filter, endpoint(run, true)));
            router = router.route("/webhook", webhook);
        }
        match self.routes {
            Some(by_hand) => router.merge(self.guard(channel, by_hand(Tools, Arc::clone(channel)))),
            None => router,
        }
    }

    pub fn get_metadata(&self, channel: &C, request: &WebhookRequest) -> Option<Metadata> {
        self.metadata.and_then(|metadata| metadata(Tools, channel, request))
    }

    pub fn output_channel(&self, channel: &C, to: &Recipient) -> Option<Arc<dyn OutputChannel>> {
        self.output.and_then(|output| output(Tools, channel, to))
    }

    pub fn run_start(
        &self,
        channel: Arc<C>,
        on_new_message: OnNewMessage,
        shutdown: Shutdown,
    ) -> BoxFuture<'static, Result<(), BoxError>> {
        match self.start {
            Some(start) => start(Tools, channel, StartCall { on_new_message, shutdown }),
            None => Box::pin(std::future::ready(Ok(()))),
        }
    }

    /// Whether the whole request is looked at before its webhook runs.
    pub(super) fn wants_request(&self) -> bool {
        self.verify.is_some() || self.metadata.is_some()
    }

    /// Verifies a request, unless the credentials say `insecure: true`.
    pub(super) async fn check(
        &self,
        channel: &C,
        insecure: bool,
        request: &WebhookRequest,
    ) -> Result<(), Response> {
        let Some(verify) = self.verify.filter(|_| !insecure) else { return Ok(()) };
        verify(Tools, channel, request).await.map_err(|error| {
            let request_id = request.header("x-request-id");
            let reason = error.to_string();
            tracing::warn!(path = request.uri().path(), request_id, reason = ?reason, "request not verified");
            error.into_response()
        })
    }

    /// Verifies requests to the routes that the author wrote by hand, too.
    fn guard(&'static self, channel: &Arc<C>, routes: Router<ChannelState>) -> Router<ChannelState> {
        if self.verify.is_none() {
            return routes;
        }
        let channel = Arc::clone(channel);
        routes.layer(from_fn(move |request, next| verified(self, Arc::clone(&channel), request, next)))
    }
}

async fn verified<C: Send + Sync + 'static>(
    hooks: &Hooks<C>,
    channel: Arc<C>,
    request: Request,
    next: Next,
) -> Result<Response, Response> {
    let (mut parts, body) = request.into_parts();
    let bytes = read_body(body).await.map_err(IntoResponse::into_response)?;
    let request = WebhookRequest::of(&parts, bytes.clone());
    // A layer has no state of its own; without one the request has to pass.
    let insecure = parts.extensions.get::<ChannelState>().is_some_and(ChannelState::insecure);
    hooks.check(&channel, insecure, &request).await?;
    parts.extensions.insert(request);
    Ok(next.run(Request::from_parts(parts, bytes.into())).await)
}

async fn ok() -> Json<serde_json::Value> {
    Json(serde_json::json!({ "status": "ok" }))
}

/// The hidden function and its use come from one release of the macros, so the types agree.
fn typed<T: 'static>(hook: impl MaybeHook) -> Option<T> {
    let hook = hook.hook()?.downcast().unwrap_or_else(|_| {
        panic!("this is a bug in channel-macros, please report it: a hook is not a {}", type_name::<T>())
    });
    Some(*hook)
}

/// A method as an axum handler. One type per channel, however its methods look: little to compile.
struct Endpoint<C: 'static> {
    channel: Arc<C>,
    hooks: &'static Hooks<C>,
    run: Handler<C>,
    guarded: bool,
}

impl<C> Clone for Endpoint<C> {
    fn clone(&self) -> Self {
        Self { channel: Arc::clone(&self.channel), hooks: self.hooks, run: self.run, guarded: self.guarded }
    }
}

impl<C: Send + Sync + 'static> AxumHandler<(), ChannelState> for Endpoint<C> {
    type Future = BoxFuture<'static, Response>;

    fn call(self, request: Request, state: ChannelState) -> Self::Future {
        let (parts, body) = request.into_parts();
        let Self { channel, hooks, run, guarded } = self;
        run(Tools, Call { channel, hooks, guarded, parts, body, state, readers: 0 })
    }
}
