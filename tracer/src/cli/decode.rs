//! The options of `tracer trace` that say how calls are shown: strace's, by strace's letters.

use clap::Args;

use crate::decode::{Descriptors, HexStrings, Options};

/// How calls are shown.
#[derive(Debug, Args)]
#[command(next_help_heading = "How calls are shown")]
pub(super) struct DecodeArgs {
    /// Show this many bytes of a string and elements of an array (names of files are never cut)
    #[arg(
        short = 's',
        long = "string-limit",
        value_name = "SIZE",
        default_value_t = 32
    )]
    strings: usize,
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
        Options {
            strings: self.strings,
            verbose: self.verbose,
            hex: match self.hex {
                0 => HexStrings::Escapes,
                1 => HexStrings::NonAscii,
                _ => HexStrings::All,
            },
            descriptors: match self.descriptors {
                0 => Descriptors::Number,
                1 => Descriptors::Path,
                _ => Descriptors::Details,
            },
        }
    }
}
