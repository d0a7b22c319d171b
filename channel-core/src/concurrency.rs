//! What becomes of a message that comes while its conversation is busy.

use std::time::Duration;

/// What becomes of accepted messages that come while a turn of their conversation runs. Whatever is chosen, two turns of a
/// conversation never run at the same time, and a caller who waits for an answer has a turn of its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Concurrency {
    /// Each has a turn of its own, in the order of acceptance.
    #[default]
    Queue,
    /// All that wait by then are answered in one turn, their texts a line each.
    Collect,
    /// As `Collect`, once nothing has come for so long; a user who does not stop is answered after ten times that.
    Debounce(Duration),
    /// The running turn is given up, and the newest one's begins. What its finished steps did stays.
    Interrupt,
    /// They are not answered.
    Drop,
}
