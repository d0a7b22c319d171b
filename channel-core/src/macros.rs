//! The macros, with their documentation: here its examples compile.

/// Makes a struct a channel: its fields are its settings in the credentials, its marked methods are its routes.
///
/// | argument | meaning |
/// |---|---|
/// | `name = "myio"` | the channel's one name: route, response variations, logs; required |
/// | `key = "addons.custom_channel.MyIO"` | a key in the credentials besides the module path |
/// | `aliases = ["old_bot::MyIo"]` | further keys, as after moving a file |
/// | `prefix = "team/myio"` | what follows `/webhooks/` in the URL, instead of the name |
/// | `crate = path::to::channel_core` | where this crate is re-exported |
///
/// The struct is named and not generic. Its fields are read with serde: `#[serde(default)]`, `rename`, `alias` and the
/// like work, unknown keys are refused. A field that is state and no setting is marked `#[serde(skip)]`; it starts as its
/// `Default`, or as `#[serde(skip, default = "function")]` says. `bearer_token`, `insecure` and `instances` are keys that
/// every channel has, and no names for fields. A `Deserialize`
/// of the struct's own, derived or by hand, is used instead of the generated one.
///
/// `/webhooks/<prefix>` answers the health check, `/webhooks/<prefix>/webhook` whatever [`webhook`] says. The channel
/// is registered when its crate is linked, and mounted when the credentials name it.
///
/// # Examples
///
/// ```
/// use channel_core::{FromSettings, InputChannel, Secret, Settings, channel, webhook};
///
/// #[channel(name = "myio", key = "addons.custom_channel.MyIO")]
/// pub struct MyIo {
///     token: Secret,
///     #[serde(default)]
///     retries: u32,
/// }
///
/// impl MyIo {
///     #[webhook]
///     async fn receive(&self) -> String {
///         format!("{:?} {}", self.token, self.retries)
///     }
/// }
///
/// let settings = Settings::from_json(&serde_json::json!({ "token": "s3cret" }));
/// let my_io = MyIo::from_settings(&settings)?;
/// assert_eq!(my_io.name(), "myio");
/// # Ok::<(), channel_core::Mistakes>(())
/// ```
pub use channel_macros::channel;

/// Makes a method answer `/webhooks/<prefix>/webhook`: `POST`, or the HTTP method that is given.
///
/// A [`verify`] method guards it, whatever the HTTP method. The method is `async` and takes `&self` or `self: Arc<Self>`. Its further arguments are axum extractors, in any order,
/// also several that read the body; [`OnNewMessage`](crate::OnNewMessage) hands a message to the bot. It returns any
/// axum response. It stays an ordinary method.
///
/// # Examples
///
/// ```
/// use std::collections::HashMap;
/// use channel_core::{
///     Json, OnNewMessage, Problem, Secret, TurnError, UserMessage,
///     axum::{extract::Query, http::StatusCode},
///     channel, webhook,
/// };
///
/// # #[derive(serde::Deserialize)] struct Incoming { sender: String, message: String }
/// #[channel(name = "myio")]
/// pub struct MyIo {
///     verify_token: Secret,
/// }
///
/// impl MyIo {
///     /// The platform asks once whether this is the right address.
///     #[webhook(GET)]
///     async fn challenge(&self, Query(query): Query<HashMap<String, String>>) -> Result<String, Problem> {
///         let known = query.get("token").is_some_and(|token| self.verify_token.matches(token));
///         let challenge = query.get("challenge").filter(|_| known);
///         challenge.cloned().ok_or(Problem::new(StatusCode::FORBIDDEN, "wrong token"))
///     }
///
///     #[webhook]
///     async fn receive(&self, Json(body): Json<Incoming>, on_new_message: OnNewMessage) -> Result<(), TurnError> {
///         on_new_message.accept(UserMessage::new(body.message, body.sender)).await
///     }
/// }
/// ```
pub use channel_macros::webhook;

/// Makes a method answer the health check, `GET /webhooks/<prefix>/`, instead of `{"status":"ok"}`.
///
/// It looks like a [`webhook`] method. Neither [`verify`] nor a bearer token guards it.
///
/// # Examples
///
/// ```
/// # use channel_core::{channel, health, webhook};
/// # #[channel(name = "myio")] pub struct MyIo;
/// impl MyIo {
///     #[health]
///     async fn health(&self) -> &'static str {
///         "well"
///     }
/// #   #[webhook] async fn receive(&self) {}
/// }
/// ```
pub use channel_macros::health;

/// Makes a method verify requests: it sees the raw bytes before anything is parsed, and what it refuses is a 401.
///
/// It guards every [`webhook`] method and the [`routes`], not the health check. It may be `async`. Compare secrets with
/// [`Secret::matches`](crate::Secret::matches) or with the verification of a cryptographic library, which take the same
/// time wherever the difference is; the example `signed` checks an HMAC.
///
/// # Examples
///
/// ```
/// # use channel_core::{Secret, VerifyError, WebhookRequest, channel, verify, webhook};
/// #[channel(name = "myio")]
/// pub struct MyIo {
///     token: Secret,
/// }
///
/// impl MyIo {
///     #[verify]
///     fn verify(&self, request: &WebhookRequest) -> Result<(), VerifyError> {
///         let shown = request.header("x-token").ok_or(VerifyError::new("no `X-Token`"))?;
///         if self.token.matches(shown) { Ok(()) } else { Err(VerifyError::new("wrong `X-Token`")) }
///     }
/// #   #[webhook] async fn receive(&self) {}
/// }
/// ```
pub use channel_macros::verify;

/// Makes a method extract a request's metadata, which goes along with every message of the request that has none of
/// its own.
///
/// # Examples
///
/// ```
/// # use channel_core::{Metadata, WebhookRequest, channel, metadata, webhook};
/// # #[channel(name = "myio")] pub struct MyIo;
/// impl MyIo {
///     #[metadata]
///     fn metadata(&self, request: &WebhookRequest) -> Option<Metadata> {
///         let mut body: Metadata = request.json().ok()?;
///         body.remove("metadata")?.as_object().cloned()
///     }
/// #   #[webhook] async fn receive(&self) {}
/// }
/// ```
pub use channel_macros::metadata;

/// Makes a method say how to write to somebody without being asked, as for accepted messages.
///
/// It returns a type that implements [`OutputChannel`](crate::OutputChannel), an `Arc` of one, or an `Option` of these.
///
/// # Examples
///
/// ```
/// # use channel_core::{BotMessage, OutputChannel, Recipient, SendError, Sent, async_trait, channel, output, webhook};
/// # #[channel(name = "myio")] pub struct MyIo { url: String }
/// struct Poster {
///     url: String,
/// }
///
/// #[async_trait]
/// impl OutputChannel for Poster {
///     fn name(&self) -> &str {
///         "myio"
///     }
///
///     async fn send_text(&self, to: &Recipient, text: &str, _: &BotMessage) -> Result<Sent, SendError> {
///         println!("POST {} to {}: {text}", self.url, to.id);
///         Ok(Sent::default())
///     }
/// }
///
/// impl MyIo {
///     #[output]
///     fn output(&self, _to: &Recipient) -> Poster {
///         Poster { url: self.url.clone() }
///     }
/// #   #[webhook] async fn receive(&self) {}
/// }
/// ```
pub use channel_macros::output;

/// Makes a method add routes below `/webhooks/<prefix>`.
///
/// Handlers in the router are axum handlers; [`OnNewMessage`](crate::OnNewMessage) is an extractor for them too.
///
/// # Examples
///
/// ```
/// # use std::sync::Arc;
/// # use channel_core::{ChannelState, axum::{Router, routing::get}, channel, routes};
/// # #[channel(name = "myio")] pub struct MyIo { version: String }
/// impl MyIo {
///     #[routes]
///     fn routes(self: Arc<Self>) -> Router<ChannelState> {
///         Router::new().route("/version", get(async move || self.version.clone()))
///     }
/// }
/// ```
pub use channel_macros::routes;

/// Makes a method run beside the server from its start on: it registers webhooks, polls, or holds a socket open.
///
/// It may take [`OnNewMessage`](crate::OnNewMessage), [`Notes`](crate::Notes) and [`Shutdown`](crate::Shutdown). Its error is logged; the other
/// channels go on.
///
/// # Examples
///
/// ```
/// # use channel_core::{BoxError, OnNewMessage, Shutdown, UserMessage, channel, start};
/// # async fn next_update() -> (String, String) { Default::default() }
/// # #[channel(name = "myio")] pub struct MyIo;
/// impl MyIo {
///     #[start]
///     async fn poll(&self, on_new_message: OnNewMessage, shutdown: Shutdown) -> Result<(), BoxError> {
///         while !shutdown.is_requested() {
///             let (sender, text) = next_update().await;
///             on_new_message.accept(UserMessage::new(text, sender)).await?;
///         }
///         Ok(())
///     }
/// }
/// ```
pub use channel_macros::start;
