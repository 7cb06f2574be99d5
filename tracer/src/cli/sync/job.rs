//! The options of one job, the same on the command line and in the file; and the checked job that
//! they make.

use std::{
    collections::BTreeSet,
    ffi::{OsStr, OsString},
    fmt, fs, io,
    os::unix::ffi::OsStrExt,
    path::{Path, PathBuf},
    str::FromStr,
    sync::Arc,
    time::Duration,
};

use clap::{Args, ValueEnum};
use serde::{Deserialize, Deserializer};

use super::{
    super::{
        backend::looking,
        exit::{Code, Failure},
        parse,
    },
    show::Show,
};
use crate::{
    calls::Op,
    source::{Enters, Source, WatchPlan, fanotify::Fanotify, inotify::Inotify},
    sync::{Dest, Filters, Job, Options, Overlap, Side, overlap, refused_option},
};

/// A time, `never` where that makes sense.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Span(Duration);

impl FromStr for Span {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "never" {
            Ok(Self(Duration::MAX))
        } else {
            parse::duration(text).map(Self)
        }
    }
}

impl TryFrom<String> for Span {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0)
    }
}

/// Sources that tell when a file's content has changed, and not only that it was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Watcher {
    /// One watch per directory (any user)
    Inotify,
    /// Whole file systems, no watches (root)
    Fanotify,
}

/// Options of one job; in the file they have the same names.
#[derive(Clone, Debug, Default, PartialEq, Args, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct JobArgs {
    /// In the file only: how the job is called.
    #[arg(skip)]
    pub(super) name: String,
    /// In the file only: the directory to copy.
    #[arg(skip)]
    pub(super) source: PathBuf,
    /// In the file only: where it is kept equal.
    #[arg(skip)]
    #[serde(deserialize_with = "texts")]
    pub(super) destinations: Vec<OsString>,
    /// In the file only: more options for rsync.
    #[arg(skip)]
    #[serde(deserialize_with = "texts")]
    pub(super) rsync_options: Vec<OsString>,
    /// A filter rule as rsync has them, such as `- *.tmp` or `P /keep`; before all others
    /// (repeatable)
    #[arg(short = 'f', long, value_name = "RULE", allow_hyphen_values = true)]
    filter: Vec<String>,
    /// Do not leave out names that match this pattern of rsync's; before --exclude (repeatable)
    #[arg(long, value_name = "PATTERN", allow_hyphen_values = true)]
    #[serde(deserialize_with = "texts")]
    include: Vec<OsString>,
    /// The same, patterns from a file (repeatable)
    #[arg(long, value_name = "FILE")]
    include_from: Vec<PathBuf>,
    /// Leave out names that match this pattern of rsync's, and watch no directory that does
    /// (repeatable)
    #[arg(long, value_name = "PATTERN", allow_hyphen_values = true)]
    #[serde(deserialize_with = "texts")]
    exclude: Vec<OsString>,
    /// The same, patterns from a file (repeatable)
    #[arg(long, value_name = "FILE")]
    exclude_from: Vec<PathBuf>,
    /// Collect changes until nothing has come for this long; at most 20 times as long in a
    /// storm [default: 30ms]
    #[arg(long, value_name = "TIME")]
    window: Option<Span>,
    /// Compare everything this often, `never` for not at all [default: 6h]
    #[arg(long, value_name = "TIME")]
    reconcile: Option<Span>,
    /// After a failure try again after 1 s, 2 s, 4 s, ... up to this [default: 1m]
    #[arg(long, value_name = "TIME")]
    max_pause: Option<Span>,
    /// Take this much of the connection at most, such as 500k or 2.5m bytes per second
    #[arg(long, value_name = "RATE")]
    bwlimit: Option<String>,
    /// Compress what is sent
    #[arg(short = 'z', long)]
    compress: bool,
    /// Delete nothing at the destinations
    #[arg(long)]
    no_delete: bool,
    /// Give up a connection on which nothing comes for this long [default: 1m]
    #[arg(long, value_name = "TIME")]
    timeout: Option<Span>,
    /// The remote shell [default: `$RSYNC_RSH`, or ssh that asks no questions]
    #[arg(short = 'e', long, value_name = "COMMAND")]
    rsh: Option<String>,
    /// The rsync program [default: rsync]
    #[arg(long, value_name = "FILE")]
    rsync: Option<PathBuf>,
    /// How SRC is watched [default: inotify; fanotify where inotify has too few watches and this
    /// is root]
    #[arg(long, value_enum, value_name = "NAME")]
    backend: Option<Watcher>,
}

/// Texts of the file, each as an argument.
fn texts<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<OsString>, D::Error> {
    Vec::<String>::deserialize(from).map(|texts| texts.into_iter().map(Into::into).collect())
}

/// Where queues are kept when nothing else is said.
pub(super) fn state_dir() -> Result<PathBuf, Failure> {
    let var = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    if let Some(dir) = var("STATE_DIRECTORY") {
        // systemd.exec(5): several are separated by colons; ours is one.
        return Ok(PathBuf::from(dir).join("sync"));
    }
    if rustix::process::geteuid().is_root() {
        return Ok("/var/lib/tracer/sync".into());
    }
    let base = var("XDG_STATE_HOME")
        .map(PathBuf::from)
        .or_else(|| var("HOME").map(|home| PathBuf::from(home).join(".local/state")))
        .ok_or_else(|| {
            Failure::usage("neither XDG_STATE_HOME nor HOME is set: say where the queues are kept with --state-dir")
        })?;
    Ok(base.join("tracer/sync"))
}

/// A checked job.
pub(super) fn job(
    name: String,
    src: &Path,
    dests: &[OsString],
    args: &JobArgs,
    state_dir: &Path,
) -> Result<Job, Failure> {
    let source = src.canonicalize().map_err(|e| no_source(src, &e))?;
    if !source.is_dir() {
        return Err(Failure::new(
            Code::Target,
            format!(
                "{} is not a directory: give the directory that it is in, and filters",
                src.display()
            ),
        ));
    }
    if dests.is_empty() {
        return Err(Failure::usage(format!("job {name}: no destination")));
    }
    let dests = dests
        .iter()
        .map(|text| Dest::parse(text))
        .collect::<Result<_, _>>()
        .map_err(Failure::usage)?;
    let default = |span: Option<Span>, seconds: f64| {
        span.map_or(Duration::from_secs_f64(seconds), |span| span.0)
    };
    Ok(Job {
        name,
        source,
        dests,
        filters: filters(args)?,
        options: Options {
            program: args
                .rsync
                .clone()
                .map_or("rsync".into(), PathBuf::into_os_string),
            rsh: args.rsh.clone(),
            bwlimit: args.bwlimit.clone(),
            compress: args.compress,
            delete: !args.no_delete,
            timeout: default(args.timeout, 60.0),
            extra: Vec::new(),
        },
        window: default(args.window, 0.03),
        reconcile: Some(default(args.reconcile, 6.0 * 3600.0)).filter(|d| *d != Duration::MAX),
        longest_pause: default(args.max_pause, 60.0),
        watcher: args.backend.map(|watcher| match watcher {
            Watcher::Inotify => crate::event::Backend::Inotify,
            Watcher::Fanotify => crate::event::Backend::Fanotify,
        }),
        state_dir: state_dir.to_owned(),
    })
}

/// The failure of a source that cannot be opened.
pub(super) fn no_source(path: &Path, error: &io::Error) -> Failure {
    let what_to_do = match error.kind() {
        io::ErrorKind::NotFound => "create it first",
        io::ErrorKind::PermissionDenied => "run as root or as a user who may read it",
        _ => "give an existing directory",
    };
    Failure::new(
        Code::Target,
        format!("cannot sync {}: {error}: {what_to_do}", path.display()),
    )
}

fn filters(args: &JobArgs) -> Result<Filters, Failure> {
    let mut filters = Filters::default();
    let read = |file: &PathBuf| {
        fs::read(file).map_err(|error| {
            Failure::new(
                Code::Target,
                format!("cannot read patterns from {}: {error}", file.display()),
            )
        })
    };
    for rule in &args.filter {
        filters.filter(rule).map_err(Failure::usage)?;
    }
    for (patterns, files, include) in [
        (&args.include, &args.include_from, true),
        (&args.exclude, &args.exclude_from, false),
    ] {
        for pattern in patterns {
            filters
                .pattern(pattern.as_bytes(), include)
                .map_err(Failure::usage)?;
        }
        for file in files {
            filters
                .lines(&read(file)?, include)
                .map_err(Failure::usage)?;
        }
    }
    Ok(filters)
}

/// Adds what was given after `--`.
pub(super) fn add_rsync_options(job: &mut Job, options: &[OsString]) -> Result<(), Failure> {
    for option in options {
        if let Some(why) = refused_option(option) {
            return Err(Failure::usage(format!(
                "`{}` cannot be given to rsync here: {why}",
                option.display()
            )));
        }
        if !option.as_encoded_bytes().starts_with(b"-") {
            return Err(Failure::usage(format!(
                "`{}` after `--` is no option of rsync; write options as --name=value",
                option.display()
            )));
        }
    }
    job.options.extra.extend_from_slice(options);
    Ok(())
}

/// No destination may be mixed up with its source or with another destination.
pub(super) fn check_together(jobs: &[Job]) -> Result<(), Failure> {
    let refuse = |dest: &Dest, how: &str, other: &dyn fmt::Display, why: &str| {
        Err(Failure::usage(format!("{dest} {how} {other}: {why}")))
    };
    let mut seen: Vec<&Dest> = Vec::new();
    for job in jobs {
        for dest in &job.dests {
            let source = job.source.display();
            let loops = "it would be copied into itself, again and again";
            match dest.local().and_then(|dest| overlap(&job.source, dest)) {
                None => {}
                Some(Overlap::Same) => {
                    return refuse(
                        dest,
                        "is the same directory as",
                        &source,
                        "give another one",
                    );
                }
                Some(Overlap::Inside) => return refuse(dest, "is inside", &source, loops),
                Some(Overlap::Around) => {
                    return refuse(
                        dest,
                        "contains",
                        &source,
                        "the source itself would be deleted",
                    );
                }
            }
            let taken = seen
                .iter()
                .find(|other| match (dest.local(), other.local()) {
                    (Some(dest), Some(other)) => overlap(dest, other).is_some(),
                    _ => dest == **other,
                });
            if let Some(other) = taken {
                let why = "one would delete what the other has copied";
                return refuse(
                    dest,
                    "is, contains or is inside the destination",
                    other,
                    why,
                );
            }
            seen.push(dest);
        }
    }
    Ok(())
}

/// Opens the watch of a job's source, and says which it is.
pub(super) fn open_source(job: &Job, show: &Show) -> Result<(Box<dyn Source>, String), Failure> {
    use crate::event::Backend;
    let (filters, root) = (job.filters.clone(), job.source.clone());
    let enters = move |path: &[u8]| {
        let path = Path::new(OsStr::from_bytes(path));
        path.strip_prefix(&root)
            .is_ok_and(|path| !filters.excludes(path.as_os_str().as_bytes(), true, Side::Sender))
    };
    let plan = WatchPlan {
        roots: vec![job.source.clone()],
        recursive: true,
        exclude: globset::GlobSet::empty(),
        events: None,
        enters: Enters(Some(Arc::new(enters))),
        ops: BTreeSet::from([
            Op::Create,
            Op::Write,
            Op::Close,
            Op::Attribute,
            Op::Delete,
            Op::Rename,
        ]),
        ..WatchPlan::default()
    };
    let inotify = || -> anyhow::Result<Box<dyn Source>> {
        let opened = looking("set up a watch in", &plan, || Inotify::open(&plan));
        Ok(Box::new(opened?))
    };
    let fanotify = || -> anyhow::Result<Box<dyn Source>> { Ok(Box::new(Fanotify::open(&plan)?)) };
    let failed = |name: &str, error: &anyhow::Error| {
        let is_root = rustix::process::geteuid().is_root();
        let code = if name == "fanotify" && !is_root {
            Code::Privilege
        } else {
            Code::Kernel
        };
        Failure::new(code, format!("{name}: {error:#}"))
    };
    let name = |backend: Backend| backend.as_str().to_owned();
    match job.watcher {
        Some(Backend::Fanotify) => fanotify()
            .map(|source| (source, name(Backend::Fanotify)))
            .map_err(|error| failed("fanotify", &error)),
        Some(Backend::Inotify | Backend::Ebpf | Backend::Snapshot | Backend::Log) => inotify()
            .map(|source| (source, name(Backend::Inotify)))
            .map_err(|error| failed("inotify", &error)),
        None => match inotify() {
            Ok(source) => Ok((source, name(Backend::Inotify))),
            Err(error) if rustix::process::geteuid().is_root() => {
                let source = fanotify().map_err(|_| failed("inotify", &error))?;
                show.note(&format!("fanotify is used, because of inotify: {error:#}"));
                Ok((source, name(Backend::Fanotify)))
            }
            Err(error) => Err(failed("inotify", &error)),
        },
    }
}

/// An argument as a person reads it and a shell takes it.
pub(super) fn shell_word(word: &OsStr) -> String {
    let text = word.to_string_lossy();
    let is_plain = |c: char| c.is_alphanumeric() || "_-+=./:,@%".contains(c);
    if !text.is_empty() && text.chars().all(is_plain) {
        text.into_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}
