//! Programs to run, and the little HTTP that it takes to talk to them.

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::PathBuf,
    process::{Child, ChildStdin, ChildStdout, Command, Output, Stdio},
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

pub(crate) const LINKED: &str = env!("CARGO_BIN_EXE_linked");
pub(crate) const UNLINKED: &str = env!("CARGO_BIN_EXE_unlinked");
pub(crate) const DOUBLED: &str = env!("CARGO_BIN_EXE_doubled");
pub(crate) const TALKER: &str = env!("CARGO_BIN_EXE_talker");
pub(crate) const SLOW: &str = env!("CARGO_BIN_EXE_slow");

/// A directory with a `credentials.yml`, in which programs run.
pub(crate) struct Place(PathBuf);

impl Place {
    pub(crate) fn with(credentials: &str) -> Self {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let name = format!("bots-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let place = Self(PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name));
        fs::create_dir_all(&place.0).unwrap();
        place.write("credentials.yml", credentials);
        place
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// The program with these arguments, which sees none of our variables.
    pub(crate) fn command(&self, program: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(program);
        command.args(arguments).current_dir(&self.0).env_clear().stdin(Stdio::null());
        command
    }

    /// Runs the program to its end.
    pub(crate) fn run(&self, program: &str, arguments: &[&str]) -> Ended {
        Ended::of(&mut self.command(program, arguments))
    }

    /// Starts the program as a server at a port that the system chooses.
    pub(crate) fn serve(&self, program: &str) -> Bot {
        Bot::start(&mut self.command(program, &["--port", "0", "--interface", "127.0.0.1"]))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// What a program left behind.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ended {
    pub(crate) fn of(command: &mut Command) -> Self {
        Self::with(command.output().unwrap())
    }

    /// What it leaves behind when it is given this to read.
    pub(crate) fn after(command: &mut Command, input: &str) -> Self {
        let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        Self::with(child.wait_with_output().unwrap())
    }

    fn with(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Self { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }
}

/// A server at work. It is killed when a test fails.
pub(crate) struct Bot {
    child: Child,
    pub(crate) log: Vec<String>,
    err: Box<dyn BufRead>,
    out: BufReader<ChildStdout>,
    input: Option<ChildStdin>,
    pub(crate) port: u16,
}

impl Bot {
    /// Starts it, and waits until it listens.
    pub(crate) fn start(command: &mut Command) -> Self {
        let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let err: Box<dyn BufRead> = Box::new(BufReader::new(child.stderr.take().unwrap()));
        let out = BufReader::new(child.stdout.take().unwrap());
        let input = child.stdin.take();
        let mut bot = Self { child, log: Vec::new(), err, out, input, port: 0 };
        let up = bot.wait_for("the server is up at ");
        let digits: String =
            up.rsplit(':').next().unwrap().chars().take_while(char::is_ascii_digit).collect();
        bot.port = digits.parse().unwrap();
        bot
    }

    /// Reads the log up to the line that contains this.
    pub(crate) fn wait_for(&mut self, text: &str) -> String {
        loop {
            let mut line = String::new();
            let length = self.err.read_line(&mut line).unwrap();
            assert_ne!(length, 0, "the program ended: {:#?}", self.log);
            self.log.push(line.clone());
            if line.contains(text) {
                return line;
            }
        }
    }

    /// The next line that it prints.
    pub(crate) fn printed(&mut self) -> String {
        let mut line = String::new();
        self.out.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }

    /// Gives it a line to read.
    pub(crate) fn tell(&mut self, line: &str) {
        writeln!(self.input.as_mut().unwrap(), "{line}").unwrap();
    }

    pub(crate) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        stream
    }

    /// Posts JSON, and reads the whole answer.
    pub(crate) fn post(&self, path: &str, body: &str) -> String {
        let mut stream = self.connect();
        send_post(&mut stream, path, body);
        answer(&mut stream)
    }

    /// Sends it a signal, as `TERM`.
    pub(crate) fn signal(&self, name: &str) {
        let pid = self.child.id();
        assert!(Command::new("sh").args(["-c", &format!("kill -{name} {pid}")]).status().unwrap().success());
    }

    /// Waits for its end; the exit code, if no signal ended it.
    pub(crate) fn end(mut self) -> Option<i32> {
        self.child.wait().unwrap().code()
    }
}

impl Drop for Bot {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) fn send_post(stream: &mut TcpStream, path: &str, body: &str) {
    let length = body.len();
    let head = format!("POST {path} HTTP/1.1\r\nHost: test\r\nConnection: close\r\nContent-Length: {length}");
    write!(stream, "{head}\r\n\r\n{body}").unwrap();
}

/// The answer up to the end of the connection.
pub(crate) fn answer(stream: &mut TcpStream) -> String {
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}
