//! What stands before the servers and stays when they are killed, as the address does that platforms are told.

use std::{sync::Arc, time::Duration};

use channel_core::BoxError;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _, copy},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    task::{JoinHandle, JoinSet},
};

use super::super::fleet::Targets;
use crate::chance::Chance;

/// How long platforms wait before they deliver once more: shorter than they do, since the server is back sooner.
pub(super) fn pauses() -> [Duration; 8] {
    [0, 50, 100, 200, 500, 1_000, 2_000, 5_000].map(Duration::from_millis)
}

/// How many of a hundred answers to a platform are lost: what they acknowledge is delivered again.
const LOST: u64 = 2;

/// Leads connections to a server that is up; where none is, they close.
pub(super) struct Front {
    listener: Arc<TcpListener>,
    url: String,
    chance: Chance,
}

/// Leads until it is dropped.
pub(super) struct Leading(JoinHandle<()>);

impl Front {
    pub(super) async fn start(chance: Chance) -> Result<Self, BoxError> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}/webhooks", listener.local_addr()?);
        Ok(Self { listener: Arc::new(listener), url, chance })
    }

    /// Where a channel is delivered to.
    pub(super) fn url(&self, channel: &str) -> String {
        format!("{}/{channel}/webhook", self.url)
    }

    /// Leads to these servers.
    pub(super) fn lead_to(&self, targets: Targets) -> Leading {
        let (listener, chance) = (Arc::clone(&self.listener), self.chance);
        Leading(tokio::spawn(async move {
            let mut connections = JoinSet::new();
            for number in 0_usize.. {
                // A connection that broke before it was accepted is no reason to end.
                let Ok((from, _)) = listener.accept().await else { continue };
                let target = target(&targets, number);
                connections.spawn(async move {
                    // However it ends, both sides see that it closes.
                    let Some(target) = target else { return };
                    let Ok(to) = TcpStream::connect(target).await else { return };
                    lead(from, to, chance, number).await;
                });
                while connections.try_join_next().is_some() {}
            }
        }))
    }
}

impl Drop for Leading {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// The address of a server that is up, each in its turn.
fn target(targets: &Targets, number: usize) -> Option<String> {
    let targets = targets.borrow();
    let up: Vec<_> = targets.iter().flatten().collect();
    up.get(number.checked_rem(up.len())?).map(|target| target.address.clone())
}

/// Carries bytes until one side closes.
async fn lead(from: TcpStream, to: TcpStream, chance: Chance, number: usize) {
    let ((mut requests, answers), (from_server, mut to_server)) = (from.into_split(), to.into_split());
    tokio::select! {
        _ = copy(&mut requests, &mut to_server) => {}
        () = carry_answers(from_server, answers, |count| chance.percent(("lost", number, count), LOST)) => {}
    }
}

/// An answer is small enough to come in one piece.
async fn carry_answers(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, is_lost: impl Fn(u64) -> bool) {
    let mut piece = vec![0; 16 * 1024];
    for count in 0.. {
        let Ok(length @ 1..) = from.read(&mut piece).await else { return };
        if is_lost(count) || to.write_all(&piece[..length]).await.is_err() {
            return;
        }
    }
}
