//! This program once more, as a server in a process of its own.

use std::{
    env, fs,
    io::{self, BufRead as _, BufReader},
    net::SocketAddr,
    process::{Child, Command, Stdio},
    time::Duration,
};

/// A server in a process of its own, ended when dropped.
pub struct Served {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
}

impl Served {
    /// Starts this program with this argument; it has to print the address at which it listens.
    ///
    /// # Errors
    ///
    /// The program can't be started, or prints no address.
    pub fn start(argument: &str) -> io::Result<Self> {
        let mut child = Command::new(env::current_exe()?).arg(argument).stdout(Stdio::piped()).spawn()?;
        let mut line = String::new();
        if let Some(output) = child.stdout.take() {
            BufReader::new(output).read_line(&mut line)?;
        }
        let address = line.trim().parse().map_err(io::Error::other)?;
        Ok(Self { child, address })
    }

    /// The process's id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// The processor time that it has used.
    ///
    /// # Errors
    ///
    /// The kernel does not say.
    pub fn processor_time(&self) -> io::Result<Duration> {
        processor_time(&self.child.id().to_string())
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The processor time that this process has used.
///
/// # Errors
///
/// The kernel does not say.
pub fn own_time() -> io::Result<Duration> {
    processor_time("self")
}

fn processor_time(process: &str) -> io::Result<Duration> {
    let mut nanoseconds = 0;
    for task in fs::read_dir(format!("/proc/{process}/task"))? {
        let text = fs::read_to_string(task?.path().join("schedstat"))?;
        let first = text.split(' ').next().unwrap_or_default();
        nanoseconds += first.parse::<u64>().map_err(io::Error::other)?;
    }
    Ok(Duration::from_nanos(nanoseconds))
}

/// The processor time of all children that have ended and were waited for.
///
/// # Errors
///
/// The kernel does not say.
pub fn children_time() -> io::Result<Duration> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    // proc(5): after the name, which is in brackets, `cutime` and `cstime` are the 14th and 15th field, in 1/100 s.
    let fields = stat.rsplit(") ").next().unwrap_or_default().split(' ').skip(13).take(2);
    let ticks = fields.map(|field| field.parse::<u64>().map_err(io::Error::other));
    Ok(Duration::from_millis(ticks.sum::<io::Result<u64>>()? * 10))
}

/// The resident memory of a process in KiB.
///
/// # Errors
///
/// There is no such process.
pub fn resident_kib(process: u32) -> io::Result<u32> {
    let status = fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
    line.trim().trim_end_matches(" kB").parse().map_err(io::Error::other)
}
