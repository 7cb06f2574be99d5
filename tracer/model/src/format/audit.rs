//! The Linux audit log format, as the kernel's `kernel/auditsc.c` writes its records and auditd
//! stores them, so that ausearch and aureport read our logs. What it has no field for is in our
//! own record, see [`super::audit_own`].

use bytes::Bytes;
use tracer_ebpf::abi::limits::TITLE_MAX;

use crate::{
    calls::{Arch, Op},
    decode::sockaddr,
    event::{
        Actor, Call, Creds, Event, FileId, Gid, Item, Known, PathItem, PathRole, Uid, dev_parts,
    },
};

use super::{
    Format,
    audit_own::Own,
    audit_text::{EXECVE, split_argv, write_limited},
    call_info::CallInfo,
    escape::{audit_needs_hex, audit_string},
    number::{dec, hex, hex_at_least, hex_bytes_upper, oct, padded},
    unknowns::UNSET,
};

/// Type of our own record: 1316, which `linux/audit.h` has for modules of third parties. Every reader
/// has a name for it, keeps it with its event, and does not look inside. (Some readers refuse a log
/// with a type that they have no name for.)
pub const OWN_TYPE: &str = "KERNEL_OTHER";

/// `__X32_SYSCALL_BIT` of `asm/unistd.h`: audit logs an x32 call with it.
const X32_BIT: u32 = 0x4000_0000;

/// Records in the Linux audit log format.
#[derive(Debug)]
pub struct Audit {
    serial: u64,
    /// `msg=audit(seconds.millis:serial): ` of the item that is being written.
    stamp: Vec<u8>,
    /// `node=NAME `, in front of every record.
    node: Vec<u8>,
    /// Calls have our own record beside the kernel's.
    own_records: bool,
}

impl Audit {
    /// Records whose first event has this serial number; every further event has the next one.
    pub fn new(first_serial: u64) -> Self {
        Self {
            serial: first_serial,
            stamp: Vec::with_capacity(48),
            node: Vec::new(),
            own_records: true,
        }
    }

    /// Names this machine in every record, and says whether calls have our own record beside the
    /// kernel's. Losses, and events that no record of the kernel can tell, have it all the same.
    pub fn configure(&mut self, node: Option<&str>, own_records: bool) {
        self.node = node.map_or_else(Vec::new, |name| format!("node={name} ").into_bytes());
        self.own_records = own_records;
    }

    /// Appends an event that is one record, with this text after its stamp.
    pub fn record(&mut self, out: &mut Vec<u8>, wall_ns: u64, kind: &str, text: &[u8]) {
        self.stamp(wall_ns);
        let mut log = Log {
            out,
            stamp: &self.stamp,
            node: &self.node,
        };
        log.begin(kind);
        log.out.extend_from_slice(text);
        log.end();
    }

    /// The serial number that the next event has.
    pub fn serial(&self) -> u64 {
        self.serial
    }

    fn stamp(&mut self, wall_ns: u64) {
        self.stamp.clear();
        self.stamp.extend_from_slice(b"msg=audit(");
        dec(&mut self.stamp, wall_ns / 1_000_000_000);
        self.stamp.push(b'.');
        padded::<3>(&mut self.stamp, (wall_ns / 1_000_000 % 1000) as u32);
        self.stamp.push(b':');
        dec(&mut self.stamp, self.serial);
        self.stamp.extend_from_slice(b"): ");
        self.serial = self.serial.wrapping_add(1);
    }

    fn event(&self, out: &mut Vec<u8>, event: &Event) {
        let mut log = Log {
            out,
            stamp: &self.stamp,
            node: &self.node,
        };
        let call = event.call.as_ref();
        let argv = call
            .filter(|call| call.errno().is_none())
            .and_then(Call::argv);
        if let Some(call) = call {
            match call.arch {
                Arch::Uring => log.uring_op(event, call),
                Arch::X86_64 | Arch::I386 | Arch::X32 | Arch::Aarch64 => log.syscall(event, call),
            }
            if let Some(argv) = argv {
                split_argv(&mut log, &EXECVE, argv);
            }
            if let Some(how) = CallInfo::of(call).open_how(call) {
                log.open_how(&how);
            }
            if let Some(address) = sockaddr::of_call(call) {
                log.sockaddr(address);
            }
            if let Ok(Actor { cwd: Ok(cwd), .. }) = &event.actor {
                log.cwd(cwd);
            }
        }
        log.paths(event);
        if self.own_records || call.is_none() {
            Own::event(&mut log, event);
        }
        // Last, as in the kernel: the audit tools take it for the end of its event.
        match (&event.actor, argv) {
            (Ok(Actor { title: Some(t), .. }), _) if call.is_some() => log.title(t),
            // The title of a process that has just been started is its arguments.
            (_, Some(argv)) => log.title(&argv.args.join(&0)),
            (_, None) => {}
        }
        // No EOE: auditd sends it to its plugins, but never writes it into a log.
    }
}

impl Format for Audit {
    fn item(&mut self, out: &mut Vec<u8>, item: &Item) {
        // A usual event needs 900 to 1,200 bytes.
        out.reserve(1536);
        match item {
            Item::Event(event) => {
                self.stamp(event.time.wall_ns);
                self.event(out, event);
            }
            Item::Loss(loss) => {
                self.stamp(loss.time.wall_ns);
                let mut log = Log {
                    out,
                    stamp: &self.stamp,
                    node: &self.node,
                };
                Own::loss(&mut log, loss);
            }
        }
    }
}

/// The records of one event on their way out.
pub(super) struct Log<'a> {
    pub(super) out: &'a mut Vec<u8>,
    pub(super) stamp: &'a [u8],
    pub(super) node: &'a [u8],
}

impl Log<'_> {
    /// `type=<kind> msg=audit(...): `
    pub(super) fn begin(&mut self, kind: &str) {
        self.out.extend_from_slice(self.node);
        self.out.extend_from_slice(b"type=");
        self.out.extend_from_slice(kind.as_bytes());
        self.out.push(b' ');
        self.out.extend_from_slice(self.stamp);
    }

    pub(super) fn end(&mut self) {
        self.out.push(b'\n');
    }

    fn syscall(&mut self, event: &Event, call: &Call) {
        self.begin("SYSCALL");
        let out = &mut *self.out;
        out.extend_from_slice(b"arch=");
        hex(out, call.arch.audit().into());
        field(
            out,
            b" syscall=",
            if call.arch == Arch::X32 {
                call.nr | X32_BIT
            } else {
                call.nr
            },
        );
        let actor = event.actor.as_ref().ok();
        if let Some(personality @ 1..) = actor.map(|actor| actor.personality) {
            out.extend_from_slice(b" per=");
            hex(out, personality.into());
        }
        result(out, call);
        for i in 0..4 {
            out.extend_from_slice(&[b' ', b'a', b'0' + i as u8, b'=']);
            // Registers that nobody knows (rt_sigreturn(2) has replaced them) are all ones, as ids are,
            // and told as unknown in our own record: readers refuse a line with a `?` here.
            hex(out, call.args.as_ref().map_or(u64::MAX, |args| args[i]));
        }
        field(out, b" items=", items(event));
        ids(out, event, Ids::All);
        self.end();
    }

    /// URINGOP: what the kernel has in the place of SYSCALL for an `io_uring` operation, with fewer
    /// ids. The others are in our own record.
    fn uring_op(&mut self, event: &Event, call: &Call) {
        self.begin("URINGOP");
        let out = &mut *self.out;
        field(out, b"uring_op=", call.nr);
        result(out, call);
        field(out, b" items=", items(event));
        let actor = event.actor.as_ref().ok();
        let creds = creds(actor);
        field(
            out,
            b" ppid=",
            actor.and_then(|a| a.ppid).map_or(UNSET, |ppid| ppid.0),
        );
        field(
            out,
            b" pid=",
            actor.and_then(Actor::pid_here).map_or(UNSET, |pid| pid.0),
        );
        numbers(out, &creds);
        out.extend_from_slice(b" key=");
        value(out, event.rules.key.as_deref());
        self.end();
    }

    /// OPENAT2 of Linux 5.16: what `struct open_how` had.
    fn open_how(&mut self, how: &[u64; 3]) {
        self.begin("OPENAT2");
        let out = &mut *self.out;
        // `0%llo`: a zero is written as `00`, unlike `%#o`.
        for (name, value) in [(&b"oflag=0"[..], how[0]), (b" mode=0", how[1])] {
            out.extend_from_slice(name);
            out.extend_from_slice(format!("{value:o}").as_bytes());
        }
        out.extend_from_slice(b" resolve=0x");
        hex(out, how[2]);
        self.end();
    }

    /// SOCKADDR: the address as it is in memory.
    fn sockaddr(&mut self, address: &[u8]) {
        self.begin("SOCKADDR");
        self.out.extend_from_slice(b"saddr=");
        hex_bytes_upper(self.out, address);
        self.end();
    }

    fn cwd(&mut self, cwd: &[u8]) {
        self.begin("CWD");
        self.out.extend_from_slice(b"cwd=");
        write_limited(self.out, cwd, audit_needs_hex(cwd));
        self.end();
    }

    fn paths(&mut self, event: &Event) {
        let mut index = 0;
        // The kernel looks at the text of a symlink as at a name: an item without a file.
        if let Some(text) = link_text(event) {
            self.path(index, Some(text), None, "UNKNOWN");
            index += 1;
        }
        for item in &event.paths {
            let name = match (&item.requested, &event.call) {
                // A notification has no name that was passed, so it is the file's own.
                (None, None) => item.resolved.as_deref().ok(),
                // A descriptor is `(null)`, as the kernel has it.
                (requested, _) => requested.as_ref().and_then(|name| name.as_deref().ok()),
            };
            self.path(index, name, item.file.as_ref(), name_type(event, item));
            index += 1;
        }
    }

    fn path(&mut self, index: usize, name: Option<&[u8]>, file: Option<&FileId>, kind: &str) {
        self.begin("PATH");
        let out = &mut *self.out;
        field(out, b"item=", index);
        out.extend_from_slice(b" name=");
        match name {
            Some(name) => write_limited(out, name, audit_needs_hex(name)),
            None => out.extend_from_slice(NULL),
        }
        if let Some(file) = file {
            field(out, b" inode=", file.ino);
            device(out, b" dev=", file.dev);
            out.extend_from_slice(b" mode=");
            oct(out, file.mode);
            field(out, b" ouid=", file.uid.0);
            field(out, b" ogid=", file.gid.0);
            device(out, b" rdev=", file.rdev);
        }
        out.extend_from_slice(b" nametype=");
        out.extend_from_slice(kind.as_bytes());
        out.extend_from_slice(b" cap_fp=0 cap_fi=0 cap_fe=0 cap_fver=0 cap_frootid=0");
        self.end();
    }

    /// The command line, cut and without what cannot be printed at its end, as the kernel has it
    /// (`audit_proctitle_rtrim`).
    fn title(&mut self, title: &[u8]) {
        let title = &title[..title.len().min(TITLE_MAX)];
        let printable = |byte: &u8| (b' '..0x7f).contains(byte);
        let Some(last) = title.iter().rposition(printable) else {
            return;
        };
        let title = &title[..=last];
        self.begin("PROCTITLE");
        self.out.extend_from_slice(b"proctitle=");
        audit_string(self.out, title);
        self.end();
    }
}

/// What the kernel writes for a string that it does not have.
pub(super) const NULL: &[u8] = b"(null)";

/// ` success=yes exit=3`. As in the kernel: what has not returned has neither.
fn result(out: &mut Vec<u8>, call: &Call) {
    if let Some(ret) = call.result() {
        let success: &[u8] = if call.errno().is_none() {
            b"yes"
        } else {
            b"no"
        };
        out.extend_from_slice(b" success=");
        out.extend_from_slice(success);
        field(out, b" exit=", ret);
    }
}

/// Number of PATH records.
fn items(event: &Event) -> usize {
    event.paths.len() + usize::from(link_text(event).is_some())
}

/// ` name=` and a decimal number.
#[inline]
pub(super) fn field(out: &mut Vec<u8>, name: &[u8], n: impl itoa::Integer) {
    out.extend_from_slice(name);
    dec(out, n);
}

fn device(out: &mut Vec<u8>, name: &[u8], dev: u32) {
    let (major, minor) = dev_parts(dev);
    out.extend_from_slice(name);
    hex_at_least(out, major.into(), 2);
    out.push(b':');
    hex_at_least(out, minor.into(), 2);
}

/// Which of the fields that say who did it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Ids {
    /// All of them, as in SYSCALL.
    All,
    /// Those that URINGOP does not have.
    NotInUringOp,
}

/// ` ppid=... key=(null)`: who did it, the same in a SYSCALL record and in our own. A number that
/// is not known is the kernel's "unset", all ones, because the tools would read a `?` as 0.
pub(super) fn ids(out: &mut Vec<u8>, event: &Event, which: Ids) {
    let actor = event.actor.as_ref().ok();
    let creds = creds(actor);
    if which == Ids::All {
        field(
            out,
            b" ppid=",
            actor.and_then(|a| a.ppid).map_or(UNSET, |ppid| ppid.0),
        );
        field(
            out,
            b" pid=",
            actor.and_then(Actor::pid_here).map_or(UNSET, |pid| pid.0),
        );
    }
    field(out, b" auid=", actor.and_then(|a| a.auid).unwrap_or(UNSET));
    if which == Ids::All {
        numbers(out, &creds);
    }
    field(
        out,
        b" tty=? ses=",
        actor.and_then(|a| a.session).unwrap_or(UNSET),
    );
    searched(out, b" comm=", actor.map(|a| &a.comm));
    searched(out, b" exe=", actor.map(|a| &a.exe));
    if which == Ids::All {
        out.extend_from_slice(b" key=");
        value(out, event.rules.key.as_deref());
    }
}

/// Appends an untrusted string as a value; `(null)` when there is none.
pub fn value(out: &mut Vec<u8>, text: Option<&[u8]>) {
    match text {
        Some(text) => write_limited(out, text, audit_needs_hex(text)),
        None => out.extend_from_slice(NULL),
    }
}

/// The ids of an actor; those of nobody are unset.
fn creds(actor: Option<&Actor>) -> Creds {
    actor.and_then(|actor| actor.creds).unwrap_or(Creds {
        uid: Uid(UNSET),
        gid: Gid(UNSET),
        suid: Uid(UNSET),
        sgid: Gid(UNSET),
        euid: Uid(UNSET),
        egid: Gid(UNSET),
        fsuid: Uid(UNSET),
        fsgid: Gid(UNSET),
    })
}

/// ` uid=... fsgid=...`
fn numbers(out: &mut Vec<u8>, creds: &Creds) {
    field(out, b" uid=", creds.uid.0);
    field(out, b" gid=", creds.gid.0);
    field(out, b" euid=", creds.euid.0);
    field(out, b" suid=", creds.suid.0);
    field(out, b" fsuid=", creds.fsuid.0);
    field(out, b" egid=", creds.egid.0);
    field(out, b" sgid=", creds.sgid.0);
    field(out, b" fsgid=", creds.fsgid.0);
}

/// A string that ausearch finds by searching the whole record for `exe=`, `key=` and so on: one
/// that has a `=` in it is written in hexadecimal too, so that a program cannot hide behind its
/// own name.
fn searched(out: &mut Vec<u8>, name: &[u8], value: Option<&Known<Bytes>>) {
    out.extend_from_slice(name);
    match value {
        Some(Ok(value)) => {
            let hex = audit_needs_hex(value) || value.contains(&b'=');
            write_limited(out, value, hex);
        }
        _ => out.extend_from_slice(NULL),
    }
}

/// The text of a symlink that is being made.
pub(super) fn link_text(event: &Event) -> Option<&[u8]> {
    let call = event.call.as_ref().filter(|_| event.op == Op::Create)?;
    let is_symlink = CallInfo::of(call)
        .row
        .is_some_and(|row| row.name.starts_with("symlink"));
    match call.text(0) {
        Some(Ok(text)) if is_symlink => Some(text),
        _ => None,
    }
}

/// `nametype`, as the audited hooks of the kernel would set it: what the call does to a name that
/// reached a file, whether it succeeded or not. A name that reached no file is UNKNOWN; the
/// directories (PARENT) are not captured.
fn name_type(event: &Event, item: &PathItem) -> &'static str {
    let succeeded = event.success() != Some(false);
    if !succeeded && item.file.is_none() && item.role != PathRole::Parent {
        return "UNKNOWN";
    }
    match (event.op, item.role) {
        (_, PathRole::Parent) => "PARENT",
        (Op::Delete, _) | (Op::Rename, PathRole::Source) => "DELETE",
        (Op::Create, PathRole::Target | PathRole::Dest) | (Op::Rename, PathRole::Dest)
            if succeeded =>
        {
            "CREATE"
        }
        _ => "NORMAL",
    }
}
