//! Values of fields as a person reads them: names of users, calls and errors, decoded strings,
//! flags. Field by field what libauparse makes of them, so that eyes and scripts need not learn.

mod args;
mod escape;
mod kinds;
pub(super) mod tables;
mod values;

use std::collections::HashMap;

use foldhash::fast::RandomState;

pub use escape::Escape;
pub use kinds::Kind;
pub use values::arch_name;

use crate::{
    calls::{Arch, foreign},
    event::{Uid, Users},
    records::{EventId, Fields, RecordType, Value, enriched},
    replay::Record,
};

/// What the fields of one record are read with.
#[derive(Clone, Copy, Debug, Default)]
pub struct Context<'a> {
    /// The record's type.
    pub kind: RecordType,
    /// `arch=` of the call.
    pub arch: Option<u32>,
    /// `syscall=` of the call.
    pub syscall: Option<i64>,
    /// Its first argument.
    pub a0: u64,
    /// Its second argument.
    pub a1: u64,
    /// Its third argument.
    pub a2: u64,
    /// What auditd looked up.
    pub names: &'a [u8],
}

impl<'a> Context<'a> {
    /// For the fields of this record.
    pub fn of(record: &Record<'a>) -> Self {
        let (body, names) = record.parts();
        let mut context = Self {
            kind: record.kind,
            names,
            ..Self::default()
        };
        if matches!(record.kind.0, 1300 | 1326) {
            for field in Fields::new(body).take(12) {
                let text = std::str::from_utf8(field.raw).unwrap_or_default();
                let hex = || u64::from_str_radix(text, 16).unwrap_or_default();
                match field.name {
                    b"arch" => context.arch = u32::from_str_radix(text, 16).ok(),
                    b"syscall" => context.syscall = text.parse().ok(),
                    b"a0" => context.a0 = hex(),
                    b"a1" => context.a1 = hex(),
                    b"a2" => context.a2 = hex(),
                    _ => {}
                }
            }
        }
        context
    }

    /// Are the names that the call was given, the first and the second, relative to a descriptor, not to
    /// the working directory? Where there is one name, both are about it.
    pub fn at_descriptor(&self) -> [bool; 2] {
        let away = |argument: u64| argument as u32 != libc::AT_FDCWD as u32;
        match self.call() {
            Some("renameat" | "renameat2" | "linkat") => [away(self.a0), away(self.a2)],
            Some("symlinkat") => [away(self.a1); 2],
            Some(call) if args::takes_directory(call) => [away(self.a0); 2],
            _ => [false; 2],
        }
    }

    /// Does an open with these flags make a file, and so look at its mode?
    fn makes_a_file(&self) -> bool {
        let flags = match self.call() {
            Some("openat") => self.a2,
            _ => self.a1,
        };
        crate::decode::names::makes_a_file(flags)
    }

    /// Name of the call.
    pub fn call(&self) -> Option<&'static str> {
        call_name(
            self.arch.unwrap_or_else(|| Arch::NATIVE.audit()),
            self.syscall?,
        )
    }
}

/// Name of a system call of a table that audit names by this number.
pub fn call_name(arch: u32, number: i64) -> Option<&'static str> {
    let number = u32::try_from(number).ok()?;
    match Arch::ALL.into_iter().find(|known| known.audit() == arch) {
        // x32 calls have their bit set, and the table of x86-64.
        Some(known) => known.name(number & !0x4000_0000),
        None => foreign::name(arch, number),
    }
}

/// Number of a system call of a table that audit names by this number.
pub fn call_number(arch: u32, name: &str) -> Option<i64> {
    let number = match Arch::ALL.into_iter().find(|known| known.audit() == arch) {
        Some(known) => known.number(name),
        None => foreign::number(arch, name),
    };
    number.map(i64::from)
}

/// How values are made readable.
#[derive(Clone, Debug)]
pub struct Readable {
    /// How strings are shown.
    pub escape: Escape,
    /// Names of users.
    pub users: Users,
    /// Names of groups, where they are not those of this machine.
    pub groups: Option<Users>,
}

impl Readable {
    /// With these names of users.
    pub fn of(users: Users) -> Self {
        Self {
            escape: Escape::default(),
            users,
            groups: None,
        }
    }

    /// Shows strings in another way.
    #[must_use]
    pub fn escaped(&self, escape: Escape) -> Self {
        Self {
            escape,
            ..self.clone()
        }
    }
}

/// Makes values readable. Remembers names of users and groups.
#[derive(Debug)]
pub struct Interpreter {
    /// How strings are shown.
    pub escape: Escape,
    users: Users,
    groups: Option<Users>,
    asked: HashMap<u32, Option<String>>,
    /// What the arguments of a call mean, by table and number.
    calls: HashMap<(Option<u32>, Option<i64>), args::Meanings, RandomState>,
}

impl Interpreter {
    /// Reads like this.
    pub fn new(how: &Readable) -> Self {
        Self {
            escape: how.escape,
            users: how.users.clone(),
            groups: how.groups.clone(),
            asked: HashMap::new(),
            calls: HashMap::default(),
        }
    }

    /// The id of a user with this name.
    pub fn user_id(&self, name: &str) -> Option<u32> {
        self.users.id(name).map(|id| id.0)
    }

    /// Appends what the value of a field means, unescaped, and says of what kind it is.
    pub fn raw_field(
        &mut self,
        out: &mut Vec<u8>,
        context: &Context<'_>,
        name: &[u8],
        raw: &[u8],
    ) -> Kind {
        let kind = Kind::of(context.kind, name, raw);
        self.meaning(out, context, kind, raw, enriched(context.names, name));
        kind
    }

    /// What a value of a kind means, where it is known what auditd has looked up. Says whether that is it.
    fn meaning(
        &mut self,
        out: &mut Vec<u8>,
        context: &Context<'_>,
        kind: Kind,
        raw: &[u8],
        known: Option<&[u8]>,
    ) -> bool {
        match known.filter(|known| !known.starts_with(b"unknown-")) {
            Some(known) if matches!(kind, Kind::Uid | Kind::Gid) => {
                Value::untrusted(known).append_to(out);
            }
            Some(known) => out.extend_from_slice(known),
            None => {
                self.value(out, context, kind, raw);
                return false;
            }
        }
        true
    }

    /// A value as JSON has it: what it is without what it is written as, and what it means where that is
    /// more.
    pub fn shown(
        &mut self,
        context: &Context<'_>,
        name: &[u8],
        raw: &[u8],
        text: &mut Vec<u8>,
        meaning: &mut Vec<u8>,
    ) {
        let kind = self.raw_field(meaning, context, name, raw);
        let string = matches!(kind, Kind::Escaped | Kind::File | Kind::Key | Kind::Title)
            || raw.starts_with(b"\"");
        if kind == Kind::Title {
            std::mem::swap(text, meaning);
        } else if string {
            Value::untrusted(raw).append_to(text);
        } else {
            text.extend_from_slice(raw);
        }
        if string || meaning == text {
            meaning.clear();
        }
    }

    /// Appends what the value of a field means, escaped.
    pub fn field(
        &mut self,
        out: &mut Vec<u8>,
        context: &Context<'_>,
        name: &[u8],
        raw: &[u8],
    ) -> Kind {
        let kind = Kind::of(context.kind, name, raw);
        self.known_field(out, context, kind, raw, enriched(context.names, name));
        kind
    }

    /// The same for a value of this kind, where it is known what auditd has looked up.
    pub fn known_field(
        &mut self,
        out: &mut Vec<u8>,
        context: &Context<'_>,
        kind: Kind,
        raw: &[u8],
        known: Option<&[u8]>,
    ) {
        let start = out.len();
        let looked_up = self.meaning(out, context, kind, raw, known);
        if kind == Kind::Key && !self.escape.is_plain(&out[start..]) {
            // Several keys in one field are divided by a 1, which is no part of them.
            let text = out.split_off(start);
            for (n, key) in text.split(|b| *b == 1).enumerate() {
                if n > 0 {
                    out.push(1);
                }
                self.escape.write(out, key);
            }
        } else if looked_up {
            self.escape.for_text().tail(out, start);
        } else {
            self.escape.tail(out, start);
        }
    }

    /// Appends the name of a user id.
    pub fn uid(&mut self, out: &mut Vec<u8>, id: u32) {
        if id == u32::MAX {
            out.extend_from_slice(b"unset");
        } else if let Some(name) = self.users.name(Uid(id)) {
            out.extend_from_slice(name.as_bytes());
        } else {
            out.extend_from_slice(format!("unknown({id})").as_bytes());
        }
    }

    /// Appends the name of a group id.
    fn gid(&mut self, out: &mut Vec<u8>, id: u32) {
        if id == u32::MAX {
            out.extend_from_slice(b"unset");
            return;
        }
        if let Some(groups) = &self.groups {
            let text = groups
                .name(Uid(id))
                .map_or_else(|| format!("unknown({id})"), |name| name.to_string());
            out.extend_from_slice(text.as_bytes());
            return;
        }
        let known = self.asked.entry(id).or_insert_with(|| {
            let group = nix::unistd::Group::from_gid(nix::unistd::Gid::from_raw(id));
            group.ok().flatten().map(|group| group.name)
        });
        match known {
            Some(name) => out.extend_from_slice(name.as_bytes()),
            None => out.extend_from_slice(format!("unknown({id})").as_bytes()),
        }
    }
}

/// The table of 32-bit programs of a machine.
pub fn arch_32(machine: u32) -> Option<u32> {
    Some(match machine {
        0xc000_003e => Arch::I386.audit(),
        0xc000_00b7 => 0x4000_0028,
        0x8000_0015 => 0x0000_0014,
        0x8000_0016 => 0x0000_0016,
        0xc000_00f3 => 0x4000_00f3,
        0x8000_0008 => 0x0000_0008,
        0xc000_0008 => 0x4000_0008,
        _ => return None,
    })
}

/// The `AUDIT_ARCH_...` that the audit tools know by this name.
pub fn arch_number(name: &str) -> Option<u32> {
    match name {
        "i486" | "i586" | "i686" => return Some(Arch::I386.audit()),
        "armv8l" => return Some(Arch::Aarch64.audit()),
        _ => {}
    }
    let known = tables::ARCHES.iter().find(|(_, known)| *known == name);
    known
        .map(|(number, _)| *number)
        .or_else(|| foreign::arch(name))
}

/// `audit(SECONDS.MILLIS:SERIAL)` without the word and the parentheses.
pub fn stamp(id: EventId) -> String {
    format!("{}.{:03}:{}", id.sec, id.milli, id.serial)
}
