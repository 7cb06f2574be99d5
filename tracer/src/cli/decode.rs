//! The options of `tracer trace` that say how calls are shown: strace's, by strace's letters.

use clap::Args;

use crate::decode::{Descriptors, HexStrings, Options};

/// How calls are shown.
#[derive(Debug, Args)]
#[command(next_help_heading = "How calls are shown")]
pub(super) struct DecodeArgs {
    /// Show this many bytes of a string and elements of an array (names of files are never cut)
    /// [default: 32]
    #[arg(short = 's', long = "string-limit", value_name = "SIZE")]
    strings: Option<usize>,
    /// Show structures and environments whole
    #[arg(short, long)]
    verbose: bool,
    /// Show strings that are not ASCII text in hexadecimal; twice: all strings
    #[arg(short = 'x', action = clap::ArgAction::Count)]
    hex: u8,
    /// Show the path behind each descriptor; twice: what sockets and devices are, too
    #[arg(short = 'y', long = "decode-fds", action = clap::ArgAction::Count)]
    descriptors: u8,
}

impl DecodeArgs {
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
            descriptors: match self.descriptors {
                0 => base.descriptors,
                1 => Descriptors::Path,
                _ => Descriptors::Details,
            },
            stable: base.stable,
        }
    }
}
