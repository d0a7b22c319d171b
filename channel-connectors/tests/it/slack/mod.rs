//! `slack`: what Slack delivers becomes messages, and replies become calls of its Web API.

mod credentials;
mod events;
mod failures;
mod interactivity;
mod questions;
mod replies;
mod requests;
mod socket;
mod support;
mod traffic;
mod web_api;
