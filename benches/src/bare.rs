//! `SQLite` by hand: the limit that a store on it can come near to.

use std::{
    io,
    path::Path,
    sync::mpsc::{Receiver, SyncSender, sync_channel},
    thread,
};

use rusqlite::{Connection, params};
use tokio::sync::oneshot;

type Row = (u64, oneshot::Sender<()>);

/// One thread that inserts, and commits together what came in meanwhile.
#[derive(Clone)]
pub struct Bare(SyncSender<Row>);

impl Bare {
    /// Creates the file.
    ///
    /// # Errors
    ///
    /// It can't be created.
    pub fn create(path: &Path) -> rusqlite::Result<Self> {
        let connection = Connection::open(path)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.execute_batch(
            "CREATE TABLE inbox (id INTEGER PRIMARY KEY, message_id TEXT NOT NULL UNIQUE, message TEXT NOT NULL)",
        )?;
        let (rows, waiting) = sync_channel(1_024);
        thread::spawn(move || write(connection, &waiting));
        Ok(Self(rows))
    }

    /// Inserts a message of the size of a usual one; done once it is on the disk.
    ///
    /// # Errors
    ///
    /// It could not be written.
    pub async fn insert(&self, id: u64) -> io::Result<()> {
        let (done, written) = oneshot::channel();
        self.0.send((id, done)).map_err(io::Error::other)?;
        written.await.map_err(io::Error::other)
    }
}

fn write(mut connection: Connection, waiting: &Receiver<Row>) {
    while let Ok(first) = waiting.recv() {
        let rows: Vec<_> = std::iter::once(first).chain(waiting.try_iter().take(1_023)).collect();
        // Whoever waits for one that failed sees its answer dropped.
        if commit(&mut connection, &rows).is_ok() {
            for (_, done) in rows {
                let _ = done.send(());
            }
        }
    }
}

fn commit(connection: &mut Connection, rows: &[Row]) -> rusqlite::Result<()> {
    let transaction = connection.transaction()?;
    {
        let mut insert =
            transaction.prepare_cached("INSERT INTO inbox (message_id, message) VALUES (?1, ?2)")?;
        for (id, _) in rows {
            let message = format!(
                r#"{{"text":"Hello, is anybody there?","sender_id":"user_{}","message_id":"wamid.{id:020}","input_channel":"chat","metadata":null,"headers":[["traceparent","00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"]],"recipient":null}}"#,
                id % 100_000
            );
            insert.execute(params![format!("wamid.{id:020}"), message])?;
        }
    }
    transaction.commit()
}
