//! Starts `tracer` and fixtures, waits for what they say, and collects all of it.

use std::{
    ffi::OsStr,
    fmt,
    io::{Read, Write},
    path::Path,
    process::{Child, ChildStdin, Command, ExitStatus, Stdio},
    sync::{Arc, Condvar, Mutex},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use serde_json::Value;

use crate::{Loss, Record, fixture, tracer};

/// How long anything may take before the test fails. Nothing waits for this to pass.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// What a stream said so far, filled by a thread of its own.
#[derive(Clone, Default)]
struct Heard(Arc<(Mutex<(Vec<u8>, bool)>, Condvar)>);

impl Heard {
    fn listen(&self, mut stream: impl Read + Send + 'static) -> JoinHandle<()> {
        let heard = self.clone();
        thread::spawn(move || {
            let mut buffer = vec![0; 1 << 16];
            loop {
                let n = stream.read(&mut buffer).unwrap_or(0);
                let mut state = heard.0.0.lock().expect("no panic holds it");
                state.0.extend_from_slice(&buffer[..n]);
                state.1 |= n == 0;
                heard.0.1.notify_all();
                if n == 0 {
                    return;
                }
            }
        })
    }

    /// Waits until `found` is true of what was said; false when the stream ended before.
    fn wait(&self, what: &str, mut found: impl FnMut(&[u8]) -> bool) -> bool {
        let end = Instant::now() + PATIENCE;
        let mut state = self.0.0.lock().expect("no panic holds it");
        loop {
            if found(&state.0) {
                return true;
            }
            if state.1 {
                return false;
            }
            let left = end.saturating_duration_since(Instant::now());
            assert!(
                !left.is_zero(),
                "no {what} within {PATIENCE:?}; so far:\n{}",
                self.tail(&state.0)
            );
            state = self
                .0
                .1
                .wait_timeout(state, left)
                .expect("no panic holds it")
                .0;
        }
    }

    fn tail(&self, said: &[u8]) -> String {
        let from = said.len().saturating_sub(2000);
        String::from_utf8_lossy(&said[from..]).into_owned()
    }

    fn take(&self) -> Vec<u8> {
        self.0.0.lock().expect("no panic holds it").0.clone()
    }
}

/// A running `tracer`. Killed when dropped.
pub struct Tracer {
    child: Child,
    out: Heard,
    err: Heard,
    unread: Option<std::process::ChildStdout>,
    listeners: Vec<JoinHandle<()>>,
}

/// A `tracer` command line.
pub fn tracer_command<S: AsRef<OsStr>>(args: impl IntoIterator<Item = S>) -> Command {
    let mut command = Command::new(tracer());
    command.args(args);
    command
}

/// Runs a command to its end.
pub fn run_to_end(command: &mut Command) -> Outcome {
    Tracer::spawn(command).wait()
}

impl Tracer {
    /// Starts `tracer` with these arguments and waits until it says that it is ready.
    ///
    /// # Panics
    /// When it ends before, or does not get ready.
    pub fn start<S: AsRef<OsStr>>(args: impl IntoIterator<Item = S>) -> Self {
        Self::spawn(&mut tracer_command(args)).ready()
    }

    /// Starts a command and listens to it.
    ///
    /// # Panics
    /// When it cannot be started.
    pub fn spawn(command: &mut Command) -> Self {
        let mut tracer = Self::spawn_unread(command);
        tracer.read_on();
        tracer
    }

    /// Starts a command whose standard output nobody reads yet.
    ///
    /// # Panics
    /// When it cannot be started.
    pub fn spawn_unread(command: &mut Command) -> Self {
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command
            .spawn()
            .unwrap_or_else(|e| panic!("{command:?}: {e}"));
        let err = Heard::default();
        let listeners = vec![err.listen(child.stderr.take().expect("it is piped"))];
        let unread = child.stdout.take();
        Self {
            child,
            out: Heard::default(),
            err,
            unread,
            listeners,
        }
    }

    /// Begins to read the standard output.
    pub fn read_on(&mut self) {
        if let Some(stream) = self.unread.take() {
            self.listeners.push(self.out.listen(stream));
        }
    }

    /// Reads this many lines of the standard output, then closes it.
    ///
    /// # Panics
    /// When it is read already.
    pub fn read_lines_and_close(&mut self, lines: usize) -> Vec<u8> {
        let mut stream = self.unread.take().expect("nobody reads it yet");
        let (mut said, mut byte) = (Vec::new(), [0]);
        while said.iter().filter(|b| **b == b'\n').count() < lines {
            if stream.read(&mut byte).unwrap_or(0) == 0 {
                break;
            }
            said.push(byte[0]);
        }
        said
    }

    /// Waits for the line that says that it is ready.
    ///
    /// # Panics
    /// When it ends before.
    #[must_use]
    pub fn ready(self) -> Self {
        let is_ready = |line: &[u8]| {
            line.starts_with(b"tracer: ") && line.windows(5).any(|word| word == b"ready")
        };
        let found = self.err.wait("ready line", |said| {
            said.split(|b| *b == b'\n').any(is_ready)
        });
        assert!(found, "tracer ended before it was ready:\n{}", self.said());
        self
    }

    /// Waits for an event that satisfies a condition (`--format json` on standard output).
    ///
    /// # Panics
    /// When the stream ends before.
    pub fn wait_for(&self, what: &str, mut wanted: impl FnMut(&Record) -> bool) {
        let mut done = 0;
        let found = self.out.wait(what, |said| {
            let whole = said
                .iter()
                .rposition(|b| *b == b'\n')
                .map_or(0, |at| at + 1);
            let parsed = parse(&said[done.min(whole)..whole]);
            done = whole;
            parsed.records.iter().any(&mut wanted)
        });
        assert!(found, "tracer ended before {what}:\n{}", self.said());
    }

    /// Waits until standard error holds a text.
    ///
    /// # Panics
    /// When the stream ends before.
    pub fn wait_said(&self, text: &str) {
        let holds = |said: &[u8]| String::from_utf8_lossy(said).contains(text);
        assert!(
            self.err.wait(text, holds),
            "not said: {text}\n{}",
            self.said()
        );
    }

    /// What it said on standard error so far.
    pub fn said(&self) -> String {
        String::from_utf8_lossy(&self.err.take()).into_owned()
    }

    /// Its process id.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Sends it a signal.
    ///
    /// # Panics
    /// When it is gone.
    pub fn signal(&self, signal: Signal) {
        kill(Pid::from_raw(self.child.id() as i32), signal).expect("it is there");
    }

    /// Ctrl-C; then everything that it said.
    pub fn stop(self) -> Outcome {
        self.signal(Signal::SIGINT);
        self.wait()
    }

    /// Waits for it to end by itself.
    ///
    /// # Panics
    /// When it does not.
    pub fn wait(mut self) -> Outcome {
        let status = wait_child(&mut self.child, &|| self.err.tail(&self.err.take()));
        for listener in self.listeners.drain(..) {
            listener.join().expect("a listener does not panic");
        }
        Outcome::of(status, self.out.take(), &self.err.take())
    }
}

impl Drop for Tracer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn wait_child(child: &mut Child, said: &dyn Fn() -> String) -> ExitStatus {
    let end = Instant::now() + PATIENCE;
    loop {
        if let Some(status) = child.try_wait().expect("it is our child") {
            return status;
        }
        if Instant::now() > end {
            let _ = child.kill();
            panic!("it did not end within {PATIENCE:?}; it said:\n{}", said());
        }
        thread::sleep(Duration::from_millis(2));
    }
}

/// The sums at the end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    /// Events that the source looked at.
    pub seen: u64,
    /// Records written.
    pub written: u64,
    /// Not asked for.
    pub filtered: u64,
    /// Lost.
    pub lost: u64,
}

/// All that a `tracer` said, and how it ended.
pub struct Outcome {
    /// Exit status.
    pub status: ExitStatus,
    /// Standard output.
    pub stdout: Vec<u8>,
    /// Standard error.
    pub stderr: String,
    /// Events among the records (`--format json`).
    pub records: Vec<Record>,
    /// Losses among the records, each with the number of events before it.
    pub losses: Vec<(usize, Loss)>,
    /// Lines that begin like records and are none.
    pub broken: Vec<String>,
}

impl fmt::Debug for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}; {} records\n{}",
            self.status,
            self.records.len(),
            self.stderr
        )
    }
}

/// The records of an output.
#[derive(Default)]
struct Parsed {
    records: Vec<Record>,
    losses: Vec<(usize, Loss)>,
    broken: Vec<String>,
}

fn parse(text: &[u8]) -> Parsed {
    let mut parsed = Parsed::default();
    for line in text
        .split_inclusive(|b| *b == b'\n')
        .filter(|l| l.starts_with(b"{\"type\":"))
    {
        let text = String::from_utf8_lossy(line).trim_end().to_owned();
        let value: Value = match serde_json::from_slice(line) {
            Ok(value) if line.ends_with(b"\n") => value,
            _ => {
                parsed.broken.push(text);
                continue;
            }
        };
        match value["type"].as_str() {
            Some("event") => parsed.records.push(Record::new(value, text)),
            Some("loss") => parsed.losses.push((
                parsed.records.len(),
                Loss {
                    cpu: value["cpu"].as_u64(),
                    count: value["count"].as_u64(),
                    reason: value["reason"].as_str().unwrap_or("").to_owned(),
                },
            )),
            _ => parsed.broken.push(text),
        }
    }
    parsed
}

impl Outcome {
    fn of(status: ExitStatus, stdout: Vec<u8>, stderr: &[u8]) -> Self {
        let Parsed {
            records,
            losses,
            broken,
        } = parse(&stdout);
        let stderr = String::from_utf8(stderr.to_vec()).expect("standard error is UTF-8");
        assert!(
            !stderr.contains("panicked at") && !stderr.contains("RUST_BACKTRACE"),
            "tracer panicked:\n{stderr}"
        );
        Self {
            status,
            stdout,
            stderr,
            records,
            losses,
            broken,
        }
    }

    /// Takes the records from the file that `-o` named.
    ///
    /// # Panics
    /// When it cannot be read.
    #[must_use]
    pub fn with_file(self, file: &Path) -> Self {
        let text = std::fs::read(file).unwrap_or_else(|e| panic!("{e}; {self:?}"));
        let Parsed {
            records,
            losses,
            broken,
        } = parse(&text);
        Self {
            records,
            losses,
            broken,
            ..self
        }
    }

    /// Exit code, or 128 and the number of the signal that killed it.
    pub fn code(&self) -> i32 {
        use std::os::unix::process::ExitStatusExt;
        self.status
            .code()
            .unwrap_or_else(|| 128 + self.status.signal().unwrap_or(0))
    }

    /// Fails the test unless it ended with this code.
    ///
    /// # Panics
    /// When it did not.
    #[must_use]
    pub fn ended(self, code: i32) -> Self {
        assert_eq!(self.code(), code, "exit code; {self:?}");
        self
    }

    /// Lines of standard error that are not empty.
    pub fn complaints(&self) -> Vec<&str> {
        self.stderr
            .lines()
            .filter(|line| !line.trim().is_empty())
            .collect()
    }

    /// The sums, which must be there exactly once and add up.
    ///
    /// # Panics
    /// When they are not, or do not.
    pub fn sums(&self) -> Sums {
        let lines: Vec<_> = self
            .stderr
            .lines()
            .filter_map(|line| line.strip_prefix("tracer: seen "))
            .collect();
        let [line] = lines[..] else {
            panic!("{} lines of sums; {self:?}", lines.len())
        };
        let numbers: Vec<u64> = line
            .split(' ')
            .filter_map(|word| word.parse().ok())
            .collect();
        let [seen, written, filtered, lost, ..] = numbers[..] else {
            panic!("sums: {line}")
        };
        let form = format!("{seen} = written {written} + filtered {filtered} + lost {lost}");
        let rest = line
            .strip_prefix(&form)
            .unwrap_or_else(|| panic!("sums: {line}"));
        assert!(rest.is_empty() || rest.starts_with(" ("), "sums: {line}");
        assert_eq!(
            seen,
            written + filtered + lost,
            "the sums do not add up: {line}"
        );
        Sums {
            seen,
            written,
            filtered,
            lost,
        }
    }

    /// The sums add up, the records are as many as were written, and the losses in the stream are
    /// as many as were lost (`--format json`).
    ///
    /// # Panics
    /// When anything of it is not so.
    #[must_use]
    pub fn conserved(self) -> Self {
        let sums = self.sums();
        let broken = self.broken.last();
        assert!(
            broken.is_none(),
            "{} broken records: {broken:?}; {self:?}",
            self.broken.len()
        );
        assert_eq!(
            self.records.len() as u64,
            sums.written,
            "records in the output; {self:?}"
        );
        let lost: u64 = self
            .losses
            .iter()
            .map(|(_, loss)| loss.count.unwrap_or(1))
            .sum();
        assert_eq!(
            lost, sums.lost,
            "losses in the stream {:?}; {self:?}",
            self.losses
        );
        self
    }

    /// Conserved, and every record is sound.
    ///
    /// # Panics
    /// When anything of it is not so.
    #[must_use]
    pub fn sound(self) -> Self {
        let this = self.conserved();
        let problems: Vec<_> = this.records.iter().flat_map(Record::problems).collect();
        assert!(
            problems.is_empty(),
            "{} problems:\n{}",
            problems.len(),
            problems.join("\n")
        );
        this
    }

    /// The events of one process.
    pub fn of_pid(&self, pid: u64) -> Vec<&Record> {
        self.records.iter().filter(|r| r.pid() == pid).collect()
    }
}

/// A fixture that waits until it is told to go.
pub struct Fixture {
    child: Child,
    stdin: Option<ChildStdin>,
    out: Heard,
    listener: Option<JoinHandle<()>>,
}

impl Fixture {
    /// Starts a scenario in a directory; it waits before its first accounted call.
    ///
    /// # Panics
    /// When it cannot be started.
    pub fn start(scenario: &str, dir: &Path, args: &[&str]) -> Self {
        let mut command = Command::new(fixture());
        command
            .args(["--wait", "--then-hold", scenario])
            .arg(dir)
            .args(args);
        Self::spawn(&mut command)
    }

    /// Starts a command that runs a fixture with `--wait`.
    ///
    /// # Panics
    /// When it cannot be started.
    pub fn spawn(command: &mut Command) -> Self {
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command
            .spawn()
            .unwrap_or_else(|e| panic!("{command:?}: {e}"));
        let out = Heard::default();
        let listener = Some(out.listen(child.stdout.take().expect("it is piped")));
        let stdin = child.stdin.take();
        let fixture = Self {
            child,
            stdin,
            out,
            listener,
        };
        assert!(
            fixture
                .out
                .wait("ready fixture", |said| said.starts_with(b"ready\n"))
        );
        fixture
    }

    /// Its process id.
    pub fn pid(&self) -> u64 {
        self.child.id().into()
    }

    /// Tells it to play its scenario.
    ///
    /// # Panics
    /// When it is gone.
    pub fn go(&mut self) {
        self.stdin
            .as_mut()
            .expect("it was not told to end")
            .write_all(b"\n")
            .expect("it reads");
    }

    /// Waits until it has played its scenario; it stays.
    ///
    /// # Panics
    /// When it ends before.
    pub fn done(&self) {
        assert!(
            self.out
                .wait("end of the scenario", |said| said.ends_with(b"done\n"))
        );
    }

    /// Kills it.
    pub fn kill(&mut self) {
        let _ = self.child.kill();
    }

    /// Lets it end, and gives what it said.
    ///
    /// # Panics
    /// When it does not end.
    pub fn end(mut self) -> Vec<u8> {
        self.stdin = None;
        let _ = wait_child(&mut self.child, &String::new);
        if let Some(listener) = self.listener.take() {
            listener.join().expect("a listener does not panic");
        }
        let said = self.out.take();
        let said = said.strip_prefix(b"ready\n").unwrap_or(&said);
        said.strip_suffix(b"done\n").unwrap_or(said).to_vec()
    }

    /// Plays the scenario to its end and gives what it said.
    pub fn play(mut self) -> Vec<u8> {
        self.go();
        self.done();
        self.end()
    }
}

impl Drop for Fixture {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
