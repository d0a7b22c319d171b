//! What channel-server promises, through its public interface.

mod api;
mod callback;
mod cors;
mod credentials;
mod endpoints;
mod flood;
mod guards;
mod http;
mod limits;
mod metrics;
mod paths;
mod rest;
mod shutdown;
mod slack;
mod start;
mod stores;
mod streaming;
mod support;
mod tls;
mod traces;
mod turns;
