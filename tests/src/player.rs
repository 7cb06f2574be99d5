//! A fixture that is told when to begin.

use std::{
    io::Write,
    path::Path,
    process::{Child, ChildStdin, Command, Stdio},
    thread::JoinHandle,
};

use crate::{
    fixture,
    heard::{Heard, wait_child},
};

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
        assert!(self.out.wait("end of the scenario", is_done));
    }

    /// Whether it has played its scenario.
    pub fn is_done(&self) -> bool {
        is_done(&self.out.take())
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

fn is_done(said: &[u8]) -> bool {
    said.ends_with(b"done\n")
}

impl Drop for Fixture {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
