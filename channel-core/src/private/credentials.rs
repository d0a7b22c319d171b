//! How a channel is made from its credentials.
//!
//! An inherent item wins over a trait's of the same name where its bound holds: so the compiler chooses here, and what
//! is wrong with a field is said once, at the field.

use std::{marker::PhantomData, sync::Arc};

use serde::de::{Deserialize, DeserializeOwned};

use crate::{FromSettings, InputChannel, Mistakes, Registration, Settings, field_names};

/// A credentials field's type.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be read from the credentials",
    label = "every field of a channel is a key of its credentials",
    note = "implement `serde::Deserialize` for `{Self}`, or mark the field `#[serde(skip)]` if it is state of the channel (it then starts as its `Default`)"
)]
pub trait Credentials<'de>: Deserialize<'de> {}

#[diagnostic::do_not_recommend]
impl<'de, T: Deserialize<'de>> Credentials<'de> for T {}

/// How to read a channel from its settings, and which keys they have.
pub struct Access<C> {
    pub read: fn(&Settings) -> Result<C, Mistakes>,
    pub names: fn() -> Option<&'static [&'static str]>,
}

/// Reads a channel from its settings: by its own `Deserialize` where it has one, else by the generated type.
pub struct Reader<C>(PhantomData<fn() -> C>);

impl<C: DeserializeOwned> Reader<C> {
    pub fn access(_: fn() -> Access<C>) -> Access<C> {
        Access { read: Settings::read, names: field_names::<C> }
    }

    pub fn field<T>() {}
}

/// What stands in where a channel has no `Deserialize` of its own.
pub trait Generated<C> {
    fn access(generated: fn() -> Access<C>) -> Access<C> {
        generated()
    }

    fn field<T: for<'de> Credentials<'de>>() {}
}

impl<C> Generated<C> for Reader<C> {}

/// The type that a channel's settings are read into.
pub struct Shadow<C, S>(PhantomData<fn() -> (C, S)>);

impl<C, S: DeserializeOwned + Into<C>> Shadow<C, S> {
    pub fn access() -> Access<C> {
        Access { read: |settings| settings.read::<S>().map(Into::into), names: field_names::<S> }
    }
}

/// What stands in where that type can't be read, which a field or serde has reported.
pub trait Unreadable<C> {
    fn access() -> Access<C> {
        unreachable!()
    }
}

impl<C, S> Unreadable<C> for Shadow<C, S> {}

/// Makes a channel's registration.
pub struct Maker<C>(PhantomData<fn() -> C>);

impl<C: FromSettings> Maker<C> {
    pub const REGISTRATION: Registration = Registration::of::<C>("", "", "", "", ("", 0, 0));
}

/// What stands in where the channel can't be shared between threads, which a field has reported.
pub trait Unmade {
    const REGISTRATION: Registration = Registration {
        name: "",
        prefix: "",
        key: None,
        aliases: &[],
        module_path: "",
        type_name: "",
        package: "",
        file: "",
        line: 0,
        column: 0,
        verifies: || unreachable!(),
        setting_names: || unreachable!(),
        from_settings: never,
    };
}

fn never(_: &Settings) -> Result<Arc<dyn InputChannel>, Mistakes> {
    unreachable!()
}

impl<C> Unmade for Maker<C> {}
