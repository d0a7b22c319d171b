//! What the targets share: a channel without a server, and what has to hold of whatever comes out of it.

mod checks;
mod mounted;
pub mod slack;
pub mod telegram;

pub use checks::check_message;
pub use mounted::{Mounted, Reply, block_on};
