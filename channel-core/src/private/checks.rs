//! What the compiler is asked to prove about a channel.

use std::marker::PhantomData;

use super::{glue::Hook, hooks::NoHook};

/// A channel that something can reach: a webhook, routes of its own, or a start.
#[diagnostic::on_unimplemented(
    message = "no message can reach the channel `{C}`: it has no `#[webhook]` method",
    label = "this channel has no way in",
    note = "write one in `impl {C}`: `#[webhook] async fn receive(&self, Json(body): Json<Incoming>, on_new_message: OnNewMessage) -> impl IntoResponse`",
    note = "`#[webhook(GET)]`, `#[routes]` and `#[start]` are ways in, too"
)]
pub trait WayIn<C> {}

#[diagnostic::do_not_recommend]
impl<C> WayIn<C> for Hook {}

/// The first of two that is a hook.
pub trait Or<B> {
    type Either;
}

impl<B> Or<B> for NoHook {
    type Either = B;
}

impl<B> Or<B> for Hook {
    type Either = Self;
}

/// Which of two is a hook: a matter of types, nothing happens.
pub fn either<A: Or<B>, B>(_: &A, _: &PhantomHook<B>) -> PhantomHook<A::Either> {
    PhantomData
}

/// Stands for a hook or none.
type PhantomHook<T> = PhantomData<fn() -> T>;

/// The kind of the last one.
pub fn last<A>(_: &A) -> PhantomHook<A> {
    PhantomData
}

/// Asks for a way in.
pub fn require_way_in<C, T: WayIn<C>>(_: &PhantomHook<T>) {}

/// A type that requests can share. The lifetime lets generated code assume it, so that the check of the fields is the
/// only place that asks.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be in a channel, which many requests share",
    label = "not `Send` and `Sync`",
    note = "use `Arc` instead of `Rc`, and a `Mutex` or an atomic instead of a `Cell` or a `RefCell`"
)]
pub trait Shareable<'a>: Send + Sync + 'static {}

#[diagnostic::do_not_recommend]
impl<T: Send + Sync + 'static> Shareable<'_> for T {}

/// Asks a field's type to be shareable.
pub fn require_shareable<T: for<'a> Shareable<'a>>() {}
