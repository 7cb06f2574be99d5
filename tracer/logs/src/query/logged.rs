//! What a log says of system calls, as events of the model.

use bytes::Bytes;

use super::{
    interpret::{Context, call_name},
    items::{FileName, Items, number},
    normal::clean,
    told,
};
use crate::{
    calls::{Arch, Op, row},
    event::{
        Actor, Backend, ByRules, Call, Certainty, Creds, Event, Gid, Item, Known, Loss, PathItem,
        PathRole, Pid, Time, Uid, Unfinished, Unknown, Via,
    },
    records::{Fields, RecordType, Value},
    replay::{self, Record},
};

/// What an event says of a call; nothing for the message of a program.
pub fn item(event: &replay::Event<'_>) -> Option<Item> {
    let id = event.id();
    let time = Time {
        wall_ns: id
            .sec
            .saturating_mul(1_000_000_000)
            .saturating_add(u64::from(id.milli) * 1_000_000),
        mono_ns: 0,
    };
    if let Some(loss) = told::loss(event) {
        return Some(Item::Loss(Loss {
            time,
            cpu: None,
            count: loss.count(),
            reason: loss.reason(),
        }));
    }
    let of_call = |record: &Record<'_>| {
        let kind = record.kind;
        matches!(kind, RecordType::SYSCALL | RecordType::URINGOP)
    };
    let record = event.records().find(of_call)?;
    let items = Items::of(event);
    let call = call(&record, &items)?;
    let op = call.arch.name(call.nr).and_then(row);
    let op = op.map_or(Op::Other, |row| row.op);
    Some(Item::Event(Box::new(Event {
        time,
        backend: Backend::Log,
        place: None,
        op,
        actor: actor(&record, &items).ok_or(Unknown::Source),
        paths: paths(event, &items, Context::of(&record).at_descriptor()[0]),
        call: Some(call),
        exit: None,
        timing: None,
        signal: None,
        synthesised: false,
        below_root: false,
        certainty: Certainty::default(),
        of_tracer: false,
        is_dir: false,
        rules: ByRules::default(),
        notice: None,
    })))
}

/// The call, by a table of this program's own: of another machine that with the same name.
fn call(record: &Record<'_>, items: &Items<'_>) -> Option<Call> {
    let (arch, nr) = if record.kind == RecordType::URINGOP {
        let op = Fields::new(record.body()).find(|field| field.name == b"uring_op")?;
        (Arch::Uring, number(op.raw)?)
    } else {
        let machine = items.arch.unwrap_or_else(|| Arch::NATIVE.audit());
        let name = call_name(machine, items.syscall?)?;
        let own = Arch::ALL.into_iter().filter(|arch| *arch != Arch::Uring);
        let own = own.filter(|arch| arch.audit() == machine);
        let mut any = own.chain([Arch::X86_64, Arch::Aarch64, Arch::I386]);
        any.find_map(|arch| Some((arch, arch.number(name)?)))?
    };
    Some(Call {
        arch,
        nr,
        args: Err(Unknown::Source),
        ret: items.exit.unwrap_or(0),
        unfinished: items.exit.is_none().then_some(Unfinished::EndsTask),
        captured: Vec::new(),
        files: Vec::new(),
    })
}

fn actor(record: &Record<'_>, items: &Items<'_>) -> Option<Actor> {
    let id = |name: &[u8]| {
        let field = Fields::new(record.body()).find(|field| field.name == name)?;
        number(field.raw)
    };
    let creds = || {
        Some(Creds {
            uid: Uid(id(b"uid")?),
            gid: Gid(id(b"gid")?),
            suid: Uid(id(b"suid")?),
            sgid: Gid(id(b"sgid")?),
            euid: Uid(id(b"euid")?),
            egid: Gid(id(b"egid")?),
            fsuid: Uid(id(b"fsuid")?),
            fsgid: Gid(id(b"fsgid")?),
        })
    };
    let text = |value: Option<Value<'_>>| value.map(bytes).ok_or(Unknown::Source);
    Some(Actor {
        pid: Pid(items.pid?),
        tid: None,
        ppid: items.ppid.map(Pid),
        host: None,
        creds: creds(),
        auid: items.auid,
        session: items.session,
        comm: text(items.comm),
        exe: text(items.exe),
        exe_deleted: false,
        cwd: text(items.cwd),
        root: None,
        cgroup: None,
        mnt_ns: None,
        title: None,
        personality: 0,
    })
}

fn bytes(value: Value<'_>) -> Bytes {
    let mut bytes = Vec::new();
    value.append_to(&mut bytes);
    bytes.into()
}

/// The files that have a record of their own.
fn paths(event: &replay::Event<'_>, items: &Items<'_>, at_descriptor: bool) -> Vec<PathItem> {
    let records = event
        .records()
        .filter(|record| record.kind == RecordType::PATH);
    let kinds: Vec<_> = records.filter_map(|record| kind_of(&record)).collect();
    let makes_one = kinds.iter().any(|(_, kind)| *kind == b"CREATE");
    let role = |file: &FileName<'_>| {
        let kind = kinds.iter().find(|(item, _)| Some(*item) == file.item);
        match kind.map(|(_, kind)| *kind) {
            Some(b"PARENT") => PathRole::Parent,
            Some(b"CREATE") => PathRole::Dest,
            _ if makes_one => PathRole::Source,
            _ => PathRole::Target,
        }
    };
    let of_file = |file: &FileName<'_>| PathItem {
        role: role(file),
        arg: None,
        requested: None,
        resolved: absolute(file, items.cwd, at_descriptor),
        via: Via::Lexical,
        deleted: false,
        file: None,
    };
    let has_record = |file: &&FileName<'_>| file.item.is_some();
    items.files.iter().filter(has_record).map(of_file).collect()
}

/// Number and kind of a PATH record.
fn kind_of<'a>(record: &Record<'a>) -> Option<(u32, &'a [u8])> {
    let (mut item, mut kind) = (None, None);
    for field in Fields::new(record.body()) {
        match field.name {
            b"item" => item = number(field.raw),
            b"nametype" | b"objtype" => kind = Some(field.raw),
            _ => {}
        }
    }
    Some((item?, kind?))
}

/// The absolute path of a name, where the log says what it is relative to.
fn absolute(file: &FileName<'_>, cwd: Option<Value<'_>>, at_descriptor: bool) -> Known<Bytes> {
    if let Some(recorded) = file.recorded {
        return Ok(bytes(recorded));
    }
    let mut path = Vec::new();
    file.name.append_to(&mut path);
    if path == b"(null)" {
        return Err(Unknown::Source);
    }
    if path.first() != Some(&b'/') {
        let cwd = cwd.filter(|_| !at_descriptor).ok_or(Unknown::UnknownBase)?;
        let name = std::mem::take(&mut path);
        cwd.append_to(&mut path);
        path.push(b'/');
        path.extend_from_slice(&name);
    }
    Ok(clean(path).into())
}
