//! The conformance suite, asked of each connector.

mod callback;
mod rest;
mod slack;
mod telegram;
