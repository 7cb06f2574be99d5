//! Who did it.

use tracer_ebpf::abi::wire::{
    self, NO_LOGIN, OF_CWD, OF_EXE, OF_PERSONALITY, OF_ROOT, OF_TITLE, Part,
};

use super::super::record::Record;
use crate::event::{Actor, Creds, Gid, HostIds, Pid, Tid, Uid, Unknown, comm_bytes};

/// The actor as the head and the walks tell it.
pub(super) fn actor(record: &Record<'_>, lean: bool) -> Actor {
    let head = &record.head;
    let id = |i: usize| head.creds[i];
    let login = head.flags & NO_LOGIN == 0;
    let walk = |of| record.piece(Part::Walk, of);
    let absent = if lean {
        Unknown::NotAsked
    } else {
        Unknown::Cut
    };
    let path = |of| walk(of).map_or(Err(absent), |p| p.path());
    let ids = ids(record);
    Actor {
        pid: ids.pid,
        tid: ids.tid,
        ppid: ids.ppid,
        host: ids.host,
        creds: Some(Creds {
            uid: Uid(id(0)),
            gid: Gid(id(1)),
            suid: Uid(id(2)),
            sgid: Gid(id(3)),
            euid: Uid(id(4)),
            egid: Gid(id(5)),
            fsuid: Uid(id(6)),
            fsgid: Gid(id(7)),
        }),
        auid: login.then_some(head.auid),
        session: login.then_some(head.session),
        comm: Ok(comm_bytes(head.comm)),
        exe: path(OF_EXE),
        exe_deleted: walk(OF_EXE).is_some_and(|p| p.flags & wire::DELETED != 0),
        cwd: path(OF_CWD),
        root: walk(OF_ROOT)
            .and_then(|p| p.path().ok())
            .filter(|root| root != "/"),
        cgroup: Some(head.cgroup),
        mnt_ns: (head.mnt_ns != 0).then_some(head.mnt_ns),
        title: record
            .piece(Part::Text, OF_TITLE)
            .and_then(|piece| piece.bytes().ok()),
        personality: record
            .piece(Part::Count, OF_PERSONALITY)
            .and_then(|piece| piece.word())
            .unwrap_or(0) as u32,
    }
}

/// What the task and its parent are called.
struct Ids {
    pid: Pid,
    tid: Option<Tid>,
    ppid: Option<Pid>,
    host: Option<HostIds>,
}

/// The ids as the tracer's pid namespace has them, and beside them those of the initial one.
fn ids(record: &Record<'_>) -> Ids {
    let head = &record.head;
    let host = HostIds {
        pid: Pid(head.pid),
        tid: Tid(head.tid),
        ppid: Some(Pid(head.ppid)),
        is_outside: false,
    };
    let here = record.piece(Part::IdsHere, 0).and_then(|p| p.ids_here());
    let Some(here) = here else {
        return Ids {
            pid: host.pid,
            tid: Some(host.tid),
            ppid: host.ppid,
            host: None,
        };
    };
    let some = |id: u32| (id != 0).then_some(id);
    Ids {
        pid: some(here.pid).map_or(host.pid, Pid),
        tid: some(here.tid).map(Tid),
        ppid: some(here.ppid).map(Pid),
        host: Some(HostIds {
            is_outside: here.pid == 0,
            ..host
        }),
    }
}
