//! What the macros' output calls. Not public API: it changes with the macros, which are pinned to it.
//!
//! A hook (`#[webhook]` and the like) leaves beside its method a hidden function that returns a [`Hook`]; `#[channel]`
//! calls that function, or where there is none [`NoHooks`]' of the same name, and puts the hooks together.
#![allow(missing_docs)]

mod arguments;
mod call;
mod checks;
mod glue;
mod hooks;
mod refused;
mod returns;
mod tools;

pub use arguments::Argument;
pub use checks::{Access, Credentials, Generated, Reader, either, last, require_way_in};
pub use glue::{Channel, Glue, Hook};
pub use hooks::{Hooks, NoHook, NoHooks};
pub use refused::Refused;

pub use channel_macros::SerdeAttributes;
pub use inventory;
pub use serde;
