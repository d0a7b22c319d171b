//! What the connectors take in and give out, through their public interface.

mod slack;
mod telegram;
