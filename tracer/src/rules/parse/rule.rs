//! The parts of a rule, one after the other: `-a` or `-w`, then `-F`, `-C`, `-S`, `-p`, `-k`. A part that
//! is wrong does not keep the others from being looked at.

use std::{collections::BTreeSet, ops::Range};

use super::{
    super::{
        RuleError,
        ast::{Action, AuditRule, Cmp, List, Test, Value},
        call_names,
        field::{Field, Kind},
        value,
        word::Word,
    },
    Command, Line, Mode, Named, Step,
};
use crate::{calls::Arch, words::instead};

/// `AUDIT_MAX_KEY_LEN` of `linux/audit.h`.
const KEY_MAX: usize = 256;
/// `AUDIT_MAX_FIELDS` of `linux/audit.h`.
const FIELDS_MAX: usize = 64;

/// A rule on its way.
pub(super) struct Draft {
    mode: Mode,
    rule: AuditRule,
    is_watch: bool,
    /// Its list is not known, because `-a` is wrong or was not there yet.
    is_open: bool,
    span: Range<usize>,
}

impl Draft {
    fn new(mode: Mode, list: Option<List>, action: Action, span: Range<usize>) -> Self {
        Self {
            mode,
            rule: AuditRule {
                list: list.unwrap_or(List::Exit),
                action,
                calls: None,
                tests: Vec::new(),
                keys: Vec::new(),
            },
            is_watch: false,
            is_open: list.is_none(),
            span,
        }
    }
}

impl Line {
    fn begin(&mut self, span: &Range<usize>, mut draft: Draft) -> Step {
        match self.draft.take() {
            Some(old) if !old.is_open => {
                let what = if old.is_watch == draft.is_watch {
                    "one line holds one rule"
                } else {
                    "a watch (-w) and a rule (-a) cannot be in one line"
                };
                self.draft = Some(old);
                // What follows belongs to neither.
                self.words = Vec::new().into_iter().peekable();
                return Err(self.error(span.clone(), what, "write two lines"));
            }
            // What stood before it is told already; its tests are kept, as their places are.
            Some(early) => draft
                .rule
                .tests
                .splice(0..0, early.rule.tests)
                .for_each(drop),
            None => {}
        }
        self.draft = Some(draft);
        Ok(())
    }

    pub(super) fn target(&mut self, word: &Word, name: &str, mode: Mode) -> Step {
        let arg = self.argument(word, name)?;
        let span = word.span.start..arg.span.end;
        let (list, action, wrong) = self.list_and_action(&arg);
        let list_said = list.filter(|_| wrong.is_none());
        let draft = Draft::new(mode, list_said, action.unwrap_or(Action::Always), span);
        self.begin(&word.span, draft)?;
        wrong.map_or(Ok(()), Err)
    }

    /// `LIST,ACTION` in any order, and what is wrong with it.
    fn list_and_action(&mut self, arg: &Word) -> (Option<List>, Option<Action>, Option<RuleError>) {
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
                        _ => return (list, action, Some(self.bad_target(span, part))),
                    }
                }
            }
        }
        let is_whole = list.is_some() && action.is_some();
        let wrong = (!is_whole).then(|| self.bad_target(arg.span.clone(), &arg.text));
        (list, action, wrong)
    }

    fn bad_target(&self, span: Range<usize>, part: &str) -> RuleError {
        let words = List::ALL.iter().map(|(_, name, _)| *name);
        let words = words.chain(["always", "never"]);
        let help = instead(part, words.filter(|word| *word != part), || {
            "expected LIST,ACTION: a list of task, exit, user, exclude, filesystem, io_uring \
             and an action of always, never"
                .to_owned()
        });
        self.error(span, format!("`{part}` is no list and action"), help)
    }

    pub(super) fn watch(&mut self, word: &Word, name: &str, mode: Mode) -> Step {
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
        if arg.text.contains('*') {
            self.note(format!(
                "wildcards are not supported: {} means the name itself",
                arg.text
            ));
        }
        let span = word.span.start..arg.span.end;
        let mut draft = Draft::new(mode, Some(List::Exit), Action::Always, span);
        draft.is_watch = true;
        self.begin(&word.span, draft)?;
        let path = self.value(field, name, arg.span.clone())?;
        self.test(Test::Field(field, Cmp::Eq, path), arg.span)
    }

    fn value(&self, field: Field, text: &str, span: Range<usize>) -> Result<Value, RuleError> {
        value::parse(field, text).map_err(|bad| RuleError {
            lacking: bad.lacking,
            ..self.error(span, bad.what, bad.help)
        })
    }

    /// The rule that an option adds to.
    fn draft(&mut self, span: &Range<usize>, what: &str) -> &mut Draft {
        if self.draft.is_none() {
            let error = self.error(
                span.clone(),
                format!("a list or watch must be given before {what}"),
                "begin with -a LIST,ACTION or -w PATH",
            );
            // Said once: what follows is looked at for itself.
            self.errors.push(error);
        }
        let open = || Draft::new(Mode::Append, None, Action::Always, span.clone());
        self.draft.get_or_insert_with(open)
    }

    /// One more test of the rule.
    fn test(&mut self, test: Test, span: Range<usize>) -> Step {
        let draft = self.draft(&span, "a field");
        if draft.rule.tests.len() >= FIELDS_MAX {
            let what = format!("a rule holds at most {FIELDS_MAX} fields");
            return Err(self.error(span, what, "split it"));
        }
        draft.rule.tests.push(test);
        self.out.tests.push(span);
        Ok(())
    }

    pub(super) fn field(&mut self, arg: &Word) -> Step {
        let text = &arg.text;
        let draft = self.draft(&arg.span, "a field");
        let (list, is_open) = (draft.rule.list, draft.is_open);
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
        let field = self.known_field(name, &name_span)?;
        let value = &rest[op.len()..];
        if value.is_empty() {
            return Err(self.error(op_span, format!("no value for {name}"), "give one"));
        }
        if !field.place().has(list) && !is_open {
            let help = format!("{name} goes with {}", field.place().words());
            let what = format!("{name} cannot be on the list {}", list.as_str());
            return Err(self.error(name_span, what, help));
        }
        if !field.ops().has(*cmp) {
            let help = format!("{name} takes {}", field.ops().words());
            return Err(self.error(op_span, format!("{op} does not go with {name}"), help));
        }
        if field.kind() == Kind::Key {
            return self.key(value_span, value);
        }
        if field == Field::Arch && self.arch == Named::Nothing {
            self.arch = Named::Wrong;
        }
        let parsed = self.value(field, value, value_span)?;
        self.place_field(field, *cmp, parsed, &arg.span)
    }

    fn place_field(&mut self, field: Field, cmp: Cmp, value: Value, span: &Range<usize>) -> Step {
        let draft = self.draft(span, "a field");
        let late_arch = field == Field::Arch && draft.rule.calls.is_some();
        if let Some((what, help)) = once(&draft.rule.tests, field, cmp, &value) {
            return Err(self.error(span.clone(), what, help));
        }
        if late_arch {
            return Err(self.error(
                span.clone(),
                "arch must come before -S",
                "the numbers of system calls depend on it",
            ));
        }
        if field == Field::Arch {
            let arch = match (cmp, &value) {
                (Cmp::Eq, Value::Number(n)) => value::arch_of(*n),
                _ => None,
            };
            self.arch = arch.map_or(Named::Nothing, Named::This);
        }
        self.note_contradiction(field, cmp, &value, span);
        self.test(Test::Field(field, cmp, value), span.clone())
    }

    /// Says that a field must have two values at once, which auditctl takes without a word.
    fn note_contradiction(&mut self, field: Field, cmp: Cmp, value: &Value, span: &Range<usize>) {
        let other = |test: &Test| matches!(test, Test::Field(f, Cmp::Eq, other) if *f == field && other != value);
        let mut tests = self.draft.iter().flat_map(|draft| &draft.rule.tests);
        let Some(at) = tests.position(other) else {
            return;
        };
        // Permissions are what a call does to a file, of which it can do several.
        if cmp == Cmp::Eq && field.kind() != Kind::Perm {
            let first = self.out.tests.get(at).cloned().unwrap_or_default();
            let text = |span: Range<usize>| self.text.get(span).unwrap_or_default().to_owned();
            let (first, second) = (text(first), text(span.clone()));
            self.note(format!(
                "{first} and {second} never hold at once: this rule tells nothing"
            ));
        }
    }

    fn known_field(&self, name: &str, span: &Range<usize>) -> Result<Field, RuleError> {
        Field::from_name(name).ok_or_else(|| {
            let names = || Field::ALL.iter().map(|f| f.as_str());
            let help = instead(name, names(), || {
                format!("expected one of {}", names().collect::<Vec<_>>().join(" "))
            });
            self.error(span.clone(), format!("unknown field `{name}`"), help)
        })
    }

    pub(super) fn compare(&mut self, arg: &Word) -> Step {
        let draft = self.draft(&arg.span, "a comparison");
        let (list, is_open) = (draft.rule.list, draft.is_open);
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
        let left = self.known_field(&text[..at], &left_span)?;
        let right = self.known_field(&text[end..], &right_span)?;
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
        if list != List::Exit && !is_open {
            return Err(self.error(
                arg.span.clone(),
                format!("-C cannot be on the list {}", list.as_str()),
                "it goes with the list exit",
            ));
        }
        self.test(Test::Compare(left, cmp, right), arg.span.clone())
    }

    pub(super) fn calls(&mut self, arg: &Word) -> Step {
        let draft = self.draft(&arg.span, "a system call");
        let (list, is_open) = (draft.rule.list, draft.is_open);
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
        let tables = self.tables(list, is_open);
        let mut at = 0;
        let mut numbers = BTreeSet::new();
        for part in arg.text.split(',') {
            let span = arg.part(at, at + part.len());
            at += part.len() + 1;
            if part == "all" {
                continue;
            }
            match call_names::number_in(&tables, part) {
                Ok(number) => {
                    numbers.insert(number);
                }
                Err((what, help)) => {
                    let error = self.error(span, what, help);
                    self.errors.push(error);
                }
            }
        }
        let is_all = arg.text.split(',').any(|part| part == "all");
        let draft = self.draft(&arg.span, "a system call");
        if is_all {
            draft.rule.calls = None;
        } else {
            let calls = draft.rule.calls.get_or_insert_with(BTreeSet::new);
            calls.append(&mut numbers);
            if self.arch == Named::Nothing && list == List::Exit {
                self.note("no arch given: the names are meant in every table of system calls");
            }
        }
        Ok(())
    }

    /// The tables that a name of a call may be meant in.
    fn tables(&self, list: List, is_open: bool) -> Vec<(List, Option<Arch>)> {
        let mut tables = match self.arch {
            Named::Nothing => vec![(list, None)],
            Named::This(arch) => vec![(list, Some(arch))],
            Named::Wrong => vec![(list, None), (list, Some(Arch::I386))],
        };
        if is_open {
            tables.push((List::IoUring, None));
        }
        tables
    }

    pub(super) fn perm(&mut self, arg: &Word) -> Step {
        let is_watch = |draft: &Draft| draft.is_watch || draft.is_open;
        if !self.draft.as_ref().is_some_and(is_watch) {
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

    pub(super) fn key(&mut self, span: Range<usize>, key: &str) -> Step {
        let what = if key.contains('\u{1}') || key.contains('\n') {
            "a key holds no control characters"
        } else if self.keys.iter().map(|k| k.len() + 1).sum::<usize>() + key.len() > KEY_MAX {
            "the keys of a rule are too long"
        } else {
            self.keys.push(key.to_owned());
            return Ok(());
        };
        let help = format!("at most {KEY_MAX} bytes, all keys of a rule together");
        Err(self.error(span, what, help))
    }

    /// Puts the pieces together.
    pub(super) fn finish(&mut self) -> Step {
        let keys = std::mem::take(&mut self.keys);
        let Some(mut draft) = self.draft.take() else {
            return self.keys_without_rule(keys);
        };
        if draft.is_watch && !draft.rule.tests.is_empty() {
            let perm = Value::Number(self.perm.unwrap_or(15));
            let perm = Test::Field(Field::Perm, Cmp::Eq, perm);
            draft.rule.tests.insert(1, perm);
            let at = self.out.tests[0].clone();
            self.out.tests.insert(1, at);
        }
        draft.rule.keys = keys;
        let (list, tests) = (draft.rule.list, &draft.rule.tests);
        let needs_field = matches!(list, List::Exclude | List::Filesystem);
        if needs_field && tests.is_empty() && self.errors.is_empty() {
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
            // Perhaps it is what is wrong already.
            None if !self.errors.is_empty() => Ok(()),
            None => Err(self.error(
                0..self.text.len(),
                "a key needs a rule, -D or -l before it",
                "begin with -a, -w, -D or -l",
            )),
        }
    }
}

/// What keeps a test from being added, as it can only be given once: `audit_data_to_entry` of
/// `kernel/auditfilter.c` refuses a second file and a second program, and a rule has the numbers of
/// one table.
fn once(
    tests: &[Test],
    field: Field,
    cmp: Cmp,
    value: &Value,
) -> Option<(&'static str, &'static str)> {
    let has = |meant: &dyn Fn(Field) -> bool| {
        let mut fields = tests.iter().filter_map(|test| match test {
            Test::Field(field, ..) => Some(*field),
            Test::Compare(..) => None,
        });
        fields.any(meant)
    };
    let names_file = |f: Field| matches!(f, Field::Path | Field::Dir | Field::Inode);
    let other_arch =
        |test: &Test| matches!(test, Test::Field(Field::Arch, Cmp::Eq, other) if other != value);
    if names_file(field) && has(&names_file) {
        let what = "a rule holds one of path, dir and inode, once";
        return Some((what, "write two rules"));
    }
    if field == Field::Exe && has(&|f| f == Field::Exe) {
        return Some(("a rule holds one exe", "write a rule for each program"));
    }
    if field == Field::Arch && cmp == Cmp::Eq && tests.iter().any(other_arch) {
        let what = "no call is of two tables: this rule would never match";
        return Some((what, "write a rule for each arch"));
    }
    None
}
