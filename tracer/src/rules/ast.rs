//! A rule of the audit rule language (auditctl(8)) as a value. Knows neither how it was written
//! nor how it is decided.

use std::collections::BTreeSet;

use super::field::Field;

/// Which question a rule answers: the lists of auditctl(8).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum List {
    /// Is this task audited at all?
    Task,
    /// Is this system call told?
    Exit,
    /// Is this message of a program told?
    User,
    /// Is this type of record left out?
    Exclude,
    /// Are the files of this file system left out?
    Filesystem,
    /// Is this `io_uring` operation told?
    IoUring,
}

impl List {
    /// Every list with its name, in the order of its number (`AUDIT_FILTER_...` of
    /// `linux/audit.h`).
    pub const ALL: [(Self, &'static str, u32); 6] = [
        (Self::User, "user", 0),
        (Self::Task, "task", 1),
        (Self::Exit, "exit", 4),
        (Self::Exclude, "exclude", 5),
        (Self::Filesystem, "filesystem", 6),
        (Self::IoUring, "io_uring", 7),
    ];

    /// Its name.
    pub fn as_str(self) -> &'static str {
        self.entry().1
    }

    /// `AUDIT_FILTER_...`
    pub fn number(self) -> u32 {
        self.entry().2
    }

    fn entry(self) -> (Self, &'static str, u32) {
        let at = match self {
            Self::User => 0,
            Self::Task => 1,
            Self::Exit => 2,
            Self::Exclude => 3,
            Self::Filesystem => 4,
            Self::IoUring => 5,
        };
        Self::ALL[at]
    }
}

/// What a rule says of what it matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// Not told.
    Never,
    /// Told.
    Always,
}

impl Action {
    /// The word of the language.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Never => "never",
            Self::Always => "always",
        }
    }
}

/// How a field is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Cmp {
    /// `=`
    Eq,
    /// `!=`
    Ne,
    /// `<`
    Lt,
    /// `>`
    Gt,
    /// `<=`
    Le,
    /// `>=`
    Ge,
    /// `&`: any of these bits
    Any,
    /// `&=`: all of these bits
    All,
}

impl Cmp {
    /// Every operator as written; those of two characters come first, so that the first that fits
    /// is the right one.
    pub const ALL: [(Self, &'static str); 8] = [
        (Self::Ne, "!="),
        (Self::Ge, ">="),
        (Self::Le, "<="),
        (Self::All, "&="),
        (Self::Eq, "="),
        (Self::Gt, ">"),
        (Self::Lt, "<"),
        (Self::Any, "&"),
    ];

    /// As written.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Eq => "=",
            Self::Ne => "!=",
            Self::Lt => "<",
            Self::Gt => ">",
            Self::Le => "<=",
            Self::Ge => ">=",
            Self::Any => "&",
            Self::All => "&=",
        }
    }

    /// Does `left` compare like this to `right`? Bits: as the kernel's `audit_comparator`.
    pub fn holds<T: Ord + Into<i128>>(self, left: T, right: T) -> bool {
        let order = left.cmp(&right);
        match self {
            Self::Eq => order.is_eq(),
            Self::Ne => order.is_ne(),
            Self::Lt => order.is_lt(),
            Self::Gt => order.is_gt(),
            Self::Le => order.is_le(),
            Self::Ge => order.is_ge(),
            Self::Any => left.into() & right.into() != 0,
            Self::All => {
                let bits = right.into();
                left.into() & bits == bits
            }
        }
    }
}

/// What a field is compared with.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Value {
    /// Ids, counts, bits, errno (negative), record types, file types, permission bits.
    Number(i64),
    /// Paths and labels.
    Text(String),
}

/// One condition of a rule.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Test {
    /// `-F field<cmp>value`
    Field(Field, Cmp, Value),
    /// `-C field=field`, `-C field!=field`
    Compare(Field, Cmp, Field),
}

/// One rule.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AuditRule {
    /// Which list it is on.
    pub list: List,
    /// What it says.
    pub action: Action,
    /// `-S`: numbers in the table of the rule's architecture (native without one), or operations
    /// of [`List::IoUring`]. `None` is all of them.
    pub calls: Option<BTreeSet<u32>>,
    /// Conditions in the order in which they were written; all must hold.
    pub tests: Vec<Test>,
    /// `-k`: names under which what it matches is found again.
    pub keys: Vec<String>,
}

impl AuditRule {
    /// The first value of a field that must be equal.
    pub fn equal(&self, field: Field) -> Option<&Value> {
        self.tests.iter().find_map(|test| match test {
            Test::Field(f, Cmp::Eq, value) if *f == field => Some(value),
            _ => None,
        })
    }
}
