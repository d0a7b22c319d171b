//! HTTP: connections, requests and their limits, and the way from a path to a channel.

mod app;
mod body;
mod connections;
mod cors;
mod in_time;
mod patient;
mod request_id;
mod routes;
mod tls;
mod waiting;

pub(crate) use app::{App, without_own_limit};
pub(crate) use connections::serve;
pub(crate) use cors::Cors;
pub(crate) use routes::{Routes, hello, method_not_allowed};
pub(crate) use tls::{Tls, TlsError};
