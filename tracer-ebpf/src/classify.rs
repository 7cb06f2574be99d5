//! Asks the compiled rule set which classes of rules a call can still be of. The cheapest
//! questions come first; an empty answer ends them.

use aya_ebpf::{
    macros::map,
    maps::{Array, HashMap},
};
use tracer_ebpf::abi::{
    limits::CALLS_PER_ARCH,
    offsets::ABSENT,
    rules::{RuleTable, SEARCH_STEPS, SPANS_MAX, WATCHED_MAX, Watched, dim},
    wire::GENERATION,
};

use crate::{
    kernel::{current, half, offset, read, word},
    pids,
};

/// Two generations of the rule set: one in force, one that is being made ready.
#[map]
static RULES: Array<RuleTable> = Array::with_max_entries(2, 0);

/// Which generation is in force.
#[map]
static IN_FORCE: Array<u32> = Array::with_max_entries(1, 0);

/// Watched inodes.
#[map]
static WATCHED: HashMap<u64, Watched> = HashMap::with_max_entries(WATCHED_MAX, 0);

/// `O_ACCMODE` of `fcntl.h`.
const O_ACCMODE: u64 = 3;

/// Classes that are left for a call, and the generation that they belong to.
#[derive(Clone, Copy)]
pub(crate) struct Left {
    pub(crate) generation: u32,
    pub(crate) classes: u64,
}

impl Left {
    /// Without a rule set.
    pub(crate) const ALL: Self = Self {
        generation: 0,
        classes: u64::MAX,
    };

    /// All classes of the rule set in force.
    #[inline(always)]
    pub(crate) fn in_force() -> Self {
        Self {
            generation: generation(),
            ..Self::ALL
        }
    }

    /// The generation as a flag of the record's head.
    #[inline(always)]
    pub(crate) fn mark(self) -> u32 {
        if self.generation == 0 { 0 } else { GENERATION }
    }
}

/// The generation in force: 0 or 1.
#[inline(always)]
fn generation() -> u32 {
    IN_FORCE.get(0).map_or(0, |g| *g & 1)
}

/// What a watched inode means.
#[inline(always)]
pub(crate) fn watched(inode: u64) -> Option<&'static Watched> {
    // SAFETY: the map's values are only ever replaced whole.
    unsafe { WATCHED.get(inode) }
}

/// Classes that a value of a dimension leaves possible.
#[unsafe(no_mangle)]
#[inline(never)]
extern "C" fn classes_at(generation: u64, dim: u64, value: u64) -> u64 {
    let Some(table) = RULES.get(generation as u32) else {
        return u64::MAX;
    };
    let d = dim as usize & (dim::SLOTS - 1);
    let (mut at, mut count) = (table.from[d], table.len[d]);
    for _ in 0..=SEARCH_STEPS {
        if count <= 1 {
            break;
        }
        let half = count / 2;
        let middle = at + half;
        if table.spans[middle as usize & (SPANS_MAX - 1)].start <= value {
            at = middle;
            count -= half;
        } else {
            count = half;
        }
    }
    table.spans[at as usize & (SPANS_MAX - 1)].classes
}

/// Who calls, which call, with what result. `found_nothing`: a lookup that ended at no file, which
/// no watch is about.
#[inline(always)]
pub(crate) fn of_caller(slot: usize, ret: i64, found_nothing: bool, pid: u32) -> Left {
    let found_nothing = u64::from(found_nothing) << 32;
    let generation = generation();
    let classes = caller(
        u64::from(generation) | found_nothing,
        slot as u64,
        ret as u64,
        u64::from(pid),
    );
    Left {
        generation,
        classes,
    }
}

#[unsafe(no_mangle)]
#[inline(never)]
extern "C" fn caller(generation: u64, slot: u64, ret: u64, pid: u64) -> u64 {
    let found_nothing = generation >> 32 != 0;
    let generation = generation & 1;
    let Some(table) = RULES.get(generation as u32) else {
        return u64::MAX;
    };
    let mut classes = table.calls[slot as usize & (2 * CALLS_PER_ARCH - 1)];
    if found_nothing {
        classes &= !table.with_file;
    }
    let asked = table.asked;
    let asks = |d: usize| asked & (1 << d) != 0;
    if classes != 0 && asks(dim::RESULT) {
        classes &= classes_at(generation, dim::RESULT as u64, ret ^ (1 << 63));
    }
    let task = current();
    if classes != 0 && asks(dim::PID) {
        let pid = if pids::is_elsewhere() {
            pids::number_here(pids::leader(task))
        } else {
            pid
        };
        classes &= classes_at(generation, dim::PID as u64, pid);
    }
    if classes != 0 && asks(dim::AUID) && offset!(task_loginuid) != ABSENT {
        let auid = half(task, offset!(task_loginuid));
        classes &= classes_at(generation, dim::AUID as u64, u64::from(auid));
    }
    if classes != 0 && asks(dim::SESSION) && offset!(task_sessionid) != ABSENT {
        let session = half(task, offset!(task_sessionid));
        classes &= classes_at(generation, dim::SESSION as u64, u64::from(session));
    }
    if classes != 0 && asks(dim::PPID) {
        let parent = word(task, offset!(task_real_parent));
        let parent = if pids::is_elsewhere() {
            pids::number_here(pids::leader(parent))
        } else {
            u64::from(half(parent, offset!(task_tgid)))
        };
        classes &= classes_at(generation, dim::PPID as u64, parent);
    }
    if classes != 0 && asked & ((1 << dim::CRED_COUNT) - 1) != 0 {
        let cred = word(task, offset!(task_cred));
        // What cannot be read is left to user space.
        if let Some(ids) = read::<[u32; dim::CRED_COUNT]>(cred + u64::from(offset!(cred_uid))) {
            for (d, id) in ids.into_iter().enumerate() {
                if classes != 0 && asks(d) {
                    classes &= classes_at(generation, d as u64, u64::from(id));
                }
            }
        }
    }
    classes
}

/// What an open is for; its flags are the second or the third argument.
#[inline(always)]
pub(crate) fn of_access(left: &mut Left, slot: usize, second: u64, third: u64) {
    left.classes &= access(u64::from(left.generation), slot as u64, second, third);
}

/// A function of its own: the mask is to stay, where the compiler knows more of the slot than the verifier does.
#[unsafe(no_mangle)]
#[inline(never)]
extern "C" fn access(generation: u64, slot: u64, second: u64, third: u64) -> u64 {
    let Some(table) = RULES.get(generation as u32) else {
        return u64::MAX;
    };
    let flags_arg = table.flags_arg[slot as usize & (2 * CALLS_PER_ARCH - 1)];
    if table.asked & (1 << dim::ACCESS) == 0 || flags_arg == 0 {
        return u64::MAX;
    }
    let flags = if flags_arg == 2 { second } else { third };
    classes_at(generation, dim::ACCESS as u64, flags & O_ACCMODE)
}

/// What the walk to the call's file has met.
#[inline(always)]
pub(crate) fn of_file(left: &mut Left, met: [u64; 2]) {
    if let Some(table) = RULES.get(left.generation) {
        let met = if left.generation == 0 { met[0] } else { met[1] };
        left.classes &= !table.with_file | met;
    }
}
