//! Our own audit record: what an event has and audit has no field for. It comes after the standard
//! records of its event (but before PROCTITLE, which ends one), and other readers skip it.
//!
//! It is one list of `name="value"` that may go on in further records of the same type: the first
//! begins with `tracer="event"`, the others with `tr_more=`. Made for readers that know nothing of
//! it: no name is there twice (what there can be several of has a number), none is a name that the
//! kernel uses for something else, and every value is in quotes, because some readers take digits
//! without them for a string in hexadecimal. Only a string that cannot stand in quotes is in
//! hexadecimal, as everywhere in audit logs.

use crate::calls::Arch;
use crate::event::{Actor, Call, Event, Exit, Loss, PathItem, Signal, Time};

use super::{
    audit::{Ids, Log, OWN_TYPE, ids, link_text},
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

/// Arguments of an exec that failed.
const FAILED_EXEC: Style = Style {
    kind: OWN_TYPE,
    lead: b"tracer=\"argv\" ",
    count: b"tr_argc=",
    name: b" tr_argv",
    quoted: true,
};

/// The record under construction.
pub(super) struct Own<'l, 'a> {
    log: &'l mut Log<'a>,
    start: usize,
    /// Records that went on from the first.
    more: usize,
    /// Lists of what is unknown.
    unknown: usize,
}

impl<'l, 'a> Own<'l, 'a> {
    /// Writes the record of an event.
    pub(super) fn event(log: &'l mut Log<'a>, event: &Event) {
        let call = event.call.as_ref();
        if let Some(argv) = call.filter(|c| c.errno().is_some()).and_then(Call::argv) {
            // The kernel has no EXECVE record for an exec that failed.
            split_argv(log, &FAILED_EXEC, argv);
        }
        let mut own = Self::begin(log, "event");
        own.word(b"backend", event.backend.as_str());
        own.word(b"op", event.op.as_str());
        own.time(event.time);
        if let Some((cpu, seq)) = event.place {
            own.number(b"cpu", cpu);
            own.number(b"seq", seq);
        }
        if let Ok(actor) = &event.actor {
            // Who did it, where no record of a call tells all of it.
            match call {
                None => own.ids(event, Ids::All),
                Some(call) if call.arch == Arch::Uring => own.ids(event, Ids::NotInUringOp),
                Some(_) => {}
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
            own.number(b"duration_ns", timing.duration_ns);
            if let Some(ns) = timing.cpu_ns {
                own.number(b"cpu_ns", ns);
            }
        }
        own.flag(b"is_dir", event.is_dir);
        own.flag(b"synthesised", event.synthesised);
        own.unknowns(event);
        let first = usize::from(link_text(event).is_some());
        for (i, item) in event.paths.iter().enumerate() {
            own.path(first + i, item);
        }
        own.log.end();
    }

    /// Writes the record of a loss.
    pub(super) fn loss(log: &'l mut Log<'a>, loss: &Loss) {
        let mut own = Self::begin(log, "loss");
        own.word(b"op", "lost");
        own.time(loss.time);
        own.optional(b"cpu", loss.cpu);
        own.optional(b"count", loss.count);
        own.word(b"reason", loss.reason.as_str());
        own.log.end();
    }

    fn begin(log: &'l mut Log<'a>, what: &str) -> Self {
        let start = log.out.len();
        log.begin(OWN_TYPE);
        log.out.extend_from_slice(b"tracer=\"");
        log.out.extend_from_slice(what.as_bytes());
        log.out.push(b'"');
        Self {
            log,
            start,
            more: 0,
            unknown: 0,
        }
    }

    /// Goes on in a new record when `needed` more bytes would make this one too long. Returns
    /// whether it did.
    fn room(&mut self, needed: usize) -> bool {
        let full = self.log.out.len() - self.start + needed > RECORD;
        if full {
            self.more += 1;
            self.log.end();
            self.start = self.log.out.len();
            self.log.begin(OWN_TYPE);
            self.log.out.extend_from_slice(b"tr_more=\"");
            dec(self.log.out, self.more);
            self.log.out.push(b'"');
        }
        full
    }

    fn ids(&mut self, event: &Event, which: Ids) {
        ids(self.log.out, event, which);
        self.room(256);
    }

    /// ` tr_name="`: what a value begins with.
    fn name(&mut self, name: &[u8]) {
        self.log.out.extend_from_slice(b" tr_");
        self.log.out.extend_from_slice(name);
        self.log.out.extend_from_slice(b"=\"");
    }

    fn word(&mut self, name: &[u8], word: &str) {
        self.name(name);
        self.log.out.extend_from_slice(word.as_bytes());
        self.log.out.push(b'"');
    }

    fn number(&mut self, name: &[u8], n: impl itoa::Integer) {
        self.name(name);
        dec(self.log.out, n);
        self.log.out.push(b'"');
    }

    fn flag(&mut self, name: &[u8], set: bool) {
        if set {
            self.word(name, "yes");
        }
    }

    fn optional(&mut self, name: &[u8], n: Option<impl itoa::Integer>) {
        match n {
            Some(n) => self.number(name, n),
            None => self.word(name, "?"),
        }
    }

    /// Nanoseconds, which `msg=audit(...)` has no room for.
    fn time(&mut self, time: Time) {
        self.name(b"time");
        let out = &mut *self.log.out;
        dec(out, time.wall_ns / 1_000_000_000);
        out.push(b'.');
        padded::<9>(out, (time.wall_ns % 1_000_000_000) as u32);
        out.push(b'"');
        if time.mono_ns != 0 {
            self.number(b"mono", time.mono_ns);
        }
    }

    fn actor(&mut self, actor: &Actor, has_call: bool) {
        if let Some(tid) = actor.tid {
            self.number(b"tid", tid.0);
        }
        if let Some(host) = &actor.host {
            self.number(b"hostpid", host.pid.0);
            self.number(b"hosttid", host.tid.0);
            if let Some(ppid) = host.ppid {
                self.number(b"hostppid", ppid.0);
            }
        }
        if let Some(cgroup) = actor.cgroup {
            self.number(b"cgid", cgroup);
        }
        if let Some(inode) = actor.mnt_ns {
            self.number(b"mntns", inode);
        }
        self.flag(b"exe_deleted", actor.exe_deleted);
        if let Some(root) = &actor.root {
            self.string(b"root", root);
        }
        if let Ok(exe) = &actor.exe
            && too_long(exe)
        {
            self.string(b"exe", exe);
        }
        // There is a CWD record beside a SYSCALL record only.
        if let Ok(cwd) = &actor.cwd
            && (!has_call || too_long(cwd))
        {
            self.string(b"cwd", cwd);
        }
    }

    fn call(&mut self, call: &Call, link_text_is_a_path: bool) {
        if let Ok(args) = &call.args {
            // SYSCALL has the first four, URINGOP has none.
            let first = if call.arch == Arch::Uring { 0 } else { 4 };
            for (i, arg) in args.iter().enumerate().skip(first) {
                self.name(&[b'a', b'0' + i as u8]);
                hex(self.log.out, *arg);
                self.log.out.push(b'"');
            }
        }
        if let Some(why) = call.argv().and_then(|argv| argv.incomplete) {
            self.word(b"argv_incomplete", why.as_str());
        }
        for (arg, text) in CallInfo::of(call).texts(call) {
            if let Ok(text) = text
                && !(link_text_is_a_path && arg == 0 && !too_long(text))
            {
                self.string(&numbered(b"text", arg.into()), text);
            }
        }
    }

    fn exit(&mut self, exit: Exit) {
        if let Some(status) = exit.status {
            self.number(b"status", status);
        }
        if let Some(signal) = exit.signal {
            self.number(b"sig", signal);
        }
        self.flag(b"core", exit.core);
        self.flag(b"last_thread", exit.last_thread);
    }

    /// `tr_sig="17" tr_siginfo=` and its 48 bytes, in hexadecimal.
    fn signal(&mut self, signal: &Signal) {
        self.number(b"sig", signal.number);
        self.name(b"siginfo");
        for word in signal.info {
            hex_bytes_lower(self.log.out, &word.to_le_bytes());
        }
        self.log.out.push(b'"');
    }

    /// `tr_unknown0="cwd:fault;paths.0.path:too-deep"`, with the keys of JSON. The login ids of
    /// SYSCALL say "unset" themselves.
    fn unknowns(&mut self, event: &Event) {
        let mut open = false;
        unknowns::each(event, |place, why| {
            if why == UNSET_WORD {
                return;
            }
            if self.log.out.len() - self.start + 128 > RECORD && open {
                self.log.out.push(b'"');
                open = false;
            }
            self.room(128);
            if open {
                self.log.out.push(b';');
            } else {
                self.name(&numbered(b"unknown", self.unknown));
                self.unknown += 1;
                open = true;
            }
            place.write(self.log.out);
            self.log.out.push(b':');
            self.log.out.extend_from_slice(why.as_bytes());
        });
        if open {
            self.log.out.push(b'"');
        }
    }

    /// What PATH item `index` has no field for: ` tr_role0="target" tr_arg0="1" tr_path0="/x"
    /// tr_via0="kernel"`.
    fn path(&mut self, index: usize, item: &PathItem) {
        self.room(256);
        self.word(&numbered(b"role", index), item.role.as_str());
        if let Some(arg) = item.arg {
            self.number(&numbered(b"arg", index), arg);
        }
        // What is not known is not there, and `tr_unknown0` says why.
        if let Ok(path) = &item.resolved {
            self.string(&numbered(b"path", index), path);
            self.word(&numbered(b"via", index), item.via.as_str());
        }
        self.flag(&numbered(b"deleted", index), item.deleted);
        if let Some(Ok(name)) = &item.requested
            && too_long(name)
        {
            self.string(&numbered(b"name", index), name);
        }
    }

    /// ` tr_name="..."`, ` tr_name=HEX`, or for a long one ` tr_name_len="N" tr_name_0=HEX
    /// tr_name_1=HEX`, where N counts the hexadecimal digits of all pieces.
    fn string(&mut self, name: &[u8], value: &[u8]) {
        if value.len() <= PIECE {
            let hex = audit_needs_hex(value);
            self.room(name.len() + 64 + value.len() * if hex { 2 } else { 1 });
            self.text(name, value, hex);
            return;
        }
        let mut field = name.to_vec();
        field.extend_from_slice(b"_len");
        self.number(&field, value.len() * 2);
        for (i, piece) in value.chunks(PIECE).enumerate() {
            self.room(name.len() + 64 + piece.len() * 2);
            field.truncate(name.len());
            field.push(b'_');
            dec(&mut field, i);
            self.text(&field, piece, true);
        }
    }

    fn text(&mut self, name: &[u8], value: &[u8], hex: bool) {
        self.log.out.extend_from_slice(b" tr_");
        self.log.out.extend_from_slice(name);
        self.log.out.push(b'=');
        write_string(self.log.out, value, hex);
    }
}

/// `path0`: a name of which there can be several.
fn numbered(name: &[u8], number: usize) -> Vec<u8> {
    let mut field = Vec::with_capacity(name.len() + 2);
    field.extend_from_slice(name);
    dec(&mut field, number);
    field
}
