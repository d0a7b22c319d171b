//! A `PostgreSQL` of the tests' own: the programs of this machine, with data in a temporary directory.
//!
//! A cluster ends when the process of the tests does, however that ends: a shell waits for the end of a pipe.

use std::{
    env, fs,
    io::{BufRead, BufReader},
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
};

/// Runs `PostgreSQL` until the input ends, and says when it can be connected to.
const KEEPER: &str = r#"
bin=$1 dir=$2
"$bin/postgres" -D "$dir/data" -k "$dir" -c listen_addresses= -c fsync=off -c max_connections=400 >"$dir/log" 2>&1 </dev/null &
pid=$!
until "$bin/pg_isready" -q -h "$dir"; do kill -0 $pid || exit 1; sleep 0.05; done
echo ready
cat >/dev/null
kill -INT $pid
wait $pid
rm -rf "$dir"
"#;

/// A running `PostgreSQL`, which outlasts no power cut. `postgres` may do everything without a password.
pub(crate) struct Cluster {
    bin: PathBuf,
    dir: PathBuf,
    /// Its input is what the shell waits for.
    _keeper: Child,
    names: AtomicU32,
}

/// The cluster of this process; `None`, with a word, where the machine has no `PostgreSQL`.
///
/// # Panics
///
/// There is none and `CI` is `true`, or it does not start.
pub(crate) fn cluster() -> Option<&'static Cluster> {
    static CLUSTER: OnceLock<Option<Cluster>> = OnceLock::new();
    let cluster = CLUSTER.get_or_init(|| Some(Cluster::start(programs()?))).as_ref();
    if cluster.is_none() {
        assert!(env::var("CI").as_deref() != Ok("true"), "CI has no `initdb` and `postgres`");
        eprintln!("skipped: this machine has no `initdb` and `postgres`");
    }
    cluster
}

impl Cluster {
    fn start(bin: PathBuf) -> Self {
        let dir = env::temp_dir().join(format!("channel-postgres-{}", std::process::id()));
        fs::create_dir_all(&dir).unwrap();
        let user = unprivileged();
        if let Some(user) = user {
            succeed(Command::new("chown").arg(user).arg(&dir));
        }
        let data = dir.join("data");
        let initdb = bin.join("initdb");
        succeed(
            as_user(user, &initdb)
                .args(["--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-sync", "-D"])
                .arg(&data),
        );
        let access = "local all guarded scram-sha-256\nlocal all all trust\n";
        fs::write(data.join("pg_hba.conf"), access).unwrap();

        let mut keeper = as_user(user, Path::new("sh"))
            .args(["-c", KEEPER, "sh"])
            .args([&bin, &dir])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .unwrap();
        let mut said = String::new();
        BufReader::new(keeper.stdout.take().unwrap()).read_line(&mut said).unwrap();
        let log = || fs::read_to_string(dir.join("log")).unwrap_or_default();
        assert_eq!(said, "ready\n", "PostgreSQL did not start: {}", log());
        Self { bin, dir, _keeper: keeper, names: AtomicU32::new(0) }
    }

    /// The address of a database as this user.
    pub(crate) fn url(&self, user: &str, database: &str) -> String {
        let dir = self.dir.to_str().unwrap().replace('/', "%2F");
        format!("postgres://{user}@{dir}/{database}")
    }

    /// The name of something new, in lower case.
    pub(crate) fn new_name(&self) -> String {
        format!("new_{}", self.names.fetch_add(1, Ordering::Relaxed))
    }

    /// Runs statements as `postgres`, and returns what they yield.
    pub(crate) fn run(&self, database: &str, sql: &str) -> String {
        let output = succeed(&mut self.psql(database, sql));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    /// Begins to run statements as `postgres`.
    pub(crate) fn spawn(&self, database: &str, sql: &str) -> Child {
        let (out, err) = (Stdio::null(), Stdio::null());
        self.psql(database, sql).stdin(Stdio::null()).stdout(out).stderr(err).spawn().unwrap()
    }

    fn psql(&self, database: &str, sql: &str) -> Command {
        let mut psql = Command::new(self.bin.join("psql"));
        psql.args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-U", "postgres", "-h"]).arg(&self.dir);
        psql.args(["-d", database, "-c", sql]);
        psql
    }
}

/// Where `PostgreSQL`'s programs are: in the `PATH`, or where Debian has them, the newest first.
fn programs() -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let mut debian: Vec<_> = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().collect();
    debian.sort_by_key(|version| {
        std::cmp::Reverse(version.file_name().to_string_lossy().parse().unwrap_or(0_u32))
    });
    let debian = debian.into_iter().map(|version| version.path().join("bin"));
    let needed = ["initdb", "postgres", "pg_isready", "psql"];
    env::split_paths(&path).chain(debian).find(|bin| needed.iter().all(|name| bin.join(name).is_file()))
}

/// `PostgreSQL` does not run as root: the user that it runs as instead.
fn unprivileged() -> Option<&'static str> {
    let id = |arguments: &[&str]| Command::new("id").args(arguments).output().unwrap();
    let is_root = id(&["-u"]).stdout == b"0\n";
    is_root.then(|| if id(&["postgres"]).status.success() { "postgres" } else { "nobody" })
}

fn as_user(user: Option<&str>, program: &Path) -> Command {
    let Some(user) = user else { return Command::new(program) };
    let mut command = Command::new("runuser");
    command.args(["-u", user, "--"]).arg(program).current_dir("/");
    command
}

fn succeed(command: &mut Command) -> Output {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    output
}
