//! Calls that have not returned when a run ends: the enter hook knows when they began, `/proc`
//! the rest.

use std::{collections::BTreeMap, fs, path::Path};

use tracer_ebpf::abi::{count::Entered, wire::Door};

use super::{
    super::fanotify::Processes,
    object::Object,
    pids::{InProc, Pids},
};
use crate::{
    calls::{Arch, Op, row},
    enrich::pids,
    event::{
        Actor, Backend, ByRules, Call, Certainty, Event, HostIds, Known, Pid, Tid, Time, Timing,
        Unfinished, Unknown,
    },
};

/// `__X32_SYSCALL_BIT` of `asm/unistd.h`.
const X32_BIT: u64 = 0x4000_0000;

/// What `/proc` calls the threads that the kernel side counts in the initial pid namespace.
pub(super) struct Names {
    pids: Pids,
    /// Where it is not the same.
    others: Option<InProc>,
}

impl Names {
    /// Those of this moment.
    pub(super) fn of(object: &mut Object) -> Self {
        let pids = object.pids;
        Self {
            pids,
            others: (!pids.proc_is_initial()).then(|| object.in_proc(true)),
        }
    }

    fn host(&self, id: u32) -> Option<u32> {
        match &self.others {
            None => Some(id),
            Some(others) => others
                .iter()
                .find(|(_, known)| **known == id)
                .map(|(host, _)| *host),
        }
    }

    fn in_proc(&self, host: u32) -> Option<u32> {
        match &self.others {
            None => Some(host),
            Some(others) => others.get(&host).copied(),
        }
    }

    /// The number in the tracer's own namespace of what `/proc` calls this.
    fn own(&self, id: u32) -> Option<u32> {
        self.pids.procfs.own_number_of(id)
    }
}

/// An event for each call under way, the one that waits longest first.
pub(super) fn calls(
    targets: &[u32],
    entered: &BTreeMap<u32, Entered>,
    names: &Names,
    now: Time,
) -> Vec<Event> {
    let processes = Processes::new(Path::new("/proc"));
    let mut waiting: Vec<_> = entered
        .iter()
        .filter(|(_, entered)| entered.since_ns != 0)
        .map(|(tid, entered)| (*tid, *entered))
        .collect();
    // A traced thread that has not entered any call since the start is where it was then.
    for target in targets {
        let Some(id) = names.in_proc(*target) else {
            continue;
        };
        let Some(leader) = pids::leader(id) else {
            continue;
        };
        // A single thread is meant alone.
        let threads = if leader == id {
            pids::threads(id).collect()
        } else {
            vec![id]
        };
        for id in threads {
            if let (Some(pid), Some(tid)) = (names.host(leader), names.host(id))
                && !entered.contains_key(&tid)
                && let Some(call) = before_the_start(pid, id)
            {
                waiting.push((tid, call));
            }
        }
    }
    waiting.sort_by_key(|(_, entered)| entered.since_ns);
    waiting
        .into_iter()
        .filter_map(|(tid, entered)| {
            let actor = actor(tid, entered.pid, names, &processes)?;
            event(actor, names.in_proc(tid)?, &entered, now)
        })
        .collect()
}

/// The thread, as `/proc` shows it.
fn actor(tid: u32, pid: u32, names: &Names, processes: &Processes) -> Option<Actor> {
    let process = names.in_proc(pid)?;
    let mut actor = processes.read_as(process, Pid(names.own(process)?));
    // The end of a task is told by itself.
    actor.comm.as_ref().ok()?;
    actor.tid = names.in_proc(tid).and_then(|id| names.own(id)).map(Tid);
    actor.host = (names.pids.level != 0).then_some(HostIds {
        pid: Pid(pid),
        tid: Tid(tid),
        ppid: None,
        is_outside: false,
    });
    Some(actor)
}

/// The call that a thread, here as `/proc` calls it, waits in since a time that nobody saw.
fn before_the_start(pid: u32, tid: u32) -> Option<Entered> {
    let text = fs::read_to_string(format!("/proc/{tid}/syscall")).ok()?;
    // `running`, or -1: it is in no call.
    let mut words = text.split_whitespace();
    let number: u64 = words.next()?.parse().ok()?;
    // A thread of the kernel has no stack and no program, and is in no call.
    if words.skip(6).all(|place| place == "0x0") {
        return None;
    }
    Some(Entered {
        number,
        pid,
        // What this file does not tell: a 32-bit process is rare, and its numbers are others.
        door: Door::Native as u32,
        ..Entered::default()
    })
}

/// `id` is what `/proc` calls the thread.
fn event(actor: Actor, id: u32, entered: &Entered, now: Time) -> Option<Event> {
    let door = Door::from_u8(entered.door as u8)?;
    let nr = (entered.number & !X32_BIT) as u32;
    let arch = Arch::from_door(door);
    Some(Event {
        time: now,
        backend: Backend::Ebpf,
        place: None,
        op: arch.name(nr).and_then(row).map_or(Op::Other, |row| row.op),
        actor: Ok(actor),
        call: Some(Call {
            arch,
            nr,
            args: arguments(id, entered.number),
            ret: 0,
            unfinished: Some(Unfinished::RunEnded),
            captured: Vec::new(),
            files: Vec::new(),
        }),
        exit: None,
        notice: None,
        timing: (entered.since_ns != 0).then(|| Timing {
            duration_ns: now.mono_ns.saturating_sub(entered.since_ns),
            cpu_ns: None,
        }),
        signal: None,
        paths: Vec::new(),
        rules: ByRules::default(),
        synthesised: false,
        below_root: false,
        certainty: Certainty::default(),
        of_tracer: false,
        is_dir: false,
    })
}

/// The arguments of the call that a thread waits in: `/proc/TID/syscall` (proc(5)).
fn arguments(tid: u32, number: u64) -> Known<[u64; 6]> {
    let text = fs::read_to_string(format!("/proc/{tid}/syscall"));
    let text = text.map_err(|_| Unknown::ProcessGone)?;
    let mut words = text.split_whitespace();
    let same = words.next().and_then(|word| word.parse().ok()) == Some(number);
    // `running`: it is on a CPU, and the registers cannot be had.
    let parse = |word: &str| u64::from_str_radix(word.trim_start_matches("0x"), 16).ok();
    let values: Option<Vec<u64>> = words.take(6).map(parse).collect();
    match values.and_then(|values| values.try_into().ok()) {
        Some(args) if same => Ok(args),
        _ => Err(Unknown::Source),
    }
}
