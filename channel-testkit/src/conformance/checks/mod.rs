//! What is asked of a connector.

pub(super) mod bodies;
pub(super) mod declared;
pub(super) mod duplicates;
pub(super) mod kinds;
pub(super) mod order;
pub(super) mod outbound;
pub(super) mod own;
pub(super) mod proof;
pub(super) mod restart;
pub(super) mod secrets;
pub(super) mod taken;
pub(super) mod unicode;

use crate::conformance::Failure;

/// What every check returns.
pub(super) type Verdict = Result<(), Failure>;
