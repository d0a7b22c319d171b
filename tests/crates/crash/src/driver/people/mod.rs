//! People on fakes of Slack and Telegram, who talk to the built-in channels.

mod fake;
mod front;
mod outage;
mod slack;
mod telegram;
mod verdict;
mod writer;

use channel_core::BoxError;
use channel_server::StoreLocation;
use tokio::{sync::watch, task::JoinSet, time::Instant};

use super::{Outcome, Place, fleet::Fleet, pace::Pace};
use crate::{arguments::Drive, chance::Chance};
use fake::Fake;
use front::Front;
use outage::Outage;
use slack::Slack;
use telegram::Telegram;
use writer::{Said, Writer};

/// Lets people talk to servers that are killed, and judges what they were answered.
pub(super) async fn run(drive: &Drive, place: &Place, chance: Chance) -> Result<Outcome, BoxError> {
    let front = Front::start(chance).await?;
    let fakes: [Box<dyn Fake>; 2] =
        [Box::new(Slack::start(drive, &front).await?), Box::new(Telegram::start(drive).await?)];
    let credentials: String = fakes.iter().map(|fake| fake.credentials(&front)).collect();
    let mut fleet = Fleet::start(drive, place, Box::new(move |_| credentials.clone()), chance).await?;
    let _leading = front.lead_to(fleet.targets());
    for fake in &fakes {
        fake.ready().await?;
    }

    let end = watch::Sender::new(None);
    let pauses = Pace::new(drive, chance, end.subscribe());
    let mut writers = JoinSet::new();
    for (number, (platform, fake)) in (0..drive.conversations).zip(fakes.iter().enumerate().cycle()) {
        writers.spawn(Writer::new(platform, fake.chat(number), pauses.clone(), chance).write());
    }
    let outages = kill(&mut fleet, drive.kills, &fakes).await?;

    end.send_replace(Some(Instant::now() + drive.patience));
    let said = writers.join_all().await;
    let ended = fleet.end().await?;

    let mut verdict = verdict::of_calls(&said, &fakes, &outages);
    if !matches!(place.store(), StoreLocation::Memory) {
        verdict::of_store(&mut verdict, &said, &*place.store().open().await?).await?;
    }
    Ok(Outcome { ended, sent: said.iter().map(Said::sent).collect(), verdict })
}

/// Ends servers so many times, and notes which calls came around each kill.
async fn kill(fleet: &mut Fleet<'_>, times: u32, fakes: &[Box<dyn Fake>]) -> Result<Vec<Outage>, BoxError> {
    let mut outages = Vec::new();
    while fleet.ended().count() < times {
        fleet.pause().await;
        let (killed, begun) = (fleet.ended().killed.len(), outage::calls(fakes));
        fleet.replace_one(times).await?;
        // Whoever is terminated finishes what is in flight: that is no kill.
        let kills = fleet.ended().killed.len() - killed;
        outages.push(Outage { kills, begun, over: outage::calls(fakes) });
    }
    Ok(outages)
}
