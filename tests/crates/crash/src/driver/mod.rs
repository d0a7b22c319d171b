//! The driver: the platform on both sides of the server, and who kills it.

mod database;
mod fleet;
mod pace;
mod people;
mod place;
mod platform;
mod process;
mod recorder;
mod report;
mod verdict;

use channel_core::BoxError;
use channel_server::StoreLocation;
use tokio::time::{Instant, timeout_at};

use crate::{arguments::Drive, chance::Chance, script::CHANNEL};
use database::Database;
use fleet::{Ended, Fleet};
use place::Place;
use platform::{Platform, Sent};
use recorder::Recorder;
use verdict::Verdict;

pub(crate) use report::Report;

/// What came of a run.
struct Outcome {
    ended: Ended,
    sent: Vec<Sent>,
    verdict: Verdict,
}

/// Runs the whole test.
pub(crate) async fn run(drive: Drive) -> Result<Report, BoxError> {
    let mut place = Place::new(&drive)?;
    let report = run_in(&mut place, &drive).await;
    let is_good = report.as_ref().is_ok_and(Report::is_good);
    let kept = (drive.keep || !is_good).then(|| place.keep());
    match report {
        Ok(report) => Ok(Report { kept, ..report }),
        Err(error) => Err(format!("{error}; the log is left in {}", place.keep().display()).into()),
    }
}

async fn run_in(place: &mut Place, drive: &Drive) -> Result<Report, BoxError> {
    if drive.servers > 1 && matches!(place.store(), StoreLocation::File(_) | StoreLocation::Memory) {
        return Err(format!("{} is one server's alone: `--servers` has to be 1", place.store()).into());
    }
    let begun = Instant::now();
    let chance = Chance::new(drive.seed);
    let mut database = match drive.store.as_deref() {
        Some("postgres") => Some(Database::start(place.database()).await?),
        _ => None,
    };
    if drive.kill_database && database.is_none() {
        return Err("`--kill-database` goes with `--store postgres`".into());
    }
    let database = database.as_mut();
    let Outcome { ended, sent, verdict } = if drive.platforms {
        people::run(drive, place, chance).await?
    } else {
        run_numbered(drive, place, chance, database).await?
    };
    Ok(Report { seed: drive.seed, ended, sent, verdict, took: begun.elapsed(), kept: None })
}

/// Lets this test's own channel, on servers that are killed, be sent numbered messages.
async fn run_numbered(
    drive: &Drive,
    place: &Place,
    chance: Chance,
    database: Option<&mut Database>,
) -> Result<Outcome, BoxError> {
    let recorder = Recorder::start(chance).await?;
    let url = recorder.url();
    let credentials =
        move |process| format!("{CHANNEL}: {{ recorder: {{ url: {url} }}, process: {process} }}\n");
    let mut fleet = Fleet::start(drive, place, Box::new(credentials), chance).await?;
    let platform = Platform::start(drive, &fleet.targets(), chance);
    fleet.kill(drive.kills, database.filter(|_| drive.kill_database)).await?;

    let patience = Instant::now() + drive.patience;
    let sent = platform.end(patience).await;
    // What does not come within the time is lost: the verdict says so.
    let _ = timeout_at(patience, recorder.seen(&sent)).await;
    let ended = fleet.end().await?;

    let mut verdict = verdict::of_replies(&sent, &recorder.replies(), &ended);
    if !matches!(place.store(), StoreLocation::Memory) {
        verdict::of_store(&mut verdict, &sent, &*place.store().open().await?).await?;
    }
    Ok(Outcome { ended, sent, verdict })
}
