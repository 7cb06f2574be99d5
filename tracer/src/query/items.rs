//! What an event says about who did what: the fields that searches ask for and reports count, taken
//! from its records. The rules of ausearch: a later record overrides an earlier one, and only some
//! types of records are looked at for some fields.

use std::net::{Ipv4Addr, Ipv6Addr};

use crate::{
    records::{Fields, RecordType, Value},
    source::replay::{Event, Record},
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
    pub keys: Vec<Value<'a>>,
    pub files: Vec<FileName<'a>>,
    pub decisions: Vec<Decision<'a>>,
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
    /// Everything.
    All,
}

/// One table: which records are looked at for what.
fn looked(kind: RecordType) -> Looked {
    match kind.0 {
        1302 => Looked::Path,
        1307 => Looked::Cwd,
        1306 => Looked::Address,
        1303 | 1318 => Looked::Object,
        1324 => Looked::Packet,
        1107 | 1400 => Looked::Decision,
        1005 | 1100..=1199 | 2100..=2999 => Looked::Program,
        1006
        | 1200..=1299
        | 1300
        | 1305
        | 1319
        | 1325
        | 1326
        | 1328
        | 1335
        | 1336
        | 1402
        | 1403..=1419
        | 1700..=1799
        | 1800..=1899
        | 2099 => Looked::All,
        _ => Looked::Not,
    }
}

impl<'a> Items<'a> {
    /// Takes the items from an event.
    pub fn of(event: &Event<'a>) -> Self {
        let mut items = Self::default();
        for record in event.records() {
            items.record(&record);
        }
        items
    }

    fn record(&mut self, record: &Record<'a>) {
        match looked(record.kind) {
            Looked::Not => {}
            Looked::Path => self.path(record),
            Looked::Cwd => {
                let cwd = Fields::new(record.body()).find(|field| field.name == b"cwd");
                self.cwd = self.cwd.or(cwd.map(|field| Value::untrusted(field.raw)));
            }
            Looked::Address => {
                let saddr = Fields::new(record.body()).find(|field| field.name == b"saddr");
                if let Some(saddr) = saddr {
                    self.address(saddr.raw);
                }
            }
            Looked::Object => {
                let obj = Fields::new(record.body()).find(|field| field.name == b"obj");
                self.object(obj.map(|field| field.raw));
            }
            Looked::Packet => {
                for field in Fields::new(record.body()) {
                    match field.name {
                        b"saddr" => self.host = Some(Host::Text(field.raw)),
                        b"obj" => self.object(Some(field.raw)),
                        _ => {}
                    }
                }
            }
            looked @ (Looked::Program | Looked::Decision | Looked::All) => {
                self.all(record, looked);
            }
        }
    }

    fn path(&mut self, record: &Record<'a>) {
        let mut name = None;
        let (mut parent, mut last): (bool, &[u8]) = (false, b"");
        let mut obj = None;
        for field in Fields::new(record.body()) {
            match field.name {
                b"name" => name = Some(Value::untrusted(field.raw)),
                b"nametype" | b"objtype" => parent = field.raw == b"PARENT",
                b"obj" => obj = Some(field.raw),
                _ => {}
            }
            last = field.name;
        }
        if let Some(name) = name {
            self.file(name, parent && matches!(last, b"nametype" | b"objtype"));
        }
        self.object(obj);
    }

    fn file(&mut self, name: Value<'a>, is_bare_parent: bool) {
        let below = match name {
            Value::Plain(text) => text.starts_with(b"..") || text.starts_with(b"./"),
            Value::Hex(digits) => digits.starts_with(b"2E2E") || digits.starts_with(b"2E2F"),
        };
        self.files.push(FileName {
            name,
            is_bare_parent,
            below_cwd: below && self.cwd.is_some(),
            resolved: false,
        });
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
                self.file(Value::Hex(&digits[..end]), false);
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

    fn all(&mut self, record: &Record<'a>, looked: Looked) {
        let own = record.kind == RecordType::OWN;
        if record.kind == RecordType::CONFIG_CHANGE {
            // Old kernels say nothing about a change that worked.
            self.success = Some(true);
        }
        // The subject of such a decision is the program that has asked.
        let by_program = record.kind == RecordType::USER_AVC;
        let mut decision = Decision::default();
        if looked == Looked::Decision {
            (decision.denied, decision.permission) = asked(record.body());
            // What the call came to is told by the call's own record, which follows.
            self.success = decision.denied.map(|denied| !denied).or(self.success);
        }
        for field in Fields::new(record.body()) {
            let raw = field.raw;
            match field.name {
                b"arch" => self.arch = hex(raw),
                b"syscall" => self.syscall = signed(raw),
                b"success" => self.success = Some(raw == b"yes"),
                b"res" | b"result" => self.success = Some(worked(raw)),
                b"exit" => self.exit = signed(raw),
                b"pid" => self.pid = number(raw),
                b"ppid" => self.ppid = number(raw),
                b"uid" => {
                    self.uid = number(raw);
                    self.names = record.names();
                }
                b"euid" => self.euid = number(raw),
                b"auid" | b"loginuid" => {
                    self.auid = number(raw);
                    self.names = record.names();
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
                b"cwd" => self.cwd = Some(Value::untrusted(raw)),
                b"key" => self.keys.push(Value::untrusted(raw)),
                b"subj" if by_program => decision.subject = Some(raw),
                b"scontext" if by_program => {}
                b"subj" | b"vm-ctx" => self.subject(raw),
                b"img-ctx" => self.object(Some(raw)),
                b"scontext" => decision.subject = Some(raw),
                b"tcontext" => decision.object = Some(raw),
                b"tclass" => decision.class = Some(raw),
                b"path" if own => self.resolved(raw),
                b"path" | b"new-disk" => self.file(Value::untrusted(raw), false),
                b"name" | b"file" if looked == Looked::Decision || is_integrity(record.kind) => {
                    self.file(Value::untrusted(raw), false);
                }
                _ => {}
            }
        }
        if looked == Looked::Decision {
            self.decisions.push(decision);
        }
    }

    fn resolved(&mut self, raw: &'a [u8]) {
        if raw != b"(null)" {
            self.files.push(FileName {
                name: Value::untrusted(raw),
                is_bare_parent: false,
                below_cwd: false,
                resolved: true,
            });
        }
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

/// `avc:  denied  { read } for ...`: what was decided and asked for.
fn asked(body: &[u8]) -> (Option<bool>, Option<&[u8]>) {
    let has = |word: &[u8]| memchr::memmem::find(body, word).is_some();
    let denied = if has(b"denied") {
        Some(true)
    } else if has(b"granted") {
        Some(false)
    } else {
        None
    };
    let permission = memchr::memchr(b'{', body).and_then(|open| {
        let close = memchr::memchr(b'}', &body[open..])?;
        Some(body[open + 1..open + close].trim_ascii())
    });
    (denied, permission)
}

/// The result of what is no system call: `1`, `yes`, `success`.
fn worked(raw: &[u8]) -> bool {
    matches!(raw, b"1" | b"yes" | b"success" | b"Success")
}

/// Decimal; -1 is unset, as 4294967295 is.
pub(super) fn number(raw: &[u8]) -> Option<u32> {
    signed(raw).and_then(|n| u32::try_from(n).ok().or((n == -1).then_some(u32::MAX)))
}

fn signed(raw: &[u8]) -> Option<i64> {
    std::str::from_utf8(raw).ok()?.parse().ok()
}

fn hex(raw: &[u8]) -> Option<u32> {
    u32::from_str_radix(std::str::from_utf8(raw).ok()?, 16).ok()
}
