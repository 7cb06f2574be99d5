//! Which of an event's items somebody asks for. Taking all of them from every record of a log costs more than
//! finding the records, and most questions are about one.

use std::sync::LazyLock;

use memchr::memmem;

use crate::{records::Fields, replay::Needles};

/// What is asked for. What is not may be missing.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is of its own")]
pub(super) struct Wanted {
    /// Names of files, the working directory, addresses of sockets.
    pub(super) files: bool,
    /// Labels of objects, and all that a name's record says of itself.
    pub(super) objects: bool,
    /// Ids, results and architectures that no report sums.
    pub(super) ids: bool,
    /// What the record of a call says.
    pub(super) calls: bool,
    /// `Some`: of records of a call or a program, only the fields with these in their names.
    only: Option<Needles>,
}

/// Everything.
pub(super) static ALL: Wanted = EVERYTHING;

/// What a summary of everything is made of.
pub(super) static SUMMED: Wanted = Wanted {
    objects: false,
    ids: false,
    ..EVERYTHING
};

const EVERYTHING: Wanted = Wanted {
    files: true,
    objects: true,
    ids: true,
    calls: true,
    only: None,
};

/// The program.
pub(super) static EXE: LazyLock<Wanted> = LazyLock::new(|| Wanted::only(&["exe="]));

/// The command's name.
pub(super) static COMM: LazyLock<Wanted> = LazyLock::new(|| Wanted::only(&["comm="]));

/// The terminal.
pub(super) static TERMINAL: LazyLock<Wanted> =
    LazyLock::new(|| Wanted::only(&["tty=", "terminal="]));

/// The keys of the rules.
pub(super) static KEYS: LazyLock<Wanted> = LazyLock::new(|| Wanted::only(&["key="]));

/// The process.
pub(super) static PID: LazyLock<Wanted> = LazyLock::new(|| Wanted::only(&["pid="]));

/// Names of files, and the working directory.
pub(super) static FILES: LazyLock<Wanted> = LazyLock::new(|| Wanted {
    files: true,
    calls: false,
    // In our own record they are in `tr_path0` and the like.
    ..Wanted::only(&["path", "disk=", "name=", "file=", "cwd="])
});

/// Where a call's record tells of the process, behind its arguments and the parent.
pub(super) static PROCESS: LazyLock<memmem::Finder<'_>> =
    LazyLock::new(|| memmem::Finder::new(b" pid="));

/// Where it tells of the terminal, behind the ids.
pub(super) static TTY: LazyLock<memmem::Finder<'_>> =
    LazyLock::new(|| memmem::Finder::new(b" tty="));

impl Wanted {
    fn only(names: &[&str]) -> Self {
        Self {
            files: false,
            objects: false,
            ids: false,
            calls: true,
            only: Needles::new(names),
        }
    }

    /// The fields of a record that are looked at: at least those that are asked for.
    pub(super) fn fields<'a>(&self, body: &'a [u8]) -> Fields<'a> {
        match &self.only {
            Some(names) => Fields::from_first(body, |text| names.find(text)),
            None => Fields::new(body),
        }
    }

    /// Passes over fields of a call that nobody asks for, up to this one: in between the kernel has always
    /// written what is no item, or an id.
    pub(super) fn pass(&self, fields: &mut Fields<'_>, up_to: &memmem::Finder<'_>) {
        if !self.ids {
            fields.pass_to(|text| up_to.find(text));
        }
    }
}
