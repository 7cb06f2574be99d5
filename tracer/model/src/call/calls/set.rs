//! A set of system calls as `-e` takes it: names, classes, `all`, `!`.

use std::collections::BTreeSet;

use regex::Regex;
use tracer_ebpf::abi::wire::Door;

use super::{Arch, Class, Op, ROWS, Row};
use crate::words;

/// Which calls are wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallSet {
    /// Every call, also those without a decoder.
    All,
    /// These, by name.
    Names(BTreeSet<&'static str>),
    /// All but these.
    AllBut(BTreeSet<&'static str>),
    /// Other ones for each kind of program: `openat@32`.
    Each(Box<[Self; 3]>),
}

/// Kinds of programs behind an `@`, in the order of [`CallSet::Each`].
const KINDS_OF_PROGRAMS: [(&str, Arch); 3] =
    [("64", Arch::NATIVE), ("32", Arch::I386), ("x32", Arch::X32)];

/// A word in a set that is neither a call nor a class.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SetError {
    /// It is nothing that is known.
    #[error("unknown system call or set `{word}`: {}sets: all, {sets}; names as in syscalls(2), numbers, /REGEX, ?NAME",
        .near.map(|n| format!("did you mean `{n}`? ")).unwrap_or_default())]
    Unknown {
        /// The word.
        word: String,
        /// What may have been meant.
        near: Option<&'static str>,
        /// The sets that there are.
        sets: String,
    },
    /// A regular expression that is none.
    #[error("`{word}`: {why}")]
    NoRegex {
        /// The word, slash included.
        word: String,
        /// What is wrong.
        why: String,
    },
}

impl CallSet {
    /// The calls that change something: what a trace of the whole machine shows. All others
    /// would drown them.
    pub fn of_note() -> Self {
        Self::Names(
            ROWS.iter()
                .filter(|r| r.op != Op::Other)
                .map(|r| r.name)
                .collect(),
        )
    }

    /// The calls that make processes, and what they execute.
    pub fn of_life() -> Self {
        Self::Names(
            ROWS.iter()
                .filter(|r| matches!(r.op, Op::Fork | Op::Execute | Op::Exit))
                .map(|r| r.name)
                .collect(),
        )
    }

    /// The calls that can do one of these. What an open does is decided by its flags and its file.
    pub fn of_ops(ops: &[Op]) -> Self {
        let opens = [Op::Read, Op::Write, Op::Create];
        let any_open = opens.iter().any(|op| ops.contains(op));
        let is_in = |row: &&Row| ops.contains(&row.op) || (any_open && opens.contains(&row.op));
        Self::Names(ROWS.iter().filter(is_in).map(|row| row.name).collect())
    }

    /// Parses `openat,unlink`, `file,!openat`, `!file`, `all`, `/^fsync`, `?newcall`. Later words
    /// win. Behind strace's `trace=`, a `!` at the beginning stands for the whole list, as there.
    pub fn parse(text: &str) -> Result<Self, SetError> {
        if let Some(list) = text
            .strip_prefix("trace=")
            .or_else(|| text.strip_prefix("t="))
        {
            let set = Self::parse(list.strip_prefix('!').unwrap_or(list))?;
            return Ok(if list.starts_with('!') {
                set.inverted()
            } else {
                set
            });
        }
        if !text.contains('@') {
            return Self::parse_for(text, Arch::NATIVE);
        }
        let [native, compat, x32] = KINDS_OF_PROGRAMS.map(|(kind, arch)| {
            let words = text
                .split(',')
                .filter_map(|word| match word.trim().rsplit_once('@') {
                    Some((word, of)) if of == kind => Some(word),
                    Some((_, of)) if KINDS_OF_PROGRAMS.iter().any(|(kind, _)| of == *kind) => None,
                    _ => Some(word),
                });
            match &words.collect::<Vec<_>>()[..] {
                [] => Ok(Self::Names(BTreeSet::new())),
                words => Self::parse_for(&words.join(","), arch),
            }
        });
        Ok(Self::Each(Box::new([native?, compat?, x32?])))
    }

    /// A list of words; numbers are those of `arch`.
    fn parse_for(text: &str, arch: Arch) -> Result<Self, SetError> {
        let mut set: Option<Self> = None;
        for word in text.split(',').map(str::trim).filter(|w| !w.is_empty()) {
            let (negated, word) = match word.strip_prefix('!') {
                Some(rest) => (true, rest),
                None => (false, word),
            };
            if word == "none" {
                set = Some(Self::Names(BTreeSet::new()));
                continue;
            }
            if word == "all" || word == "%all" {
                set = Some(if negated {
                    Self::Names(BTreeSet::new())
                } else {
                    Self::All
                });
                continue;
            }
            let names = names_of(word, arch)?;
            let base = set.unwrap_or(if negated {
                Self::All
            } else {
                Self::Names(BTreeSet::new())
            });
            set = Some(base.changed(&names, negated));
        }
        set.ok_or_else(|| SetError::new(text))
    }

    /// The names of all calls.
    pub fn known_calls() -> impl Iterator<Item = &'static str> {
        every_name().collect::<BTreeSet<_>>().into_iter()
    }

    /// Every set that has a name.
    pub fn known_sets() -> impl Iterator<Item = &'static str> {
        [
            "%file", "%desc", "%memory", "%network", "%process", "%signal", "%ipc", "%creds",
            "%clock", "%pure", "%stat", "%lstat", "%fstat", "file", "process", "creds", "kernel",
        ]
        .into_iter()
    }

    /// Every word that a set can have: calls, classes, `all`, `none`.
    pub fn known_words() -> impl Iterator<Item = &'static str> {
        Self::known_sets()
            .chain(["all", "none"])
            .chain(Self::known_calls())
    }

    /// The call of this machine with the highest number, and that number.
    pub fn newest_call() -> (u32, &'static str) {
        let arch = Arch::from_door(Door::Native);
        let named = (0..MOST)
            .rev()
            .find_map(|nr| arch.name(nr).map(|name| (nr, name)));
        named.unwrap_or_default()
    }

    /// All calls that are not in the set.
    fn inverted(self) -> Self {
        match self {
            Self::All => Self::Names(BTreeSet::new()),
            Self::Names(set) => Self::AllBut(set),
            Self::AllBut(set) => Self::Names(set),
            Self::Each(sets) => Self::Each(Box::new(sets.map(Self::inverted))),
        }
    }

    fn changed(self, names: &[&'static str], remove: bool) -> Self {
        match (self, remove) {
            (Self::All, true) => Self::AllBut(names.iter().copied().collect()),
            (Self::All, false) => Self::All,
            (Self::Names(mut set), false) => {
                set.extend(names);
                Self::Names(set)
            }
            (Self::Names(mut set), true) => {
                set.retain(|n| !names.contains(n));
                Self::Names(set)
            }
            (Self::AllBut(mut set), true) => {
                set.extend(names);
                Self::AllBut(set)
            }
            (Self::AllBut(mut set), false) => {
                set.retain(|n| !names.contains(n));
                Self::AllBut(set)
            }
            (each @ Self::Each(_), _) => each,
        }
    }

    /// Is this call of a program of this kind in the set?
    pub fn contains_of(&self, arch: Arch, name: Option<&str>) -> bool {
        let Self::Each(sets) = self else {
            return self.contains(name);
        };
        let at = KINDS_OF_PROGRAMS.iter().position(|(_, kind)| *kind == arch);
        sets[at.unwrap_or(0)].contains(name)
    }

    /// Is this call in the set, of whichever program? `None` is a number without a name.
    pub fn contains(&self, name: Option<&str>) -> bool {
        match (self, name) {
            (Self::Each(sets), name) => sets.iter().any(|set| set.contains(name)),
            (Self::All, _) | (Self::AllBut(_), None) => true,
            (Self::Names(_), None) => false,
            (Self::Names(set), Some(name)) => set.contains(name),
            (Self::AllBut(set), Some(name)) => !set.contains(name),
        }
    }
}

/// Every call of every architecture; some more than once.
fn every_name() -> impl Iterator<Item = &'static str> {
    Arch::ALL
        .iter()
        .flat_map(|arch| (0..MOST).filter_map(|nr| arch.name(nr)))
}

/// No table has a number as high.
const MOST: u32 = 1024;

/// Classes that are kinds of a class: what asks by a name, by the name of a symlink itself, and
/// through a descriptor.
const KINDS: [(&str, &[&str]); 6] = [
    ("%stat", &["stat", "stat64", "oldstat"]),
    ("%lstat", &["lstat", "lstat64", "oldlstat"]),
    (
        "%fstat",
        &["fstat", "fstat64", "oldfstat", "fstatat64", "newfstatat"],
    ),
    ("%statfs", &["statfs", "statfs64"]),
    ("%fstatfs", &["fstatfs", "fstatfs64"]),
    (
        "%%statfs",
        &["statfs", "statfs64", "fstatfs", "fstatfs64", "ustat"],
    ),
];

/// The calls of a class, as strace has it for `%file`; a bare `file`, `process` or `creds` adds the
/// calls that do the same through a descriptor or to another process.
fn is_in(row: &Row, class: Class, bare: bool) -> bool {
    if row.classes.contains(class) {
        return true;
    }
    let ops: &[Op] = match class {
        Class::File => &[Op::Write, Op::Attribute, Op::Mount],
        Class::Process => &[Op::Fork, Op::Exit, Op::Signal],
        Class::Creds => &[Op::Creds],
        _ => &[],
    };
    bare && ops.contains(&row.op)
}

/// The calls that a word of a set stands for.
fn names_of(word: &str, arch: Arch) -> Result<Vec<&'static str>, SetError> {
    if let Some(pattern) = word.strip_prefix('/') {
        let pattern = Regex::new(pattern).map_err(|why| SetError::NoRegex {
            word: word.to_owned(),
            why: words::no_regex(&why),
        })?;
        return Ok(every_name().filter(|name| pattern.is_match(name)).collect());
    }
    if let Some(name) = word.strip_prefix('?') {
        // Not every kernel has it, and this one need not.
        return Ok(names_of(name, arch).unwrap_or_default());
    }
    if let Ok(number) = word.parse::<u32>() {
        let name = arch.name(number);
        return name
            .map(|name| vec![name])
            .ok_or_else(|| SetError::new(word));
    }
    if let Some((_, names)) = KINDS.iter().find(|(kind, _)| *kind == word) {
        let known = |name: &&&str| every_name().any(|other| other == **name);
        return Ok(names.iter().filter(known).copied().collect());
    }
    let (bare, name) = match word.strip_prefix('%') {
        Some(name) => (false, name),
        None => (true, word),
    };
    let class = Class::ALL
        .iter()
        .find(|(_, class)| *class == name || (!bare && *class == word));
    if let Some((class, _)) = class {
        return Ok(ROWS
            .iter()
            .filter(|row| is_in(row, *class, bare))
            .map(|row| row.name)
            .collect());
    }
    Arch::ALL
        .iter()
        .find_map(|arch| arch.number(word).and_then(|nr| arch.name(nr)))
        .map(|name| vec![name])
        .ok_or_else(|| SetError::new(word))
}

impl SetError {
    fn new(word: &str) -> Self {
        // What begins with `%` is meant as a class of strace.
        let classes = Class::ALL.iter().map(|(_, name)| *name);
        let known = CallSet::known_words()
            .chain(classes)
            .filter(|name| name.starts_with('%') == word.starts_with('%'));
        let near = words::nearest(word, known);
        let sets: Vec<_> = Class::ALL.iter().map(|(_, name)| *name).collect();
        Self::Unknown {
            word: word.to_owned(),
            near,
            sets: sets.join(", "),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words() {
        let has = |text: &str, name| CallSet::parse(text).unwrap().contains(Some(name));
        let rows = [
            // set, call, is it in?
            ("openat", "openat", true),
            ("openat", "unlink", false),
            ("openat,unlink", "unlink", true),
            ("file", "openat", true),
            ("%file", "openat", true),
            ("file", "kill", false),
            ("file,!openat", "openat", false),
            ("file,!openat", "unlink", true),
            ("!file", "openat", false),
            ("!file", "kill", true),
            ("!openat", "getppid", true),
            ("all", "getppid", true),
            ("all,!getppid", "getppid", false),
            ("!file,openat", "openat", true),
            ("creds", "setresuid", true),
            ("%file", "stat", true),
            ("%desc", "read", true),
            ("%file", "fchmod", false),
            ("%fstat", "fstat", true),
            ("%fstat", "newfstatat", true),
            ("%fstat", "stat", false),
            ("%lstat", "lstat", true),
            ("%%stat", "lstat", true),
            ("%fstatfs", "statfs", false),
            ("%%statfs", "ustat", true),
            ("2", "open", cfg!(target_arch = "x86_64")),
            ("file", "fchmod", true),
            ("%%stat", "statx", true),
            ("%memory,%network", "connect", true),
            ("/^f(data)?sync$", "fdatasync", true),
            ("/^f(data)?sync$", "sync_file_range", false),
            ("?nosuchcall,openat", "openat", true),
            ("trace=%file", "openat", true),
            ("trace=!openat,close", "openat", false),
            ("trace=!openat,close", "close", false),
            ("trace=!openat,close", "read", true),
            ("trace=all", "read", true),
            ("none", "read", false),
            ("openat@64", "openat", true),
            ("openat@32,read@64", "write", false),
            ("trace=!openat@64", "read", true),
            ("/^get@32", "getcwd", true),
        ];
        for (text, name, wanted) in rows {
            assert_eq!(has(text, name), wanted, "{name} in `{text}`");
        }
    }

    #[test]
    fn words_for_a_kind_of_program() {
        let rows = [
            // set, in 64-bit programs, in 32-bit, in x32
            ("getcwd@64", [true, false, false]),
            ("getcwd@32", [false, true, false]),
            ("183@32", [false, true, false]),
            ("getcwd@x32,getcwd@64", [true, false, true]),
            ("getcwd", [true, true, true]),
            ("%file@32,read", [false, true, false]),
            ("!getcwd@64", [false, false, false]),
            ("trace=!getcwd@64", [false, true, true]),
            ("all@32", [false, true, false]),
        ];
        for (text, wanted) in rows {
            let set = CallSet::parse(text).unwrap();
            let has = KINDS_OF_PROGRAMS.map(|(_, arch)| set.contains_of(arch, Some("getcwd")));
            assert_eq!(has, wanted, "{text}");
        }
        for text in ["getcwd@128", "nosuch@64", "@64"] {
            assert!(CallSet::parse(text).is_err(), "`{text}` was accepted");
        }
    }

    #[test]
    fn refused_words() {
        for text in [
            "opnat",
            "",
            ",",
            "file,nosuch",
            "!",
            "/(",
            "%nosuch",
            "trace=",
        ] {
            assert!(CallSet::parse(text).is_err(), "`{text}` was accepted");
        }
        let error = CallSet::parse("opnat").unwrap_err().to_string();
        assert!(error.contains("did you mean `openat`"), "{error}");
        for (word, near) in [
            ("%files", "%file"),
            ("%netwrk", "%network"),
            ("fil", "file"),
        ] {
            let error = CallSet::parse(word).unwrap_err().to_string();
            assert!(
                error.contains(&format!("did you mean `{near}`?")),
                "{error}"
            );
        }
        let error = CallSet::parse("/[").unwrap_err().to_string();
        assert!(error.contains("no regular expression"), "{error}");
    }
}
