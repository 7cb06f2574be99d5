//! Starts `tracer`, waits for what it says, and collects all of it.

use std::{
    ffi::OsStr,
    io::Read,
    process::{Child, Command, Stdio},
    thread::JoinHandle,
};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};

use crate::{
    Outcome, Record,
    heard::{Heard, tail, wait_child},
    outcome, tracer,
};

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
        while said.split(|b| *b == b'\n').count() <= lines {
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
            let parsed = outcome::parse(&said[done.min(whole)..whole]);
            done = whole;
            parsed.records.iter().any(&mut wanted)
        });
        assert!(found, "tracer ended before {what}:\n{}", self.said());
    }

    /// Waits until standard output holds a text.
    ///
    /// # Panics
    /// When the stream ends before.
    pub fn wait_output(&self, text: &str) {
        self.wait_outputs(text, 1);
    }

    /// Waits until standard output holds a text so many times.
    ///
    /// # Panics
    /// When the stream ends before.
    pub fn wait_outputs(&self, text: &str, times: usize) {
        let holds = |said: &[u8]| String::from_utf8_lossy(said).matches(text).count() >= times;
        assert!(
            self.out.wait(text, holds),
            "no {text}; it said:\n{}",
            self.said()
        );
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

    /// What it printed so far.
    pub fn output(&self) -> Vec<u8> {
        self.out.take()
    }

    /// Waits for it to end by itself; its exit status (if no signal killed it), what it printed
    /// and what it said, as they are.
    ///
    /// # Panics
    /// When it does not end.
    pub fn wait_raw(mut self) -> (Option<i32>, Vec<u8>, String) {
        let status = wait_child(&mut self.child, &|| tail(&self.err.take()));
        for listener in self.listeners.drain(..) {
            listener.join().expect("a listener does not panic");
        }
        (status.code(), self.out.take(), self.said())
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
        let status = wait_child(&mut self.child, &|| tail(&self.err.take()));
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
