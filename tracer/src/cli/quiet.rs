//! `-q` and `--quiet=SET`: which messages are left out, by strace's words.

use clap::{ArgAction, Args};

/// How quiet it is.
#[derive(Args, Clone, Copy, Debug, Default)]
pub(super) struct QuietArgs {
    /// Print nothing on standard error but errors; -qq also leaves out how tasks ended
    /// (--format strace), -qqq all that can be left out
    #[arg(short = 'q', action = ArgAction::Count)]
    times: u8,
    /// The same by words: attach (what stands at the beginning and the end), exit, all, none;
    /// without a word as -q
    #[arg(long, aliases = ["silent", "silence"], value_name = "SET", num_args = 0..=1, require_equals = true,
          default_missing_value = "attach", value_parser = Quiet::parse)]
    quiet: Option<Quiet>,
}

/// A set of messages that are left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Quiet {
    /// What tracer says of itself.
    attach: bool,
    /// Lines about the ends of tasks.
    exit: bool,
}

impl Quiet {
    const NONE: Self = Self {
        attach: false,
        exit: false,
    };
    const ALL: Self = Self {
        attach: true,
        exit: true,
    };
    /// strace's words for messages that tracer never prints.
    const NEVER: [&str; 5] = [
        "path-resolution",
        "path-resolve",
        "personality",
        "thread-execve",
        "superseded",
    ];

    /// `attach,exit`, `!exit`, `all`, `none`.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let (negated, list) = match text.strip_prefix('!') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let mut set = Self::NONE;
        for word in list.split(',').map(str::trim) {
            match word {
                "attach" => set.attach = true,
                "exit" => set.exit = true,
                "all" => set = Self::ALL,
                "none" => set = Self::NONE,
                word if Self::NEVER.contains(&word) => {}
                _ => {
                    return Err(format!(
                        "unknown message `{word}`: expected attach, exit, {}, all or none",
                        Self::NEVER.join(", ")
                    ));
                }
            }
        }
        Ok(if negated {
            Self {
                attach: !set.attach,
                exit: !set.exit,
            }
        } else {
            set
        })
    }
}

impl QuietArgs {
    /// Leaves out what strace does not say.
    pub(super) fn as_strace(&mut self) {
        self.times = self.times.max(1);
    }

    /// Takes over what another option (`-e quiet=SET`) says.
    pub(super) fn set(&mut self, quiet: Quiet) {
        self.quiet = Some(quiet);
    }

    /// Nothing but errors goes to standard error.
    pub(super) fn is_quiet(self) -> bool {
        self.times > 0 || self.quiet.is_some_and(|set| set.attach)
    }

    /// How tasks ended is not told.
    pub(super) fn hides_exits(self) -> bool {
        self.times > 1 || self.quiet.is_some_and(|set| set.exit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets() {
        for (text, wanted) in [
            ("attach,personality", Some((true, false))),
            ("exit", Some((false, true))),
            ("!exit", Some((true, false))),
            ("all", Some((true, true))),
            ("none", Some((false, false))),
            ("thread-execve", Some((false, false))),
            ("foo", None),
            ("", None),
        ] {
            let set = Quiet::parse(text).ok();
            assert_eq!(set.map(|q| (q.attach, q.exit)), wanted, "{text}");
        }
    }
}
