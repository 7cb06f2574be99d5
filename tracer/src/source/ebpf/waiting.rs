//! Calls that have not returned when a run ends: the enter hook knows when they began, `/proc`
//! the rest.

use std::{collections::BTreeMap, fs, path::Path};

use tracer_ebpf::abi::{count::Entered, wire::Door};

use super::super::fanotify::Processes;
use crate::{
    calls::{Arch, Op, row},
    event::{Backend, ByRules, Call, Event, Known, Pid, Tid, Time, Timing, Unfinished, Unknown},
};

/// `__X32_SYSCALL_BIT` of `asm/unistd.h`.
const X32_BIT: u64 = 0x4000_0000;

/// An event for each call under way, the one that waits longest first.
pub(super) fn calls(targets: &[u32], entered: &BTreeMap<u32, Entered>, now: Time) -> Vec<Event> {
    let processes = Processes::new(Path::new("/proc"));
    let mut waiting: Vec<_> = entered
        .iter()
        .filter(|(_, entered)| entered.since_ns != 0)
        .map(|(tid, entered)| (*tid, *entered))
        .collect();
    // A traced thread that has not entered any call since the start is where it was then.
    for pid in targets {
        let older = threads(*pid).filter(|tid| !entered.contains_key(tid));
        waiting.extend(older.filter_map(|tid| Some((tid, before_the_start(*pid, tid)?))));
    }
    waiting.sort_by_key(|(_, entered)| entered.since_ns);
    waiting
        .into_iter()
        .filter_map(|(tid, entered)| event(tid, &entered, now, &processes))
        .collect()
}

/// The threads of a process.
fn threads(pid: u32) -> impl Iterator<Item = u32> {
    let entries = fs::read_dir(format!("/proc/{pid}/task"));
    let names = entries.into_iter().flatten().flatten();
    names.filter_map(|entry| entry.file_name().to_str()?.parse().ok())
}

/// The call that a thread waits in since a time that nobody saw.
fn before_the_start(pid: u32, tid: u32) -> Option<Entered> {
    let text = fs::read_to_string(format!("/proc/{tid}/syscall")).ok()?;
    // `running`, or -1: it is in no call.
    let number: u64 = text.split_whitespace().next()?.parse().ok()?;
    Some(Entered {
        number,
        pid,
        // What this file does not tell: a 32-bit process is rare, and its numbers are others.
        door: Door::Native as u32,
        ..Entered::default()
    })
}

fn event(tid: u32, entered: &Entered, now: Time, processes: &Processes) -> Option<Event> {
    let mut actor = processes.read(Pid(entered.pid));
    // The end of a task is told by itself.
    actor.comm.as_ref().ok()?;
    actor.tid = Some(Tid(tid));
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
            args: arguments(tid, entered.number),
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
