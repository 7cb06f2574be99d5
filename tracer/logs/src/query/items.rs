//! What an event says about who did what: the fields that searches ask for and reports count, taken
//! from its records. The rules of ausearch: a later record overrides an earlier one, and only some
//! types of records are looked at for some fields.

mod asked;
mod numbers;

use std::{
    net::{Ipv4Addr, Ipv6Addr},
    sync::LazyLock,
};

use memchr::memmem;
use smallvec::SmallVec;

pub(super) use asked::asked;
use numbers::hex;
pub(super) use numbers::{number, signed};

use super::{
    interpret::Context,
    wanted::{self, Wanted},
};
use crate::{
    records::{Field, Fields, RecordType, Value},
    replay::{Event, Record},
};

/// A file name of an event.
#[derive(Clone, Copy, Debug)]
pub struct FileName<'a> {
    /// The name as it was passed.
    pub name: Value<'a>,
    /// It is the directory of another name, and its record ends with that word (aureport does not
    /// see it when there is more behind).
    pub is_bare_parent: bool,
    /// It is relative in a way (`./x`, `../x`) that ausearch puts the working directory in front of.
    pub below_cwd: bool,
    /// It is an absolute path that tracer resolved, which audit itself does not have.
    pub resolved: bool,
    /// For a relative name: the absolute path that tracer recorded.
    pub recorded: Option<Value<'a>>,
    /// Number of its PATH record.
    pub(super) item: Option<u32>,
}

impl<'a> FileName<'a> {
    fn of(name: Value<'a>) -> Self {
        let below_cwd = match name {
            Value::Plain(text) => text.starts_with(b"..") || text.starts_with(b"./"),
            Value::Hex(digits) => digits.starts_with(b"2E2E") || digits.starts_with(b"2E2F"),
        };
        Self {
            name,
            is_bare_parent: false,
            below_cwd,
            resolved: false,
            recorded: None,
            item: None,
        }
    }

    fn is_relative(&self) -> bool {
        match self.name {
            Value::Plain(text) => !text.starts_with(b"/") && text != b"(null)",
            Value::Hex(digits) => !digits.starts_with(b"2F"),
        }
    }
}

/// An access decision of a security module.
#[derive(Clone, Copy, Debug, Default)]
pub struct Decision<'a> {
    /// Label of the one that acted.
    pub subject: Option<&'a [u8]>,
    /// Label of what was acted on.
    pub object: Option<&'a [u8]>,
    /// Class of the object.
    pub class: Option<&'a [u8]>,
    /// What was asked for.
    pub permission: Option<&'a [u8]>,
    /// `denied` or `granted`.
    pub denied: Option<bool>,
    /// It is a notice of the module, not a decision.
    pub notice: bool,
}

/// What an event says. `None`: it does not say.
#[derive(Clone, Debug, Default)]
#[expect(
    missing_docs,
    reason = "the names are those of the fields of audit records"
)]
pub struct Items<'a> {
    pub arch: Option<u32>,
    pub syscall: Option<i64>,
    pub success: Option<bool>,
    pub exit: Option<i64>,
    pub pid: Option<u32>,
    pub ppid: Option<u32>,
    pub uid: Option<u32>,
    pub euid: Option<u32>,
    pub auid: Option<u32>,
    pub gid: Option<u32>,
    pub egid: Option<u32>,
    pub session: Option<u32>,
    pub comm: Option<Value<'a>>,
    pub exe: Option<Value<'a>>,
    pub terminal: Option<Value<'a>>,
    pub host: Option<Host<'a>>,
    pub acct: Option<Value<'a>>,
    pub vm: Option<Value<'a>>,
    pub uuid: Option<&'a [u8]>,
    pub cwd: Option<Value<'a>>,
    pub keys: SmallVec<[Value<'a>; 1]>,
    pub files: SmallVec<[FileName<'a>; 3]>,
    pub decisions: SmallVec<[Decision<'a>; 1]>,
    /// What auditd looked up for the record that names the users.
    pub names: &'a [u8],
}

/// Another machine, or the terminal's.
#[derive(Clone, Copy, Debug)]
pub enum Host<'a> {
    /// As a program or the kernel wrote it.
    Text(&'a [u8]),
    /// From the socket address of a call.
    V4(Ipv4Addr),
    /// Likewise.
    V6(Ipv6Addr),
}

impl Host<'_> {
    /// Appends it as text.
    pub fn append_to(&self, out: &mut Vec<u8>) {
        match self {
            Self::Text(text) => out.extend_from_slice(text),
            Self::V4(address) => out.extend_from_slice(address.to_string().as_bytes()),
            Self::V6(address) => out.extend_from_slice(address.to_string().as_bytes()),
        }
    }
}

/// What the name of a file is called.
static NAME: LazyLock<memmem::Finder<'_>> = LazyLock::new(|| memmem::Finder::new(b"name="));

/// What a type of record is looked at for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Looked {
    /// Nothing: arguments, titles, capabilities.
    Not,
    /// The file name only.
    Path,
    /// The working directory only.
    Cwd,
    /// The socket address only.
    Address,
    /// The label of the object only.
    Object,
    /// A network packet: addresses as text.
    Packet,
    /// Messages of programs: the user is who the message is about.
    Program,
    /// A decision of a security module.
    Decision,
    /// A call: all but names, which have records of their own.
    Call,
    /// Everything.
    All,
    /// Everything, where it is our own record.
    Own,
}

/// One table: which records are looked at for what.
fn looked(kind: RecordType) -> Looked {
    match kind.0 {
        1302 => Looked::Path,
        1307 => Looked::Cwd,
        1306 => Looked::Address,
        1303 | 1318 => Looked::Object,
        1324 => Looked::Packet,
        1107 | 1400 | 1500..=1599 => Looked::Decision,
        1005 | 1100..=1199 | 2100..=2999 => Looked::Program,
        1300 => Looked::Call,
        1006
        | 1200..=1299
        | 1305
        | 1319
        | 1325
        | 1326
        | 1328
        | 1335
        | 1336
        | 1338
        | 1402
        | 1403..=1419
        | 1700..=1799
        | 1800..=1899 => Looked::All,
        1316 | 2099 => Looked::Own,
        _ => Looked::Not,
    }
}

/// The keys of an event, when nothing else of it is of interest: [`Items::keys`].
pub fn keys<'a>(event: &Event<'a>) -> impl Iterator<Item = Value<'a>> {
    let is_looked_at = |record: &Record<'a>| match looked(record.kind) {
        Looked::Call | Looked::Program | Looked::Decision | Looked::All => true,
        Looked::Own => record.kind.is_own(record.body()),
        Looked::Not
        | Looked::Path
        | Looked::Cwd
        | Looked::Address
        | Looked::Object
        | Looked::Packet => false,
    };
    let wanted = &*wanted::KEYS;
    let records = event.records().filter(is_looked_at);
    let keys = |record: Record<'a>| {
        let fields = wanted.fields(record.body());
        fields.filter(|field| field.name == b"key")
    };
    records
        .flat_map(keys)
        .map(|field| Value::untrusted(field.raw))
}

impl<'a> Items<'a> {
    /// Takes the items from an event.
    pub fn of(event: &Event<'a>) -> Self {
        Self::some(event, &wanted::ALL)
    }

    /// Takes some items from an event.
    pub(super) fn some(event: &Event<'a>, wanted: &Wanted) -> Self {
        let mut items = Self::default();
        for record in event.records() {
            items.record(&record, wanted);
        }
        items.finish(event);
        items
    }

    fn record(&mut self, record: &Record<'a>, wanted: &Wanted) {
        match looked(record.kind) {
            Looked::Own if !record.kind.is_own(record.body()) => {}
            Looked::Call if !wanted.calls => {}
            Looked::Path if wanted.objects => self.path(record),
            Looked::Path if wanted.files => self.name(record),
            Looked::Cwd if wanted.files => {
                let cwd = Fields::new(record.body()).find(|field| field.name == b"cwd");
                self.cwd = self.cwd.or(cwd.map(|field| Value::untrusted(field.raw)));
            }
            Looked::Address if wanted.files => {
                let saddr = Fields::new(record.body()).find(|field| field.name == b"saddr");
                if let Some(saddr) = saddr {
                    self.address(saddr.raw);
                }
            }
            Looked::Object if wanted.objects => {
                let obj = Fields::new(record.body()).find(|field| field.name == b"obj");
                self.object(obj.map(|field| field.raw));
            }
            Looked::Packet if wanted.files => {
                for field in Fields::new(record.body()) {
                    match field.name {
                        b"saddr" => self.host = Some(Host::Text(field.raw)),
                        b"obj" => self.object(Some(field.raw)),
                        _ => {}
                    }
                }
            }
            looked @ (Looked::Call
            | Looked::Program
            | Looked::Decision
            | Looked::All
            | Looked::Own) => {
                self.all(record, looked, wanted);
            }
            _ => {}
        }
    }

    /// The name of a PATH record alone.
    fn name(&mut self, record: &Record<'a>) {
        let body = record.body();
        let mut fields = Fields::new(body);
        let mut item = None;
        let name = fields.by_ref().find(|field| {
            if field.name == b"item" {
                item = number(field.raw);
            }
            field.name == b"name"
        });
        let Some(name) = name else {
            return;
        };
        // A second one overrides it.
        if item.is_none() || NAME.find(fields.rest()).is_some() {
            return self.path(record);
        }
        self.files.push(FileName {
            item,
            ..FileName::of(Value::untrusted(name.raw))
        });
    }

    fn path(&mut self, record: &Record<'a>) {
        let mut name = None;
        let (mut parent, mut last): (bool, &[u8]) = (false, b"");
        let mut obj = None;
        let mut item = None;
        for field in Fields::new(record.body()) {
            match field.name {
                b"item" => item = number(field.raw),
                b"name" => name = Some(Value::untrusted(field.raw)),
                b"nametype" | b"objtype" => parent = field.raw == b"PARENT",
                b"obj" => obj = Some(field.raw),
                _ => {}
            }
            last = field.name;
        }
        if let Some(name) = name {
            self.files.push(FileName {
                is_bare_parent: parent && matches!(last, b"nametype" | b"objtype"),
                item,
                ..FileName::of(name)
            });
        }
        self.object(obj);
    }

    fn file(&mut self, name: Value<'a>) {
        self.files.push(FileName::of(name));
    }

    /// What only the whole event tells: names that are relative to a descriptor are not below the
    /// working directory.
    fn finish(&mut self, event: &Event<'a>) {
        let asks = |file: &FileName<'_>| file.below_cwd && file.recorded.is_none();
        if !self.files.iter().any(asks) {
            return;
        }
        let at_descriptor = event
            .records()
            .find(|record| record.kind == RecordType::SYSCALL)
            .is_some_and(|record| Context::of(&record).at_descriptor().contains(&true));
        if at_descriptor || self.cwd.is_none() {
            for file in &mut self.files {
                file.below_cwd = false;
            }
        }
    }

    fn object(&mut self, label: Option<&'a [u8]>) {
        if label.is_some() {
            self.decisions.push(Decision {
                object: label,
                ..Decision::default()
            });
        }
    }

    fn subject(&mut self, label: &'a [u8]) {
        self.decisions.push(Decision {
            subject: Some(label),
            ..Decision::default()
        });
    }

    /// `struct sockaddr` in hexadecimal: unix(7), ip(7), ipv6(7).
    fn address(&mut self, raw: &'a [u8]) {
        let mut bytes = [0; 28];
        let mut len = 0;
        for pair in raw.as_chunks::<2>().0.iter().take(bytes.len()) {
            let digits = std::str::from_utf8(pair).ok();
            let Some(byte) = digits.and_then(|pair| u8::from_str_radix(pair, 16).ok()) else {
                break;
            };
            bytes[len] = byte;
            len += 1;
        }
        match (u16::from_le_bytes([bytes[0], bytes[1]]), len) {
            // AF_UNIX: a path, or an abstract name behind a 0.
            (1, 4..) => {
                let from = if bytes[2] == 0 { 6 } else { 4 };
                let digits = &raw[from..];
                let end = digits
                    .as_chunks::<2>()
                    .0
                    .iter()
                    .position(|pair| pair == b"00")
                    .map_or(digits.len() & !1, |at| at * 2);
                self.file(Value::Hex(&digits[..end]));
            }
            (2, 8..) => {
                let [_, _, _, _, a, b, c, d, ..] = bytes;
                self.host = Some(Host::V4(Ipv4Addr::new(a, b, c, d)));
            }
            (10, 24..) => {
                let mut address = [0; 16];
                address.copy_from_slice(&bytes[8..24]);
                self.host = Some(Host::V6(Ipv6Addr::from(address)));
            }
            _ => {}
        }
    }

    fn all(&mut self, record: &Record<'a>, looked: Looked, wanted: &Wanted) {
        let own = looked == Looked::Own;
        // In old records of ours the number of an item stood before its path.
        let mut item = 0;
        if matches!(record.kind, RecordType::CONFIG_CHANGE | RecordType::LOGIN) {
            // Old kernels say nothing about what worked.
            self.success = Some(true);
        }
        let mut once = Once::default();
        let is_message = matches!(looked, Looked::Program | Looked::Decision);
        // The subject of such a decision is the program that has asked.
        let by_program = record.kind == RecordType::USER_AVC;
        let mut decision = Decision::default();
        let (body, names) = record.parts();
        if looked == Looked::Decision {
            let asked = asked(body);
            decision.denied = asked.denied;
            decision.permission = asked.permission;
            decision.notice = asked.notice;
            // What the call came to is told by the call's own record.
            self.success = self.success.or(asked.denied.map(|denied| !denied));
        }
        let mut fields = wanted.fields(body);
        while let Some(field) = fields.next() {
            if is_message && (once.is_repeated(field.name) || is_hearsay(&field)) {
                continue;
            }
            let raw = field.raw;
            match field.name {
                b"arch" | b"exit" | b"ppid" | b"euid" | b"gid" | b"egid" | b"ses"
                    if !wanted.ids => {}
                b"arch" => self.arch = hex(raw),
                b"syscall" => self.syscall = signed(raw),
                b"success" => {
                    self.success = Some(raw == b"yes");
                    if looked == Looked::Call {
                        wanted.pass(&mut fields, &wanted::PROCESS);
                    }
                }
                b"res" | b"result" => self.success = Some(worked(&field)),
                b"exit" => self.exit = signed(raw),
                b"pid" => self.pid = number(raw),
                b"ppid" => self.ppid = number(raw),
                b"uid" => {
                    self.uid = number(raw);
                    self.names = names;
                }
                b"euid" => self.euid = number(raw),
                b"auid" | b"loginuid" => {
                    self.auid = number(raw);
                    self.names = names;
                    if looked == Looked::Call {
                        wanted.pass(&mut fields, &wanted::TTY);
                    }
                }
                b"gid" => self.gid = number(raw),
                b"id" if is_about_group(record.kind) => self.gid = number(raw),
                b"egid" => self.egid = number(raw),
                b"ses" => self.session = number(raw),
                b"comm" => self.comm = Some(Value::untrusted(raw)),
                b"exe" => self.exe = Some(Value::untrusted(raw)),
                b"tty" if record.kind == RecordType::LOGIN => {}
                b"tty" | b"terminal" => self.terminal = Some(Value::untrusted(raw)),
                b"hostname" | b"addr" => self.host_name(field.name, raw, record.kind),
                b"acct" => self.acct = Some(Value::untrusted(raw)),
                b"vm" => self.vm = Some(Value::untrusted(raw)),
                b"uuid" => self.uuid = Some(raw),
                b"cwd" if looked != Looked::Call => self.cwd = Some(Value::untrusted(raw)),
                b"key" => self.keys.push(Value::untrusted(raw)),
                b"subj" if by_program => decision.subject = Some(raw),
                b"scontext" if by_program => {}
                b"subj" | b"vm-ctx" => self.subject(raw),
                b"img-ctx" => self.object(Some(raw)),
                b"scontext" => decision.subject = Some(raw),
                b"tcontext" => decision.object = Some(raw),
                b"tclass" => decision.class = Some(raw),
                b"item" if own => item = number(raw).unwrap_or_default(),
                b"path" if own => self.resolved(raw, item),
                name if own => {
                    if let Some(item) = name.strip_prefix(b"tr_path").and_then(number) {
                        self.resolved(raw, item);
                    }
                }
                b"path" | b"new-disk" if looked != Looked::Call => self.file(Value::untrusted(raw)),
                b"name" | b"file" if looked == Looked::Decision || is_integrity(record.kind) => {
                    self.file(Value::untrusted(raw));
                }
                _ => {}
            }
        }
        if looked == Looked::Decision {
            self.decisions.push(decision);
        }
    }

    /// The absolute path that tracer recorded for a PATH item. A relative name means nothing else;
    /// beside an absolute one it is a further name.
    fn resolved(&mut self, raw: &'a [u8], item: u32) {
        if raw == b"(null)" {
            return;
        }
        let path = Value::untrusted(raw);
        let is_relative = |file: &&mut FileName<'_>| file.item == Some(item) && file.is_relative();
        if let Some(file) = self.files.iter_mut().find(is_relative) {
            file.recorded = Some(path);
        }
        self.files.push(FileName {
            item: None,
            resolved: true,
            ..FileName::of(path)
        });
    }

    /// `hostname=` of a program's message, or `addr=` where the name is not known.
    fn host_name(&mut self, field: &[u8], raw: &'a [u8], kind: RecordType) {
        let known = matches!(self.host, Some(Host::Text(text)) if text != b"?");
        if field == b"hostname" || !known {
            // `addr=1.2.3.4:60` of a daemon has a port.
            let port = (1200..1300)
                .contains(&kind.0)
                .then(|| raw.iter().position(|b| *b == b':'))
                .flatten();
            self.host = Some(Host::Text(&raw[..port.unwrap_or(raw.len())]));
        }
    }
}

/// Records of groups that are made or removed, whose `id=` is the group.
fn is_about_group(kind: RecordType) -> bool {
    matches!(kind.0, 1116 | 1117 | 1132)
}

fn is_integrity(kind: RecordType) -> bool {
    (1800..=1899).contains(&kind.0)
}

/// Which fields a message of a program has had. Of each the first counts: that nobody becomes
/// somebody else by what he writes into the text, which comes last.
#[derive(Default)]
struct Once(u32);

impl Once {
    /// What there is one of.
    const NAMES: [&'static [u8]; 19] = [
        b"pid",
        b"uid",
        b"auid",
        b"ses",
        b"subj",
        b"exe",
        b"comm",
        b"hostname",
        b"addr",
        b"terminal",
        b"tty",
        b"acct",
        b"res",
        b"result",
        b"gid",
        b"id",
        b"vm",
        b"uuid",
        b"cwd",
    ];

    fn is_repeated(&mut self, name: &[u8]) -> bool {
        let Some(bit) = Self::NAMES.iter().position(|known| *known == name) else {
            return false;
        };
        let repeated = self.0 & 1 << bit != 0;
        self.0 |= 1 << bit;
        repeated
    }
}

/// An id that a program tells of somebody: the record's own has it outside of the text, or not at all.
fn is_hearsay(field: &Field<'_>) -> bool {
    field.told && matches!(field.name, b"gid" | b"euid" | b"egid" | b"ses" | b"ppid")
}

/// The result of what is no system call: `1`, `yes`, `success`. A program writes other words for it,
/// too, and `failed` when it failed.
fn worked(field: &Field<'_>) -> bool {
    match field.raw {
        b"0" | b"no" => false,
        raw => !raw.starts_with(b"fail") && (field.told || !raw.is_empty()),
    }
}
