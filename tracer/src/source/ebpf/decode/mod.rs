//! From a record of the ring to an [`Event`].

mod actor;
mod call;
mod files;
mod names;

use tracer_ebpf::abi::{
    call::RETURNS_FD,
    wire::{
        self, Door, FMODE_CREATED, GENERATION, Head, Kind, LAST_THREAD, OF_RESULT, OWN_PROGRAM,
        Part,
    },
};

use self::{
    actor::actor,
    call::call,
    files::open_files,
    names::{Caller, Lookup, Names},
};
use super::{
    pids::Pids,
    record::{Malformed, Record},
};
use crate::{
    calls::{Arch, Op, Role, Row, row},
    enrich::{
        files::through_descriptors,
        paths::{Below, IsBelow, Resolver},
    },
    event::{
        Actor, Backend, ByRules, Call, Certainty, Event, Exit, PathItem, Signal, Time, Timing,
        Unknown, Via,
    },
};

/// Makes events of records.
pub(super) struct Decoder {
    /// Looks up the names that the kernel side could not resolve.
    pub(super) resolver: Resolver,
    /// Nobody asks for files.
    pub(super) lean: bool,
    /// The files of all descriptors are files of the event.
    pub(super) through_descriptors: bool,
    /// The calls that the end of a task is to tell of, where it ended with one.
    pub(super) last_calls: Vec<&'static str>,
    /// The kernel side was asked for times without a CPU.
    pub(super) cpu_times: bool,
    /// What processes are called where.
    pub(super) pids: Pids,
}

impl Decoder {
    /// Decodes one record. `wall_minus_mono` turns its monotonic time into wall clock time.
    pub(super) fn decode(
        &mut self,
        record: &Record<'_>,
        wall_minus_mono: i64,
        is_below: IsBelow<'_>,
    ) -> Result<Event, Malformed> {
        let door = Door::from_u8(record.head.door).ok_or(Malformed(record.head.size as usize))?;
        let head = &record.head;
        let time = Time {
            wall_ns: head.mono_ns.wrapping_add_signed(wall_minus_mono),
            mono_ns: head.mono_ns,
        };
        let actor = actor(record, self.lean);
        let id = self.in_proc(&actor, head);
        let mut event = Event {
            time,
            backend: Backend::Ebpf,
            place: Some((u32::from(head.cpu), head.seq)),
            op: Op::Exit,
            actor: Err(Unknown::Source),
            call: None,
            exit: None,
            timing: self.timing(head),
            signal: None,
            paths: Vec::new(),
            synthesised: false,
            below_root: false,
            certainty: Certainty::default(),
            of_tracer: false,
            is_dir: false,
            rules: ByRules {
                generation: record.head.flags & GENERATION != 0,
                ..ByRules::default()
            },
            notice: None,
        };
        match record.kind {
            Kind::Exit => event.exit = Some(self.exit(head, Arch::from_door(door))),
            // It is part of a call, and was put into it before.
            Kind::Completion | Kind::Before => return Err(Malformed(head.size as usize)),
            Kind::Signal => {
                event.op = Op::Signal;
                event.signal = Some(Signal {
                    number: head.nr,
                    info: head.args,
                });
            }
            Kind::Call => {
                let caller = Caller { actor: &actor, id };
                self.call(record, door, &caller, &mut event, is_below);
            }
        }
        event.actor = Ok(actor);
        Ok(event)
    }

    /// What `/proc` calls the thread and its process.
    fn in_proc(&self, actor: &Actor, head: &Head) -> Option<(u32, u32)> {
        let own = actor.pid_here().map(|pid| pid.0);
        let pid = self.pids.in_proc(own, head.pid)?;
        let tid = self.pids.in_proc(actor.tid.map(|tid| tid.0), head.tid)?;
        Some((pid, tid))
    }

    /// The end of a task, as wait(2) encodes it.
    fn exit(&self, head: &Head, arch: Arch) -> Exit {
        let code = head.ret as u32;
        let signal = (code & 0x7f) as u8;
        let called = arch
            .name(head.nr)
            .filter(|name| signal == 0 && self.last_calls.contains(name));
        Exit {
            status: (signal == 0).then_some((code >> 8) as u8),
            signal: (signal != 0).then_some(signal),
            core: code & 0x80 != 0,
            last_thread: head.flags & LAST_THREAD != 0,
            called: called.map(|name| (name, head.args[0] as i32)),
        }
    }

    /// How long the call took, where its beginning was seen.
    fn timing(&self, head: &Head) -> Option<Timing> {
        let duration_ns = head.mono_ns.saturating_sub(head.entered_ns);
        (head.entered_ns != 0).then(|| Timing {
            duration_ns,
            cpu_ns: self
                .cpu_times
                .then(|| duration_ns.saturating_sub(head.off_cpu_ns)),
        })
    }

    /// Fills in what a call did to which files.
    fn call(
        &mut self,
        record: &Record<'_>,
        door: Door,
        caller: &Caller<'_>,
        event: &mut Event,
        is_below: IsBelow<'_>,
    ) {
        let arch = Arch::from_door(door);
        let row = arch.name(record.head.nr).and_then(row);
        let mut call = call(record, arch);
        if self.lean {
            event.op = row.map_or(Op::Other, |row| row.op);
            event.call = Some(call);
            return;
        }
        let names = Names {
            record,
            row,
            caller,
            call: &call,
        };
        let paths = names.paths(&mut Lookup {
            resolver: &mut self.resolver,
            is_below,
        });
        event.op = op(row, &call, &paths, record);
        event.of_tracer = record.head.flags & OWN_PROGRAM != 0;
        event.below_root = paths.iter().any(|(_, below)| below.root);
        event.certainty = certainty(caller.actor, &paths);
        let met = paths.iter().flat_map(|(_, below)| below.met);
        event.rules.watched = met.filter(|number| *number != 0).collect();
        event.paths = paths.into_iter().map(|(path, _)| path).collect();
        call.files = open_files(record, row);
        event.call = Some(call);
        if self.through_descriptors {
            through_descriptors(event);
            event.below_root |= record
                .pieces()
                .any(|p| p.part == Part::Walk && p.of <= OF_RESULT && p.flags & wire::BELOW != 0);
        }
    }
}

/// What decides about the files of a call: in another mount namespace a name says nothing, but beside a
/// watched file.
fn certainty(actor: &Actor, paths: &[(PathItem, Below)]) -> Certainty {
    let is_text = |via| matches!(via, Via::Lexical | Via::Requested);
    if actor.mnt_ns.is_none() || paths.iter().any(|(_, below)| below.near) {
        Certainty::Names
    } else if paths.iter().any(|(path, _)| is_text(path.via)) {
        Certainty::Nothing
    } else {
        Certainty::Kernel
    }
}

/// What the call did: an open's flags and file decide between read, write and create.
fn op(row: Option<&Row>, call: &Call, paths: &[(PathItem, Below)], record: &Record<'_>) -> Op {
    let Some(row) = row else {
        return Op::Other;
    };
    if row.flags & RETURNS_FD == 0 {
        return row.op;
    }
    let created = record
        .piece(Part::File, OF_RESULT)
        .and_then(|p| p.file())
        .is_some_and(|f| f.f_mode & FMODE_CREATED != 0);
    if created && !paths.is_empty() {
        return Op::Create;
    }
    match open_flags(row, call) {
        Some(flags) if flags & libc::O_ACCMODE as u64 != 0 || flags & libc::O_TRUNC as u64 != 0 => {
            Op::Write
        }
        Some(_) => Op::Read,
        None => row.op,
    }
}

/// The `O_...` flags of an open.
fn open_flags(row: &Row, call: &Call) -> Option<u64> {
    let i = row
        .args
        .iter()
        .position(|a| matches!(a.role, Role::OpenFlags | Role::OpenHow))?;
    if row.args[i].role == Role::OpenHow {
        return call.open_how(i as u8).map(|how| how[0]);
    }
    call.args.ok().map(|args| args[i])
}
