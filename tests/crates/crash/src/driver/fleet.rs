//! The servers: started, killed at bad moments, started again.

use std::{collections::HashSet, io, time::Duration};

use channel_core::BoxError;
use channel_endpoint::{Endpoint, EndpointConfig};
use tokio::{sync::watch, time::sleep};

use super::{database::Database, place::Place, process::Process};
use crate::{arguments::Drive, chance::Chance, script::CHANNEL};

/// Where messages can be delivered; `None` where a server is not up.
pub(super) type Targets = watch::Receiver<Vec<Option<Target>>>;

/// A server that is up.
pub(super) struct Target {
    /// Where it listens, as `127.0.0.1:41234`.
    pub(super) address: String,
    /// Where this test's own channel listens.
    pub(super) webhook: Endpoint,
}

/// The channels of the process with this number.
pub(super) type Credentials = Box<dyn Fn(u32) -> String + Send>;

/// How many of a hundred ends are with SIGTERM.
const TERMINATED: u64 = 10;

/// Before how many of a hundred ends the database is killed.
const DATABASE: u64 = 33;

/// How many of a hundred of its kills leave it away for long.
const LONG: u64 = 50;

/// So long that no server counts as alive when it is back.
const SERVERS_DIE: Duration = Duration::from_secs(6);

/// How many of a hundred starts are cut short.
const CUT_SHORT: u64 = 20;

/// How long a server may take to acknowledge a message.
const PATIENCE: Duration = Duration::from_secs(10);

pub(super) struct Fleet<'a> {
    place: &'a Place,
    /// What every server is told.
    arguments: [String; 3],
    credentials: Credentials,
    /// How many processes there have been.
    started: u32,
    chance: Chance,
    up: Vec<Process>,
    targets: watch::Sender<Vec<Option<Target>>>,
    ended: Ended,
}

/// How the servers ended.
#[derive(Debug, Default)]
pub(crate) struct Ended {
    /// The processes that were killed.
    pub(super) killed: HashSet<u32>,
    /// How many were terminated before the end.
    pub(super) terminated: u32,
    /// How often the database was killed.
    pub(super) databases: u32,
}

impl<'a> Fleet<'a> {
    /// Starts all servers.
    pub(super) async fn start(
        drive: &Drive,
        place: &'a Place,
        credentials: Credentials,
        chance: Chance,
    ) -> Result<Self, BoxError> {
        let arguments = [
            format!("--store={}", place.store),
            format!("--marks={}", place.marks().display()),
            format!("--seed={}", drive.seed),
        ];
        let targets = watch::Sender::default();
        let (up, ended) = (Vec::new(), Ended::default());
        let mut fleet = Self { place, arguments, credentials, started: 0, chance, up, targets, ended };
        for _ in 0..drive.servers {
            let mut process = fleet.launch()?;
            let target = target(&mut process).await?;
            fleet.up.push(process);
            fleet.targets.send_modify(|targets| targets.push(Some(target)));
        }
        Ok(fleet)
    }

    pub(super) fn targets(&self) -> Targets {
        self.targets.subscribe()
    }

    /// Ends servers so many times, and starts them again at once.
    pub(super) async fn kill(
        &mut self,
        times: u32,
        mut database: Option<&mut Database>,
    ) -> Result<(), BoxError> {
        while self.ended.count() < times {
            let round = self.ended.count();
            self.pause().await;
            if let Some(database) = database.as_mut()
                && self.chance.percent(("database", round), DATABASE)
            {
                self.ended.databases += 1;
                let is_long = self.chance.percent(("is it away for long", round), LONG);
                database.kill(if is_long { SERVERS_DIE } else { Duration::ZERO }).await?;
                sleep(self.chance.millis(("when after the database", round), 0..1000)).await;
            }
            self.replace_one(times).await?;
        }
        Ok(())
    }

    /// Waits for the moment at which the next server ends.
    pub(super) async fn pause(&self) {
        sleep(self.chance.millis(("when", self.ended.count()), 50..1500)).await;
    }

    /// Ends a server, and starts another at once, which may be ended on its way up: up to so many in all.
    pub(super) async fn replace_one(&mut self, times: u32) -> Result<(), BoxError> {
        let slots = self.up.len() as u64;
        let slot = usize::try_from(self.chance.within(("whom", self.ended.count()), 0..slots))?;
        self.end_one(slot).await?;
        self.targets.send_modify(|targets| targets[slot] = None);
        self.up[slot] = self.launch_with_hindrance(times).await?;
        let target = target(&mut self.up[slot]).await?;
        self.targets.send_modify(|targets| targets[slot] = Some(target));
        Ok(())
    }

    /// How they ended until now.
    pub(super) fn ended(&self) -> &Ended {
        &self.ended
    }

    /// Lets all servers end in order.
    pub(super) async fn end(mut self) -> Result<Ended, BoxError> {
        for process in &mut self.up {
            process.terminate().await?;
        }
        Ok(self.ended)
    }

    async fn end_one(&mut self, slot: usize) -> io::Result<()> {
        let process = &mut self.up[slot];
        if self.chance.percent(("terminated", process.number), TERMINATED) {
            self.ended.terminated += 1;
            return process.terminate().await;
        }
        self.ended.killed.insert(process.number);
        process.kill().await
    }

    /// Starts a server; some are killed on their way up.
    async fn launch_with_hindrance(&mut self, times: u32) -> io::Result<Process> {
        loop {
            let mut process = self.launch()?;
            let number = process.number;
            if self.ended.count() >= times || !self.chance.percent(("cut short", number), CUT_SHORT) {
                return Ok(process);
            }
            sleep(self.chance.millis(("cut short after", number), 0..100)).await;
            self.ended.killed.insert(number);
            process.kill().await?;
        }
    }

    fn launch(&mut self) -> io::Result<Process> {
        self.started += 1;
        let credentials = format!("--credentials={}", (self.credentials)(self.started));
        Process::start(self.started, self.place, self.arguments.iter().chain([&credentials]))
    }
}

/// Where messages for this server go, once it is up.
async fn target(process: &mut Process) -> Result<Target, BoxError> {
    let address = process.address().await?;
    let url = format!("http://{address}/webhooks/{CHANNEL}/webhook");
    let webhook = Endpoint::new(EndpointConfig::new(url).with_timeout(PATIENCE))?;
    Ok(Target { address, webhook })
}

impl Ended {
    /// How often a server was ended before the end.
    pub(super) fn count(&self) -> u32 {
        u32::try_from(self.killed.len()).unwrap_or(u32::MAX).saturating_add(self.terminated)
    }
}
