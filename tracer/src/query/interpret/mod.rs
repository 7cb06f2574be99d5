//! Values of fields as a person reads them: names of users, calls and errors, decoded strings,
//! flags. Field by field what libauparse makes of them, so that eyes and scripts need not learn.

mod args;
mod escape;
mod kinds;
pub(super) mod tables;
mod values;

use std::collections::HashMap;

pub use escape::Escape;
pub use kinds::Kind;

use crate::{
    calls::Arch,
    enrich::users::Users,
    event::Uid,
    records::{EventId, Fields, RecordType, Value, enriched},
    source::replay::Record,
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
    /// What auditd looked up.
    pub names: &'a [u8],
}

impl<'a> Context<'a> {
    /// For the fields of this record.
    pub fn of(record: &Record<'a>) -> Self {
        let mut context = Self {
            kind: record.kind,
            names: record.names(),
            ..Self::default()
        };
        if matches!(record.kind.0, 1300 | 1326 | 1336) {
            for field in Fields::new(record.body()).take(12) {
                let text = std::str::from_utf8(field.raw).unwrap_or_default();
                let hex = || u64::from_str_radix(text, 16).unwrap_or_default();
                match field.name {
                    b"arch" => context.arch = u32::from_str_radix(text, 16).ok(),
                    b"syscall" => context.syscall = text.parse().ok(),
                    b"a0" => context.a0 = hex(),
                    b"a1" => context.a1 = hex(),
                    _ => {}
                }
            }
        }
        context
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
    let arch = Arch::ALL.into_iter().find(|known| known.audit() == arch)?;
    // x32 calls have their bit set, and the table of x86-64.
    arch.name(u32::try_from(number).ok()? & !0x4000_0000)
}

/// Makes values readable. Remembers names of users and groups.
#[derive(Debug)]
pub struct Interpreter {
    /// How strings are shown.
    pub escape: Escape,
    users: Users,
    groups: HashMap<u32, Option<String>>,
    scratch: Vec<u8>,
}

impl Interpreter {
    /// Shows strings like this.
    pub fn new(escape: Escape) -> Self {
        Self {
            escape,
            users: Users::default(),
            groups: HashMap::new(),
            scratch: Vec::new(),
        }
    }

    /// Appends what the value of a field means, unescaped, and says of what kind it is.
    pub fn raw_field(
        &mut self,
        out: &mut Vec<u8>,
        context: &Context<'_>,
        name: &[u8],
        raw: &[u8],
    ) -> Kind {
        self.meaning(out, context, name, raw).0
    }

    /// The same; also whether auditd had looked it up.
    fn meaning(
        &mut self,
        out: &mut Vec<u8>,
        context: &Context<'_>,
        name: &[u8],
        raw: &[u8],
    ) -> (Kind, bool) {
        let kind = Kind::of(context.kind, name, raw);
        match enriched(context.names, name).filter(|known| !known.starts_with(b"unknown-")) {
            Some(known) if matches!(kind, Kind::Uid | Kind::Gid) => {
                Value::untrusted(known).append_to(out);
            }
            Some(known) => out.extend_from_slice(known),
            None => {
                self.value(out, context, kind, raw);
                return (kind, false);
            }
        }
        (kind, true)
    }

    /// The same, escaped.
    pub fn field(
        &mut self,
        out: &mut Vec<u8>,
        context: &Context<'_>,
        name: &[u8],
        raw: &[u8],
    ) -> Kind {
        let mut text = std::mem::take(&mut self.scratch);
        text.clear();
        let (kind, looked_up) = self.meaning(&mut text, context, name, raw);
        if kind == Kind::Key {
            // Several keys in one field are divided by a 1, which is no part of them.
            for (n, key) in text.split(|b| *b == 1).enumerate() {
                if n > 0 {
                    out.push(1);
                }
                self.escape.write(out, key);
            }
        } else if looked_up {
            self.escape.for_text().write(out, &text);
        } else {
            self.escape.write(out, &text);
        }
        self.scratch = text;
        kind
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
        let known = self.groups.entry(id).or_insert_with(|| {
            let group = nix::unistd::Group::from_gid(nix::unistd::Gid::from_raw(id));
            group.ok().flatten().map(|group| group.name)
        });
        match known {
            Some(name) => out.extend_from_slice(name.as_bytes()),
            None => out.extend_from_slice(format!("unknown({id})").as_bytes()),
        }
    }
}

/// The `AUDIT_ARCH_...` that the audit tools know by this name; `b64` and `b32` are this machine's.
pub fn arch_number(name: &str) -> Option<u32> {
    let native = Arch::NATIVE;
    match name {
        "b64" => return Some(native.audit()),
        "b32" if native == Arch::X86_64 => return Some(Arch::I386.audit()),
        "i486" | "i586" | "i686" => return Some(Arch::I386.audit()),
        "armv8l" => return Some(Arch::Aarch64.audit()),
        _ => {}
    }
    let known = tables::ARCHES.iter().find(|(_, known)| *known == name);
    known.map(|(number, _)| *number)
}

/// `audit(SECONDS.MILLIS:SERIAL)` without the word and the parentheses.
pub fn stamp(id: EventId) -> String {
    format!("{}.{:03}:{}", id.sec, id.milli, id.serial)
}
