//! The options of `tracer trace` that say how calls are shown: strace's, by strace's letters.

use clap::Args;
use clap_complete::engine::ArgValueCompleter;

use super::{args::LiveArgs, complete, parse};
use crate::{
    decode::{Constants, Descriptors, HexStrings, Options},
    format::Lines,
};

/// How calls are shown.
#[derive(Debug, Args)]
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
    #[arg(long, value_name = "SET", num_args = 0..=1, require_equals = true,
          default_missing_value = "path", value_parser = Descriptors::parse,
          add = ArgValueCompleter::new(complete::descriptors))]
    #[arg(conflicts_with = "descriptors")]
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
        }
    }

    /// Takes over what another option (`-e decode-fds=SET`) says.
    pub(super) fn set_descriptors(&mut self, set: Descriptors) {
        self.decode_fds = Some(set);
    }

    /// What the decoders are told.
    pub(super) fn options(&self) -> Options {
        self.over(&Options::default())
    }

    /// The same, where what is not given is as in `base`.
    pub(super) fn over(&self, base: &Options) -> Options {
        Options {
            strings: self.strings.unwrap_or(base.strings),
            verbose: self.verbose || base.verbose,
            hex: match self.hex {
                0 => base.hex,
                1 => HexStrings::NonAscii,
                _ => HexStrings::All,
            },
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
