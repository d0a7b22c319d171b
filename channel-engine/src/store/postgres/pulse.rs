//! The connection by which a server tells that it lives, and hears what others tell.

use std::{
    future::poll_fn,
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::{sync::mpsc, time::timeout};
use tokio_postgres::{AsyncMessage, Client};
use tokio_util::sync::CancellationToken;

use super::{
    super::{Notice, StoreError},
    address::Address,
    database::Parameter,
    error::{Problem, failed},
    notices,
    server::{Server, channel},
};

/// So many notices wait to be read at most; what is too much becomes [`Notice::Missed`].
const WAITING: usize = 1024;

/// Writes this life; those before it are over.
const BEAT: &str = "WITH dead AS (DELETE FROM channel_servers WHERE mailbox = $2 AND id <> $1) \
    INSERT INTO channel_servers (id, mailbox, seen) VALUES ($1, $2, clock_timestamp()) \
    ON CONFLICT (id) DO UPDATE SET seen = excluded.seen";

/// A connection, and the notes that come by it until it ends.
pub(super) struct Line {
    client: Client,
    notes: mpsc::Receiver<String>,
    /// Without, others are looked after by asking.
    can_hear: bool,
}

pub(super) struct Pulse {
    address: Address,
    server: Arc<Server>,
    heartbeat: Duration,
    notices: mpsc::Sender<Notice>,
    has_missed: bool,
}

/// Opens the connection. Nothing is told to the database yet.
pub(super) async fn open(address: &Address) -> Result<Line, Problem> {
    let (client, mut connection) = address.connect().await?;
    let (sender, notes) = mpsc::channel(WAITING);
    tokio::spawn(async move {
        while let Some(Ok(message)) = poll_fn(|context| connection.poll_message(context)).await {
            if let AsyncMessage::Notification(note) = message
                && sender.try_send(note.payload().to_owned()).is_err()
            {
                // Too many: whoever reads them begins anew, and asks for what it has missed.
                break;
            }
        }
    });
    Ok(Line { client, notes, can_hear: false })
}

impl Line {
    pub(super) fn client(&self) -> &Client {
        &self.client
    }

    /// Whether the database has `NOTIFY`, and lets this user have it.
    pub(super) async fn can_notify(&self, server: &Server) -> Result<bool, tokio_postgres::Error> {
        match self.client.query("SELECT pg_notify($1, '')", &[&channel(server.mailbox)]).await {
            Ok(_) => Ok(true),
            Err(error) if error.as_db_error().is_some() => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Listens, and sees whether that works: a proxy may take the statement and lose what comes.
    async fn listen(&mut self, server: &Server) {
        let name = channel(server.mailbox);
        let listening = async {
            self.client.batch_execute(&format!("LISTEN {name}")).await?;
            self.client.query("SELECT pg_notify($1, $2)", &[&name, &notices::TEST]).await?;
            let mut is_heard = false;
            while !is_heard && let Some(note) = self.notes.recv().await {
                is_heard = note == notices::TEST;
            }
            Ok::<_, tokio_postgres::Error>(is_heard)
        };
        self.can_hear =
            server.can_notify && matches!(timeout(server.patience(), listening).await, Ok(Ok(true)));
    }
}

impl Pulse {
    /// Tells the database for the first time that this server lives, and goes on until `end`.
    pub(super) async fn start(
        address: Address,
        server: Arc<Server>,
        heartbeat: Duration,
        mut line: Line,
        end: CancellationToken,
    ) -> Result<mpsc::Receiver<Notice>, StoreError> {
        let (notices, receiver) = mpsc::channel(WAITING);
        let mut pulse = Self { address, server, heartbeat, notices, has_missed: false };
        pulse.begin(&mut line).await?;
        tokio::spawn(pulse.run(line, end));
        Ok(receiver)
    }

    async fn begin(&mut self, line: &mut Line) -> Result<(), StoreError> {
        let session = format!("{}; SET synchronous_commit = off", self.address.session());
        self.within(line.client.batch_execute(&session)).await?;
        self.beat(line).await?;
        line.listen(&self.server).await;
        Ok(())
    }

    async fn run(mut self, line: Line, end: CancellationToken) {
        let mut line = Some(line);
        loop {
            if let Some(open) = &mut line {
                tokio::select! {
                    () = end.cancelled() => return self.leave(open).await,
                    error = self.live(open) => {
                        self.server.doubt();
                        tracing::warn!(%error, "the store's own connection was lost");
                    }
                }
            }
            drop(line.take());
            tokio::select! {
                () = end.cancelled() => return,
                () = tokio::time::sleep(self.heartbeat / 4) => {}
            }
            tokio::select! {
                () = end.cancelled() => return,
                reopened = self.reopen() => line = reopened.ok(),
            }
        }
    }

    async fn reopen(&mut self) -> Result<Line, StoreError> {
        let mut line = open(&self.address).await?;
        self.begin(&mut line).await?;
        self.has_missed = true;
        Ok(line)
    }

    /// Goes on until the connection fails.
    async fn live(&mut self, line: &mut Line) -> StoreError {
        let mut ticks = tokio::time::interval(self.heartbeat);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            let done = tokio::select! {
                biased;
                _ = ticks.tick() => self.tick(line).await,
                note = line.notes.recv() => match note {
                    Some(note) => self.hear(&note, &line.client).await,
                    None => Err(Problem::Failed("connection closed".to_owned()).into()),
                },
            };
            if let Err(error) = done {
                return error;
            }
        }
    }

    async fn tick(&mut self, line: &Line) -> Result<(), StoreError> {
        self.beat(line).await?;
        if self.has_missed || !line.can_hear {
            self.has_missed = self.notices.try_send(Notice::Missed).is_err();
        }
        Ok(())
    }

    async fn beat(&mut self, line: &Line) -> Result<(), StoreError> {
        let (id, is_new) = self.server.next_life();
        let begun = Instant::now();
        let parameters: [Parameter<'_>; 2] = [&id, &self.server.mailbox];
        self.within(line.client.execute(BEAT, &parameters)).await?;
        self.server.heard(begun);
        if is_new {
            tracing::warn!("this server was silent for too long: what it held may be held by others");
            self.has_missed = true;
        }
        Ok(())
    }

    async fn hear(&mut self, note: &str, client: &Client) -> Result<(), StoreError> {
        let notice = self.within(notices::read(note, client)).await?;
        if let Some(notice) = notice
            && self.notices.try_send(notice).is_err()
        {
            self.has_missed = true;
        }
        Ok(())
    }

    async fn within<T>(
        &self,
        answer: impl Future<Output = Result<T, tokio_postgres::Error>>,
    ) -> Result<T, StoreError> {
        let limit = self.server.patience();
        match timeout(limit, answer).await {
            Ok(answer) => answer.map_err(|error| failed(&error)),
            Err(_) => Err(Problem::Silent(limit.as_millis()).into()),
        }
    }

    /// Lets others take what this server held at once.
    async fn leave(&self, line: &Line) {
        let sql = "DELETE FROM channel_servers WHERE mailbox = $1";
        let parameters: [Parameter<'_>; 1] = [&self.server.mailbox];
        if let Err(error) = self.within(line.client.execute(sql, &parameters)).await {
            tracing::debug!(%error, "the others were not told that this server has ended");
        }
    }
}
