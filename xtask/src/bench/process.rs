//! A process that the bench started: never left behind, and read through `/proc`.

use std::{
    fs::{self, File},
    os::unix::process::CommandExt as _,
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail};

/// How long a tool may take to end once asked to.
const PATIENCE: Duration = Duration::from_mins(1);

/// CPU time of all threads of a process.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cpu {
    /// In user mode.
    pub(super) user: Duration,
    /// In the kernel.
    pub(super) system: Duration,
}

/// A child that ends with its guard, and with the bench even if that is killed.
#[derive(Debug)]
pub(super) struct Process {
    /// The child itself.
    child: Child,
    /// Where its standard error goes.
    stderr: PathBuf,
}

impl Process {
    /// Starts it; standard error goes to `stderr`, the rest as the command says.
    pub(super) fn start(command: &mut Command, stderr: &Path) -> Result<Self> {
        let file = File::create(stderr).with_context(|| format!("{}", stderr.display()))?;
        // SAFETY: between fork and exec, prctl with these arguments only marks the process; it
        // takes no lock and allocates nothing.
        unsafe {
            command.pre_exec(|| {
                libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGTERM);
                Ok(())
            });
        }
        let child = command
            .stderr(Stdio::from(file))
            .spawn()
            .with_context(|| format!("{} cannot be started", command.get_program().display()))?;
        Ok(Self {
            child,
            stderr: stderr.to_owned(),
        })
    }

    /// Its standard output, where that is a pipe that nobody has taken yet.
    pub(super) fn stdout(&mut self) -> Result<ChildStdout> {
        self.child
            .stdout
            .take()
            .context("standard output is not a pipe")
    }

    /// Its standard input, likewise.
    pub(super) fn stdin(&mut self) -> Result<ChildStdin> {
        self.child
            .stdin
            .take()
            .context("standard input is not a pipe")
    }

    /// Whether it has ended.
    pub(super) fn has_ended(&mut self) -> Result<bool> {
        Ok(self.child.try_wait()?.is_some())
    }

    /// Waits for it to end by itself.
    pub(super) fn wait(&mut self) -> Result<ExitStatus> {
        Ok(self.child.wait()?)
    }

    /// Asks it to end as Ctrl-C does, waits, and gives what it wrote to standard error.
    pub(super) fn interrupt(&mut self) -> Result<String> {
        if self.child.try_wait()?.is_none() {
            self.signal(libc::SIGINT);
        }
        let deadline = Instant::now() + PATIENCE;
        while self.child.try_wait()?.is_none() {
            if Instant::now() > deadline {
                bail!(
                    "pid {} did not end within {PATIENCE:?} of SIGINT",
                    self.child.id()
                );
            }
            thread::sleep(Duration::from_millis(1));
        }
        Ok(self.messages())
    }

    /// What it wrote to standard error so far.
    pub(super) fn messages(&self) -> String {
        let bytes = fs::read(&self.stderr).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// Resident memory in MiB.
    pub(super) fn rss_mib(&self) -> Result<f64> {
        self.status_mib("VmRSS:")
    }

    fn status_mib(&self, name: &str) -> Result<f64> {
        let status = self.proc("status")?;
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        let kib: f64 = line
            .and_then(|line| line.trim().strip_suffix(" kB")?.parse().ok())
            .with_context(|| format!("/proc shows no {name}"))?;
        Ok(kib / 1024.0)
    }

    /// Most resident memory so far, in MiB.
    pub(super) fn peak_mib(&self) -> Result<f64> {
        self.status_mib("VmHWM:")
    }

    /// CPU time so far, to the tick (10 ms).
    pub(super) fn cpu(&self) -> Result<Cpu> {
        let stat = self.proc("stat")?;
        // The name, in parentheses, may hold anything; the fields after it are numbers.
        let fields = stat
            .rsplit_once(')')
            .context("/proc/PID/stat has no name")?
            .1;
        let mut fields = fields.split_whitespace().skip(11);
        let mut ticks = || fields.next()?.parse::<u64>().ok();
        let (user, system) = ticks()
            .zip(ticks())
            .context("/proc/PID/stat is cut short")?;
        // SAFETY: sysconf takes a number and touches no memory of ours.
        let per_second = u64::try_from(unsafe { libc::sysconf(libc::_SC_CLK_TCK) })?.max(1);
        let time = |ticks: u64| Duration::from_millis(ticks * 1000 / per_second);
        Ok(Cpu {
            user: time(user),
            system: time(system),
        })
    }

    /// A file of its directory in `/proc`.
    fn proc(&self, file: &str) -> Result<String> {
        let path = format!("/proc/{}/{file}", self.child.id());
        fs::read_to_string(&path).with_context(|| path.clone())
    }

    /// Sends a signal; the child has not been waited for, so the pid is still its own.
    fn signal(&self, signal: i32) {
        // SAFETY: kill takes two numbers and touches no memory of ours.
        unsafe { libc::kill(self.child.id() as libc::pid_t, signal) };
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if !matches!(self.child.try_wait(), Ok(Some(_))) {
            let _: Result<(), _> = self.child.kill();
            let _: Result<_, _> = self.child.wait();
        }
    }
}
