//! When servers were killed, counted in calls.

use super::fake::Fake;

/// A kill, and the time until a server is up again.
pub(super) struct Outage {
    /// How many calls each platform had got before the kill. Those that were under way then are not among them.
    pub(super) begun: Vec<usize>,
    /// How many it had got when a server was up again.
    pub(super) over: Vec<usize>,
}

/// How many calls each platform has got.
pub(super) fn calls(fakes: &[Box<dyn Fake>]) -> Vec<usize> {
    fakes.iter().map(|fake| fake.calls().len()).collect()
}

impl Outage {
    /// Whether it lies between two calls to a platform, or around one of them.
    pub(super) fn parts(&self, platform: usize, (first, again): (usize, usize)) -> bool {
        first < self.over[platform] && again >= self.begun[platform]
    }
}
