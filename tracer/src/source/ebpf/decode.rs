//! From a record of the ring to an [`Event`].

use std::net::{IpAddr, SocketAddr};

use bytes::Bytes;
use tracer_ebpf::abi::{
    call::{EXECS, MOVES_CWD, MOVES_ROOT, RETURNS_FD},
    wire::{
        self, ARGS_REPLACED, BEFORE_CALL, Door, FMODE_CREATED, FileInfo, GENERATION, Head, Kind,
        LAST_THREAD, NO_ARGS, NO_LOGIN, OF_ARG_REST, OF_ARGC, OF_CWD, OF_EXE, OF_INSIDE,
        OF_PERSONALITY, OF_PIDS, OF_REQUEST, OF_RESULT, OF_ROOT, OF_TITLE, OWN_PROGRAM, Part,
        RESULT_UNKNOWN, SocketInfo,
    },
};

use super::{
    pids::Pids,
    record::{Malformed, Piece, Record, reason},
};
use crate::{
    calls::{Arch, Op, Role, Row, row},
    decode::Outcome,
    enrich::{
        files,
        paths::{Below, IsBelow, Place, Resolved, Resolver, is_here},
    },
    event::{
        Actor, Argv, Backend, Block, ByRules, Call, Captured, Creds, Data, Ends, Event, Exit,
        FileId, Gid, HostIds, Known, OpenFile, PathItem, PathRole, Pid, Signal, Socket, Tid, Time,
        Timing, Uid, Unfinished, Unknown, Via, comm_bytes,
    },
};

/// `AT_SYMLINK_NOFOLLOW` and `AT_SYMLINK_FOLLOW` of `linux/fcntl.h`.
const AT_SYMLINK_NOFOLLOW: u64 = 0x100;
const AT_SYMLINK_FOLLOW: u64 = 0x400;
/// `O_LARGEFILE` of the kernel's own headers: libc's is 0 on 64-bit machines.
const O_LARGEFILE: u64 = if cfg!(target_arch = "aarch64") {
    0o400_000
} else {
    0o100_000
};
/// `AT_FDCWD`.
const AT_FDCWD: i32 = libc::AT_FDCWD;

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
            foreign: false,
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
        event.foreign = caller.actor.mnt_ns.is_some()
            && !paths.iter().any(|(_, below)| below.root || below.near);
        let met = paths.iter().flat_map(|(_, below)| below.met);
        event.rules.watched = met.filter(|number| *number != 0).collect();
        event.paths = paths.into_iter().map(|(path, _)| path).collect();
        call.files = open_files(record, row);
        event.call = Some(call);
        if self.through_descriptors {
            files::through_descriptors(event);
            event.below_root |= record
                .pieces()
                .any(|p| p.part == Part::Walk && p.of <= OF_RESULT && p.flags & wire::BELOW != 0);
        }
    }
}

/// The system call of a record.
fn call(record: &Record<'_>, arch: Arch) -> Call {
    let head = &record.head;
    let mut captured = captured(record);
    if arch == Arch::Uring {
        captured.iter_mut().for_each(how_as_passed);
    }
    Call {
        arch,
        nr: head.nr,
        args: if head.flags & ARGS_REPLACED != 0 {
            Err(Unknown::Replaced)
        } else if head.flags & NO_ARGS != 0 {
            Err(Unknown::Source)
        } else {
            Ok(args(head, arch))
        },
        ret: head.ret,
        unfinished: (head.flags & RESULT_UNKNOWN != 0).then(|| unfinished(record, arch)),
        captured,
        files: Vec::new(),
    }
}

/// The argument registers. What an `io_uring` request has in their place is what the kernel made of
/// it: each open of a 64-bit program has `O_LARGEFILE` there, which says nothing.
fn args(head: &Head, arch: Arch) -> [u64; 6] {
    let mut args = head.args;
    if arch == Arch::Uring
        && let Some(row) = arch.name(head.nr).and_then(row)
        && let Some(flags) = row.args.iter().position(|arg| arg.role == Role::OpenFlags)
    {
        args[flags] &= !O_LARGEFILE;
    }
    args
}

/// The same of `struct open_how`, the only memory that a request has in itself.
fn how_as_passed(captured: &mut Captured) {
    if let Data::Block(block) = &mut captured.data
        && let Some((flags, rest)) = block.bytes.split_first_chunk::<8>()
    {
        let flags = u64::from_ne_bytes(*flags) & !O_LARGEFILE;
        block.bytes = [&flags.to_ne_bytes()[..], rest].concat().into();
    }
}

/// Why there is no result: the call ended its task, or nobody knows that of an `io_uring` request.
fn unfinished(record: &Record<'_>, arch: Arch) -> Unfinished {
    if arch != Arch::Uring {
        return Unfinished::EndsTask;
    }
    let mark = record.piece(Part::Block, OF_REQUEST);
    match mark.and_then(|piece| piece.words()) {
        Some([_, _, 0]) | None => Unfinished::RunEnded,
        Some(_) => Unfinished::NotTold,
    }
}

/// The actor as the head and the walks tell it.
fn actor(record: &Record<'_>, lean: bool) -> Actor {
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

/// What the arguments point to.
fn captured(record: &Record<'_>) -> Vec<Captured> {
    let data = |piece: &Piece<'_>| {
        Some(match piece.part {
            // What is longer than a path is known as far as one.
            Part::Text if piece.status == wire::CUT && !piece.data.is_empty() => {
                Data::Text(Ok(Bytes::copy_from_slice(piece.data)))
            }
            Part::Text => Data::Text(piece.bytes()),
            Part::Argv => Data::Strings(argv(record, *piece)),
            Part::Block if piece.flags & BEFORE_CALL != 0 => Data::Before(block(piece)?),
            Part::Block => Data::Block(block(piece)?),
            Part::Count if piece.of == OF_PIDS => {
                let both = piece.word()?;
                Data::Process {
                    there: both as u32,
                    here: (both >> 32) as u32,
                }
            }
            Part::Count => Data::Count(piece.word()?, reason(piece.status)),
            Part::Walk | Part::File | Part::Socket | Part::IdsHere | Part::Met => {
                return None;
            }
        })
    };
    record
        .pieces()
        .filter(|piece| {
            !matches!(
                piece.of,
                OF_REQUEST | OF_TITLE | OF_PERSONALITY | OF_ARGC | OF_ARG_REST
            )
        })
        .filter_map(|piece| {
            Some(Captured {
                of: piece.of,
                data: data(&piece)?,
            })
        })
        .collect()
}

fn block(piece: &Piece<'_>) -> Option<Block> {
    Some(Block {
        at: piece.word()?,
        bytes: Bytes::copy_from_slice(&piece.data[8..]),
        incomplete: reason(piece.status),
    })
}

/// The files behind the descriptors of a call.
fn open_files(record: &Record<'_>, row: Option<&Row>) -> Vec<OpenFile> {
    let Some(row) = row else {
        return Vec::new();
    };
    let is_descriptor = |of: u8| match row.args.get(usize::from(of)) {
        Some(arg) => arg.role.is_descriptor(),
        None if of >= OF_INSIDE => true,
        None => of == OF_RESULT && row.result == Outcome::Descriptor,
    };
    record
        .pieces()
        .filter(|piece| piece.part == Part::Walk && is_descriptor(piece.of))
        .map(|walk| {
            let mut file = walked(record, walk);
            // A file in memory never had a directory.
            file.deleted |= walk.leaf().is_some_and(|leaf| leaf.starts_with(b"memfd:"));
            OpenFile {
                of: (walk.of != OF_RESULT).then_some(walk.of),
                name: name(&walk, &file),
                file,
                socket: socket(record, &walk),
            }
        })
        .collect()
}

/// The socket at the end of a walk, whose last name is that of its protocol.
fn socket(record: &Record<'_>, walk: &Piece<'_>) -> Option<Socket> {
    let info = record.piece(Part::Socket, walk.of)?.socket()?;
    Some(Socket {
        protocol: Bytes::copy_from_slice(walk.leaf().unwrap_or_default()),
        ends: ends(&info),
    })
}

fn ends(info: &SocketInfo) -> Ends {
    let address = |at: usize, port| {
        let bytes = &info.bytes[at..at + 16];
        let ip = if i32::from(info.family) == libc::AF_INET {
            let v4: [u8; 4] = bytes[..4].try_into().ok()?;
            IpAddr::from(v4)
        } else {
            let v6: [u8; 16] = bytes.try_into().ok()?;
            IpAddr::from(v6)
        };
        Some(SocketAddr::new(ip, port))
    };
    match i32::from(info.family) {
        // A raw socket's number is that of its protocol.
        libc::AF_INET | libc::AF_INET6
            if info.local_port != 0 && i32::from(info.kind) != libc::SOCK_RAW =>
        {
            let remote = (info.remote_port != 0).then(|| address(16, info.remote_port));
            address(0, info.local_port)
                .map_or(Ends::None, |local| Ends::Internet(local, remote.flatten()))
        }
        libc::AF_UNIX => {
            let name = info.bytes.get(..info.name_len as usize).unwrap_or_default();
            Ends::Unix {
                // One that has not been accepted yet has no inode.
                peer: (info.has_peer != 0 && info.peer != 0).then_some(info.peer),
                name: Bytes::copy_from_slice(name),
            }
        }
        libc::AF_NETLINK if info.peer != 0 => Ends::Netlink {
            protocol: info.local_port,
            port: info.peer as u32,
        },
        _ => Ends::None,
    }
}

/// What `/proc/PID/fd` shows of a file: its path, or what it is where it has none.
fn name(walk: &Piece<'_>, file: &PathItem) -> Known<Bytes> {
    let Some(id) = file
        .file
        .filter(|_| file.resolved == Err(Unknown::Detached))
    else {
        return file.resolved.clone();
    };
    let kind = match id.mode & libc::S_IFMT {
        libc::S_IFIFO => "pipe",
        libc::S_IFSOCK => "socket",
        _ => {
            let leaf = walk.leaf().unwrap_or_default();
            if files::pidfs().is_some_and(|dev| dev == id.dev) {
                return Ok(Bytes::from_static(b"anon_inode:[pidfd]"));
            }
            // What has no name of its own is no file on any file system.
            let before: &[u8] = if leaf.starts_with(b"[") || leaf == b"inotify" {
                b"anon_inode:"
            } else {
                b"/"
            };
            return Ok([before, leaf].concat().into());
        }
    };
    Ok(format!("{kind}:[{}]", id.ino).into())
}

/// The file at the end of a walk.
fn walked(record: &Record<'_>, walk: Piece<'_>) -> PathItem {
    let info = record.piece(Part::File, walk.of).and_then(|p| p.file());
    PathItem {
        role: PathRole::Target,
        arg: None,
        requested: None,
        resolved: walk.path(),
        via: Via::Kernel,
        deleted: walk.flags & wire::DELETED != 0,
        file: info.map(|info| file_id(&info)),
    }
}

fn argv(record: &Record<'_>, piece: Piece<'_>) -> Argv {
    let mut args: Vec<Bytes> = piece
        .data
        .split(|b| *b == 0)
        .map(Bytes::copy_from_slice)
        .collect();
    // The last string's own NUL leaves an empty one behind; a cut one has none.
    let is_whole = args.last().is_some_and(Bytes::is_empty);
    if is_whole {
        args.pop();
    }
    let count = |of| record.piece(Part::Count, of).and_then(|piece| piece.word());
    // They are about the arguments, which come before the environment.
    let first = record.pieces().find(|piece| piece.part == Part::Argv);
    let is_first = first.is_some_and(|first| first.of == piece.of);
    let rest = count(OF_ARG_REST).filter(|_| is_first && !is_whole);
    Argv {
        last_len: args
            .last()
            .zip(rest)
            .map(|(last, rest)| last.len() as u64 + rest),
        incomplete: reason(piece.status),
        all: count(OF_ARGC).filter(|_| is_first),
        args,
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

/// What is needed to look a name up.
struct Lookup<'a> {
    resolver: &'a mut Resolver,
    is_below: IsBelow<'a>,
}

/// Who called.
struct Caller<'a> {
    actor: &'a Actor,
    /// What `/proc` calls the process and the thread, where it shows them.
    id: Option<(u32, u32)>,
}

/// The names of one call, on their way to absolute paths.
struct Names<'a> {
    record: &'a Record<'a>,
    row: Option<&'a Row>,
    caller: &'a Caller<'a>,
    call: &'a Call,
}

impl Names<'_> {
    /// Every file of the call, each with whether the kernel saw it below a watched root.
    fn paths(&self, lookup: &mut Lookup<'_>) -> Vec<(PathItem, Below)> {
        let Some(row) = self.row else {
            return Vec::new();
        };
        let names: Vec<u8> = (0..row.args.len() as u8)
            .filter(|i| row.args[usize::from(*i)].role == Role::Path)
            .collect();
        let mut out = Vec::with_capacity(2);
        for (n, &arg) in names.iter().enumerate() {
            let role = match (names.len(), n) {
                (1, _) => PathRole::Target,
                (_, 0) => PathRole::Source,
                _ => PathRole::Dest,
            };
            out.push(self.named(row, arg, role, lookup));
        }
        out.extend(self.mount_source(row, lookup));
        for (i, arg) in row.args.iter().enumerate() {
            if arg.role == Role::Fd {
                out.extend(self.of_walk(i as u8, None));
            }
        }
        if names.is_empty() && row.flags & RETURNS_FD != 0 && self.succeeded() {
            out.extend(self.of_walk(OF_RESULT, None));
        }
        if row.flags & EXECS != 0 && self.succeeded() {
            self.executed(&mut out);
        }
        out
    }

    /// The file behind a walk; `named` is the argument that named it.
    fn of_walk(&self, of: u8, named: Option<(u8, Known<Bytes>)>) -> Option<(PathItem, Below)> {
        let walk = self.record.piece(Part::Walk, of)?;
        let mut item = walked(self.record, walk);
        if let Some((arg, name)) = named {
            (item.arg, item.requested) = (Some(arg), Some(name));
        }
        let mut below = self.below(of, walk);
        if self.caller.actor.mnt_ns.is_some() {
            let at = item.resolved.as_ref().ok().zip(item.file);
            below.near = below.near && at.is_some_and(|(path, file)| is_here(path, file.ino));
        }
        Some((item, below))
    }

    /// What the walk for `of` has met.
    fn below(&self, of: u8, walk: Piece<'_>) -> Below {
        let met = self.record.piece(Part::Met, of).and_then(|p| p.met());
        Below {
            root: walk.flags & wire::BELOW != 0,
            near: walk.flags & wire::NEAR != 0,
            holds: walk.flags & wire::HOLDS != 0,
            inside: false,
            met: met.unwrap_or_default(),
        }
    }

    /// A file that the call names.
    fn named(
        &self,
        row: &Row,
        arg: u8,
        role: PathRole,
        lookup: &mut Lookup<'_>,
    ) -> (PathItem, Below) {
        let requested = match self.record.piece(Part::Text, arg) {
            Some(piece) => piece.bytes(),
            None => Err(Unknown::Cut),
        };
        let requested = match (requested, &self.call.args) {
            (Err(_), Ok(args)) if args[usize::from(arg)] == 0 => Err(Unknown::Null),
            (requested, _) => requested,
        };
        if let Some(truth) = self.truth(row) {
            return self
                .of_walk(truth, Some((arg, requested.clone())))
                .unwrap_or_else(|| (self.root_as_path(arg, requested), Below::default()));
        }
        let (base, below) = self.base(row, arg);
        // A NULL or empty name stands for the descriptor before it (utimensat(2), AT_EMPTY_PATH).
        let stands_for_base = match &requested {
            Ok(name) => name.is_empty(),
            Err(why) => *why == Unknown::Null,
        };
        if stands_for_base
            && let Some(mut item) = arg.checked_sub(1).and_then(|fd| self.of_walk(fd, None))
        {
            (item.0.role, item.0.arg, item.0.requested) = (role, Some(arg), Some(requested));
            return item;
        }
        let found = match &requested {
            Err(why) => Resolved {
                path: Err(*why),
                via: Via::Lexical,
                below: Below::default(),
            },
            Ok(name) if name.is_empty() => Resolved {
                path: base,
                via: Via::Kernel,
                below,
            },
            Ok(name) => self.look_up(row, &base, name, lookup),
        };
        let item = PathItem {
            role,
            arg: Some(arg),
            requested: Some(requested),
            resolved: found.path,
            via: found.via,
            deleted: matches!(row.op, Op::Delete) && self.succeeded(),
            file: None,
        };
        let below = if found.via == Via::Base && found.below == Below::default() {
            below.name()
        } else {
            found.below
        };
        (item, below)
    }

    /// Looks a name up as the process would.
    fn look_up(
        &self,
        row: &Row,
        base: &Known<Bytes>,
        name: &Bytes,
        lookup: &mut Lookup<'_>,
    ) -> Resolved {
        // In another mount namespace, its root is so, too, and names are as they are there.
        let elsewhere = match self.caller.actor.mnt_ns {
            Some(_) => wire::OUTSIDE,
            None => wire::OUTSIDE | wire::OTHER_MOUNTS,
        };
        let place = Place {
            id: self.caller.id,
            mnt_ns: self.caller.actor.mnt_ns,
            root: self.caller.actor.root.as_ref(),
            elsewhere: self
                .record
                .piece(Part::Walk, OF_ROOT)
                .is_some_and(|root| root.flags & elsewhere != 0),
            base,
        };
        // Two tracers that looked each other's names up would never end.
        if self.record.head.flags & OWN_PROGRAM != 0 {
            return place.by_text(name);
        }
        let mut found = lookup
            .resolver
            .resolve(&place, name, self.follows(row), lookup.is_below);
        // The kernel's own name for the descriptor of an execveat(2). By now it may be closed, or
        // be that of a file which the program has opened since.
        let is_execveat = self.call.args == Err(Unknown::Replaced) && name.starts_with(b"/dev/fd/");
        if is_execveat && (found.path.is_err() || found.path != self.caller.actor.exe) {
            found.path = Err(Unknown::Replaced);
        }
        found
    }

    /// The source of a bind or move mount is a path; of any other it is a word (mount(2)).
    fn mount_source(&self, row: &Row, lookup: &mut Lookup<'_>) -> Option<(PathItem, Below)> {
        let flags = self.call.args.ok()?[3];
        if row.name != "mount" || flags & (libc::MS_BIND | libc::MS_MOVE) == 0 {
            return None;
        }
        Some(self.named(row, 0, PathRole::Other, lookup))
    }

    /// Did the call succeed, as far as anybody knows?
    fn succeeded(&self) -> bool {
        self.call.result().is_some_and(|ret| ret >= 0)
    }

    /// The walk that is the truth about the named file.
    fn truth(&self, row: &Row) -> Option<u8> {
        let ok = self.succeeded();
        if ok && row.flags & (RETURNS_FD | MOVES_CWD) != 0 {
            Some(OF_RESULT)
        } else if ok && row.flags & MOVES_ROOT != 0 {
            Some(OF_ROOT)
        } else {
            None
        }
    }

    /// chroot(2) to the root of the mount namespace: there is no root walk then.
    fn root_as_path(&self, arg: u8, requested: Known<Bytes>) -> PathItem {
        let is_chroot = self.row.is_some_and(|r| r.flags & MOVES_ROOT != 0);
        PathItem {
            role: PathRole::Target,
            arg: Some(arg),
            requested: Some(requested),
            resolved: if is_chroot {
                Ok(Bytes::from_static(b"/"))
            } else {
                Err(Unknown::Cut)
            },
            via: Via::Kernel,
            deleted: false,
            file: None,
        }
    }

    /// The directory that a relative name starts from, and whether it is below a watched root.
    fn base(&self, row: &Row, arg: u8) -> (Known<Bytes>, Below) {
        let fd_arg = arg
            .checked_sub(1)
            .filter(|i| row.args[usize::from(*i)].role == Role::DirFd);
        let of = match (fd_arg, &self.call.args) {
            (Some(i), Ok(args)) if args[usize::from(i)] as i32 != AT_FDCWD => i,
            _ => OF_CWD,
        };
        match self.record.piece(Part::Walk, of) {
            Some(walk) => (walk.path(), self.below(of, walk)),
            None => (Err(Unknown::UnknownBase), Below::default()),
        }
    }

    /// Does the call follow a symlink in the last component?
    fn follows(&self, row: &Row) -> bool {
        let at_flags = row
            .args
            .iter()
            .position(|a| a.role == Role::AtFlags)
            .and_then(|i| self.call.args.ok().map(|args| args[i]));
        match row.name {
            "linkat" => at_flags.is_some_and(|f| f & AT_SYMLINK_FOLLOW != 0),
            name if name.starts_with('l') && row.op == Op::Attribute => false,
            _ if matches!(row.op, Op::Delete | Op::Rename | Op::Create) => false,
            "readlink" | "readlinkat" => false,
            "open" | "openat" | "openat2" => {
                open_flags(row, self.call).is_none_or(|f| f & libc::O_NOFOLLOW as u64 == 0)
            }
            _ => at_flags.is_none_or(|f| f & AT_SYMLINK_NOFOLLOW == 0),
        }
    }

    /// A successful exec: the kernel's truth is the program that now runs. When that is not the
    /// named file (a script), the interpreter is a second file of the event.
    fn executed(&self, out: &mut Vec<(PathItem, Below)>) {
        let Some((mut program, below)) = self.of_walk(OF_EXE, None) else {
            return;
        };
        let Some((named, _)) = out.first_mut() else {
            out.push((program, below));
            return;
        };
        // A directory that the exec has closed is not known any more; what is named in one that it
        // closes is no script, as the interpreter could not open that (execveat(2)).
        let same = named.resolved == program.resolved
            || named.resolved == Err(Unknown::UnknownBase)
            || !matches!(named.via, Via::Lookup | Via::Base)
            || named
                .requested
                .as_ref()
                .is_some_and(|r| r.as_ref().is_ok_and(Bytes::is_empty));
        if same {
            program.arg = named.arg;
            program.requested = named.requested.take();
            *named = program;
            out[0].1 = below;
        } else {
            program.role = PathRole::Other;
            out.push((program, below));
        }
    }
}

fn file_id(info: &FileInfo) -> FileId {
    FileId {
        ino: info.ino,
        dev: info.dev,
        rdev: info.rdev,
        mode: info.mode,
        uid: Uid(info.uid),
        gid: Gid(info.gid),
    }
}
