//! A `PostgreSQL` of the run's own, which can be killed as well: the programs of this machine, with data in the run's
//! folder.

use std::{
    env, fs,
    io::{Error, Result},
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, Command},
    time::sleep,
};

/// Runs `PostgreSQL` until the input ends, however the driver does, and says when it can be connected to. It ends as if it
/// crashed: what it has not written it has to recover at its next start.
const KEEPER: &str = r#"
bin=$1 dir=$2
"$bin/postgres" -D "$dir/data" -k "$dir" -c listen_addresses= >>"$dir/log" 2>&1 </dev/null &
pid=$!
until "$bin/pg_isready" -q -h "$dir"; do kill -0 $pid || exit 1; sleep 0.05; done
echo ready
cat >/dev/null
kill -QUIT $pid
wait $pid
"#;

/// A running database.
pub(super) struct Database {
    bin: PathBuf,
    folder: PathBuf,
    /// Its input is what the shell waits for.
    keeper: Child,
}

impl Database {
    /// Makes a database in this folder, which is to be new, and starts it.
    pub(super) async fn start(folder: PathBuf) -> Result<Self> {
        let bin = programs().ok_or_else(|| Error::other("this machine has no `initdb` and `postgres`"))?;
        fs::create_dir(&folder)?;
        if let Some(user) = unprivileged().await? {
            succeed(Command::new("chown").arg(user).arg(&folder)).await?;
        }
        let mut initdb = as_user(&bin.join("initdb")).await?;
        initdb.args(["--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-sync", "-D"]);
        succeed(initdb.arg(folder.join("data"))).await?;
        let keeper = keep(&bin, &folder).await?;
        Ok(Self { bin, folder, keeper })
    }

    /// Its address.
    pub(super) fn url(folder: &Path) -> String {
        format!("postgres://postgres@{}/postgres", folder.display().to_string().replace('/', "%2F"))
    }

    /// Ends it without warning, and starts it again after this time.
    pub(super) async fn kill(&mut self, away: Duration) -> Result<()> {
        // The wait closes the input first.
        self.keeper.wait().await?;
        sleep(away).await;
        self.keeper = keep(&self.bin, &self.folder).await?;
        Ok(())
    }
}

/// Starts it, and waits until it can be connected to.
async fn keep(bin: &Path, folder: &Path) -> Result<Child> {
    let mut command = as_user(Path::new("sh")).await?;
    let command = command.args(["-c", KEEPER, "sh"]).arg(bin).arg(folder);
    let mut keeper = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()?;
    let mut said = String::new();
    if let Some(output) = keeper.stdout.take() {
        BufReader::new(output).read_line(&mut said).await?;
    }
    if said == "ready\n" { Ok(keeper) } else { Err(Error::other("PostgreSQL did not start: see its log")) }
}

/// Where `PostgreSQL`'s programs are: in the `PATH`, or where Debian has them.
fn programs() -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let debian = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let debian = debian.map(|version| version.path().join("bin"));
    let needed = ["initdb", "postgres", "pg_isready"];
    env::split_paths(&path).chain(debian).find(|bin| needed.iter().all(|name| bin.join(name).is_file()))
}

/// `PostgreSQL` does not run as root: the user that it runs as instead.
async fn unprivileged() -> Result<Option<&'static str>> {
    let is_root = Command::new("id").arg("-u").output().await?.stdout == b"0\n";
    if !is_root {
        return Ok(None);
    }
    let is_there = Command::new("id").arg("postgres").output().await?.status.success();
    Ok(Some(if is_there { "postgres" } else { "nobody" }))
}

async fn as_user(program: &Path) -> Result<Command> {
    let Some(user) = unprivileged().await? else { return Ok(Command::new(program)) };
    let mut command = Command::new("runuser");
    command.args(["-u", user, "--"]).arg(program).current_dir("/");
    Ok(command)
}

async fn succeed(command: &mut Command) -> Result<()> {
    let output = command.output().await?;
    if output.status.success() {
        return Ok(());
    }
    Err(Error::other(format!("{command:?}: {}", String::from_utf8_lossy(&output.stderr))))
}
