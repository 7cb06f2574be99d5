//! Runs rsync: its command line, its input, what it says, and what that means.

use std::{
    ffi::OsString,
    io,
    os::unix::ffi::OsStrExt,
    path::Path,
    process::Stdio,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process, set_parent_process_death_signal};

use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWriteExt},
    process::{Child, ChildStdin, Command},
};

use super::{
    change::{Kind, RelPath},
    dest::Dest,
    filter::Filters,
};

/// The first version that has `--delete-missing-args`.
const OLDEST: (u32, u32) = (3, 1);

/// Lines of an rsync's complaints that are kept.
const KEPT: usize = 20;

/// Seconds that an ssh may take to connect; a daemon likewise.
const CONNECT: u32 = 10;

/// How long a rsync that is asked to end is waited for.
const GRACE: Duration = Duration::from_secs(1);

/// How rsync is run.
#[derive(Clone, Debug)]
pub struct Options {
    /// The program.
    pub program: OsString,
    /// The remote shell with its options; `None`: ssh that asks no questions.
    pub rsh: Option<String>,
    /// `--bwlimit`.
    pub bwlimit: Option<String>,
    /// `--compress`.
    pub compress: bool,
    /// Names that the source does not have are deleted at the destination.
    pub delete: bool,
    /// `--timeout`: how long nothing may come from a remote end.
    pub timeout: Duration,
    /// Passed on as they are, after everything else.
    pub extra: Vec<OsString>,
}

/// What a run is about.
#[derive(Clone, Copy, Debug)]
pub enum Scope<'a> {
    /// The whole tree.
    Full,
    /// These paths, looked at in one way.
    Paths(Kind, &'a std::collections::BTreeSet<RelPath>),
}

/// What one or more runs moved, as rsync counts it (`--stats`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Stats {
    /// Entries that the destination did not have.
    pub created: u64,
    /// Entries deleted there.
    pub deleted: u64,
    /// Regular files whose content was transferred.
    pub transferred: u64,
    /// Size of these files, in bytes.
    pub bytes: u64,
    /// Bytes sent over the connection.
    pub sent: u64,
}

impl Stats {
    /// Adds those of another run.
    pub fn add(&mut self, other: Self) {
        self.created += other.created;
        self.deleted += other.deleted;
        self.transferred += other.transferred;
        self.bytes += other.bytes;
        self.sent += other.sent;
    }

    /// Takes in a line of `--stats`.
    fn line(&mut self, line: &str) {
        let Some((name, rest)) = line.split_once(':') else {
            return;
        };
        let place = match name {
            "Number of created files" => &mut self.created,
            "Number of deleted files" => &mut self.deleted,
            "Number of regular files transferred" => &mut self.transferred,
            "Total transferred file size" => &mut self.bytes,
            "Total bytes sent" => &mut self.sent,
            _ => return,
        };
        let digits: String = rest
            .trim_start()
            .chars()
            .take_while(|c| c.is_ascii_digit() || *c == ',')
            .filter(char::is_ascii_digit)
            .collect();
        *place = digits.parse().unwrap_or(0);
    }
}

/// How far a run is (`--info=progress2`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Bytes of files so far.
    pub bytes: u64,
    /// Of all that is known to be transferred.
    pub percent: u8,
}

impl Progress {
    /// `  1,234  12%  1.20MB/s  0:00:01 (xfr#5, to-chk=1/7)`.
    fn parse(line: &str) -> Option<Self> {
        let mut words = line.split_whitespace();
        let bytes = words.next()?.replace(',', "").parse().ok()?;
        let percent = words.next()?.strip_suffix('%')?.parse().ok()?;
        Some(Self { bytes, percent })
    }
}

/// What came of a run.
#[derive(Clone, Debug, Default)]
pub(super) struct Outcome {
    /// Exit code; `None` when it was killed.
    pub code: Option<i32>,
    /// What it moved.
    pub stats: Stats,
    /// The first lines of its complaints.
    pub complaints: Vec<String>,
}

impl Options {
    /// Everything but the last two arguments.
    fn arguments(&self, dest: &Dest, filters: &Filters, scope: Scope<'_>) -> Vec<OsString> {
        let mut args: Vec<OsString> = Vec::new();
        let mut add = |words: &[&str]| args.extend(words.iter().map(OsString::from));
        add(&["-lptgoD", "--stats", "--no-h", "--force"]);
        match scope {
            Scope::Full => add(&["-r", "--modify-window=-1", "--info=progress2"]),
            Scope::Paths(kind, _) => {
                add(&["--files-from=-", "--from0"]);
                match kind {
                    Kind::Attribute => add(&["--modify-window=-1"]),
                    Kind::Content => add(&["--ignore-times"]),
                    Kind::Tree => add(&["-r", "--modify-window=-1"]),
                }
                add(if self.delete {
                    &["--delete-missing-args"]
                } else {
                    &["--ignore-missing-args"]
                });
            }
        }
        if self.delete && matches!(scope, Scope::Full | Scope::Paths(Kind::Tree, _)) {
            add(&["--delete"]);
        }
        if self.compress {
            add(&["--compress"]);
        }
        if let Some(limit) = &self.bwlimit {
            add(&[&format!("--bwlimit={limit}")]);
        }
        if dest.local().is_none() {
            add(&[&format!("--timeout={}", self.timeout.as_secs().max(1))]);
            match &self.rsh {
                Some(rsh) => add(&["-e", rsh]),
                // With a remote shell, the daemon would be asked for through it.
                None if dest.is_daemon() => add(&[&format!("--contimeout={CONNECT}")]),
                None if std::env::var_os("RSYNC_RSH").is_some() => {}
                None => add(&[
                    "-e",
                    &format!("ssh -o BatchMode=yes -o ConnectTimeout={CONNECT}"),
                ]),
            }
        }
        args.extend_from_slice(filters.args());
        args.extend_from_slice(&self.extra);
        args
    }

    /// A command that makes `dest` equal to `source` as far as the scope goes.
    pub fn command(
        &self,
        source: &Path,
        dest: &Dest,
        filters: &Filters,
        scope: Scope<'_>,
    ) -> std::process::Command {
        let mut command = std::process::Command::new(&self.program);
        let mut from = source.as_os_str().to_owned();
        if !from.as_bytes().ends_with(b"/") {
            from.push("/");
        }
        command
            .args(self.arguments(dest, filters, scope))
            .arg("--")
            .args([&from, &dest.arg()])
            // What it says is read by a program.
            .env("LC_ALL", "C")
            .env_remove("RSYNC_PARTIAL_DIR");
        command
    }

    /// Is there an rsync that can do this? The error says what to do.
    pub fn check(&self) -> Result<(), String> {
        let name = Path::new(&self.program).display().to_string();
        let out = std::process::Command::new(&self.program)
            .arg("--version")
            .stdin(Stdio::null())
            .output()
            .map_err(|error| match error.kind() {
                io::ErrorKind::NotFound => format!(
                    "{name} is not installed: install the package rsync, or say where it is with --rsync"
                ),
                _ => format!("{name} cannot be run: {error}"),
            })?;
        let text = String::from_utf8_lossy(&out.stdout);
        let version = text
            .split_once("version ")
            .and_then(|(_, rest)| {
                let rest = rest.trim_start_matches('v');
                let mut numbers = rest.split(|c: char| !c.is_ascii_digit());
                Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
            })
            .unwrap_or((0, 0));
        if version < OLDEST {
            let first = text
                .lines()
                .next()
                .unwrap_or("no version")
                .trim()
                .to_owned();
            return Err(format!(
                "{name} is too old, or not the rsync of rsync.samba.org ({first}): {}.{} or later is needed",
                OLDEST.0, OLDEST.1
            ));
        }
        Ok(())
    }
}

/// A child that is asked to end when nobody waits for it any more: rsync then takes away what is
/// half written.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let Some(pid) = self.0.id().and_then(|id| Pid::from_raw(id as i32)) else {
            return;
        };
        // It has not been waited for, so the id is still its own.
        let _ = kill_process(pid, Signal::TERM);
        let end = Instant::now() + GRACE;
        while matches!(self.0.try_wait(), Ok(None)) && Instant::now() < end {
            std::thread::sleep(Duration::from_millis(2));
        }
    }
}

/// Runs a command to its end; it ends with this process.
pub(super) async fn run(
    mut command: std::process::Command,
    scope: Scope<'_>,
    on_progress: &dyn Fn(Progress),
) -> io::Result<Outcome> {
    end_with_parent(&mut command);
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = Running(Command::from(command).spawn()?);
    let (out, err) = (child.0.stdout.take(), child.0.stderr.take());
    let mut stats = Stats::default();
    let mut complaints = Vec::new();
    let ((), read_out, read_err) = tokio::join!(
        feed(child.0.stdin.take(), scope),
        lines(out, |line| match Progress::parse(line) {
            Some(progress) => on_progress(progress),
            None => stats.line(line),
        }),
        lines(err, |line| if complaints.len() < KEPT && !line.is_empty() {
            complaints.push(line.to_owned());
        }),
    );
    read_out.and(read_err)?;
    let ended = child.0.wait().await?;
    Ok(Outcome {
        code: ended.code(),
        stats,
        complaints,
    })
}

/// Writes the paths. An rsync that does not read them to the end says why by itself.
async fn feed(stdin: Option<ChildStdin>, scope: Scope<'_>) {
    let (Some(mut stdin), Scope::Paths(_, paths)) = (stdin, scope) else {
        return;
    };
    let mut text = Vec::new();
    for path in paths {
        // `./` keeps rsync from taking anything in a name for more than a name.
        text.extend_from_slice(b"./");
        text.extend_from_slice(path);
        text.push(0);
    }
    let _ = stdin.write_all(&text).await;
}

/// Hands on each line of a stream, as text; `\r` ends a line too.
async fn lines(
    stream: Option<impl AsyncRead + Unpin>,
    mut take: impl FnMut(&str),
) -> io::Result<()> {
    let Some(mut stream) = stream else {
        return Ok(());
    };
    let mut buffer = Vec::new();
    loop {
        let n = stream.read_buf(&mut buffer).await?;
        let whole = buffer
            .iter()
            .rposition(|b| matches!(b, b'\n' | b'\r'))
            .map_or(0, |at| at + 1);
        let end = if n == 0 { buffer.len() } else { whole };
        for line in buffer[..end].split(|b| matches!(b, b'\n' | b'\r')) {
            take(&String::from_utf8_lossy(line));
        }
        buffer.drain(..end);
        if n == 0 {
            return Ok(());
        }
    }
}

/// A process that is killed takes its rsync along: two at one destination would be one too many.
fn end_with_parent(command: &mut std::process::Command) {
    use std::os::unix::process::CommandExt;
    // SAFETY: between fork and exec only prctl(2) and sigprocmask(2) are called, which take no
    // lock and allocate nothing.
    unsafe {
        command.pre_exec(|| {
            set_parent_process_death_signal(Some(Signal::TERM))?;
            nix::sys::signal::SigSet::empty().thread_set_mask()?;
            Ok(())
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_rsync_says_of_itself() {
        let mut stats = Stats::default();
        for line in [
            "Number of files: 8 (reg: 4, dir: 4)",
            "Number of created files: 3 (reg: 2, dir: 1)",
            "Number of deleted files: 1,002 (reg: 1)",
            "Number of regular files transferred: 2",
            "Total file size: 6 bytes",
            "Total transferred file size: 4 bytes",
            "Total bytes sent: 251",
        ] {
            stats.line(line);
        }
        let wanted = Stats {
            created: 3,
            deleted: 1002,
            transferred: 2,
            bytes: 4,
            sent: 251,
        };
        assert_eq!(stats, wanted);
        assert_eq!(
            Progress::parse("      1,234  12%    1.20MB/s    0:00:01 (xfr#5, to-chk=1/7)"),
            Some(Progress {
                bytes: 1234,
                percent: 12
            })
        );
        assert_eq!(Progress::parse("a file name 12%"), None);
    }
}
