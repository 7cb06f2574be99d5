//! A line of auditctl's language becomes commands. Checks what can be known from the line alone;
//! what this machine can supply is [`super::check`]'s business.

mod rule;

use std::{fmt, ops::Range};

use super::{
    Note, RuleError,
    ast::AuditRule,
    word::{self, Word},
};
use crate::calls::Arch;
use rule::Draft;

/// What a line asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// `-a`, `-A`, `-w`
    Add {
        /// The rule.
        rule: AuditRule,
        /// At the beginning of its list.
        first: bool,
    },
    /// `-d`, `-W`
    Delete(AuditRule),
    /// `-D`, with `-k` only those of that key
    DeleteAll(Option<String>),
    /// `-l`, with `-k` only those of that key
    List(Option<String>),
    /// A control option.
    Control(Control),
    /// `-R FILE`
    Read(String),
    /// `-m TEXT`
    Message(String),
    /// `-s`
    Status,
    /// `-t`: the kernel's own bookkeeping of trees, which tracer does not need.
    Trees,
    /// `-q MOUNT,SUBTREE`
    Subtree,
    /// `--signal NAME`
    Signal(String),
    /// `-v`
    Version,
    /// `-h`
    Help,
}

/// A control option.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Control {
    /// `-e`: 0 off, 1 on, 2 on and locked until restart
    Enabled(u32),
    /// `-f`: 0 silent, 1 say it, 2 panic
    Failure(u32),
    /// `-r`: messages a second, 0 without limit
    Rate(u32),
    /// `-b`: buffers
    Backlog(u32),
    /// `--backlog_wait_time`
    BacklogWait(u32),
    /// `--loginuid-immutable`
    LoginuidImmutable,
    /// `--reset-lost`
    ResetLost,
    /// `--reset_backlog_wait_time_actual`
    ResetBacklogWait,
    /// `-c`: go on after an error, and fail in the end
    Continue,
    /// `-i`: in a rule file go on after an error, and succeed; with `-l` and `-s` interpret
    Ignore,
}

/// What came of a line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parsed {
    /// What it asks for, in order.
    pub commands: Vec<Command>,
    /// Remarks.
    pub notes: Vec<Note>,
    /// Where in the line each test of its rule stands.
    pub tests: Vec<Range<usize>>,
}

/// Why a line is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistakes {
    /// Every mistake, in the order of the line.
    pub errors: Vec<RuleError>,
    /// What could be read all the same: other things may be wrong with it.
    pub parsed: Parsed,
}

impl fmt::Display for Mistakes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, error) in self.errors.iter().enumerate() {
            let end = if i == 0 { "" } else { "\n" };
            write!(f, "{end}{error}")?;
        }
        Ok(())
    }
}

/// Parses one line of a rule file. `place` is the file and line number.
pub fn line(text: &str, place: Option<(&str, usize)>) -> Result<Parsed, Mistakes> {
    Line::new(text.to_owned(), word::split(text), place).parse()
}

/// The words of a line.
pub fn words(line: &str) -> Vec<String> {
    word::split(line)
        .into_iter()
        .map(|word| word.text)
        .collect()
}

/// Parses a command's arguments.
pub fn args(args: &[String]) -> Result<Parsed, Mistakes> {
    let (text, words) = word::join(args);
    Line::new(text, words, None).parse()
}

/// A line on its way to commands.
struct Line {
    text: String,
    words: std::iter::Peekable<std::vec::IntoIter<Word>>,
    place: Option<(String, usize)>,
    out: Parsed,
    errors: Vec<RuleError>,
    /// The option whose rule is being built, and the rule.
    draft: Option<Draft>,
    perm: Option<i64>,
    arch: Named<Arch>,
    keys: Vec<String>,
}

/// What a line names once, or not at all.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Named<T> {
    Nothing,
    This(T),
    /// It is given, and wrong: what depends on it is taken as far as it may be right.
    Wrong,
}

/// What is to be done with the rule.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Append,
    Prepend,
    Delete,
}

type Step = Result<(), RuleError>;

impl Line {
    fn new(text: String, words: Vec<Word>, place: Option<(&str, usize)>) -> Self {
        Self {
            text,
            words: words.into_iter().peekable(),
            place: place.map(|(file, n)| (file.to_owned(), n)),
            out: Parsed::default(),
            errors: Vec::new(),
            draft: None,
            perm: None,
            arch: Named::Nothing,
            keys: Vec::new(),
        }
    }

    fn parse(mut self) -> Result<Parsed, Mistakes> {
        while let Some(word) = self.words.next() {
            let step = self.option(&word);
            self.told(step);
        }
        let step = self.finish();
        self.told(step);
        self.errors.sort_by_key(|error| error.span.start);
        if self.errors.is_empty() {
            return Ok(self.out);
        }
        Err(Mistakes {
            errors: self.errors,
            parsed: self.out,
        })
    }

    /// Keeps a mistake; the rest of the line may have others.
    fn told(&mut self, step: Step) {
        self.errors.extend(step.err());
    }

    fn error(
        &self,
        span: Range<usize>,
        what: impl Into<String>,
        help: impl Into<String>,
    ) -> RuleError {
        RuleError {
            place: self.place.clone(),
            line: self.text.clone().into(),
            span,
            what: what.into(),
            help: help.into(),
            lacking: false,
        }
    }

    fn note(&mut self, text: impl Into<String>) {
        let place = self.place.clone();
        self.out.notes.push(Note {
            place,
            text: text.into(),
        });
    }

    /// The argument of a short option: the rest of its word, or the next word.
    fn argument(&mut self, option: &Word, name: &str) -> Result<Word, RuleError> {
        if let Some(rest) = option.text.strip_prefix(name).filter(|r| !r.is_empty()) {
            let rest = rest.strip_prefix('=').filter(|_| name.starts_with("--"));
            let text = rest.unwrap_or(&option.text[name.len()..]).to_owned();
            let span = option.part(option.text.len() - text.len(), option.text.len());
            return Ok(Word { text, span });
        }
        self.words
            .next()
            .filter(|w| !w.text.is_empty())
            .ok_or_else(|| {
                let help = match name {
                    "-a" | "-A" | "-d" => "expected LIST,ACTION such as exit,always",
                    "-F" => "expected FIELD=VALUE",
                    "-C" => "expected FIELD=FIELD or FIELD!=FIELD",
                    "-S" => "expected system calls or `all`",
                    "-w" | "-W" => "expected an absolute path",
                    "-p" => "expected some of rwxa",
                    "-k" => "expected a name",
                    _ => "expected a value",
                };
                self.error(
                    option.span.clone(),
                    format!("option {name} needs a value"),
                    help,
                )
            })
    }

    fn option(&mut self, word: &Word) -> Step {
        let text = word.text.as_str();
        if text.starts_with("--") {
            return self.long(word);
        }
        let name = match text.char_indices().nth(2) {
            Some((end, _)) => &text[..end],
            None => text,
        };
        match name {
            "-a" => self.target(word, name, Mode::Append),
            "-A" => self.target(word, name, Mode::Prepend),
            "-d" => self.target(word, name, Mode::Delete),
            "-w" => self.watch(word, name, Mode::Append),
            "-W" => self.watch(word, name, Mode::Delete),
            "-F" => {
                let arg = self.argument(word, name)?;
                self.field(&arg)
            }
            "-C" => {
                let arg = self.argument(word, name)?;
                self.compare(&arg)
            }
            "-S" => {
                let arg = self.argument(word, name)?;
                self.calls(&arg)
            }
            "-p" => {
                let arg = self.argument(word, name)?;
                self.perm(&arg)
            }
            "-k" => {
                let arg = self.argument(word, name)?;
                self.key(arg.span.clone(), &arg.text)
            }
            "-m" | "-R" | "-q" => {
                let arg = self.argument(word, name)?.text;
                self.push(match name {
                    "-m" => Command::Message(arg),
                    "-R" => Command::Read(arg),
                    _ => Command::Subtree,
                });
                Ok(())
            }
            "-e" => self.number(word, name, "enable", 2, Control::Enabled),
            "-f" => self.number(word, name, "failure", 2, Control::Failure),
            "-r" => self.number(word, name, "rate", u32::MAX, Control::Rate),
            "-b" => self.number(word, name, "backlog", u32::MAX, Control::Backlog),
            _ => self.flag(word),
        }
    }

    /// Options without a value.
    fn flag(&mut self, word: &Word) -> Step {
        let command = match word.text.as_str() {
            "-D" => Command::DeleteAll(None),
            "-l" => Command::List(None),
            "-s" => Command::Status,
            "-t" => Command::Trees,
            "-v" => Command::Version,
            "-h" => Command::Help,
            "-c" => Command::Control(Control::Continue),
            "-i" => Command::Control(Control::Ignore),
            text => {
                let what = if text.starts_with('-') {
                    format!("option {text} is not known")
                } else {
                    format!("`{text}` is not expected here")
                };
                let help = if text.starts_with('/') && self.draft.is_none() {
                    format!("a watch is -w {text} -p wa")
                } else {
                    "options are those of auditctl(8): -a -A -d -D -w -W -F -S -C -k -p -l -s -e -f -b -r -m -R ...".to_owned()
                };
                let error = self.error(word.span.clone(), what, help);
                self.skip_values();
                return Err(error);
            }
        };
        self.push(command);
        Ok(())
    }

    fn long(&mut self, word: &Word) -> Step {
        const WAIT: &str = "--backlog_wait_time";
        let control = match word.text.as_str() {
            "--loginuid-immutable" => Control::LoginuidImmutable,
            "--reset-lost" => Control::ResetLost,
            "--reset_backlog_wait_time_actual" => Control::ResetBacklogWait,
            "--help" => {
                self.push(Command::Help);
                return Ok(());
            }
            "--version" => {
                self.push(Command::Version);
                return Ok(());
            }
            "--signal" => {
                let name = self.argument(word, "--signal")?.text;
                self.push(Command::Signal(name));
                return Ok(());
            }
            text if text == WAIT || text.strip_prefix(WAIT).is_some_and(|r| r.starts_with('=')) => {
                return self.number(
                    word,
                    WAIT,
                    "backlog_wait_time",
                    u32::MAX,
                    Control::BacklogWait,
                );
            }
            text => {
                self.skip_values();
                return Err(self.error(
                    word.span.clone(),
                    format!("option {text} is not known"),
                    "long options: --backlog_wait_time --reset-lost \
                     --reset_backlog_wait_time_actual --signal",
                ));
            }
        };
        self.push(Command::Control(control));
        Ok(())
    }

    /// Takes what may be the values of an option that is not known.
    fn skip_values(&mut self) {
        while self.words.next_if(|w| !w.text.starts_with('-')).is_some() {}
    }

    fn push(&mut self, command: Command) {
        self.out.commands.push(command);
    }

    fn number(
        &mut self,
        word: &Word,
        name: &str,
        what: &str,
        max: u32,
        make: fn(u32) -> Control,
    ) -> Step {
        let arg = self.argument(word, name)?;
        match arg.text.parse::<u32>() {
            Ok(n) if n <= max => {
                self.push(Command::Control(make(n)));
                Ok(())
            }
            _ => {
                let help = if max == 2 {
                    "expected 0, 1 or 2".to_owned()
                } else {
                    "expected a number".to_owned()
                };
                Err(self.error(arg.span, format!("{what} cannot be `{}`", arg.text), help))
            }
        }
    }
}
