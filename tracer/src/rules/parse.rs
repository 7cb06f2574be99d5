//! A line of auditctl's language becomes commands. Checks what can be known from the line alone;
//! what this machine can supply is [`super::check`]'s business.

use std::collections::BTreeSet;

use super::{
    Note, RuleError,
    ast::{Action, AuditRule, Cmp, List, Test, Value},
    call_names,
    field::{Field, Kind},
    value,
    word::{self, Word},
};
use crate::{calls::Arch, words::nearest};

/// `AUDIT_MAX_KEY_LEN` of `linux/audit.h`.
const KEY_MAX: usize = 256;
/// `AUDIT_MAX_FIELDS` of `linux/audit.h`.
const FIELDS_MAX: usize = 64;

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
}

/// Parses one line of a rule file. `place` is the file and line number.
pub fn line(text: &str, place: Option<(&str, usize)>) -> Result<Parsed, RuleError> {
    Line::new(text.to_owned(), word::split(text), place).parse()
}

/// Parses a command's arguments.
pub fn args(args: &[String]) -> Result<Parsed, RuleError> {
    let (text, words) = word::join(args);
    Line::new(text, words, None).parse()
}

/// A line on its way to commands.
struct Line {
    text: String,
    words: std::vec::IntoIter<Word>,
    place: Option<(String, usize)>,
    out: Parsed,
    /// The option whose rule is being built, and the rule.
    draft: Option<Draft>,
    perm: Option<i64>,
    arch: Option<Arch>,
    keys: Vec<String>,
}

/// What is to be done with the rule.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Append,
    Prepend,
    Delete,
}

struct Draft {
    mode: Mode,
    rule: AuditRule,
    is_watch: bool,
    span: std::ops::Range<usize>,
}

type Step = Result<(), RuleError>;

impl Line {
    fn new(text: String, words: Vec<Word>, place: Option<(&str, usize)>) -> Self {
        Self {
            text,
            words: words.into_iter(),
            place: place.map(|(file, n)| (file.to_owned(), n)),
            out: Parsed::default(),
            draft: None,
            perm: None,
            arch: None,
            keys: Vec::new(),
        }
    }

    fn parse(mut self) -> Result<Parsed, RuleError> {
        while let Some(word) = self.words.next() {
            self.option(&word)?;
        }
        self.finish()?;
        Ok(self.out)
    }

    fn error(
        &self,
        span: std::ops::Range<usize>,
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
                self.key(&arg, arg.span.clone(), &arg.text)
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
                return Err(self.error(
                    word.span.clone(),
                    what,
                    "options are those of auditctl(8): -a -A -d -D -w -W -F -S -C -k -p -l -s -e -f -b -r -m -R ...",
                ));
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

    fn begin(&mut self, span: &std::ops::Range<usize>, draft: Draft) -> Step {
        if let Some(old) = &self.draft {
            let what = if old.is_watch == draft.is_watch {
                "one line holds one rule"
            } else {
                "a watch (-w) and a rule (-a) cannot be in one line"
            };
            return Err(self.error(span.clone(), what, "write two lines"));
        }
        self.draft = Some(draft);
        Ok(())
    }

    fn target(&mut self, word: &Word, name: &str, mode: Mode) -> Step {
        let arg = self.argument(word, name)?;
        let mut list = None;
        let mut action = None;
        let mut at = 0;
        for part in arg.text.split(',') {
            let span = arg.part(at, at + part.len());
            at += part.len() + 1;
            match part {
                "always" if action.is_none() => action = Some(Action::Always),
                "never" if action.is_none() => action = Some(Action::Never),
                "entry" if list.is_none() => {
                    self.note(
                        "the list entry has been gone from the kernel since 3.3: taken as exit",
                    );
                    list = Some(List::Exit);
                }
                part => {
                    let known = List::ALL.iter().find(|(_, name, _)| *name == part);
                    match known {
                        Some((known, ..)) if list.is_none() => list = Some(*known),
                        _ => return Err(self.bad_target(span, part)),
                    }
                }
            }
        }
        let (Some(list), Some(action)) = (list, action) else {
            return Err(self.bad_target(arg.span, &arg.text));
        };
        let draft = Draft {
            mode,
            rule: AuditRule {
                list,
                action,
                calls: None,
                tests: Vec::new(),
                keys: Vec::new(),
            },
            is_watch: false,
            span: word.span.start..arg.span.end,
        };
        self.begin(&word.span, draft)
    }

    fn bad_target(&self, span: std::ops::Range<usize>, part: &str) -> RuleError {
        self.error(
            span,
            format!("`{part}` is no list and action"),
            "expected LIST,ACTION: a list of task, exit, user, exclude, filesystem, io_uring \
             and an action of always, never",
        )
    }

    fn watch(&mut self, word: &Word, name: &str, mode: Mode) -> Step {
        let arg = self.argument(word, name)?;
        // As auditctl does it: what a name means is what is there, not how it is written.
        let trimmed = arg.text.trim_end_matches('/');
        let name = if trimmed.is_empty() {
            &arg.text
        } else {
            trimmed
        };
        let field = if std::path::Path::new(name).is_dir() {
            Field::Dir
        } else {
            Field::Path
        };
        let path = self.value(field, name, arg.span.clone())?;
        if arg.text.contains('*') {
            self.note(format!(
                "wildcards are not supported: {} means the name itself",
                arg.text
            ));
        }
        let rule = AuditRule {
            list: List::Exit,
            action: Action::Always,
            calls: None,
            tests: vec![Test::Field(field, Cmp::Eq, path)],
            keys: Vec::new(),
        };
        let draft = Draft {
            mode,
            rule,
            is_watch: true,
            span: word.span.start..arg.span.end,
        };
        self.begin(&word.span, draft)
    }

    fn value(
        &self,
        field: Field,
        text: &str,
        span: std::ops::Range<usize>,
    ) -> Result<Value, RuleError> {
        value::parse(field, text).map_err(|bad| RuleError {
            lacking: bad.lacking,
            ..self.error(span, bad.what, bad.help)
        })
    }

    /// The rule that an option adds to.
    fn draft(
        &mut self,
        span: &std::ops::Range<usize>,
        what: &str,
    ) -> Result<&mut Draft, RuleError> {
        if self.draft.is_none() {
            return Err(self.error(
                span.clone(),
                format!("a list or watch must be given before {what}"),
                "begin with -a LIST,ACTION or -w PATH",
            ));
        }
        Ok(self.draft.as_mut().expect("just looked"))
    }

    fn field(&mut self, arg: &Word) -> Step {
        let text = &arg.text;
        let list = self.draft(&arg.span, "a field")?.rule.list;
        let Some(at) = text.find(['=', '!', '<', '>', '&']) else {
            return Err(self.error(
                arg.span.clone(),
                format!("no operator in `{text}`"),
                "expected FIELD, one of = != < > <= >= & &=, and a value",
            ));
        };
        let (name, rest) = text.split_at(at);
        let Some((cmp, op)) = Cmp::ALL.iter().find(|(_, op)| rest.starts_with(op)) else {
            return Err(self.error(
                arg.part(at, at + 1),
                "no operator",
                "expected one of = != < > <= >= & &=",
            ));
        };
        let (name_span, op_span) = (arg.part(0, at), arg.part(at, at + op.len()));
        let value_span = arg.part((at + op.len()).min(text.len()), text.len());
        let field = self.known_field(name, &name_span, "field")?;
        let value = &rest[op.len()..];
        if value.is_empty() {
            return Err(self.error(op_span, format!("no value for {name}"), "give one"));
        }
        if !field.place().has(list) {
            let help = format!("{name} goes with {}", field.place().words());
            let what = format!("{name} cannot be on the list {}", list.as_str());
            return Err(self.error(name_span, what, help));
        }
        if !field.ops().has(*cmp) {
            let help = format!("{name} takes {}", field.ops().words());
            return Err(self.error(op_span, format!("{op} does not go with {name}"), help));
        }
        if field.kind() == Kind::Key {
            return self.key(arg, value_span, value);
        }
        let parsed = self.value(field, value, value_span.clone())?;
        self.place_field(field, *cmp, parsed, &arg.span)
    }

    fn place_field(
        &mut self,
        field: Field,
        cmp: Cmp,
        value: Value,
        span: &std::ops::Range<usize>,
    ) -> Step {
        let draft = self.draft(span, "a field")?;
        let tests = &draft.rule.tests;
        let names_file = |f: &Field| matches!(f, Field::Path | Field::Dir | Field::Inode);
        let twice = names_file(&field)
            && tests
                .iter()
                .any(|t| matches!(t, Test::Field(f, ..) if names_file(f)));
        let late_arch = field == Field::Arch && draft.rule.calls.is_some();
        let full = tests.len() >= FIELDS_MAX;
        if twice {
            return Err(self.error(
                span.clone(),
                "a rule holds one of path, dir and inode, once",
                "write two rules",
            ));
        }
        if late_arch {
            return Err(self.error(
                span.clone(),
                "arch must come before -S",
                "the numbers of system calls depend on it",
            ));
        }
        if full {
            return Err(self.error(
                span.clone(),
                format!("a rule holds at most {FIELDS_MAX} fields"),
                "split it",
            ));
        }
        if let (Field::Arch, Cmp::Eq, Value::Number(n)) = (field, cmp, &value) {
            self.arch = value::arch_of(*n);
        }
        let draft = self.draft(span, "a field")?;
        draft.rule.tests.push(Test::Field(field, cmp, value));
        Ok(())
    }

    fn known_field(
        &self,
        name: &str,
        span: &std::ops::Range<usize>,
        what: &str,
    ) -> Result<Field, RuleError> {
        Field::from_name(name).ok_or_else(|| {
            let names = || Field::ALL.iter().map(|f| f.as_str());
            let help = nearest(name, names()).map_or_else(
                || format!("expected one of {}", names().collect::<Vec<_>>().join(" ")),
                |near| format!("did you mean `{near}`?"),
            );
            self.error(span.clone(), format!("unknown {what} `{name}`"), help)
        })
    }

    fn compare(&mut self, arg: &Word) -> Step {
        let list = self.draft(&arg.span, "a comparison")?.rule.list;
        let text = &arg.text;
        let found = text
            .find("!=")
            .map(|at| (at, Cmp::Ne))
            .or_else(|| text.find('=').map(|at| (at, Cmp::Eq)));
        let Some((at, cmp)) = found else {
            return Err(self.error(
                arg.span.clone(),
                format!("no comparison in `{text}`"),
                "expected FIELD=FIELD or FIELD!=FIELD",
            ));
        };
        let end = at + cmp.as_str().len();
        let (left_span, right_span) = (arg.part(0, at), arg.part(end, text.len()));
        let left = self.known_field(&text[..at], &left_span, "field")?;
        let right = self.known_field(&text[end..], &right_span, "field")?;
        for (field, span) in [(left, left_span), (right, right_span.clone())] {
            if !field.compares() {
                let what = format!("{} cannot be compared", field.as_str());
                let help = "-C compares ids: uid euid suid fsuid auid obj_uid, or gid egid sgid fsgid obj_gid";
                return Err(self.error(span, what, help));
            }
        }
        if !left.compares_with(right) {
            let what = format!(
                "{} cannot be compared with {}",
                left.as_str(),
                right.as_str()
            );
            return Err(self.error(
                right_span,
                what,
                "compare users with users, groups with groups",
            ));
        }
        if list != List::Exit {
            return Err(self.error(
                arg.span.clone(),
                format!("-C cannot be on the list {}", list.as_str()),
                "it goes with the list exit",
            ));
        }
        let draft = self.draft(&arg.span, "a comparison")?;
        draft.rule.tests.push(Test::Compare(left, cmp, right));
        Ok(())
    }

    fn calls(&mut self, arg: &Word) -> Step {
        let arch = self.arch;
        let draft = self.draft(&arg.span, "a system call")?;
        let list = draft.rule.list;
        if draft.is_watch || !matches!(list, List::Exit | List::IoUring) {
            let what = if draft.is_watch {
                "a watch has no system calls".to_owned()
            } else {
                format!("system calls cannot be on the list {}", list.as_str())
            };
            return Err(self.error(
                arg.span.clone(),
                what,
                "use -a always,exit -S CALL -F path=FILE",
            ));
        }
        let mut at = 0;
        for part in arg.text.split(',') {
            let span = arg.part(at, at + part.len());
            at += part.len() + 1;
            if part == "all" {
                continue;
            }
            let number = call_names::number(list, arch, part).map_err(|help| {
                let table = call_names::table(list, arch);
                self.error(span, format!("unknown {table} `{part}`"), help)
            })?;
            let draft = self.draft(&arg.span, "a system call")?;
            draft
                .rule
                .calls
                .get_or_insert_with(BTreeSet::new)
                .insert(number);
        }
        if arg.text.split(',').any(|part| part == "all") {
            self.draft(&arg.span, "a system call")?.rule.calls = None;
        } else if arch.is_none() && list == List::Exit {
            self.note("no arch given: the names are meant in every table of system calls");
        }
        Ok(())
    }

    fn perm(&mut self, arg: &Word) -> Step {
        let is_watch = self.draft.as_ref().is_some_and(|d| d.is_watch);
        if !is_watch {
            return Err(self.error(
                arg.span.clone(),
                "permissions need a watch before them",
                "use -w PATH -p rwxa, or -F perm=rwxa in a rule",
            ));
        }
        let bits = value::perm(&arg.text)
            .map_err(|bad| self.error(arg.span.clone(), bad.what, bad.help))?;
        self.perm = Some(bits);
        Ok(())
    }

    fn key(&mut self, arg: &Word, span: std::ops::Range<usize>, key: &str) -> Step {
        let what = if key.contains('\u{1}') || key.contains('\n') {
            "a key holds no control characters"
        } else if self.keys.iter().map(|k| k.len() + 1).sum::<usize>() + key.len() > KEY_MAX {
            "the keys of a rule are too long"
        } else {
            self.keys.push(key.to_owned());
            return Ok(());
        };
        let _ = arg;
        Err(self.error(
            span,
            what,
            format!("at most {KEY_MAX} bytes, all keys of a rule together"),
        ))
    }

    /// Puts the pieces together.
    fn finish(&mut self) -> Step {
        let keys = std::mem::take(&mut self.keys);
        let Some(mut draft) = self.draft.take() else {
            return self.keys_without_rule(keys);
        };
        if draft.is_watch {
            let perm = Value::Number(self.perm.unwrap_or(15));
            let perm = Test::Field(Field::Perm, Cmp::Eq, perm);
            draft.rule.tests.insert(1, perm);
        }
        draft.rule.keys = keys;
        let (list, tests) = (draft.rule.list, &draft.rule.tests);
        if matches!(list, List::Exclude | List::Filesystem) && tests.is_empty() {
            let field = if list == List::Exclude {
                "msgtype"
            } else {
                "fstype"
            };
            return Err(self.error(
                draft.span,
                format!("a rule on the list {} needs a field", list.as_str()),
                format!("such as -F {field}="),
            ));
        }
        self.push(match draft.mode {
            Mode::Append => Command::Add {
                rule: draft.rule,
                first: false,
            },
            Mode::Prepend => Command::Add {
                rule: draft.rule,
                first: true,
            },
            Mode::Delete => Command::Delete(draft.rule),
        });
        Ok(())
    }

    /// `-D -k KEY`, `-l -k KEY`.
    fn keys_without_rule(&mut self, keys: Vec<String>) -> Step {
        let Some(key) = keys.into_iter().next() else {
            return Ok(());
        };
        let slot = self.out.commands.iter_mut().find_map(|c| match c {
            Command::DeleteAll(slot) | Command::List(slot) => Some(slot),
            _ => None,
        });
        match slot {
            Some(slot) => {
                *slot = Some(key);
                Ok(())
            }
            None => Err(self.error(
                0..self.text.len(),
                "a key needs a rule, -D or -l before it",
                "begin with -a, -w, -D or -l",
            )),
        }
    }
}
