//! A `tracer daemon` in a directory of its own, and the programs that ask it.

use std::{
    fmt::Write,
    fs,
    path::PathBuf,
    process::{Command, Output},
};

use nix::sys::signal::Signal;

use crate::{
    Outcome, Place, Tracer,
    heard::{is_so_in_time, tail},
    real_tool, tracer, tracer_command,
};

/// A running daemon.
pub struct Daemon {
    place: Place,
    tracer: Option<Tracer>,
}

impl Daemon {
    /// Starts a daemon with these rules and lines of `tracer.toml`.
    pub fn start(rules: &str, settings: &str) -> Self {
        let daemon = Self::prepare(rules, settings);
        daemon.run()
    }

    /// Everything but the daemon itself.
    ///
    /// # Panics
    /// When a file cannot be written.
    pub fn prepare(rules: &str, settings: &str) -> Self {
        let place = Place::new();
        let daemon = Self {
            place,
            tracer: None,
        };
        daemon.place.dir("rules.d");
        daemon.place.dir("watched");
        let here = daemon.place.path().display();
        daemon.write_rules(rules);
        let own = |key: &str| {
            let is_key = |line: &str| line.split(" =").next() == Some(key);
            settings.lines().any(is_key)
        };
        let mut toml = settings.replace("HERE", &here.to_string());
        for (key, value) in [
            ("rules", "rules.d"),
            ("log_file", "log/audit.log"),
            ("control_socket", "control.sock"),
            ("message_socket", "message.sock"),
        ] {
            if !own(key) {
                writeln!(toml, "\n{key} = \"{here}/{value}\"").expect("a string takes it");
            }
        }
        if !own("space_left") {
            toml.push_str("\nspace_left = 0");
        }
        if !own("buffer") {
            toml.push_str("\nbuffer = \"16M\"");
        }
        fs::write(daemon.config(), toml).expect("tracer.toml");
        daemon
    }

    /// Writes the rule file; `HERE` in it is the daemon's directory.
    ///
    /// # Panics
    /// When that fails.
    pub fn write_rules(&self, rules: &str) {
        let here = self.place.path().display().to_string();
        fs::write(
            self.place.join("rules.d/test.rules"),
            rules.replace("HERE", &here),
        )
        .expect("rules");
    }

    /// Starts it, or starts it again.
    #[must_use]
    pub fn run(mut self) -> Self {
        self.tracer = Some(Tracer::start([
            "daemon".as_ref(),
            "--config".as_ref(),
            self.config().as_os_str(),
        ]));
        self
    }

    /// Runs it to its end, because it refuses to start.
    pub fn refused(&self) -> Outcome {
        let config = self.config();
        let args = ["daemon".as_ref(), "--config".as_ref(), config.as_os_str()];
        crate::run_to_end(&mut tracer_command(args))
    }

    /// Its configuration file.
    pub fn config(&self) -> PathBuf {
        self.place.join("tracer.toml")
    }

    /// Its directory.
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// A path below the watched directory.
    pub fn watched(&self, name: &str) -> PathBuf {
        self.place.join("watched").join(name)
    }

    /// The running daemon.
    ///
    /// # Panics
    /// When it is not running.
    pub fn tracer(&self) -> &Tracer {
        self.tracer.as_ref().expect("it runs")
    }

    /// Runs a `tracer` command that asks it.
    ///
    /// # Panics
    /// When it cannot be run.
    pub fn ask(&self, args: &[&str]) -> Output {
        tracer_command(args)
            .env("TRACER_CONFIG", self.config())
            .output()
            .expect("tracer runs")
    }

    /// Runs `tracer` called as `auditctl`.
    ///
    /// # Panics
    /// When it cannot be run.
    pub fn auditctl(&self, line: &str) -> Output {
        let program = self.place.join("auditctl");
        if !program.exists() {
            std::os::unix::fs::symlink(tracer(), &program).expect("link");
        }
        let here = self.place.path().display().to_string();
        Command::new(program)
            .args(line.replace("HERE", &here).split_whitespace())
            .env("TRACER_CONFIG", self.config())
            .output()
            .expect("auditctl runs")
    }

    /// What `tracer status --json` says.
    ///
    /// # Panics
    /// When it says no such thing.
    pub fn status(&self) -> serde_json::Value {
        let output = self.ask(&["status", "--json"]);
        serde_json::from_slice(&output.stdout).unwrap_or_else(|e| panic!("{e}: {output:?}"))
    }

    /// Ends it as systemd does, and waits.
    ///
    /// # Panics
    /// When it is not running.
    pub fn stop(&mut self) -> Outcome {
        let tracer = self.tracer.take().expect("it runs");
        tracer.signal(Signal::SIGTERM);
        tracer.wait()
    }

    /// Kills it.
    ///
    /// # Panics
    /// When it is not running.
    pub fn kill(&mut self) {
        let tracer = self.tracer.take().expect("it runs");
        tracer.signal(Signal::SIGKILL);
        let _ = tracer.wait();
    }

    /// The log file.
    pub fn log_path(&self) -> PathBuf {
        self.place.join("log/audit.log")
    }

    /// All segments of the log, oldest first.
    ///
    /// # Panics
    /// When one cannot be read.
    pub fn log(&self) -> Log {
        let mut files = vec![self.log_path()];
        for n in 1.. {
            let path = PathBuf::from(format!("{}.{n}", self.log_path().display()));
            if !path.exists() {
                break;
            }
            files.push(path);
        }
        let read = |path: &PathBuf| fs::read(path).expect("a segment");
        let bytes: Vec<u8> = files.iter().rev().flat_map(read).collect();
        Log {
            text: String::from_utf8(bytes).expect("a log is ASCII"),
            segments: files.len(),
        }
    }

    /// Waits until the present segment of the log has a text.
    ///
    /// # Panics
    /// When it has not in time: with what the daemon counts, so that a loss can be told from a delay.
    pub fn wait_logged(&self, text: &str) {
        let path = self.log_path();
        let is_there = || fs::read_to_string(&path).is_ok_and(|log| log.contains(text));
        if !is_so_in_time(is_there) {
            let log = fs::read(&path).map(|bytes| tail(&bytes));
            panic!(
                "not in the log: {text}\n{}\nthe log ends: {log:?}",
                self.status()
            );
        }
    }

    /// Runs a tool of the audit suite over the log; what it printed.
    ///
    /// # Panics
    /// When it cannot be run or complains.
    pub fn real(&self, tool: &str, args: &[&str]) -> String {
        real_tool(tool, &self.log_path(), args)
    }
}

/// A log as text.
pub struct Log {
    /// All of it.
    pub text: String,
    /// How many segments it is in.
    pub segments: usize,
}

impl Log {
    /// Records of a type.
    pub fn of_type(&self, kind: &str) -> Vec<&str> {
        let start = format!("type={kind} ");
        self.text
            .lines()
            .filter(|l| l.starts_with(&start))
            .collect()
    }

    /// SYSCALL records that have a text.
    pub fn calls(&self, text: &str) -> Vec<&str> {
        let mut calls = self.of_type("SYSCALL");
        calls.retain(|line| line.contains(text));
        calls
    }

    /// All records of the event of which this is one.
    ///
    /// # Panics
    /// When the line is no record.
    pub fn event(&self, line: &str) -> Vec<&str> {
        let stamp = line.split(": ").next().expect("a stamp");
        let stamp = &stamp[stamp.find("msg=").expect("a stamp")..];
        self.text.lines().filter(|l| l.contains(stamp)).collect()
    }

    /// Serial numbers, in the order of the log.
    ///
    /// # Panics
    /// When a line is no record.
    pub fn serials(&self) -> Vec<u64> {
        let serial = |line: &str| -> u64 {
            let stamp = &line[line.find("msg=audit(").expect("a stamp")..];
            let from = stamp.find(':').expect("a serial") + 1;
            let to = stamp.find(')').expect("an end");
            stamp[from..to].parse().expect("a number")
        };
        self.text.lines().map(serial).collect()
    }
}
