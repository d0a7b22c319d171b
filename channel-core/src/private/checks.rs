//! What the compiler is asked to prove about a channel.

use std::marker::PhantomData;

use serde::de::{Deserialize, DeserializeOwned};

use super::{glue::Hook, hooks::NoHook};
use crate::{Mistakes, Settings, field_names};

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

/// A credentials field's type.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be read from the credentials",
    label = "every field of a channel is a key of its credentials",
    note = "implement `serde::Deserialize` for `{Self}`, or mark the field `#[serde(skip)]` if it is state of the channel (it then starts as its `Default`)"
)]
pub trait Credentials<'de>: Deserialize<'de> {}

#[diagnostic::do_not_recommend]
impl<'de, T: Deserialize<'de>> Credentials<'de> for T {}

/// Reads a channel from its settings: by its own `Deserialize` where it has one, else by the generated type.
pub struct Reader<C>(PhantomData<fn() -> C>);

/// How to read a channel from its settings, and which keys they have.
pub struct Access<C> {
    pub read: fn(&Settings) -> Result<C, Mistakes>,
    pub names: fn() -> Option<&'static [&'static str]>,
}

/// Inherent functions win over [`Generated`]'s where their bound holds.
impl<C: DeserializeOwned> Reader<C> {
    pub fn access<S>() -> Access<C> {
        Access { read: Settings::read, names: field_names::<C> }
    }
}

/// What stands in where a channel has no `Deserialize` of its own.
pub trait Generated<C> {
    fn access<S: DeserializeOwned + Into<C>>() -> Access<C> {
        Access { read: |settings| settings.read::<S>().map(Into::into), names: field_names::<S> }
    }
}

impl<C> Generated<C> for Reader<C> {}
