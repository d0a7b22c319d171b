#![doc = include_str!("../README.md")]

mod callback;
mod incoming;
mod relay;
mod rest;

pub use callback::Callback;
pub use rest::Rest;
