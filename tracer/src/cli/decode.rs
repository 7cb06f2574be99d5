//! The options of `tracer trace` that say how calls are shown: strace's, by strace's letters.

use clap::Args;
use clap_complete::engine::ArgValueCompleter;

use super::{
    args::LiveArgs,
    complete,
    effect::{Name, given},
    expression::Shown,
    parse,
};
use crate::{
    calls::CallSet,
    decode::{ByCall, Constants, Descriptors, HexStrings, Options, Processes},
    enrich::pids,
    format::{Dump, Lines},
};

/// How calls are shown.
#[derive(Debug, Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an option of the command line"
)]
#[command(next_help_heading = "How calls are shown")]
pub(super) struct DecodeArgs {
    /// Show this many bytes of a string and elements of an array (names of files are never cut)
    /// [default: 32]
    #[arg(short = 's', long = "string-limit", value_name = "SIZE", value_parser = parse::size,
          allow_negative_numbers = true)]
    strings: Option<usize>,
    /// Show structures and environments whole
    #[arg(short, long, visible_alias = "no-abbrev")]
    verbose: bool,
    /// Show strings that are not ASCII text in hexadecimal; twice: all strings
    #[arg(short = 'x', action = clap::ArgAction::Count)]
    hex: u8,
    /// Show the path behind each descriptor; -yy: what sockets and devices are, too
    #[arg(short = 'y', action = clap::ArgAction::Count)]
    descriptors: u8,
    /// Show these things behind descriptors: path, dev, socket, pidfd, all, none
    #[arg(long, alias = "decode-fd", value_name = "SET", num_args = 0..=1, require_equals = true,
          default_missing_value = "path", value_parser = Descriptors::parse,
          add = ArgValueCompleter::new(complete::descriptors))]
    decode_fds: Option<Descriptors>,
    /// Put the results into this column [default: 40]
    #[arg(short = 'a', long, value_name = "COLUMN", value_parser = parse::size,
          allow_negative_numbers = true)]
    columns: Option<usize>,
    /// Show the number of each call, too
    #[arg(short = 'n', long)]
    syscall_number: bool,
    /// How constants are shown
    #[arg(
        short = 'X',
        long,
        value_name = "FORMAT",
        default_value = "abbrev",
        hide_default_value = true
    )]
    const_print_style: ConstStyle,
    /// Show strings in hexadecimal: none, non-ascii-chars (only the bytes that need it), non-ascii
    /// (as -x), all (as -xx)
    #[arg(long, value_name = "WHICH", num_args = 0..=1, require_equals = true,
          default_missing_value = "all")]
    strings_in_hex: Option<HexStyle>,
    /// Show the command name behind each id of a process
    #[arg(short = 'Y')]
    process_names: bool,
    /// Show ids of processes in other pid namespaces as tracer sees them, too
    #[arg(long)]
    pidns_translation: bool,
    /// Show the id of the task on every line
    #[arg(long)]
    always_show_pid: bool,
    /// What `--decode-pids` says.
    #[arg(skip)]
    processes: Processes,
    /// Buffers that are shown whole.
    #[arg(skip)]
    pub(super) dump: Dump,
    /// What `-e raw=`, `abbrev=` and `verbose=` say.
    #[arg(skip)]
    by_call: ByCall,
}

/// `--strings-in-hex`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum HexStyle {
    /// None
    None,
    /// Bytes that have no letter, instead of octal
    NonAsciiChars,
    /// Those that are not ASCII text
    NonAscii,
    /// All
    All,
}

/// `-X`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum ConstStyle {
    /// By their names
    Abbrev,
    /// As numbers
    Raw,
    /// As numbers, with the names in a comment
    Verbose,
}

impl DecodeArgs {
    /// How a line is laid out.
    pub(super) fn lines(&self, live: &LiveArgs) -> Lines {
        let default = Lines::default();
        Lines {
            column: self.columns.unwrap_or(default.column),
            numbers: self.syscall_number,
            hides_exits: live.quiet.hides_exits(),
            shows_pid: self.always_show_pid,
            dump: self.dump.clone(),
        }
    }

    /// Takes over what `-e raw=`, `abbrev=` or `verbose=` says.
    pub(super) fn show(&mut self, how: Shown, calls: &CallSet) {
        let calls = Some(calls.clone());
        match how {
            Shown::Raw => self.by_call.raw = calls,
            Shown::Abbreviated => self.by_call.abbreviated = calls,
            Shown::Structures => self.by_call.structures = calls,
        }
    }

    /// Takes over what `--decode-pids` says.
    pub(super) fn set_processes(&mut self, set: Processes) {
        self.processes = set;
    }

    /// Takes over what another option (`-e decode-fds=SET`) says.
    pub(super) fn set_descriptors(&mut self, set: Descriptors) {
        self.decode_fds = Some(set);
    }

    /// The options about the layout of a line that are given.
    pub(super) fn line_options(&self) -> Vec<Name> {
        given(&[
            (self.columns.is_some(), "-a/--columns"),
            (self.syscall_number, "-n/--syscall-number"),
            (self.always_show_pid, "--always-show-pid"),
        ])
        .collect()
    }

    /// The options about arguments and results that are given.
    pub(super) fn call_options(&self) -> Vec<Name> {
        given(&[
            (self.strings.is_some(), "-s/--string-limit"),
            (self.verbose, "-v/--no-abbrev"),
            (
                self.hex > 0 || self.strings_in_hex.is_some(),
                "-x/--strings-in-hex",
            ),
            (
                self.descriptors > 0 || self.decode_fds.is_some(),
                "-y/--decode-fds",
            ),
            (
                self.const_print_style != ConstStyle::Abbrev,
                "-X/--const-print-style",
            ),
            (self.process_names, "-Y"),
            (self.pidns_translation, "--pidns-translation"),
        ])
        .collect()
    }

    /// What the decoders are told.
    pub(super) fn options(&self) -> Options {
        self.over(&Options::default())
    }

    /// The same, where what is not given is as in `base`.
    pub(super) fn over(&self, base: &Options) -> Options {
        Options {
            strings: self.strings.unwrap_or(base.strings),
            verbose: self.verbose || base.verbose || self.by_call.abbreviated.is_some(),
            hex: match (self.strings_in_hex, self.hex) {
                (Some(HexStyle::None), _) => HexStrings::Escapes,
                (Some(HexStyle::NonAsciiChars), _) => HexStrings::Bytes,
                (Some(HexStyle::NonAscii), _) | (None, 1) => HexStrings::NonAscii,
                (None, 0) => base.hex,
                (Some(HexStyle::All) | None, _) => HexStrings::All,
            },
            dumps: !self.dump.is_empty(),
            processes: Processes {
                names: self
                    .processes
                    .names
                    .or(self.process_names.then_some(pids::command_of)),
                here: self.pidns_translation || self.processes.here,
            },
            by_call: self.by_call.clone(),
            descriptors: match (self.decode_fds, self.descriptors) {
                (Some(set), _) => set,
                (None, 0) => base.descriptors,
                (None, 1) => Descriptors::PATH,
                (None, _) => Descriptors::ALL,
            },
            constants: match self.const_print_style {
                ConstStyle::Abbrev => base.constants,
                ConstStyle::Raw => Constants::Numbers,
                ConstStyle::Verbose => Constants::Both,
            },
            stable: base.stable,
        }
    }
}
