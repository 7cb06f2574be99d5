//! Arguments as typed. Nothing is checked here beyond the shape of single values.

use std::{ffi::OsString, path::PathBuf, time::Duration};

use clap::{
    Args, Parser, Subcommand, ValueEnum,
    builder::{PossibleValuesParser, Styles},
};
use clap_complete::{Shell, engine::ArgValueCompleter};

use super::{
    complete::{self, TRACER},
    filter::{FilterArgs, ResultArgs},
    names, parse,
    view::ViewArgs,
};

/// Who did what to which file or system call, when, and with what result.
#[derive(Debug, Parser)]
#[command(name = "tracer", version, long_version = complete::version(), styles = Styles::plain(), max_term_width = 100)]
#[command(after_help = "\
Examples:
  tracer watch /etc                       who touches anything below /etc
  tracer trace --pid 1234 --follow        every system call of a process and its children
  tracer trace -e file -- make            what a command does to files
  tracer top                              the busiest files and who uses them
  tracer sync /srv/www web1:/srv/www      keep a copy equal, by rsync
  tracer doctor                           what this machine can do, and what to do about the rest

The exit codes are listed in docs/exit-codes.md, the record fields in docs/records.md.")]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub(super) command: Command,
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Trace system calls: of processes, of a command, or of the whole system
    Trace(Box<TraceArgs>),
    /// Watch files and trees: who reads, writes, creates, deletes, renames, runs them
    Watch(Box<WatchArgs>),
    /// Print what was recorded, in any format
    Replay(Box<super::replay::ReplayArgs>),
    /// Say what is different between two recorded runs
    Diff(super::diff::DiffArgs),
    /// Show the busiest files, directories, programs, users and processes, live
    Top(Box<super::top::TopArgs>),
    /// Keep audit rules in force and write the audit log
    Daemon(super::daemon::DaemonArgs),
    /// Keep copies of a directory equal: on this machine, through ssh, or with an rsync daemon
    Sync(Box<super::sync::SyncArgs>),
    /// Audit rules, in the language of auditctl(8)
    Rules(super::rules::RulesArgs),
    /// Find events in audit logs, with the options of ausearch
    #[command(disable_help_flag = true)]
    Search {
        /// Options of ausearch(8); --help lists them
        #[arg(
            trailing_var_arg = true,
            allow_hyphen_values = true,
            value_name = "OPTIONS"
        )]
        args: Vec<OsString>,
    },
    /// Say what happened in audit logs, with the options of aureport
    #[command(disable_help_flag = true)]
    Report {
        /// Options of aureport(8); --help lists them
        #[arg(
            trailing_var_arg = true,
            allow_hyphen_values = true,
            value_name = "OPTIONS"
        )]
        args: Vec<OsString>,
    },
    /// Is a sealed audit log as it was written? Finds the first record that is not
    Verify(super::audit::verify::VerifyArgs),
    /// Install what is in the unpacked tarball: program, manual pages, completions, unit, settings
    Install(super::install::InstallArgs),
    /// Remove what `tracer install` has installed; logs and changed settings stay
    Uninstall(super::install::UninstallArgs),
    /// Make links by whose names tracer is ausearch, aureport, ...
    InstallLinks {
        /// Directory for the links
        dir: PathBuf,
        /// Replace links that are there
        #[arg(long)]
        force: bool,
    },
    /// How the daemon is: rules, sums, losses
    Status(super::status::StatusArgs),
    /// Write a text into the audit log
    Message(super::message::MessageArgs),
    /// Say what works on this machine, what does not, why, and what to do
    Doctor(DoctorArgs),
    /// Print a completion script for a shell, and how to install it
    #[command(after_help = "\
To install:
  tracer completions bash > ~/.local/share/bash-completion/completions/tracer
  tracer completions zsh > DIR/_tracer      a DIR of $fpath
  tracer completions fish > ~/.config/fish/completions/tracer.fish

Each of the other names (tracer install-links) has one of its own, which asks tracer, too:
  tracer completions bash strace > ~/.local/share/bash-completion/completions/strace

Then start a new shell. The script asks tracer itself, which knows values, too: operations, system
calls, formats, fields of rules, and the keys of the rules in force.")]
    Completions {
        /// Which shell
        shell: Shell,
        /// Of which command: tracer, or another name for it
        #[arg(default_value = TRACER, value_parser = PossibleValuesParser::new(
            std::iter::once(TRACER).chain(names::all())))]
        name: String,
    },
    /// Print the manual page of a command, or write those of all
    Man(super::man::ManArgs),
}

/// `tracer trace`.
#[derive(Debug, Args)]
#[command(
    args_override_self = true,
    after_help = "\
Examples:
  tracer trace --pid 1234                     every system call of process 1234
  tracer trace --pid 1234 --follow -e file    what it and its children do to files
  tracer trace ls -l                          a command from its first instruction
  tracer trace -e openat --failed             every failing openat on the machine
  tracer trace --uid www-data --path /etc -e file
  tracer trace --comm nginx --format json -o nginx.jsonl --duration 1m
  tracer trace --record run.rec -- make       record it, for `tracer replay` and `tracer diff`

Sets for -e: system call names; strace's classes (`%file`, `%desc`, ...); `/REGEX`; `?NAME`, which
need not exist; `all`; and `!WORD` to leave out. `file`, `process` and `creds` without `%` also have
the calls that do the same through a descriptor. Without -e: `all` for --pid and for a command,
else the calls that change something or open a file."
)]
pub(super) struct TraceArgs {
    #[command(flatten)]
    pub(super) filter: FilterArgs,
    /// Trace at most this many processes at once, those of --pid and of a command, and their
    /// descendants [default: 65536]
    #[arg(long, value_name = "N",
          value_parser = parse::number(1..=4_194_304_u32), allow_negative_numbers = true)]
    pub(super) max_processes: Option<u32>,
    #[command(flatten)]
    pub(super) view: ViewArgs,
    #[command(flatten)]
    pub(super) changes: super::changes::ChangesArgs,
    #[command(flatten)]
    pub(super) decode: super::decode::DecodeArgs,
    #[command(flatten)]
    pub(super) live: LiveArgs,
    #[command(flatten)]
    pub(super) kernel: KernelArgs,
    #[command(flatten)]
    pub(super) start: super::started::StartArgs,
    /// Start this command and trace it and its children; ends as it ends. Options stand before it
    #[arg(trailing_var_arg = true, value_name = "COMMAND")]
    pub(super) command: Vec<OsString>,
    /// It was called as strace.
    #[arg(skip)]
    pub(super) as_strace: bool,
}

/// `tracer watch`.
#[derive(Debug, Args)]
#[command(
    mut_arg("format", |arg| arg.help(
        "How to print records: text (the default), json, audit, csv, or a template such as '%T %w %f \
         %e %p %u %x'")),
    mut_arg("output", |arg| arg.help(
        "Write records to this file instead of standard output; '|COMMAND' or '!COMMAND': to the \
         standard input of a command")),
    mut_arg("times", |arg| arg.help("Print nothing on standard error but errors")),
    mut_arg("quiet", |arg| arg.help(
        "The same by words: attach (what stands at the beginning and the end), all, none; without a \
         word as -q")),
)]
#[command(after_help = "\
Examples:
  tracer watch /etc                              a whole tree
  tracer watch /etc/passwd /etc/shadow           single files, also when they are replaced
  tracer watch --op write,delete /srv/data       only what changes content
  tracer watch --exclude '*.swp' --exclude /srv/data/tmp /srv/data
  tracer watch --backend inotify ~/src           as an ordinary user: what, but not who
  tracer watch -1 -t 1m -e close_write FILE      wait until FILE was written, a minute at most
  tracer watch --format '%T %u %x %e %w%f' /srv  a template
  tracer watch --snapshot now.snap /srv          what /srv is like, then
  tracer watch --since-start now.snap /srv       what has changed in it since
  tracer watch -e close_write --coalesce 2s --exec 'make -C /srv/site' /srv/site/src")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an option that is given or not"
)]
pub(super) struct WatchArgs {
    /// Files and directories to watch
    #[arg(required_unless_present = "fromfile", value_name = "PATH", value_parser = parse::path())]
    pub(super) paths: Vec<PathBuf>,
    /// Also the paths in this file, one a line; `-` is standard input
    #[arg(long, value_name = "FILE", value_parser = parse::path())]
    pub(super) fromfile: Option<PathBuf>,
    /// Go on after the first record; this is the default
    #[arg(short, long)]
    pub(super) monitor: bool,
    /// End after this many records
    #[arg(short = 'n', long, value_name = "N", value_parser = parse::count,
          allow_negative_numbers = true)]
    pub(super) count: Option<u64>,
    /// End after the first record
    #[arg(
        short = '1',
        long,
        conflicts_with_all = ["count", "monitor"]
    )]
    pub(super) once: bool,
    /// End, with exit code 6, when nothing has happened for this long
    #[arg(short, long, value_name = "TIME", value_parser = parse::duration)]
    pub(super) timeout: Option<Duration>,
    /// Watch whole trees; this is the default for directories
    #[arg(short, long)]
    pub(super) recursive: bool,
    /// Watch only a directory's own entries
    #[arg(long, conflicts_with = "recursive")]
    pub(super) no_recursive: bool,
    /// Leave out paths that match, absolute or by name; an excluded directory is not entered
    /// (repeatable)
    #[arg(long, value_name = "GLOB", value_parser = parse::path_glob)]
    pub(super) exclude: Vec<globset::Glob>,
    /// Leave out what the files .gitignore and .ignore in the trees leave out, as git does, and
    /// .git itself
    #[arg(long)]
    pub(super) gitignore: bool,
    /// Only these operations: read, write, create, delete, rename, attribute, execute, close
    #[arg(long = "op", value_name = "LIST", value_delimiter = ',', value_parser = parse::watch_op,
          add = ArgValueCompleter::new(complete::watch_ops))]
    pub(super) ops: Vec<crate::calls::Op>,
    /// Only these events, named as inotifywait does: create, delete, move, modify, attrib, ...
    #[arg(short, long = "event", value_name = "LIST", value_delimiter = ',')]
    #[arg(value_parser = parse::event, conflicts_with = "ops",
          add = ArgValueCompleter::new(complete::events))]
    pub(super) events: Vec<u32>,
    #[command(flatten)]
    pub(super) result: ResultArgs,
    /// Only paths that match, absolute or by name (repeatable)
    #[arg(long, value_name = "GLOB", value_parser = parse::path_glob)]
    pub(super) include: Vec<globset::Glob>,
    /// Only paths in which this regular expression is found (repeatable)
    #[arg(long, value_name = "REGEX", value_parser = parse::regex)]
    pub(super) include_regex: Vec<String>,
    /// Leave out paths in which this regular expression is found, and everything below them
    /// (repeatable)
    #[arg(long, value_name = "REGEX", value_parser = parse::regex)]
    pub(super) exclude_regex: Vec<String>,
    /// One record for a burst of events on one file: its last change, when it was left alone for this
    /// long. What failed there is a record of its own
    #[arg(long, value_name = "TIME", value_parser = parse::duration)]
    pub(super) coalesce: Option<Duration>,
    /// Run a command, which is one argument, for every record: {path}, {event}, {op}, {user}, {uid},
    /// {pid}, {ppid}, {exe}, {comm} and {ret} are filled in; no shell, unless it is `sh -c ...`. With --coalesce and none of these but {paths}: once
    /// for a whole burst. The same is in the environment (`TRACER_PATH`, `TRACER_PATHS`, ...)
    #[arg(long, value_name = "COMMAND", value_parser = super::jobs::Template::parse)]
    pub(super) exec: Option<super::jobs::Template>,
    /// So many commands of --exec at once
    #[arg(long, value_name = "N", default_value_t = 1, requires = "exec")]
    #[arg(value_parser = parse::number(1..=u16::MAX), allow_negative_numbers = true)]
    pub(super) jobs: u16,
    /// What a record does that comes while the commands of --exec run
    #[arg(
        long,
        value_enum,
        value_name = "WHAT",
        requires = "exec",
        default_value = "queue"
    )]
    pub(super) on_busy: super::jobs::OnBusy,
    /// The same as --on-busy restart: end the command that still runs, and start it again
    #[arg(long, requires = "exec", conflicts_with = "on_busy")]
    pub(super) restart: bool,
    /// The signal that ends a command which is to be restarted [default: TERM]
    #[arg(long, value_name = "SIGNAL", requires = "exec", value_parser = parse::signal)]
    pub(super) stop_signal: Option<nix::sys::signal::Signal>,
    /// Kill it when it has not ended after this long [default: 10s]
    #[arg(long, value_name = "TIME", requires = "exec", value_parser = parse::duration)]
    pub(super) stop_timeout: Option<Duration>,
    /// The form of %T in a template, as strftime(3) takes it
    #[arg(long, value_name = "FORMAT")]
    pub(super) timefmt: Option<String>,
    /// End a record of a template with NUL, and print names in it byte by byte
    #[arg(short = '0', long)]
    pub(super) null: bool,
    /// The same as --format csv
    #[arg(short, long, conflicts_with_all = ["format", "json"])]
    pub(super) csv: bool,
    /// The same as --format json
    #[arg(long, conflicts_with = "format")]
    pub(super) json: bool,
    /// Write down what the trees are like now, for --since-start
    #[arg(long, value_name = "FILE", value_parser = parse::path())]
    pub(super) snapshot: Option<PathBuf>,
    /// First tell what has changed since the snapshot in this file; then end, or with --monitor go on
    #[arg(long, value_name = "FILE", conflicts_with = "once", value_parser = parse::path())]
    pub(super) since_start: Option<PathBuf>,
    /// Use this source of events instead of the best one that works
    #[arg(long, value_enum, value_name = "NAME")]
    pub(super) backend: Option<BackendArg>,
    #[command(flatten)]
    pub(super) live: LiveArgs,
    #[command(flatten)]
    pub(super) kernel: KernelArgs,
}

/// `tracer doctor`.
#[derive(Debug, Args)]
pub(super) struct DoctorArgs {
    /// One JSON object instead of a table
    #[arg(long)]
    pub(super) json: bool,
}

/// Options about where events come from.
#[derive(Debug, Args)]
pub(super) struct KernelArgs {
    /// End after this time: 10s, 5m, 1h 30m, or seconds
    #[arg(long, value_name = "TIME", value_parser = parse::duration)]
    pub(super) duration: Option<Duration>,
    /// Size of the ring buffer between kernel and tracer (default 16M)
    #[arg(long, value_name = "SIZE", value_parser = crate::source::ebpf::ring_size)]
    pub(super) buffer: Option<u32>,
    /// Print the debug log of the eBPF programs on standard error
    #[arg(long)]
    pub(super) ebpf_log: bool,
}

/// Options of every command that prints events.
#[derive(Debug, Args)]
pub(super) struct LiveArgs {
    /// How to print records: text, strace (not for watch), json, audit, csv, or a template such as
    /// '%T %w %f %e %p %u %x' [default: strace for --pid and commands, else text]
    #[arg(long, value_name = "FORMAT", value_parser = parse::format,
          add = ArgValueCompleter::new(complete::formats))]
    pub(super) format: Option<FormatArg>,
    /// Write records to this file instead of standard output (of a command that is traced:
    /// standard error, unless --format is for programs); '|COMMAND' or '!COMMAND': to the standard
    /// input of a command
    #[arg(short, long, value_name = "FILE", value_parser = parse::path())]
    pub(super) output: Option<PathBuf>,
    /// Keep what is in the file of --output, and write behind it
    #[arg(short = 'A', long)]
    pub(super) output_append_mode: bool,
    /// Record the events to this file, for `tracer replay` and `tracer diff`; print them only with
    /// --format or --output
    #[arg(long, value_name = "FILE", value_parser = parse::path())]
    pub(super) record: Option<PathBuf>,
    /// Colour in text output
    #[arg(long, value_enum, value_name = "WHEN", default_value = "auto")]
    pub(super) color: ColorArg,
    #[command(flatten)]
    pub(super) quiet: super::quiet::QuietArgs,
    /// Where records go without --output.
    #[arg(skip)]
    pub(super) to: Stream,
}

/// A standard stream for records.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Stream {
    /// Standard output
    #[default]
    Output,
    /// Standard error
    Error,
}

impl LiveArgs {
    /// A command is traced: standard output is its own, as under strace, unless the records are
    /// for a program.
    pub(super) fn records_of_command(&mut self) {
        if matches!(
            self.format,
            None | Some(FormatArg::Text | FormatArg::Strace)
        ) {
            self.to = Stream::Error;
        }
    }
}

/// `--format`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum FormatArg {
    /// One aligned line for a person
    Text,
    /// The call with its arguments and result, as strace writes it (not for watch)
    Strace,
    /// One JSON object a line
    Json,
    /// Linux audit records, as ausearch and aureport read them
    Audit,
    /// Comma-separated values
    Csv,
    /// A line after a template
    Template(String),
}

/// `--color`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ColorArg {
    /// On a terminal only
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// `--backend`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum BackendArg {
    /// eBPF: who, what and with what result (root)
    Ebpf,
    /// fanotify: who and what, successes only (root)
    Fanotify,
    /// inotify: what, but not who (any user)
    Inotify,
}
