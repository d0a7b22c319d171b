//! What the macros' output calls. Not public API: it changes with the macros, which are pinned to it.
//!
//! A hook (`#[webhook]` and the like) leaves beside its method a hidden function that returns a [`Hook`]; `#[channel]`
//! calls that function, or where there is none [`NoHooks`]' of the same name, and puts the hooks together.
#![allow(missing_docs)]

mod arguments;
mod call;
mod checks;
mod credentials;
mod glue;
mod hooks;
mod refused;
mod returns;
mod tools;

pub use arguments::Argument;
pub use checks::{Shareable, either, last, require_shareable, require_way_in};
pub use credentials::{Access, Credentials, Generated, Maker, Reader, Shadow, Unmade, Unreadable};
pub use glue::{Glue, Hook};
pub use hooks::{Hooks, NoHook, NoHooks};
pub use refused::Refused;

pub use channel_macros::SerdeAttributes;
pub use inventory;
pub use serde;
