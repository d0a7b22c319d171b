//! The crate as its users see it.

mod flawed;
mod flaws;
mod slack;
mod telegram;
mod tester;
