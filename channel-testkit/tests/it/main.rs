//! The crate as its users see it.

mod slack;
mod telegram;
