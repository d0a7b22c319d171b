//! What may be given as a custom action: a value of a type that is one, a closure, or an `async fn`.

use std::{pin::Pin, sync::Arc};

use channel_core::async_trait;

use super::{ActionCall, ActionError, ActionOutcome, CustomAction};

type Outcome = Result<ActionOutcome, ActionError>;
type Running<'a> = Pin<Box<dyn Future<Output = Outcome> + Send + 'a>>;

/// What may be given as a custom action: a [`CustomAction`] (a closure over an [`ActionCall`] is one), or an `async fn`
/// over an [`ActionCall`].
///
/// An async closure is as good as an `async fn` as long as it captures nothing: what needs a client or a pool is a
/// [`CustomAction`] that has it as a field.
///
/// # Examples
///
/// ```
/// use channel_agent::{ActionCall, ActionError, ActionOutcome, Bot, DomainAgent};
///
/// async fn forecast(call: &ActionCall<'_>) -> Result<ActionOutcome, ActionError> {
///     let city = call.slot("city").and_then(|city| city.as_str()).unwrap_or("your city");
///     let weather = look_up(city).await.map_err(ActionError::failed)?;
///     Ok(ActionOutcome::new().say(format!("It is {weather} in {city}.")))
/// }
/// # async fn look_up(_: &str) -> Result<&'static str, std::io::Error> { Ok("sunny") }
///
/// let bot = Bot::load(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/weather"))?;
/// let agent = DomainAgent::builder(bot).action("action_forecast", forecast).build()?;
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
pub trait IntoAction<Kind> {
    /// The action.
    fn into_action(self) -> Arc<dyn CustomAction>;
}

/// The kind of what is a custom action itself.
pub enum Itself {}

/// The kind of an `async fn`.
pub enum Asynchronous {}

impl<A: CustomAction> IntoAction<Itself> for A {
    fn into_action(self) -> Arc<dyn CustomAction> {
        Arc::new(self)
    }
}

impl<F: for<'a> Start<'a>> IntoAction<Asynchronous> for F {
    fn into_action(self) -> Arc<dyn CustomAction> {
        Arc::new(Started(self))
    }
}

/// An `async fn`, whose future borrows from the call.
pub trait Start<'a>: Send + Sync + 'static {
    fn start(&self, call: &'a ActionCall<'a>) -> Running<'a>;
}

impl<'a, F, Fut> Start<'a> for F
where
    F: Fn(&'a ActionCall<'a>) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Outcome> + Send + 'a,
{
    fn start(&self, call: &'a ActionCall<'a>) -> Running<'a> {
        Box::pin(self(call))
    }
}

struct Started<F>(F);

#[async_trait]
impl<F: for<'a> Start<'a>> CustomAction for Started<F> {
    async fn run(&self, call: &ActionCall<'_>) -> Outcome {
        self.0.start(call).await
    }
}
