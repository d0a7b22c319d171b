//! `slack`: what Slack delivers becomes messages, and replies become calls of its Web API.

mod credentials;
mod events;
mod failures;
mod interactivity;
mod replies;
mod requests;
mod support;
mod web_api;
