//! Where records come from: a file, a directory, a pipe, or the log of this machine.

use std::{
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
};

use crate::{
    cli::{
        exit::{Code, Failure},
        progress,
    },
    daemon::config::{self, Settings},
    query::history::{self, Ask, Unused},
    recording::MAGIC,
    records::{Head, Malformed},
    source::replay::{Faults, Frames, Input, Only, ReplayError, Window, naming::LOG, segments},
    words::noun,
};

/// The log of auditd, where its configuration names no other.
const AUDITD_LOG: &str = "/var/log/audit/audit.log";

/// auditd's configuration, auditd.conf(5).
const AUDITD_CONF: &str = "/etc/audit/auditd.conf";

/// Threads that a search or report uses where nothing else is said.
pub(super) fn default_threads() -> usize {
    std::thread::available_parallelism()
        .map_or(1, std::num::NonZero::get)
        .min(8)
}

/// Opens what was asked for: this file or directory, else a pipe at standard input (unless
/// `logs_even_so`), else the log of this machine with all that was rotated away. `from` says at
/// which of the files to begin.
pub(super) fn open(
    file: Option<&Path>,
    logs_even_so: bool,
    from: impl Fn(&[PathBuf]) -> usize,
) -> Result<Input, Failure> {
    let input = match file {
        Some(file) => Input::of_log(file, false, from)?,
        None if !logs_even_so && stdin_is_pipe() => Input::stdin()?,
        None => {
            let log = log_of_this_machine()?;
            Input::of_log(&log.path, true, from).map_err(|error| log.unreadable(error))?
        }
    };
    is_log(&input)?;
    Ok(input)
}

/// How much of a file's beginning and end is looked at to see whether it is a log.
const LOOK: u64 = 64 << 10;

/// Refuses what has no audit record at its beginning nor at its end, and is not empty.
fn is_log(input: &Input) -> Result<(), Failure> {
    let has_records = |part: &[u8]| {
        part.split(|byte| *byte == b'\n')
            .any(|line| matches!(Head::parse(line), Ok(_) | Err(Malformed::Zeros)))
    };
    let (mut text, end) = (Vec::new(), input.len());
    input.read(0, end.min(LOOK), &mut text)?;
    // Of a large log, which may be packed, the end is read only where the beginning does not tell.
    if end > 2 * LOOK && has_records(&text) {
        return Ok(());
    }
    let first = text.len();
    input.read(end.saturating_sub(LOOK).max(first as u64), end, &mut text)?;
    // A line that is cut at an end of what was read says nothing.
    let is_whole = text.len() as u64 == end;
    let rest = if is_whole { &text[..] } else { &text[first..] };
    let Some(segment) = input.segments().first().filter(|_| !has_records(rest)) else {
        return Ok(());
    };
    let Some(line) = text
        .split(|byte| *byte == b'\n')
        .find(|line| !line.is_empty())
    else {
        return Ok(());
    };
    let name = segment.name.display();
    let what = if text.starts_with(&MAGIC) {
        format!("it is a recording: `tracer replay {name}` prints it")
    } else if line
        .iter()
        .any(|byte| byte.is_ascii_control() && *byte != b'\t')
    {
        "it is no text".to_owned()
    } else {
        format!(
            "it begins with `{}`, and a record with `type=`",
            shown(line)
        )
    };
    Err(Failure::new(
        Code::Target,
        format!("{name} is no audit log: {what}"),
    ))
}

/// The beginning of a line, for a message.
fn shown(line: &[u8]) -> String {
    const MOST: usize = 40;
    let text = String::from_utf8_lossy(line);
    let mut short: String = text.chars().take(MOST).collect();
    if short.len() < text.len() {
        short.push_str("...");
    }
    crate::format::one_line(&short)
}

/// The parts of a log that can have what is asked for, by the sidecars of what is packed. One that
/// cannot be used is told.
pub(super) fn parts(input: &Input, ask: Option<&Ask>, window: Window) -> Option<Vec<Only>> {
    let (parts, unused) = history::parts(input, ask, window);
    for Unused { text } in unused {
        errln!("tracer: {}", crate::format::one_line(&text));
    }
    parts
}

/// Says what of a log could not be read, because frames of packed segments are damaged. Says whether
/// there was anything.
pub(super) fn tell_damages(input: &Input) -> bool {
    let mut is_any = false;
    for segment in input.segments() {
        for damage in segment.frames().map(Frames::damages).unwrap_or_default() {
            is_any = true;
            let name = segment.name.display().to_string();
            errln!(
                "tracer: {}: frame {} is damaged ({}): bytes {} to {} of the log are missing here",
                crate::format::one_line(&name),
                damage.frame,
                damage.why,
                damage.from,
                damage.to
            );
        }
    }
    is_any
}

/// What is followed: the log of which [`open`] reads all there is, without symlinks; `None` for a pipe.
pub(in crate::cli) fn log(
    file: Option<&Path>,
    logs_even_so: bool,
) -> Result<Option<PathBuf>, Failure> {
    let real = match file {
        Some(file) if file.is_dir() => real(&file.join(LOG))?,
        Some(file) => real(file)?,
        None if !logs_even_so && stdin_is_pipe() => return Ok(None),
        None => {
            let log = log_of_this_machine()?;
            real(&log.path).map_err(|error| log.unreadable(error))?
        }
    };
    let kind = std::fs::metadata(&real).map(|status| status.is_file());
    if !kind.unwrap_or(false) {
        let why = format!("{}: only a file can be followed", real.display());
        return Err(Failure::new(Code::Target, why));
    }
    is_log(&Input::open([&real])?)?;
    Ok(Some(real))
}

/// Without symlinks.
fn real(path: &Path) -> Result<PathBuf, ReplayError> {
    std::fs::canonicalize(path).map_err(|cause| ReplayError::Open {
        path: path.to_owned(),
        cause,
    })
}

/// The log that was named (in a directory: the one in it), else that of this machine. It need not be
/// there.
pub(super) fn log_or_own(file: Option<&Path>) -> Result<PathBuf, Failure> {
    Ok(match file {
        Some(file) if file.is_dir() => file.join(LOG),
        Some(file) => file.to_owned(),
        None => log_of_this_machine()?.path,
    })
}

/// Permissions of the log that a daemon of this machine writes.
pub(super) fn log_mode() -> Result<u32, Failure> {
    let settings = Settings::read(config::named().as_deref()).map_err(Failure::usage)?;
    Ok(settings.keeping.mode)
}

/// Bytes of a log with all that was rotated away, as far as that is known.
pub(super) fn bytes(log: &Path) -> u64 {
    let paths = segments(log, true).unwrap_or_default();
    let len = |path: &PathBuf| std::fs::metadata(path).map_or(0, |status| status.len());
    paths.iter().map(len).sum()
}

fn stdin_is_pipe() -> bool {
    nix::sys::stat::fstat(std::io::stdin())
        .is_ok_and(|status| status.st_mode & libc::S_IFMT == libc::S_IFIFO)
}

/// The log of this machine, which need not be there.
struct MachineLog {
    path: PathBuf,
    /// That of tracer's daemon, where it was not there and `path` is auditd's.
    not_there: Option<PathBuf>,
}

impl MachineLog {
    /// Where it is not there: says where it was looked for, and what to do.
    fn unreadable(&self, error: ReplayError) -> Failure {
        match &error {
            ReplayError::Open { cause, .. } if cause.kind() == std::io::ErrorKind::NotFound => {}
            _ => return error.into(),
        }
        let path = self.path.display();
        let what = match &self.not_there {
            Some(own) => format!("neither {} (tracer's) nor {path} (auditd's)", own.display()),
            None => format!("no {path} (tracer's)"),
        };
        let what_to_do = "name a log with `-if FILE`, or have `tracer daemon` write one";
        Failure::new(Code::Target, format!("there is {what}: {what_to_do}"))
    }
}

/// The log of tracer's daemon, as its configuration has it, where there is one or the environment
/// names the configuration; else auditd's.
fn log_of_this_machine() -> Result<MachineLog, Failure> {
    let named = config::named();
    let settings = Settings::read(named.as_deref()).map_err(Failure::usage)?;
    let own = settings.config.log_file;
    if named.is_some() || own.exists() {
        return Ok(MachineLog {
            path: own,
            not_there: None,
        });
    }
    let conf = std::fs::read_to_string(AUDITD_CONF).unwrap_or_default();
    let path = conf
        .lines()
        .filter_map(|line| line.split_once('='))
        .find(|(name, _)| name.trim() == "log_file")
        .map_or_else(|| AUDITD_LOG.into(), |(_, value)| value.trim().into());
    Ok(MachineLog {
        path,
        not_there: Some(own),
    })
}

impl From<ReplayError> for Failure {
    fn from(error: ReplayError) -> Self {
        match code(&error) {
            Code::Privilege => {
                let what_to_do = "run as root, or name a log that you may read";
                Self::new(Code::Privilege, format!("{error}: {what_to_do}"))
            }
            code => Self::new(code, error),
        }
    }
}

/// The exit code of a log that cannot be read.
pub(super) fn code(error: &ReplayError) -> Code {
    match error {
        ReplayError::Open { cause, .. } if cause.kind() == std::io::ErrorKind::PermissionDenied => {
            Code::Privilege
        }
        ReplayError::Open { .. } | ReplayError::NoLog { .. } => Code::Target,
        ReplayError::Read { .. } | ReplayError::Output(_) => Code::Failed,
    }
}

/// Says what in the log was no record.
pub(super) fn tell_faults(input: &Input, faults: &Faults) {
    for (offset, why) in &faults.first {
        if let Some((segment, at)) = input.place(*offset) {
            let mut text = Vec::new();
            let end = input.len().min(offset + 256);
            let _ = input.read(*offset, end, &mut text);
            let line = text.split(|byte| *byte == b'\n').next().unwrap_or_default();
            tell(&segment.name, at, &format!("{why}: `{}`", shown(line)));
        }
    }
    let more = faults.count - faults.first.len() as u64;
    if more > 0 {
        let what = noun(
            more,
            "line is no audit record",
            "lines are no audit records",
        );
        errln!("tracer: {more} more {what}");
    }
    for offset in &faults.cut {
        if let Some((segment, at)) = input.place(*offset) {
            let name = segment.name.display().to_string();
            errln!(
                "tracer: {}: at offset {at}: an event goes on for more than 30 MiB: it is cut",
                crate::format::one_line(&name)
            );
        }
    }
}

/// Says what in a file was no record.
pub(super) fn tell_line(file: &Path, at: u64, why: Malformed) {
    tell(file, at, &why);
}

fn tell(file: &Path, at: u64, why: &dyn std::fmt::Display) {
    let name = file.display().to_string();
    errln!(
        "tracer: {}: at offset {at}: no audit record: {why}",
        crate::format::one_line(&name)
    );
}

/// Runs something long, and says how far it is when a person is waiting.
pub(super) fn with_progress<T>(total: u64, work: impl FnOnce(&AtomicU64) -> T) -> T {
    let done = AtomicU64::new(0);
    let text = || {
        let done = done.load(Ordering::Relaxed).min(total);
        let percent = done * 100 / total.max(1);
        let text = format!("{} of {} MB ({percent} %)", done >> 20, total >> 20);
        Some(text)
    };
    progress::show(text, || work(&done))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_that_is_nowhere() {
        for (not_there, wanted) in [
            (
                Some("/a/own.log".into()),
                "there is neither /a/own.log (tracer's) nor /b/audit.log (auditd's): name a log \
                 with `-if FILE`, or have `tracer daemon` write one",
            ),
            (
                None,
                "there is no /b/audit.log (tracer's): name a log with `-if FILE`, or have `tracer \
                 daemon` write one",
            ),
        ] {
            let log = MachineLog {
                path: "/b/audit.log".into(),
                not_there,
            };
            let failed = |kind: std::io::ErrorKind| {
                let path = log.path.clone();
                let cause = kind.into();
                log.unreadable(ReplayError::Open { path, cause })
                    .to_string()
            };
            assert_eq!(failed(std::io::ErrorKind::NotFound), wanted);
            let closed = failed(std::io::ErrorKind::PermissionDenied);
            assert!(closed.starts_with("cannot open /b/audit.log"), "{closed}");
        }
    }
}
