//! One server, in a process of its own.

use std::{
    env,
    io::{Error, Result},
    process::Stdio,
    time::Duration,
};

use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, ChildStdin, ChildStdout, Command},
    time::timeout,
};

use super::place::Place;

/// How long a server may take to come up, and to end when it is asked to.
const PATIENCE: Duration = Duration::from_secs(40);

/// A server's process, killed when dropped.
pub(super) struct Process {
    child: Child,
    output: BufReader<ChildStdout>,
    /// It ends when this does.
    _input: Option<ChildStdin>,
    /// Which one of the run it is.
    pub(super) number: u32,
}

impl Process {
    /// Starts this program once more, as a server.
    pub(super) fn start<'a>(
        number: u32,
        place: &Place,
        arguments: impl Iterator<Item = &'a String>,
    ) -> Result<Self> {
        let mut child = Command::new(env::current_exe()?)
            .arg("serve")
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(place.log()?)
            .kill_on_drop(true)
            .spawn()?;
        let output = child.stdout.take().ok_or_else(|| Error::other("the server has no output"))?;
        let input = child.stdin.take();
        Ok(Self { child, output: BufReader::new(output), _input: input, number })
    }

    /// Waits until it listens, and says where.
    pub(super) async fn address(&mut self) -> Result<String> {
        let mut line = String::new();
        timeout(PATIENCE, self.output.read_line(&mut line)).await??;
        if line.is_empty() {
            let status = self.child.wait().await?;
            return Err(Error::other(format!("server {} did not come up: {status}", self.number)));
        }
        Ok(line.trim().to_owned())
    }

    /// Ends it with SIGKILL.
    pub(super) async fn kill(&mut self) -> Result<()> {
        self.check()?;
        self.child.kill().await
    }

    /// Ends it with SIGTERM, and waits until it has ended.
    pub(super) async fn terminate(&mut self) -> Result<()> {
        self.check()?;
        let id = self.child.id().ok_or_else(|| Error::other("the server has no process id"))?;
        let sent = Command::new("kill").arg("-TERM").arg(id.to_string()).status().await?;
        if !sent.success() {
            return Err(Error::other(format!("`kill -TERM {id}` failed: {sent}")));
        }
        let status = timeout(PATIENCE, self.child.wait()).await??;
        if status.success() {
            return Ok(());
        }
        Err(Error::other(format!("server {} did not end well after SIGTERM: {status}", self.number)))
    }

    /// It has no reason to end by itself.
    fn check(&mut self) -> Result<()> {
        match self.child.try_wait()? {
            None => Ok(()),
            Some(status) => Err(Error::other(format!("server {} ended by itself: {status}", self.number))),
        }
    }
}
