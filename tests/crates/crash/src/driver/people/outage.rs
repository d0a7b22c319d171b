//! When servers were killed, counted in calls.

use super::fake::Fake;

/// The time from a kill until a server is up again.
pub(super) struct Outage {
    /// How many servers were killed: one, and those that were on their way up.
    pub(super) kills: usize,
    /// How many calls each platform had got before the kill. Those that were under way then are not among them.
    pub(super) begun: Vec<usize>,
    /// How many it had got when a server was up again.
    pub(super) over: Vec<usize>,
}

/// The replies of one chat that may come twice: at each kill the one that was in flight.
pub(super) struct InFlight<'a> {
    platform: usize,
    outages: Vec<(&'a Outage, usize)>,
}

/// How many calls each platform has got.
pub(super) fn calls(fakes: &[Box<dyn Fake>]) -> Vec<usize> {
    fakes.iter().map(|fake| fake.calls().len()).collect()
}

impl<'a> InFlight<'a> {
    pub(super) fn new(platform: usize, outages: &'a [Outage]) -> Self {
        Self { platform, outages: outages.iter().map(|outage| (outage, outage.kills)).collect() }
    }

    /// Whether a kill lies between two calls that show the same, so that the next server could not know of the first.
    pub(super) fn explain(&mut self, first: usize, again: usize) -> bool {
        let platform = self.platform;
        let explains = |(outage, left): &&mut (&Outage, usize)| {
            *left > 0 && first < outage.over[platform] && again >= outage.begun[platform]
        };
        self.outages.iter_mut().find(explains).map(|(_, left)| *left -= 1).is_some()
    }
}
