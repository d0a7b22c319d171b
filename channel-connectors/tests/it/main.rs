//! What the connectors take in and give out, through their public interface.

mod conformance;
mod slack;
mod telegram;
