//! The conformance suite: what every connector has to stand, asked of one connector.
//!
//! [`conformance!`](crate::conformance!) makes it tests. [`run`] runs one check, for who tests a suite.

mod bot;
mod checks;
mod delivery;
mod failure;
mod list;
mod log;
mod macros;
mod platform;
mod shown;
mod stage;
mod suite;

pub use delivery::{Delivery, Said};
pub use failure::{Failure, Outcome};
pub use list::{coverage, names, run, test};
pub use shown::{Call, Shown};
pub use suite::Suite;
