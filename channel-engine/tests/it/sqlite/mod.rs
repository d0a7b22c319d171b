//! What only the store in a file promises.

mod crash;
mod failures;
mod many;
mod refusals;
mod support;
