//! What is told in the end.

use std::{fmt, path::PathBuf, time::Duration};

use super::{fleet::Ended, platform::Sent, verdict::Verdict};

/// So many faults are shown.
const SHOWN: usize = 10;

/// What was done, and what came of it.
pub(crate) struct Report {
    pub(super) seed: u64,
    pub(super) ended: Ended,
    pub(super) sent: Vec<Sent>,
    pub(super) verdict: Verdict,
    pub(super) took: Duration,
    /// Where the store and the server's log are left.
    pub(super) kept: Option<PathBuf>,
}

impl Report {
    /// Whether nothing was lost, nor anything else was wrong.
    pub(crate) fn is_good(&self) -> bool {
        self.verdict.faults.is_empty()
    }

    fn total(&self, of: impl Fn(&Sent) -> usize) -> usize {
        self.sent.iter().map(of).sum()
    }
}

/// The faults, then the one line that sums up.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { seed, ended, verdict, .. } = self;
        for fault in verdict.faults.iter().take(SHOWN) {
            writeln!(f, "{fault}")?;
        }
        if let Some(more) = verdict.faults.len().checked_sub(SHOWN).filter(|more| *more > 0) {
            writeln!(f, "and {more} more faults")?;
        }
        if let Some(folder) = &self.kept {
            writeln!(f, "the store and the log are left in {}", folder.display())?;
        }
        if let Some(failed) = verdict.failed_calls {
            let unheard = verdict.unheard;
            writeln!(
                f,
                "{failed} calls to the platforms failed; {unheard} replies shown again since their answer was lost"
            )?;
        }
        write!(
            f,
            "{}: {} kills, {} terminations, {} kills of the database, {} messages, {} acknowledged, {} redelivered, {} answered, {} duplicates in flight, {} lost, {} out of order, {:.1} seconds, seed {seed}",
            if self.is_good() { "good" } else { "failed" },
            ended.killed.len(),
            ended.terminated,
            ended.databases,
            self.total(|sent| sent.messages),
            self.total(|sent| sent.acknowledged),
            self.total(|sent| sent.redelivered),
            verdict.answered,
            verdict.duplicates,
            verdict.lost,
            verdict.disordered,
            self.took.as_secs_f32(),
        )
    }
}
