//! An event in common words: who did what to which object, with what result, how. Works out what of
//! an event's records is subject, action and object, as libauparse's normalizer does.

mod words;

use std::borrow::Cow;

use super::{
    interpret::{Context, Interpreter, Kind},
    items,
};
use crate::{
    records::{Field, Fields, RecordType, Value},
    replay::{Event, Record},
};

use words::Origin;

/// A field of one of the records.
#[derive(Clone, Copy, Debug)]
pub struct Spot<'a> {
    record: Record<'a>,
    field: Field<'a>,
}

impl Spot<'_> {
    /// Appends the value, readable.
    pub fn read(&self, interpreter: &mut Interpreter, out: &mut Vec<u8>) {
        let context = Context::of(&self.record);
        let start = out.len();
        let kind = interpreter.field(out, &context, self.field.name, self.field.raw);
        // Of several keys in one field ausearch has the first.
        if let (Kind::Key, Some(end)) = (kind, out[start..].iter().position(|b| *b == 1)) {
            out.truncate(start + end);
        }
    }

    /// The value as a number.
    pub fn number(&self) -> Option<u32> {
        super::items::number(self.field.raw)
    }

    /// Is this the field's name?
    pub fn is_called(&self, name: &[u8]) -> bool {
        self.field.name == name
    }
}

/// An event in common words. What it does not say is `None` or empty.
#[derive(Debug, Default)]
pub struct Normal<'a> {
    /// Kind of event.
    pub kind: &'static str,
    /// Login session.
    pub session: Option<Spot<'a>>,
    /// Who it was: the login user.
    pub subject: Option<Spot<'a>>,
    /// As whom: the user id at that time.
    pub acting: Option<Spot<'a>>,
    /// What kind of user that is.
    pub subject_kind: Option<&'static str>,
    /// Security label of the subject.
    pub subject_label: Option<Spot<'a>>,
    /// What was done.
    pub action: Option<Cow<'static, str>>,
    /// With what result.
    pub success: Option<bool>,
    /// To what.
    pub object: Option<Spot<'a>>,
    /// The object's inode, port, type.
    pub object_detail: Option<Spot<'a>>,
    /// What it became, or where to.
    pub object2: Option<Spot<'a>>,
    /// What the object is.
    pub object_kind: &'static str,
    /// Security label of the object.
    pub object_label: Option<Spot<'a>>,
    /// The process that got a signal.
    pub signalled: Option<Spot<'a>>,
    /// Label of what a decision was about, where no object is known.
    pub target: Option<Spot<'a>>,
    /// By which program or signal.
    pub how: Option<Vec<u8>>,
    /// Key of the rule.
    pub key: Option<Spot<'a>>,
    cwd: Option<Value<'a>>,
    /// Our own record of the event, which has the paths of relative names.
    own: Option<Record<'a>>,
    /// The names of both objects are relative to a descriptor.
    at_descriptor: [bool; 2],
    /// The object is told by the name of the field: what was set.
    by_name: bool,
}

/// Programs that are only the reader of another one, which `comm` names.
const READERS: [&[u8]; 4] = [
    b"/usr/bin/python",
    b"/usr/bin/sh",
    b"/usr/bin/bash",
    b"/usr/bin/perl",
];

impl<'a> Normal<'a> {
    /// Puts an event into common words.
    pub fn of(event: &Event<'a>, interpreter: &mut Interpreter) -> Self {
        let records: Vec<_> = event.records().collect();
        let kind = event.kind();
        let mut normal = Self {
            kind: words::event_kind(kind),
            object_kind: "unknown",
            cwd: find(&records, 0, "cwd")
                .filter(|spot| spot.record.kind == RecordType::CWD)
                .map(|spot| Value::untrusted(spot.field.raw)),
            own: records
                .iter()
                .find(|record| record.kind.is_own(record.body()))
                .copied(),
            ..Self::default()
        };
        let call = records
            .iter()
            .position(|record| matches!(record.kind, RecordType::SYSCALL | RecordType::URINGOP));
        match call {
            Some(call) => normal.call(&records, call, kind, interpreter),
            None => normal.single(&records, kind, interpreter),
        }
        normal
    }

    /// An event about a system call.
    fn call(
        &mut self,
        records: &[Record<'a>],
        at: usize,
        kind: RecordType,
        interpreter: &mut Interpreter,
    ) {
        let record = records[at];
        let own = |name: &str| in_record(record, name);
        self.success = own("success").map(|spot| spot.field.raw != b"no");
        self.subject = own("auid");
        self.acting = own("uid");
        self.subject_kind = self.acting.map(account_kind);
        self.subject_label = own("subj");
        self.session = own("ses");
        self.how = Self::program(record, interpreter);
        self.key = own("key").filter(|spot| spot.field.raw != b"(null)");
        if kind == RecordType::CONFIG_CHANGE {
            self.change(records, interpreter);
            return;
        }
        let context = Context::of(&record);
        self.at_descriptor = context.at_descriptor();
        let call = context.call().unwrap_or_default();
        match special(records) {
            Some(special) => self.special(records, special),
            None => self.by_call(records, record, call, interpreter),
        }
        let has = |kind: u16| records.iter().any(|record| record.kind.0 == kind);
        if has(1400) {
            self.action = Some("accessed-mac-policy-controlled-object".into());
        } else if has(1331) {
            self.action = Some("accessed-policy-controlled-file".into());
        }
    }

    /// A change of the audit system itself, which says what was done.
    fn change(&mut self, records: &[Record<'a>], interpreter: &mut Interpreter) {
        let (fields, object_kind) = words::object(RecordType::CONFIG_CHANGE);
        self.object_kind = object_kind;
        if let Some(op) = find(records, 0, "op") {
            self.action = Some(text(op, interpreter).into());
        }
        self.object = fields
            .iter()
            .find_map(|name| find(records, 0, name).filter(|spot| spot.field.raw != b"(null)"));
        self.by_name = matches!(self.action.as_deref(), Some("set" | "seccomp-logging"));
    }

    /// What a call did.
    fn by_call(
        &mut self,
        records: &[Record<'a>],
        record: Record<'a>,
        call: &str,
        interpreter: &mut Interpreter,
    ) {
        let Some(done) = words::done(call) else {
            self.object_kind = "admin-defined-rule";
            self.object = self.key;
            self.action = Some(match self.key {
                Some(_) => "triggered-audit-rule".into(),
                None => "triggered-unknown-audit-rule".into(),
            });
            return;
        };
        self.action = Some(done.action.into());
        self.object_kind = done.object;
        match done.from {
            Origin::Path(from) => self.file(records, from),
            Origin::Paths(from, second) => {
                self.object2 = find(records, second, "name");
                self.file(records, from);
            }
            Origin::Address => self.object = records.get(1).and_then(|r| in_record(*r, "saddr")),
            Origin::Program => {
                self.object = Self::program_field(record);
                // How is what it did, as the program is the object.
                self.how = Some(call.as_bytes().to_vec());
            }
            Origin::Process => {
                if records.len() > 2 {
                    self.action = Some("killed-list-of-pids".into());
                }
                self.object = records.get(1).and_then(|r| in_record(*r, "saddr"));
                self.signalled = records.get(1).and_then(|r| in_record(*r, "opid"));
            }
            Origin::Nothing => {}
        }
        if call.starts_with("mk") && self.object_kind != "unknown" && done.action == "make-device" {
            self.action = Some(match self.object_kind {
                "character-device" => "made-character-device".into(),
                "block-device" => "made-block-device".into(),
                _ => "make-device".into(),
            });
        }
        if done.object == "memory" && self.success == Some(true) {
            self.action = Some("allocated-memory-in".into());
            self.object = in_record(record, "comm");
        }
        self.second(record, call, interpreter);
    }

    /// What something was changed to: the first of the arguments that changes anything.
    fn second(&mut self, record: Record<'a>, call: &str, interpreter: &mut Interpreter) {
        let Some(first) = words::second_argument(call) else {
            return;
        };
        let (from, count) = match (first, call) {
            ("a0", "setuid" | "setgid") => (0, 1),
            ("a0", "setreuid" | "setregid") => (0, 2),
            ("a0", _) => (0, 3),
            (argument, _) if call.contains("chown") => {
                (usize::from(argument.as_bytes()[1] - b'0'), 2)
            }
            (argument, _) => (usize::from(argument.as_bytes()[1] - b'0'), 1),
        };
        self.object2 = (from..from + count)
            .filter_map(|n| in_record(record, &format!("a{n}")))
            .find(|spot| count == 1 || text(*spot, interpreter) != "unset");
    }

    /// The file of a call: the first PATH record from there on that is no parent directory.
    fn file(&mut self, records: &[Record<'a>], from: usize) {
        let from = from.min(records.len().saturating_sub(1));
        let names = || {
            let with_type = |record| Some((record, in_record(record, "nametype")?));
            records[from..].iter().copied().filter_map(with_type)
        };
        let is_parent = |kind: &Spot<'_>| kind.field.raw == b"PARENT";
        let found = names().find(|(_, kind)| !is_parent(kind));
        // A directory is the object where it is not all that the event ends with.
        let is_last = records
            .last()
            .is_some_and(|last| in_record(*last, "nametype").is_some());
        let Some((record, _)) = found.or_else(|| names().next().filter(|_| !is_last)) else {
            return;
        };
        self.object = in_record(record, "name");
        self.object_detail = in_record(record, "inode");
        self.object_label = in_record(record, "obj");
        let mode = in_record(record, "mode")
            .and_then(|spot| std::str::from_utf8(spot.field.raw).ok())
            .and_then(|text| u32::from_str_radix(text, 8).ok());
        if let Some(mode) = mode {
            self.object_kind = match mode & libc::S_IFMT {
                libc::S_IFREG => "file",
                libc::S_IFDIR => "directory",
                libc::S_IFCHR => "character-device",
                libc::S_IFBLK => "block-device",
                libc::S_IFIFO => "fifo",
                libc::S_IFLNK => "symlink",
                libc::S_IFSOCK => "socket",
                _ => self.object_kind,
            };
        }
    }

    /// What is told by another record than that of a call, which there may be or not.
    fn special(&mut self, records: &[Record<'a>], special: Record<'a>) {
        let own = |name: &str| in_record(special, name);
        let is = |name: &str, value: &str| {
            own(name).is_some_and(|spot| spot.field.raw == value.as_bytes())
        };
        let (action, kind, object) = match special.kind.0 {
            1325 => ("loaded-firewall-rule-to", "firewall", own("table")),
            1700 if is("prom", "0") => ("left-promiscuous-mode-on-device", "socket", own("dev")),
            1700 => ("entered-promiscuous-mode-on-device", "socket", own("dev")),
            1330 => ("loaded-kernel-module", "file", find(records, 1, "name")),
            1332 | 1333 => ("changed-system-time", "system", None),
            1334 if is("op", "LOAD") => ("loaded-bpf-program", "process", own("prog-id")),
            1334 => ("unloaded-bpf-program", "process", own("prog-id")),
            1335 if is("op", "connect") => ("connected-to", "socket", own("nl-mcgrp")),
            1335 => ("disconnected-from", "socket", own("nl-mcgrp")),
            1401 => ("caused-mac-policy-error", "system", None),
            1405 => ("changed-selinux-boolean", "mac-config", own("bool")),
            1404 => (
                "changed-selinux-enforcement-to",
                "mac-config",
                own("enforcing"),
            ),
            _ => ("loaded-selinux-policy", "mac-config", None),
        };
        self.action = Some(action.into());
        self.object_kind = kind;
        self.object = object;
    }

    /// A record of the kernel that has no call beside it.
    fn special_alone(&mut self, record: Record<'a>, interpreter: &mut Interpreter) {
        self.special(&[record], record);
        if record.kind == RecordType::EVENT_LISTENER {
            self.session = in_record(record, "ses");
            self.subject = in_record(record, "auid");
            self.acting = in_record(record, "uid");
            self.subject_kind = self.acting.map(account_kind);
            self.success = in_record(record, "res").map(|spot| spot.field.raw != b"0");
            self.how = in_record(record, "exe").map(|spot| text_bytes(spot, interpreter));
        } else {
            // Nobody is named: the kernel did it, or does not say for whom.
            self.subject_kind = Some("system");
            self.how = in_record(record, "comm").map(|spot| text_bytes(spot, interpreter));
        }
        self.subject_label = in_record(record, "subj");
    }

    /// An event that is no call: the message of a program, a daemon or the kernel.
    fn single(&mut self, records: &[Record<'a>], kind: RecordType, interpreter: &mut Interpreter) {
        if matches!(kind.0, 1325 | 1334 | 1335)
            && let Some(record) = records.first()
        {
            return self.special_alone(*record, interpreter);
        }
        let own = |name: &str| find(records, 0, name);
        let (fields, object_kind) = words::object(kind);
        self.object_kind = object_kind;
        self.session = own("ses");
        self.subject_label = own("subj");
        self.action = words::action(kind).map(Cow::Borrowed);
        self.success = own("res").map(|spot| {
            let word = text(spot, interpreter);
            word == "yes" || word.starts_with("suc")
        });
        self.object = fields.iter().find_map(|name| own(name));
        self.subject = own("auid");
        self.acting = own("uid");
        self.subject_kind = self.acting.map(account_kind);
        match kind {
            RecordType::USER_LOGIN => {
                self.subject = own("id").or(own("acct"));
                self.acting = None;
                let kind = match own("id") {
                    Some(id) => Some(account_kind(id)),
                    None => own("acct").map(|acct| {
                        let name = text(acct, interpreter);
                        interpreter
                            .user_id(&name)
                            .map_or("unknown-acct", kind_of_account)
                    }),
                };
                self.subject_kind = kind;
            }
            RecordType::LOGIN => self.subject = own("old-auid"),
            RecordType::AVC => {
                self.subject = own("scontext").or_else(|| own("profile"));
                self.target = own("tcontext");
                self.subject_kind = self.subject.map(|_| "unknown-acct");
                let decision = records.first().map(|record| items::asked(record.body()));
                self.success = decision.and_then(|decision| decision.denied.map(|denied| !denied));
            }
            RecordType::USER_AVC => {
                self.subject = own("scontext").or(self.subject);
                self.target = own("tcontext");
            }
            RecordType::USYS_CONFIG | RecordType::USER_DEVICE => {
                if let Some(op) = own("op") {
                    self.action = Some(text(op, interpreter).into());
                }
            }
            RecordType::SOFTWARE_UPDATE => {
                self.object_detail = own("sw_type");
                self.object2 = own("root_dir");
            }
            RecordType::SECCOMP => {
                // What is only logged goes on.
                self.success = own("code").map(|code| {
                    let word = text(code, interpreter);
                    word == "allow" || word == "log"
                });
            }
            RecordType(1406) => {
                self.action = own("unlbl_accept").map(|spot| match spot.field.raw {
                    b"1" => "is-allowing-unlabeled-network-traffic".into(),
                    _ => "is-disallowing-unlabeled-network-traffic".into(),
                });
                self.subject_kind = self.subject.map(account_kind);
            }
            RecordType(1407..=1499) => self.subject_kind = self.subject.map(account_kind),
            RecordType::VIRT_CONTROL | RecordType::VIRT_RESOURCE => self.object2 = own("vm"),
            RecordType::CRYPTO_SESSION => self.object_detail = own("rport"),
            RecordType::CONFIG_CHANGE => self.change_alone(records, interpreter),
            _ if self.own.is_some() => self.own_event(records, interpreter),
            _ => {}
        }
        self.how = match kind.0 {
            1006 | 1202 | 1207..=1299 => None,
            1200 => Some(b"init".to_vec()),
            1201 | 1203..=1206 => Some(b"signal".to_vec()),
            1319 | 1325 | 1400 => own("comm").map(|spot| text(spot, interpreter).into_bytes()),
            1701 => own("sig").map(|spot| text(spot, interpreter).into_bytes()),
            2112 => own("terminal").map(|spot| text(spot, interpreter).into_bytes()),
            _ => records
                .first()
                .and_then(|record| Self::program(*record, interpreter)),
        };
        if (1200..1300).contains(&kind.0) {
            self.subject_kind = Some("auditd");
        }
    }

    fn change_alone(&mut self, records: &[Record<'a>], interpreter: &mut Interpreter) {
        let op = find(records, 0, "op").map(|spot| text(spot, interpreter));
        let op = op.as_deref().unwrap_or_default().trim_start_matches('"');
        if op.starts_with("add_rule") {
            self.action = Some("added-audit-rule".into());
        } else if op.starts_with("remove_rule") {
            self.action = Some("deleted-audit-rule".into());
        }
        // Where there is no key, the filter that the rule is in.
        let (fields, _) = words::object(RecordType::CONFIG_CHANGE);
        let is_there = |spot: &Spot<'_>| spot.field.raw != b"(null)";
        self.object = fields
            .iter()
            .find_map(|name| find(records, 0, name).filter(is_there));
    }

    /// An event that audit has no record for, from our own.
    fn own_event(&mut self, records: &[Record<'a>], interpreter: &mut Interpreter) {
        let own = |name: &str, old: &str| find(records, 0, name).or_else(|| find(records, 0, old));
        self.kind = "audit-rule";
        self.action = own("tr_op", "op").map(|op| {
            let word = text(op, interpreter);
            word.trim_matches('"').to_owned().into()
        });
        self.object = own("tr_path0", "path");
        if self.object.is_some() {
            self.object_kind = "file";
        } else if own("tr_status", "status").is_some() {
            self.object = records
                .first()
                .and_then(|record| Self::program_field(*record));
            self.object_kind = "process";
        }
    }

    /// The program, or what it reads.
    fn program(record: Record<'a>, interpreter: &mut Interpreter) -> Option<Vec<u8>> {
        Self::program_field(record).map(|spot| text_bytes(spot, interpreter))
    }

    fn program_field(record: Record<'a>) -> Option<Spot<'a>> {
        let exe = in_record(record, "exe")?;
        let mut bytes = Vec::new();
        Value::untrusted(exe.field.raw).append_to(&mut bytes);
        let reader = READERS.iter().any(|reader| bytes.starts_with(reader));
        in_record(record, "comm").filter(|_| reader).or(Some(exe))
    }

    /// The object, readable: a file with its whole path.
    pub fn object_text(&self, interpreter: &mut Interpreter) -> Option<Vec<u8>> {
        let object = self.object?;
        if self.by_name {
            return Some(object.field.name.to_vec());
        }
        Some(self.path_text(object, self.at_descriptor[0], interpreter))
    }

    /// The second object, readable.
    pub fn object2_text(&self, interpreter: &mut Interpreter) -> Option<Vec<u8>> {
        let at_descriptor = self.at_descriptor[1];
        self.object2
            .map(|spot| self.path_text(spot, at_descriptor, interpreter))
    }

    /// The absolute path that tracer recorded for the name of a PATH record.
    fn recorded(&self, spot: Spot<'a>) -> Option<Value<'a>> {
        let item = in_record(spot.record, "item")?;
        recorded_path(self.own?, item.field.raw)
    }

    fn path_text(
        &self,
        spot: Spot<'a>,
        at_descriptor: bool,
        interpreter: &mut Interpreter,
    ) -> Vec<u8> {
        if spot.field.name != b"name" || spot.record.kind != RecordType::PATH {
            return text_bytes(spot, interpreter);
        }
        let mut path = Vec::new();
        Value::untrusted(spot.field.raw).append_to(&mut path);
        if path.first() != Some(&b'/') {
            match (self.recorded(spot), self.cwd) {
                (Some(recorded), _) => {
                    path.clear();
                    recorded.append_to(&mut path);
                }
                // The working directory has nothing to do with it.
                _ if at_descriptor => {}
                (None, Some(cwd)) => {
                    let name = std::mem::take(&mut path);
                    cwd.append_to(&mut path);
                    path.push(b'/');
                    path.extend_from_slice(&name);
                    path = clean(path);
                }
                (None, None) => {}
            }
        }
        if memchr::memmem::find(&path, b"..").is_some() {
            path = clean(path);
        }
        let mut out = Vec::new();
        interpreter.escape.write(&mut out, &path);
        out
    }
}

/// The first path that our own record has for this PATH item.
fn recorded_path<'a>(own: Record<'a>, item: &[u8]) -> Option<Value<'a>> {
    let mut current: &[u8] = b"";
    for field in Fields::new(own.body()) {
        let is_it = match field.name {
            // The old form: the number, then the path.
            b"item" => {
                current = field.raw;
                false
            }
            b"path" => current == item,
            name => name.strip_prefix(b"tr_path").is_some_and(|n| n == item),
        };
        if is_it && field.raw != b"(null)" {
            return Some(Value::untrusted(field.raw));
        }
    }
    None
}

/// Takes `.`, `..` and double slashes out of an absolute path.
pub fn clean(path: Vec<u8>) -> Vec<u8> {
    let has = |part: &[u8]| memchr::memmem::find(&path, part).is_some();
    if path.first() != Some(&b'/') || !(has(b"/.") || has(b"//") || path.ends_with(b"/")) {
        return path;
    }
    let mut parts: Vec<&[u8]> = Vec::new();
    for part in path.split(|b| *b == b'/') {
        match part {
            b"" | b"." => {}
            b".." => {
                parts.pop();
            }
            _ => parts.push(part),
        }
    }
    let mut clean = Vec::with_capacity(path.len());
    for part in &parts {
        clean.push(b'/');
        clean.extend_from_slice(part);
    }
    if clean.is_empty() {
        clean.push(b'/');
    }
    clean
}

/// A record that tells what a call was about better than the call does.
fn special<'a>(records: &[Record<'a>]) -> Option<Record<'a>> {
    records
        .iter()
        .find(|record| {
            matches!(
                record.kind.0,
                1325 | 1330 | 1332..=1335 | 1401 | 1403..=1405 | 1700
            )
        })
        .copied()
}

/// A field of one record.
fn in_record<'a>(record: Record<'a>, name: &str) -> Option<Spot<'a>> {
    Fields::new(record.body())
        .find(|field| field.name == name.as_bytes())
        .map(|field| Spot { record, field })
}

/// The first field of this name from a record on.
fn find<'a>(records: &[Record<'a>], from: usize, name: &str) -> Option<Spot<'a>> {
    records
        .iter()
        .skip(from)
        .find_map(|record| in_record(*record, name))
}

fn text_bytes(spot: Spot<'_>, interpreter: &mut Interpreter) -> Vec<u8> {
    let mut out = Vec::new();
    spot.read(interpreter, &mut out);
    out
}

fn text(spot: Spot<'_>, interpreter: &mut Interpreter) -> String {
    String::from_utf8_lossy(&text_bytes(spot, interpreter)).into_owned()
}

/// What kind of user it is.
fn account_kind(spot: Spot<'_>) -> &'static str {
    spot.number().map_or("unknown-acct", kind_of_account)
}

/// What kind of user has this id (login.defs(5): system accounts end at 999, users at 59999).
fn kind_of_account(id: u32) -> &'static str {
    match id {
        0 => "privileged-acct",
        u32::MAX => "unset-acct",
        1..1000 => "service-acct",
        1000..60_000 => "user-acct",
        _ => "unknown-acct",
    }
}
