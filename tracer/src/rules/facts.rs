//! What an event says of the fields that rules test.

use super::{
    ast::{Cmp, Test, Value},
    field::{Field, Kind},
    perm,
};
use crate::{
    calls::Arch,
    decode::sockaddr,
    event::{Actor, Creds, Event, FileId, Unfinished},
};

/// The event as the tests see it.
pub(super) struct Facts<'a> {
    pub(super) event: &'a Event,
    actor: Option<&'a Actor>,
    perm: i64,
}

impl<'a> Facts<'a> {
    pub(super) fn new(event: &'a Event) -> Self {
        Self {
            event,
            actor: event.actor.as_ref().ok(),
            perm: event.call.as_ref().map_or(0, perm::of_event),
        }
    }

    /// Does a test hold? One about something that is not known does not. Files are another
    /// matter: see [`super::target`].
    pub(super) fn meets(&self, test: &Test) -> bool {
        match test {
            Test::Field(field, cmp, Value::Number(n)) => self.number(*field, *cmp, *n),
            Test::Field(Field::Exe, cmp, Value::Text(path)) => self.exe(*cmp, path),
            // Paths are decided by the targets, labels are refused by `check`.
            Test::Field(_, _, Value::Text(_)) => true,
            Test::Compare(left, cmp, right) => self.compare(*left, *cmp, *right),
        }
    }

    fn number(&self, field: Field, cmp: Cmp, n: i64) -> bool {
        let holds = |value: i64| cmp.holds(value, n);
        if is_of_task(field) {
            return self.of_task(field).is_some_and(holds);
        }
        if is_of_file(field) {
            return self.files().any(|file| holds(of_file(field, file)));
        }
        let call = self.event.call.as_ref();
        let returned = call.filter(|c| c.unfinished != Some(Unfinished::EndsTask));
        match field {
            Field::Arch => call.is_some_and(|c| holds(i64::from(c.arch.audit()))),
            Field::Exit => returned.is_some_and(|c| holds(c.ret)),
            Field::Success => returned
                .is_some_and(|c| cmp.holds(i64::from(c.errno().is_none()), i64::from(n != 0))),
            Field::Perm => self.perm & n != 0,
            Field::SaddrFam => call
                .and_then(sockaddr::of_call)
                .and_then(sockaddr::family)
                .is_some_and(|family| holds(i64::from(family))),
            Field::A0 | Field::A1 | Field::A2 | Field::A3 => {
                let i = field as usize - Field::A0 as usize;
                let args = call.and_then(|c| c.args.ok());
                // A rule holds 32 bits (`struct audit_field`).
                args.is_some_and(|args| holds(i64::from(args[i] as u32)))
            }
            _ => false,
        }
    }

    /// A field of the task; `None` when it is not known.
    fn of_task(&self, field: Field) -> Option<i64> {
        let actor = self.actor?;
        let id = |get: fn(&Creds) -> u32| actor.creds.as_ref().map(get);
        let value = match field {
            Field::Pid => actor.pid_here().map(|p| p.0),
            Field::Ppid => actor.ppid.map(|p| p.0),
            Field::Uid => id(|c| c.uid.0),
            Field::Euid => id(|c| c.euid.0),
            Field::Suid => id(|c| c.suid.0),
            Field::Fsuid => id(|c| c.fsuid.0),
            Field::Gid => id(|c| c.gid.0),
            Field::Egid => id(|c| c.egid.0),
            Field::Sgid => id(|c| c.sgid.0),
            Field::Fsgid => id(|c| c.fsgid.0),
            Field::Auid => actor.auid,
            Field::SessionId => actor.session,
            Field::Personality => Some(actor.personality),
            _ => None,
        };
        value.map(i64::from)
    }

    fn files(&self) -> impl Iterator<Item = &FileId> {
        self.event.paths.iter().filter_map(|p| p.file.as_ref())
    }

    fn exe(&self, cmp: Cmp, path: &str) -> bool {
        let exe = self.actor.and_then(|a| a.exe.as_ref().ok());
        exe.is_some_and(|exe| (exe == path.as_bytes()) == (cmp == Cmp::Eq))
    }

    /// `-C`: one side may be of files, of which any will do (`audit_compare_uid`).
    fn compare(&self, left: Field, cmp: Cmp, right: Field) -> bool {
        let (file, task) = if is_of_file(left) {
            (left, right)
        } else {
            (right, left)
        };
        let Some(value) = self.of_task(task) else {
            return false;
        };
        if is_of_file(file) {
            return self.files().any(|f| cmp.holds(of_file(file, f), value));
        }
        let other = self.of_task(file);
        other.is_some_and(|other| cmp.holds(value, other))
    }

    /// The slot of the call in the tables of the kernel side.
    pub(super) fn call(&self) -> Option<(Arch, u32)> {
        let call = self.event.call.as_ref()?;
        match call.arch {
            // What goes through a ring does not slip past a rule about the call that does the same.
            Arch::Uring => {
                let name = call.arch.name(call.nr)?;
                Some((Arch::NATIVE, Arch::NATIVE.number(name)?))
            }
            Arch::X86_64 | Arch::I386 | Arch::X32 | Arch::Aarch64 => Some((call.arch, call.nr)),
        }
    }
}

fn is_of_task(field: Field) -> bool {
    let ids = matches!(field.kind(), Kind::User | Kind::Group) && !is_of_file(field);
    ids || matches!(
        field,
        Field::Pid | Field::Ppid | Field::SessionId | Field::Personality
    )
}

fn is_of_file(field: Field) -> bool {
    matches!(
        field,
        Field::DevMajor
            | Field::DevMinor
            | Field::Inode
            | Field::FileType
            | Field::ObjUid
            | Field::ObjGid
    )
}

fn of_file(field: Field, file: &FileId) -> i64 {
    let (major, minor) = crate::event::dev_parts(file.dev);
    match field {
        Field::DevMajor => major.into(),
        Field::DevMinor => minor.into(),
        Field::FileType => i64::from(file.mode & libc::S_IFMT),
        Field::ObjUid => file.uid.0.into(),
        Field::ObjGid => file.gid.0.into(),
        _ => file.ino as i64,
    }
}
