//! One JSON object a line, with stable names. `docs/records.md` lists them all.
//!
//! Written by hand, straight into the output: this runs for every event, and a serializer would
//! need the events in a second shape.

use crate::decode::{self, Options};
use crate::event::{
    Actor, Argv, Call, Creds, Event, Exit, FileId, Item, Known, Loss, PathItem, Signal, Time,
    dev_parts,
};

use super::{
    Format,
    call_info::CallInfo,
    clock::Utc,
    escape::json_string,
    names,
    number::{dec, hex, hex_at_least, hex_bytes_lower, oct},
    siginfo::{self, Value},
    unknowns::{self, Place, UNSET},
};

/// `,"name":`, put together when this is compiled: one copy for each field instead of three.
macro_rules! key {
    ($name:literal) => {
        concat!(",\"", $name, "\":").as_bytes()
    };
}

/// JSON lines.
#[derive(Debug, Default)]
pub struct Json {
    utc: Utc,
    decode: Option<Options>,
}

impl Json {
    /// JSON lines with times in UTC, with decoded arguments when it is said how.
    pub fn new(decode: Option<Options>) -> Self {
        Self {
            decode,
            ..Self::default()
        }
    }

    fn event(&mut self, out: &mut Vec<u8>, event: &Event) {
        self.head(out, "event", event.time);
        word(out, key!("op"), event.op.as_str());
        let info = event.call.as_ref().map(CallInfo::of);
        if let (Some(call), Some(info)) = (&event.call, &info) {
            write_call(out, call, info);
        }
        if let Some(success) = event.success() {
            boolean(out, key!("success"), success);
        }
        if let Some(errno) = event.call.as_ref().and_then(Call::errno) {
            word(out, key!("errno"), names::errno(errno));
        }
        if let Some(timing) = event.timing {
            number(out, key!("duration_ns"), timing.duration_ns);
            if let Some(ns) = timing.cpu_ns {
                number(out, key!("cpu_ns"), ns);
            }
        }
        match &event.actor {
            Ok(actor) => write_actor(out, actor),
            Err(_) => out.extend_from_slice(b",\"pid\":null,\"comm\":null,\"exe\":null"),
        }
        write_paths(out, &event.paths);
        if let (Some(call), Some(info)) = (&event.call, &info) {
            write_details(out, call, info);
        }
        if let Some(options) = &self.decode {
            write_decoded(out, event, options);
        }
        if let Some(exit) = event.exit {
            write_exit(out, exit);
        }
        if let Some(signal) = &event.signal {
            write_signal(out, signal);
        }
        flag(out, key!("is_dir"), event.is_dir);
        flag(out, key!("synthesised"), event.synthesised);
        if let Some(key) = &event.rules.key {
            bytes(out, key!("key"), key);
        }
        word(out, key!("backend"), event.backend.as_str());
        if let Some((cpu, seq)) = event.place {
            number(out, key!("cpu"), cpu);
            number(out, key!("seq"), seq);
        }
        write_unknowns(out, event, self.decode.is_some());
        out.extend_from_slice(b"}\n");
    }

    fn loss(&mut self, out: &mut Vec<u8>, loss: &Loss) {
        self.head(out, "loss", loss.time);
        optional(out, key!("cpu"), loss.cpu);
        optional(out, key!("count"), loss.count);
        word(out, key!("reason"), loss.reason.as_str());
        out.extend_from_slice(b"}\n");
    }

    fn head(&mut self, out: &mut Vec<u8>, kind: &str, time: Time) {
        out.extend_from_slice(b"{\"type\":\"");
        out.extend_from_slice(kind.as_bytes());
        out.extend_from_slice(b"\",\"time\":\"");
        self.utc.write(out, time.wall_ns);
        out.push(b'"');
        optional(
            out,
            key!("mono_ns"),
            (time.mono_ns != 0).then_some(time.mono_ns),
        );
    }
}

impl Format for Json {
    fn item(&mut self, out: &mut Vec<u8>, item: &Item) {
        // A usual event needs 800 to 1,100 bytes.
        out.reserve(1536);
        match item {
            Item::Event(event) => self.event(out, event),
            Item::Loss(loss) => self.loss(out, loss),
        }
    }
}

/// A string that needs no escaping.
#[inline]
fn word(out: &mut Vec<u8>, key: &[u8], word: &str) {
    out.extend_from_slice(key);
    quoted(out, word.as_bytes());
}

#[inline]
fn quoted(out: &mut Vec<u8>, word: &[u8]) {
    out.push(b'"');
    out.extend_from_slice(word);
    out.push(b'"');
}

#[inline]
fn number(out: &mut Vec<u8>, key: &[u8], n: impl itoa::Integer) {
    out.extend_from_slice(key);
    dec(out, n);
}

#[inline]
fn optional(out: &mut Vec<u8>, key: &[u8], n: Option<impl itoa::Integer>) {
    match n {
        Some(n) => number(out, key, n),
        None => null(out, key),
    }
}

fn null(out: &mut Vec<u8>, key: &[u8]) {
    out.extend_from_slice(key);
    out.extend_from_slice(b"null");
}

#[inline]
fn boolean(out: &mut Vec<u8>, key: &[u8], value: bool) {
    out.extend_from_slice(key);
    out.extend_from_slice(if value { b"true" } else { b"false" });
}

/// A boolean that is only there when it is true.
fn flag(out: &mut Vec<u8>, key: &[u8], value: bool) {
    if value {
        boolean(out, key, true);
    }
}

/// An untrusted string, with its `_hex` sibling when it is not UTF-8.
fn bytes(out: &mut Vec<u8>, key: &[u8], bytes: &[u8]) {
    out.extend_from_slice(key);
    if !json_string(out, bytes) {
        // The key without its `":`.
        out.extend_from_slice(&key[..key.len() - 2]);
        out.extend_from_slice(b"_hex\":\"");
        hex_bytes_lower(out, bytes);
        out.push(b'"');
    }
}

fn known(out: &mut Vec<u8>, key: &[u8], value: &Known<bytes::Bytes>) {
    match value {
        Ok(value) => bytes(out, key, value),
        Err(_) => null(out, key),
    }
}

fn write_call(out: &mut Vec<u8>, call: &Call, info: &CallInfo) {
    word(out, key!("syscall"), &info.name);
    word(out, key!("arch"), call.arch.as_str());
    number(out, key!("nr"), call.nr);
    match &call.args {
        Err(_) => null(out, key!("args")),
        Ok(args) => {
            out.extend_from_slice(key!("args"));
            for (i, arg) in args.iter().enumerate() {
                out.extend_from_slice(if i == 0 { b"[\"0x" } else { b",\"0x" });
                hex(out, *arg);
                out.push(b'"');
            }
            out.push(b']');
        }
    }
    optional(out, key!("ret"), call.result());
}

fn write_actor(out: &mut Vec<u8>, actor: &Actor) {
    optional(out, key!("pid"), actor.pid_here().map(|pid| pid.0));
    optional(out, key!("tid"), actor.tid.map(|tid| tid.0));
    optional(out, key!("ppid"), actor.ppid.map(|ppid| ppid.0));
    if let Some(host) = &actor.host {
        number(out, key!("host_pid"), host.pid.0);
        number(out, key!("host_tid"), host.tid.0);
        optional(out, key!("host_ppid"), host.ppid.map(|ppid| ppid.0));
    }
    match &actor.creds {
        Some(creds) => write_creds(out, creds),
        None => out.extend_from_slice(
            b",\"uid\":null,\"gid\":null,\"suid\":null,\"sgid\":null\
              ,\"euid\":null,\"egid\":null,\"fsuid\":null,\"fsgid\":null",
        ),
    }
    optional(out, key!("auid"), actor.auid.filter(|id| *id != UNSET));
    optional(
        out,
        key!("session"),
        actor.session.filter(|id| *id != UNSET),
    );
    known(out, key!("comm"), &actor.comm);
    known(out, key!("exe"), &actor.exe);
    flag(out, key!("exe_deleted"), actor.exe_deleted);
    known(out, key!("cwd"), &actor.cwd);
    if let Some(title) = &actor.title {
        bytes(out, key!("proctitle"), title);
    }
    if actor.personality != 0 {
        number(out, key!("personality"), actor.personality);
    }
    if let Some(root) = &actor.root {
        bytes(out, key!("root"), root);
    }
    optional(out, key!("cgroup"), actor.cgroup);
    if let Some(inode) = actor.mnt_ns {
        number(out, key!("mnt_ns"), inode);
    }
}

fn write_creds(out: &mut Vec<u8>, creds: &Creds) {
    number(out, key!("uid"), creds.uid.0);
    number(out, key!("gid"), creds.gid.0);
    number(out, key!("suid"), creds.suid.0);
    number(out, key!("sgid"), creds.sgid.0);
    number(out, key!("euid"), creds.euid.0);
    number(out, key!("egid"), creds.egid.0);
    number(out, key!("fsuid"), creds.fsuid.0);
    number(out, key!("fsgid"), creds.fsgid.0);
}

fn write_paths(out: &mut Vec<u8>, paths: &[PathItem]) {
    out.extend_from_slice(key!("paths"));
    out.push(b'[');
    for (i, path) in paths.iter().enumerate() {
        out.extend_from_slice(if i == 0 {
            b"{\"role\":"
        } else {
            b",{\"role\":"
        });
        quoted(out, path.role.as_str().as_bytes());
        if let Some(arg) = path.arg {
            number(out, key!("arg"), arg);
        }
        if let Some(requested) = &path.requested {
            known(out, key!("requested"), requested);
        }
        known(out, key!("path"), &path.resolved);
        if path.resolved.is_ok() {
            word(out, key!("via"), path.via.as_str());
        }
        flag(out, key!("deleted"), path.deleted);
        if let Some(file) = &path.file {
            write_file(out, file);
        }
        out.push(b'}');
    }
    out.push(b']');
}

fn write_file(out: &mut Vec<u8>, file: &FileId) {
    number(out, key!("inode"), file.ino);
    device(out, key!("dev"), file.dev);
    out.extend_from_slice(key!("mode"));
    out.push(b'"');
    oct(out, file.mode);
    out.push(b'"');
    number(out, key!("ouid"), file.uid.0);
    number(out, key!("ogid"), file.gid.0);
    device(out, key!("rdev"), file.rdev);
}

fn device(out: &mut Vec<u8>, key: &[u8], dev: u32) {
    let (major, minor) = dev_parts(dev);
    out.extend_from_slice(key);
    out.push(b'"');
    hex_at_least(out, major.into(), 2);
    out.push(b':');
    hex_at_least(out, minor.into(), 2);
    out.push(b'"');
}

/// What the arguments mean, where the table of calls tells it.
fn write_details(out: &mut Vec<u8>, call: &Call, info: &CallInfo) {
    if let Some(argv) = call.argv() {
        write_argv(out, argv);
    }
    if let Some(flags) = info.open_flags(call) {
        out.extend_from_slice(key!("flags"));
        let mut before = b'[';
        names::open_flags(flags, |name| {
            out.push(before);
            quoted(out, name);
            before = b',';
        });
        out.push(b']');
    }
    if let Some(mode) = info.mode(call) {
        out.extend_from_slice(key!("create_mode"));
        out.push(b'"');
        oct(out, mode);
        out.push(b'"');
    }
    write_texts(out, call, info);
}

/// Arguments and result as strace writes them.
fn write_decoded(out: &mut Vec<u8>, event: &Event, options: &Options) {
    if event.call.is_none() {
        return;
    }
    out.extend_from_slice(key!("decoded"));
    out.push(b'[');
    let mut first = true;
    decode::each_argument(event, options, |arg| {
        if !first {
            out.push(b',');
        }
        first = false;
        // Always UTF-8: decoders escape what is not ASCII, but for paths behind descriptors.
        let _ = json_string(out, arg);
    });
    out.extend_from_slice(b"]");
    let mut result = Vec::with_capacity(48);
    decode::write_result(&mut result, event, options);
    out.extend_from_slice(key!("result"));
    let _ = json_string(out, &result);
}

fn write_argv(out: &mut Vec<u8>, argv: &Argv) {
    out.extend_from_slice(key!("argv"));
    out.push(b'[');
    for (i, arg) in argv.args.iter().enumerate() {
        if i > 0 {
            out.push(b',');
        }
        let start = out.len();
        if !json_string(out, arg) {
            out.splice(start..start, *b"{\"text\":");
            out.extend_from_slice(b",\"hex\":\"");
            hex_bytes_lower(out, arg);
            out.extend_from_slice(b"\"}");
        }
    }
    out.push(b']');
    if let Some(why) = argv.incomplete {
        word(out, key!("argv_incomplete"), why.as_str());
        if let Some(all) = argv.all {
            number(out, key!("argc"), all);
        }
    }
}

fn write_texts(out: &mut Vec<u8>, call: &Call, info: &CallInfo) {
    let mut start = None;
    for (arg, text) in info.texts(call) {
        let start = *start.get_or_insert_with(|| {
            out.extend_from_slice(key!("texts"));
            out.len()
        });
        // An argument index is one digit.
        let key = [b',', b'"', b'0' + arg % 10, b'"', b':'];
        known(out, &key, text);
        out[start] = b'{';
    }
    if start.is_some() {
        out.push(b'}');
    }
}

fn write_exit(out: &mut Vec<u8>, exit: Exit) {
    out.extend_from_slice(b",\"exit\":{\"status\":");
    match exit.status {
        None => out.extend_from_slice(b"null"),
        Some(status) => dec(out, status),
    }
    out.extend_from_slice(key!("signal"));
    match exit.signal {
        None => out.extend_from_slice(b"null"),
        Some(number) => {
            out.push(b'"');
            names::signal(out, number.into());
            out.push(b'"');
        }
    }
    boolean(out, key!("core"), exit.core);
    boolean(out, key!("last_thread"), exit.last_thread);
    out.push(b'}');
}

/// The members of `siginfo_t` under their own names; addresses as strings.
fn write_signal(out: &mut Vec<u8>, signal: &Signal) {
    out.extend_from_slice(key!("signal"));
    let start = out.len();
    siginfo::members(signal, |name, value| {
        out.extend_from_slice(b",\"");
        out.extend_from_slice(name.as_bytes());
        out.extend_from_slice(b"\":");
        match value {
            Value::Number(n) => dec(out, n),
            Value::Word(word) => quoted(out, word.as_bytes()),
            Value::Signal(n) => {
                out.push(b'"');
                names::signal(out, n.into());
                out.push(b'"');
            }
            Value::Address(address) => {
                out.extend_from_slice(b"\"0x");
                hex(out, address);
                out.push(b'"');
            }
        }
    });
    out[start] = b'{';
    out.push(b'}');
}

fn write_unknowns(out: &mut Vec<u8>, event: &Event, decoded: bool) {
    let mut before: &[u8] = b",\"unknown\":{\"";
    let mut take = |place: Place, why: &str| {
        out.extend_from_slice(before);
        place.write(out);
        out.extend_from_slice(b"\":");
        quoted(out, why.as_bytes());
        before = b",\"";
    };
    unknowns::each(event, &mut take);
    if decoded {
        unknowns::each_unreadable(event, &mut take);
    }
    if before == b",\"" {
        out.push(b'}');
    }
}
