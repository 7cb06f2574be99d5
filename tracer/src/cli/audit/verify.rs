//! `tracer verify`: is the log as it was written?

use std::{
    io::Read as _,
    os::{fd::AsFd, unix::fs::MetadataExt as _},
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::Args;
use rustix::fs::FileType;

use super::source;
use crate::{
    cli::{
        exit::{Code, Failure},
        live::one_line,
        parse, stdout,
    },
    records::Head,
    seal::{self, Key, Report, SealError, Wrong, WrongAt},
    sink::{directory_mode, make_directory},
    words::{counted, noun},
};

/// `tracer verify`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  tracer verify --new-key > first.key      before the first start with `seal = true`; keep it elsewhere
  tracer verify --key first.key            the log of this machine, with all that was rotated away
  tracer verify --key - /mnt/log < KEY     the log in a directory, copied with its .seal files

It exits with 0 when every record is as it was written, and with 1 when one was changed, removed or put in:
the first of these is shown. docs/security.md says what that proves, and against whom.")]
pub(crate) struct VerifyArgs {
    /// The log, or its directory (default: the log of this machine)
    log: Option<PathBuf>,
    /// The file with the first key; - is standard input
    #[arg(long, value_name = "FILE", required_unless_present = "new_key", value_parser = parse::path())]
    key: Option<PathBuf>,
    /// Make the first key of a log and print it, once
    #[arg(long, conflicts_with = "key")]
    new_key: bool,
}

/// Runs `tracer verify`.
pub(crate) fn run(args: &VerifyArgs) -> Result<ExitCode, Failure> {
    let log = source::log_or_own(args.log.as_deref())?;
    let Some(key) = &args.key else {
        new_key(&log)?;
        return Ok(ExitCode::SUCCESS);
    };
    let key = read(key)?;
    let total = source::bytes(&log);
    let report = source::with_progress(total, |done| seal::verify(&log, &key, done))?;
    stdout::print_lines(&lines(&report))?;
    Ok(match report.wrong {
        None => ExitCode::SUCCESS,
        Some(_) => Code::Failed.into(),
    })
}

fn new_key(log: &Path) -> Result<(), Failure> {
    if is_nowhere(&std::io::stdout()) {
        let why = "standard output leads nowhere, and the first key is shown only once: \
                   `tracer verify --new-key > FILE`";
        return Err(Failure::usage(why));
    }
    if let Some(directory) = log.parent() {
        let mode = directory_mode(source::log_mode()?);
        make_directory(directory, mode).map_err(|error| {
            let what = format!("cannot make {}: {error}", directory.display());
            Failure::new(Code::Failed, what)
        })?;
    }
    seal::make(log, |key| stdout::print_lines(&[key.to_string()]))?;
    errln!(
        "tracer: this is the first key of {}; it is shown only now: keep it on another machine",
        one_line(&log.display().to_string())
    );
    Ok(())
}

/// Is it /dev/null, which is also what a closed one is by now?
fn is_nowhere(file: &impl AsFd) -> bool {
    let null = std::fs::metadata("/dev/null").map(|null| null.rdev());
    rustix::fs::fstat(file).is_ok_and(|status| {
        FileType::from_raw_mode(status.st_mode) == FileType::CharacterDevice
            && null.is_ok_and(|null| null == status.st_rdev)
    })
}

fn read(path: &Path) -> Result<Key, Failure> {
    let name = path.display();
    let mut text = String::new();
    let got = if path == Path::new("-") {
        std::io::stdin().read_to_string(&mut text).map(drop)
    } else {
        std::fs::read_to_string(path).map(|read| text = read)
    };
    got.map_err(|error| Failure::usage(format!("cannot read the key {name}: {error}")))?;
    text.parse()
        .map_err(|why| Failure::usage(format!("{name}: {why}")))
}

/// What was found, for a person.
fn lines(report: &Report) -> Vec<String> {
    let mut lines = Vec::new();
    for segment in &report.before {
        let name = segment.display();
        lines.push(format!(
            "{name}: not looked at: it has no seal of this key, which is newer"
        ));
    }
    if report.gone > 0 {
        lines.push(format!(
            "the {} sealed before the oldest segment {} not there any more",
            counted(report.gone, "piece"),
            noun(report.gone, "is", "are"),
        ));
    }
    if report.late > 0 {
        lines.push(format!(
            "{}: in the log without a seal when a daemon started, and sealed then",
            counted(report.late, "record"),
        ));
    }
    let whole = counted(report.records, "record");
    match &report.wrong {
        None => lines.push(format!(
            "{whole} as they were written, {} bytes",
            report.bytes
        )),
        Some(at) => {
            lines.push(wrong(at));
            lines.push(format!(
                "{whole} before that as they were written; what follows was not looked at"
            ));
        }
    }
    lines.iter().map(|line| one_line(line)).collect()
}

fn wrong(at: &WrongAt) -> String {
    let place = match at.line {
        0 => at.segment.display().to_string(),
        line => format!("{}:{line}", at.segment.display()),
    };
    let record = at.record.as_deref().map_or_else(String::new, which);
    match at.wrong {
        Wrong::Changed => format!("{place}: this record was changed{record}"),
        Wrong::Removed => format!("{place}: records were removed before this place{record}"),
        Wrong::Inserted => format!("{place}: this record was put in{record}"),
        Wrong::Seal => format!("{place}: the seal of the records before this place was changed"),
        Wrong::Missing(from, to) => format!(
            "{place}: {} missing before this place, with their seals{record}",
            match to.checked_sub(from) {
                Some(1) => "1 piece is".to_owned(),
                Some(pieces) => format!("{pieces} pieces are"),
                None => "pieces in their order are".to_owned(),
            }
        ),
        Wrong::Replaced(pieces) => format!(
            "{place}: the {} sealed before this place {} of a log that was removed or replaced",
            counted(pieces, "piece"),
            noun(pieces, "is", "are"),
        ),
        Wrong::Unsealed => format!(
            "{place}: from here on there is no seal, though sealing had begun: put in, or written by \
             something else than a daemon that seals{record}"
        ),
        Wrong::Key => format!(
            "{place}.sealkey: the key is gone or none of this log: records at the end may be missing"
        ),
    }
}

/// Type and event of a record.
fn which(record: &[u8]) -> String {
    let line = String::from_utf8_lossy(record);
    let line = line.trim_end();
    if Head::parse(record).is_err() {
        return String::new();
    }
    let head = line.find("): ").map_or(line, |at| &line[..=at]);
    format!(" ({head})")
}

impl From<SealError> for Failure {
    fn from(error: SealError) -> Self {
        let code = match &error {
            SealError::Log(replay) => source::code(replay),
            SealError::Io { error, .. } if error.kind() == std::io::ErrorKind::PermissionDenied => {
                Code::Privilege
            }
            SealError::Io { .. } | SealError::Damaged { .. } | SealError::Rotating(_) => {
                Code::Failed
            }
            SealError::NoKey { .. } | SealError::NoSeal(_) => Code::Target,
            SealError::HasKey(_) | SealError::OtherKey(_) => Code::Usage,
        };
        Self::new(code, error)
    }
}
