//! The one currency of the live path: every source yields [`Item`]s, and nothing downstream asks
//! which source it was. No I/O here.

mod account;
pub(crate) mod arch;
mod bytes_ext;
mod captured;
pub mod notice;
mod op;
mod path;
mod roots;
mod unknown;
pub mod uring_op;
mod users;

use std::{borrow::Cow, fmt, time::Duration};

pub use account::{AFTER_END, Account, Sums, UNDECIDED};
pub use arch::{Arch, NUMBERS};
pub use bytes_ext::comm_bytes;
pub use captured::{Argv, Block, Captured, Data, Ends, OpenFile, Socket};
pub use notice::Notice;
pub use op::Op;
pub use path::{FileId, PathItem, PathRole, Via, dev_parts};
pub use roots::Roots;
pub use unknown::{Known, Unknown};
pub use users::{UserDatabase, Users};

use bytes::Bytes;
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};

/// What a source yields.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Item {
    /// Something happened.
    Event(Box<Event>),
    /// Something happened that nobody can tell any more.
    Loss(Loss),
}

/// Events that were lost, at the place in the stream where they were lost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Loss {
    /// When the loss was noticed: the time of the first record after the gap.
    pub time: Time,
    /// CPU whose records are missing; `None` when the source does not know.
    pub cpu: Option<u32>,
    /// How many events; `None` when the source does not count them (inotify and fanotify queue
    /// overflow).
    pub count: Option<u64>,
    /// Why.
    pub reason: LossReason,
}

/// Why events were lost. Recordings have them by their place: a new one comes last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum LossReason {
    /// The ring buffer was full: the reader was too slow for too long.
    RingFull,
    /// A probe met itself on the same CPU and the kernel skipped it (`recursion_misses`).
    Recursion,
    /// The inotify or fanotify queue overflowed (`IN_Q_OVERFLOW`, `FAN_Q_OVERFLOW`).
    QueueOverflow,
    /// A record could not be decoded.
    Malformed,
    /// The output refused it (disk full, write error).
    Output,
    /// More than the rules allow in a second (`-r`).
    RateLimit,
    /// The daemon before was killed: what it had not written yet is gone.
    Restart,
    /// A child of a traced process that was not traced: there were too many at once.
    Unfollowed,
    /// A process had its share of a ring that was nearly full: there was to be room for others.
    Flood,
}

impl LossReason {
    /// Every reason.
    pub const ALL: [Self; 9] = [
        Self::RingFull,
        Self::Flood,
        Self::Recursion,
        Self::QueueOverflow,
        Self::Malformed,
        Self::Output,
        Self::RateLimit,
        Self::Restart,
        Self::Unfollowed,
    ];

    /// The word used in every output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::RingFull => "ring-full",
            Self::Flood => "flood",
            Self::Recursion => "recursion",
            Self::QueueOverflow => "queue-overflow",
            Self::Malformed => "malformed",
            Self::Output => "output",
            Self::RateLimit => "rate-limit",
            Self::Restart => "restart",
            Self::Unfollowed => "unfollowed",
        }
    }
}

/// A moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub struct Time {
    /// Wall clock: nanoseconds since 1970-01-01 UTC.
    pub wall_ns: u64,
    /// `CLOCK_MONOTONIC`, nanoseconds; the source of the order. 0 for a source without it.
    pub mono_ns: u64,
}

impl Time {
    /// Seconds and nanoseconds of the wall clock.
    pub fn wall(self) -> Duration {
        Duration::from_nanos(self.wall_ns)
    }
}

/// Which source reported an event. For `--stats` and the JSON field only: nothing decides on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Backend {
    /// eBPF raw tracepoints.
    Ebpf,
    /// fanotify(7).
    Fanotify,
    /// inotify(7).
    Inotify,
    /// The difference between a snapshot of a tree and the tree as it is.
    Snapshot,
    /// An audit log.
    Log,
}

impl Backend {
    /// The word used in every output and by `--backend`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ebpf => "ebpf",
            Self::Fanotify => "fanotify",
            Self::Inotify => "inotify",
            Self::Snapshot => "snapshot",
            Self::Log => "log",
        }
    }
}

/// Process id (what the kernel calls tgid) as the tracer's pid namespace has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Pid(pub u32);

/// Thread id (what the kernel calls pid).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Tid(pub u32);

/// User id as the initial user namespace sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Uid(pub u32);

/// Group id as the initial user namespace sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Gid(pub u32);

/// What a process or thread is called. Two with the same number, one in the tracer's pid namespace
/// and one outside, are two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TaskId {
    /// By its id in the tracer's pid namespace.
    Here(Pid),
    /// By its id in the initial one: it is outside of the tracer's.
    Host(Pid),
}

impl fmt::Display for TaskId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Here(pid) => write!(f, "{}", pid.0),
            Self::Host(pid) => write!(f, "host:{}", pid.0),
        }
    }
}

/// Ids of a task in the initial pid namespace, the host's, where the tracer is in another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostIds {
    /// Process.
    pub pid: Pid,
    /// Thread.
    pub tid: Tid,
    /// Parent process.
    pub ppid: Option<Pid>,
    /// The task is not in the tracer's pid namespace: it has no number there.
    pub is_outside: bool,
}

/// credentials(7) of a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Creds {
    /// Real user id.
    pub uid: Uid,
    /// Real group id.
    pub gid: Gid,
    /// Saved user id.
    pub suid: Uid,
    /// Saved group id.
    pub sgid: Gid,
    /// Effective user id.
    pub euid: Uid,
    /// Effective group id.
    pub egid: Gid,
    /// User id for file access.
    pub fsuid: Uid,
    /// Group id for file access.
    pub fsgid: Gid,
}

/// Who did it. A `None` is "this source cannot tell"; formats show it as an explicit unknown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Actor {
    /// Process; of one that is outside of the tracer's pid namespace, the id that it has in the
    /// initial one: see [`Actor::pid_here`].
    pub pid: Pid,
    /// Thread.
    pub tid: Option<Tid>,
    /// Parent process.
    pub ppid: Option<Pid>,
    /// What the initial pid namespace calls it; `None`: that is where the tracer is, too, or the
    /// source cannot tell.
    pub host: Option<HostIds>,
    /// Credentials.
    pub creds: Option<Creds>,
    /// Login user id; `Some(u32::MAX)` is the kernel's own "unset".
    pub auid: Option<u32>,
    /// Audit session; `Some(u32::MAX)` is "unset".
    pub session: Option<u32>,
    /// Command name, at most 15 bytes, any bytes but NUL.
    pub comm: Known<Bytes>,
    /// Absolute path of the program.
    pub exe: Known<Bytes>,
    /// The program's file has been deleted or replaced since it was started.
    pub exe_deleted: bool,
    /// Absolute path of the working directory, after the call.
    pub cwd: Known<Bytes>,
    /// Absolute path of the root directory when the task is in a chroot.
    pub root: Option<Bytes>,
    /// Id of the version-2 cgroup.
    pub cgroup: Option<u64>,
    /// Inode number of the mount namespace when it is not the tracer's own: paths are then as
    /// seen in that namespace.
    pub mnt_ns: Option<u32>,
    /// Beginning of the command line after the call (proc(5), `cmdline`), with a NUL behind each
    /// argument, where a rule set asks for events.
    pub title: Option<Bytes>,
    /// Execution domain (personality(2)), where a rule set asks for events; else 0, which is that
    /// of nearly all processes.
    pub personality: u32,
}

impl Actor {
    /// Its id in the tracer's pid namespace; `None` when it is not in it.
    pub fn pid_here(&self) -> Option<Pid> {
        (!self.is_outside()).then_some(self.pid)
    }

    /// What the process is called.
    pub fn id(&self) -> TaskId {
        if self.is_outside() {
            TaskId::Host(self.pid)
        } else {
            TaskId::Here(self.pid)
        }
    }

    /// What its parent is called.
    pub fn parent_id(&self) -> Option<TaskId> {
        let outside = || self.host.and_then(|host| host.ppid);
        self.ppid
            .map(TaskId::Here)
            .or_else(|| outside().map(TaskId::Host))
    }

    /// What the thread is called.
    pub fn thread_id(&self) -> Option<TaskId> {
        let outside = || self.host.filter(|host| host.is_outside);
        let here = self.tid.map(|tid| TaskId::Here(Pid(tid.0)));
        here.or_else(|| outside().map(|host| TaskId::Host(Pid(host.tid.0))))
    }

    /// Is it the first thread of its process?
    pub fn is_first_thread(&self) -> bool {
        self.thread_id() == Some(self.id())
    }

    /// Is it outside of the tracer's pid namespace?
    pub fn is_outside(&self) -> bool {
        self.host.is_some_and(|host| host.is_outside)
    }
}

/// The system call behind an event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Call {
    /// Table that `nr` belongs to.
    pub arch: Arch,
    /// Number in that table.
    pub nr: u32,
    /// The six argument registers.
    pub args: Known<[u64; 6]>,
    /// Result: negative errno on failure. It means nothing for a call that is unfinished.
    pub ret: i64,
    /// The call has not returned, and why nobody saw it return.
    pub unfinished: Option<Unfinished>,
    /// What its arguments point to, as far as it was captured, in the order of the arguments.
    pub captured: Vec<Captured>,
    /// The files behind its descriptors, where these were asked for.
    pub files: Vec<OpenFile>,
}

impl Call {
    /// The errno of a failed call (1..=4095), or `None` for a success.
    pub fn errno(&self) -> Option<i32> {
        ((-4095..0).contains(&self.ret) && self.unfinished.is_none()).then(|| -self.ret as i32)
    }

    /// The result, unless the call is unfinished.
    pub fn result(&self) -> Option<i64> {
        self.unfinished.is_none().then_some(self.ret)
    }

    /// What an argument led to.
    pub fn data(&self, of: u8) -> impl Iterator<Item = &Data> {
        self.captured
            .iter()
            .filter(move |captured| captured.of == of)
            .map(|captured| &captured.data)
    }

    /// The string that an argument points to; `None` when it is no string.
    pub fn text(&self, of: u8) -> Option<&Known<Bytes>> {
        self.data(of).find_map(|data| match data {
            Data::Text(text) => Some(text),
            _ => None,
        })
    }

    /// The first array of strings: the arguments of an exec.
    pub fn argv(&self) -> Option<&Argv> {
        self.captured
            .iter()
            .find_map(|captured| match &captured.data {
                Data::Strings(argv) => Some(argv),
                _ => None,
            })
    }

    /// The memory at an address: from there on to the end of what was captured.
    pub fn memory(&self, at: u64) -> Option<&[u8]> {
        longest(
            at,
            self.captured
                .iter()
                .filter_map(|captured| match &captured.data {
                    Data::Block(block) => Some(block),
                    _ => None,
                }),
        )
    }

    /// The same as it was when the call began, where the call changes it.
    pub fn memory_before(&self, at: u64) -> Option<&[u8]> {
        longest(
            at,
            self.captured
                .iter()
                .filter_map(|captured| match &captured.data {
                    Data::Before(block) => Some(block),
                    _ => None,
                }),
        )
    }

    /// Three words at the address in an argument: `struct open_how`.
    pub fn open_how(&self, of: u8) -> Option<[u64; 3]> {
        let block = self.data(of).find_map(|data| match data {
            Data::Block(block) => Some(block),
            _ => None,
        })?;
        let word = |i: usize| {
            let bytes = block.bytes.get(i * 8..i * 8 + 8)?;
            bytes.try_into().ok().map(u64::from_ne_bytes)
        };
        Some([word(0)?, word(1)?, word(2)?])
    }
}

/// What is known of the memory at an address: blocks may overlap.
fn longest<'a>(at: u64, blocks: impl Iterator<Item = &'a Block>) -> Option<&'a [u8]> {
    let from = |block: &'a Block| {
        let start = usize::try_from(at.checked_sub(block.at)?).ok()?;
        block.bytes.get(start..).filter(|bytes| !bytes.is_empty())
    };
    blocks.filter_map(from).max_by_key(|bytes| bytes.len())
}

/// Why a call is not seen to return.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Unfinished {
    /// The run ended while it was waiting.
    RunEnded,
    /// An `io_uring` request that asked for a success not to be told (`IOSQE_CQE_SKIP_SUCCESS`):
    /// nobody is, neither the program nor tracer.
    NotTold,
    /// It ended its task: exit(2), `exit_group(2)`.
    EndsTask,
}

impl Unfinished {
    /// Has it perhaps ended, and only its result is not known?
    pub fn is_over(self) -> bool {
        matches!(self, Self::NotTold | Self::EndsTask)
    }

    /// The word used in every output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::RunEnded => "run-ended",
            Self::NotTold => "not-told",
            Self::EndsTask => "ends-task",
        }
    }
}

/// How long a call took; how long it has been waiting when it is unfinished.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timing {
    /// By `CLOCK_MONOTONIC`, nanoseconds.
    pub duration_ns: u64,
    /// Time of it that the task had a CPU, where that was asked for.
    pub cpu_ns: Option<u64>,
}

/// Calls of one kind that a source has counted instead of handing them on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallSums {
    /// Table that `nr` belongs to.
    pub arch: Arch,
    /// Number in that table.
    pub nr: u32,
    /// Calls that returned.
    pub calls: u64,
    /// Those that failed.
    pub errors: u64,
    /// Time of the calls whose beginning was seen, in nanoseconds.
    pub ns: u64,
    /// The longest of them.
    pub max_ns: u64,
    /// The shortest of them; 0: there is none.
    pub min_ns: u64,
    /// How many took how long, by [`tracer_ebpf::abi::count::bucket`].
    pub buckets: Vec<u64>,
}

/// A signal that was delivered: signal(7), and `siginfo_t` of sigaction(2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signal {
    /// Its number.
    pub number: u32,
    /// The 48 bytes of `struct kernel_siginfo`, whose layout is that of `siginfo_t`, as words.
    pub info: [u64; 6],
}

/// How a task ended, as wait(2) tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exit {
    /// `exit_group` status; `None` when it was killed.
    pub status: Option<u8>,
    /// Signal that killed it.
    pub signal: Option<u8>,
    /// It dumped core.
    pub core: bool,
    /// It was the last thread of its process.
    pub last_thread: bool,
    /// The call that asked for it: `exit` or `exit_group` with their argument. `None` for a death
    /// by signal, and for a thread that another one ended.
    #[serde(deserialize_with = "called")]
    pub called: Option<(&'static str, i32)>,
}

/// [`Exit::called`], by a name of this build's own calls.
fn called<'de, D: Deserializer<'de>>(from: D) -> Result<Option<(&'static str, i32)>, D::Error> {
    let read: Option<(Cow<'de, str>, i32)> = Deserialize::deserialize(from)?;
    let known = |(name, status): (Cow<'_, str>, i32)| {
        let own = Arch::NATIVE.number(&name);
        let own = own.and_then(|nr| Arch::NATIVE.name(nr));
        let own = own.ok_or_else(|| D::Error::custom(format!("no call {name}")))?;
        Ok((own, status))
    };
    read.map(known).transpose()
}

/// What decides which files an event was about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Certainty {
    /// Their names, and what the kernel has said.
    #[default]
    Names,
    /// Only what the kernel has said: the task is in another mount namespace, where a name may be that
    /// of another file.
    Kernel,
    /// Nothing: nobody can tell.
    Nothing,
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each says one thing, and no two belong together"
)]
pub struct Event {
    /// When.
    pub time: Time,
    /// Which source saw it.
    pub backend: Backend,
    /// CPU and sequence number on it, where the source has them.
    pub place: Option<(u32, u64)>,
    /// What, in one word.
    pub op: Op,
    /// Who, or why nobody can tell.
    pub actor: Known<Actor>,
    /// The system call; `None` for sources below or above that level.
    pub call: Option<Call>,
    /// How a task ended ([`Op::Exit`] only).
    pub exit: Option<Exit>,
    /// How long the call took, where the source was asked for it and saw it begin.
    pub timing: Option<Timing>,
    /// The signal that was delivered ([`Op::Signal`] without a call only).
    pub signal: Option<Signal>,
    /// The files it is about, in the order of the arguments.
    pub paths: Vec<PathItem>,
    /// The source made this up from a scan (inotify: a directory appeared and had content before
    /// it could be watched; or a rescan after an overflow).
    pub synthesised: bool,
    /// The kernel saw that the file is at or below a watched root.
    pub below_root: bool,
    /// What decides which files it was about.
    #[serde(skip)]
    pub certainty: Certainty,
    /// The process runs the program that has captured this: it is a tracer, too.
    #[serde(skip)]
    pub of_tracer: bool,
    /// The object is a directory (sources without an inode know only this).
    pub is_dir: bool,
    /// What a rule set has to do with it.
    pub rules: ByRules,
    /// What the kernel called it, where the source is a notification interface.
    pub notice: Option<Notice>,
}

/// What a rule set has to do with an event.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ByRules {
    /// The keys (`-k`) of the rule that it matched, separated by `\x01` as audit has them.
    pub key: Option<Bytes>,
    /// Numbers of the watched files and trees that the kernel has seen it at or below.
    pub watched: Vec<u64>,
    /// Which of two generations of the rule set let it pass in the kernel.
    pub generation: bool,
}

impl Event {
    /// Did it succeed? `None` when the source does not tell (fanotify and inotify report
    /// successes only and answer `Some(true)`).
    pub fn success(&self) -> Option<bool> {
        match &self.call {
            Some(call) if call.unfinished.is_some() => None,
            Some(call) => Some(call.errno().is_none()),
            None if self.exit.is_some() || self.signal.is_some() => None,
            None => Some(true),
        }
    }

    /// The process or thread that the call has made, by its id in the tracer's pid namespace. The
    /// kernel tells its maker the number that it has in the maker's: where that is another one, nobody
    /// knows it here.
    pub fn made(&self) -> Option<Pid> {
        let call = self.call.as_ref().filter(|_| self.op == Op::Fork)?;
        let is_below = |one: &Captured| matches!(one.data, Data::Process { .. });
        if self.actor.as_ref().ok()?.is_outside() || call.captured.iter().any(is_below) {
            return None;
        }
        let id = u32::try_from(call.result()?).ok();
        id.filter(|id| *id > 0).map(Pid)
    }
}
