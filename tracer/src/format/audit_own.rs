//! Our own audit record: what an event has and audit has no field for. It comes after the standard
//! records of its event (but before PROCTITLE, which ends one), and old readers skip it.
//!
//! It is one list of `name=value` that may go on in further records of the same type: the first
//! begins with `tracer=event`, the others with `tracer=more`.

use crate::calls::Arch;
use crate::event::{Actor, Call, Event, Exit, Loss, PathItem, Signal, Time};

use super::{
    audit::{Log, NULL, OWN_TYPE, field, ids, link_text},
    audit_text::{Style, split_argv, too_long, write_string},
    call_info::CallInfo,
    escape::audit_needs_hex,
    number::{dec, hex, hex_bytes_lower, padded},
    unknowns::{self, UNSET_WORD},
};

/// Where a record is ended and the next begins: any short field still fits below the 8,970 bytes
/// that the audit tools read.
const RECORD: usize = 8000;

/// Bytes of a long string in one piece, in hexadecimal twice as many.
const PIECE: usize = 3500;

/// Arguments of an exec that failed. Not `a0=`, which the audit tools take for a register.
const FAILED_EXEC: Style = Style {
    kind: OWN_TYPE,
    lead: b"tracer=argv ",
    name: b" arg",
};

/// The record under construction.
pub(super) struct Own<'l, 'a> {
    log: &'l mut Log<'a>,
    start: usize,
}

impl<'l, 'a> Own<'l, 'a> {
    /// Writes the record of an event.
    pub(super) fn event(log: &'l mut Log<'a>, event: &Event) {
        let call = event.call.as_ref();
        if let Some(argv) = call.filter(|c| c.errno().is_some()).and_then(Call::argv) {
            // The kernel has no EXECVE record for an exec that failed.
            split_argv(log, &FAILED_EXEC, &argv.args);
        }
        let mut own = Self::begin(log, b"tracer=event");
        own.word(b" backend=", event.backend.as_str());
        own.word(b" op=", event.op.as_str());
        own.time(event.time);
        if let Some((cpu, seq)) = event.place {
            field(own.log.out, b" cpu=", cpu);
            field(own.log.out, b" seq=", seq);
        }
        if let Ok(actor) = &event.actor {
            if call.is_none_or(|call| call.arch == Arch::Uring) {
                // There is no SYSCALL record to tell it.
                ids(own.log.out, event);
                own.room(256);
            }
            own.actor(actor, call.is_some());
        }
        if let Some(call) = call {
            own.call(call, link_text(event).is_some());
        }
        if let Some(exit) = event.exit {
            own.exit(exit);
        }
        if let Some(signal) = &event.signal {
            own.signal(signal);
        }
        if let Some(timing) = event.timing {
            field(own.log.out, b" duration_ns=", timing.duration_ns);
            if let Some(ns) = timing.cpu_ns {
                field(own.log.out, b" cpu_ns=", ns);
            }
        }
        own.flag(b" is_dir=yes", event.is_dir);
        own.flag(b" synthesised=yes", event.synthesised);
        own.unknowns(event);
        let first = usize::from(link_text(event).is_some());
        for (i, item) in event.paths.iter().enumerate() {
            own.path(first + i, item);
        }
        own.log.end();
    }

    /// Writes the record of a loss.
    pub(super) fn loss(log: &'l mut Log<'a>, loss: &Loss) {
        let mut own = Self::begin(log, b"tracer=loss op=lost");
        own.time(loss.time);
        own.optional(b" cpu=", loss.cpu);
        own.optional(b" count=", loss.count);
        own.word(b" reason=", loss.reason.as_str());
        own.log.end();
    }

    fn begin(log: &'l mut Log<'a>, lead: &[u8]) -> Self {
        let start = log.out.len();
        log.begin(OWN_TYPE);
        log.out.extend_from_slice(lead);
        Self { log, start }
    }

    /// Goes on in a new record when `needed` more bytes would make this one too long. Returns
    /// whether it did.
    fn room(&mut self, needed: usize) -> bool {
        let full = self.log.out.len() - self.start + needed > RECORD;
        if full {
            self.log.end();
            self.start = self.log.out.len();
            self.log.begin(OWN_TYPE);
            self.log.out.extend_from_slice(b"tracer=more");
        }
        full
    }

    fn word(&mut self, name: &[u8], word: &str) {
        self.log.out.extend_from_slice(name);
        self.log.out.extend_from_slice(word.as_bytes());
    }

    fn flag(&mut self, field: &[u8], set: bool) {
        if set {
            self.log.out.extend_from_slice(field);
        }
    }

    fn optional(&mut self, name: &[u8], n: Option<impl itoa::Integer>) {
        if let Some(n) = n {
            field(self.log.out, name, n);
        } else {
            self.log.out.extend_from_slice(name);
            self.log.out.push(b'?');
        }
    }

    /// Nanoseconds, which `msg=audit(...)` has no room for.
    fn time(&mut self, time: Time) {
        let out = &mut *self.log.out;
        field(out, b" time=", time.wall_ns / 1_000_000_000);
        out.push(b'.');
        padded::<9>(out, (time.wall_ns % 1_000_000_000) as u32);
        if time.mono_ns != 0 {
            field(out, b" mono=", time.mono_ns);
        }
    }

    fn actor(&mut self, actor: &Actor, has_call: bool) {
        if let Some(tid) = actor.tid {
            field(self.log.out, b" tid=", tid.0);
        }
        if let Some(host) = &actor.host {
            field(self.log.out, b" hostpid=", host.pid.0);
            field(self.log.out, b" hosttid=", host.tid.0);
            if let Some(ppid) = host.ppid {
                field(self.log.out, b" hostppid=", ppid.0);
            }
        }
        if let Some(cgroup) = actor.cgroup {
            // Not `cgroup=`: the audit tools take that for an escaped path.
            field(self.log.out, b" cgid=", cgroup);
        }
        if let Some(inode) = actor.mnt_ns {
            field(self.log.out, b" mntns=", inode);
        }
        self.flag(b" exe_deleted=yes", actor.exe_deleted);
        if let Some(root) = &actor.root {
            self.string(b" root", root);
        }
        if let Ok(exe) = &actor.exe
            && too_long(exe)
        {
            self.string(b" exe", exe);
        }
        // There is a CWD record beside a SYSCALL record only.
        if let Ok(cwd) = &actor.cwd
            && (!has_call || too_long(cwd))
        {
            self.string(b" cwd", cwd);
        }
    }

    fn call(&mut self, call: &Call, link_text_is_a_path: bool) {
        if let Ok(args) = &call.args {
            // SYSCALL has the first four, URINGOP has none.
            let first = if call.arch == Arch::Uring { 0 } else { 4 };
            for (i, arg) in args.iter().enumerate().skip(first) {
                self.log
                    .out
                    .extend_from_slice(&[b' ', b'a', b'0' + i as u8, b'=']);
                hex(self.log.out, *arg);
            }
        }
        if let Some(why) = call.argv().and_then(|argv| argv.incomplete) {
            self.word(b" argv_incomplete=", why.as_str());
        }
        for (arg, text) in CallInfo::of(call).texts(call) {
            if let Ok(text) = text
                && !(link_text_is_a_path && arg == 0 && !too_long(text))
            {
                let mut name = *b" text0";
                name[5] += arg % 10;
                self.string(&name, text);
            }
        }
    }

    fn exit(&mut self, exit: Exit) {
        if let Some(status) = exit.status {
            field(self.log.out, b" status=", status);
        }
        if let Some(signal) = exit.signal {
            field(self.log.out, b" sig=", signal);
        }
        self.flag(b" core=yes", exit.core);
        self.flag(b" last_thread=yes", exit.last_thread);
    }

    /// `sig=17 siginfo=` and its 48 bytes, in hexadecimal.
    fn signal(&mut self, signal: &Signal) {
        field(self.log.out, b" sig=", signal.number);
        self.log.out.extend_from_slice(b" siginfo=");
        for word in signal.info {
            hex_bytes_lower(self.log.out, &word.to_le_bytes());
        }
    }

    /// `unknown=cwd:fault;paths.0.path:too-deep`, with the keys of JSON. The login ids of SYSCALL
    /// say "unset" themselves.
    fn unknowns(&mut self, event: &Event) {
        const FIRST: &[u8] = b" unknown=";
        let mut before = FIRST;
        unknowns::each(event, |place, why| {
            if why != UNSET_WORD {
                if self.room(128) {
                    before = FIRST;
                }
                self.log.out.extend_from_slice(before);
                place.write(self.log.out);
                self.log.out.push(b':');
                self.log.out.extend_from_slice(why.as_bytes());
                before = b";";
            }
        });
    }

    /// What PATH item `index` has no field for: ` item=0 role=target arg=1 path="/x" via=kernel`.
    fn path(&mut self, index: usize, item: &PathItem) {
        self.room(256);
        field(self.log.out, b" item=", index);
        self.word(b" role=", item.role.as_str());
        if let Some(arg) = item.arg {
            field(self.log.out, b" arg=", arg);
        }
        if let Ok(path) = &item.resolved {
            self.string(b" path", path);
            self.word(b" via=", item.via.as_str());
        } else {
            self.log.out.extend_from_slice(b" path=");
            self.log.out.extend_from_slice(NULL);
        }
        self.flag(b" deleted=yes", item.deleted);
        if let Some(Ok(name)) = &item.requested
            && too_long(name)
        {
            self.string(b" name", name);
        }
    }

    /// ` name="..."`, ` name=HEX`, or for a long one ` name_len=N name[0]=HEX name[1]=HEX` as in
    /// EXECVE, where N counts the hexadecimal digits of all pieces.
    fn string(&mut self, name: &[u8], value: &[u8]) {
        if value.len() <= PIECE {
            let hex = audit_needs_hex(value);
            self.room(name.len() + 64 + value.len() * if hex { 2 } else { 1 });
            self.log.out.extend_from_slice(name);
            self.log.out.push(b'=');
            write_string(self.log.out, value, hex);
            return;
        }
        self.log.out.extend_from_slice(name);
        field(self.log.out, b"_len=", value.len() * 2);
        for (i, piece) in value.chunks(PIECE).enumerate() {
            self.room(name.len() + 64 + piece.len() * 2);
            self.log.out.extend_from_slice(name);
            self.log.out.push(b'[');
            dec(self.log.out, i);
            self.log.out.extend_from_slice(b"]=");
            write_string(self.log.out, piece, true);
        }
    }
}
