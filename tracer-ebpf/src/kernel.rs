//! Reading kernel and user memory, and the constants that user space gives at load time.
//!
//! A read never faults: what cannot be read is reported as such.

use aya_ebpf::{helpers::generated as helpers, macros::map, maps::Array};
use tracer_ebpf::abi::{
    call::{CallGate, CallSpec},
    filter::Config,
    limits::CALLS_PER_ARCH,
    offsets::Offsets,
};

/// Structure offsets of the running kernel, set at load time. Read through [`offset!`] only: the
/// compiler must not see the value, the verifier must.
#[unsafe(no_mangle)]
pub(crate) static OFFSETS: Offsets = Offsets::NONE;

/// The compiled filter, set at load time. Read through [`config!`] only.
#[unsafe(no_mangle)]
pub(crate) static CONFIG: Config = Config {
    flags: 0,
    self_pid: 0,
    wake_mark: 0,
    signals: 0,
    mnt_ns: 0,
    root_mnt: 0,
    root_dentry: 0,
    root_inode: 0,
    strings: 0,
    program: 0,
    pid_ns: 0,
    pid_level: 0,
    upid_size: 0,
    half: 0,
    share: 0,
};

/// The offset of one kernel structure member, as `u32`.
macro_rules! offset {
    ($field:ident) => {
        // SAFETY: the address of a field of a static is valid and aligned.
        unsafe { core::ptr::read_volatile(&raw const $crate::kernel::OFFSETS.$field) }
    };
}
pub(crate) use offset;

/// One field of the compiled filter.
macro_rules! config {
    ($($field:tt)+) => {
        // SAFETY: the address of a field of a static is valid and aligned.
        unsafe { core::ptr::read_volatile(&raw const $crate::kernel::CONFIG.$($field)+) }
    };
}
pub(crate) use config;

/// What to capture of each call: native calls first, then those of the 32-bit table.
#[map]
pub(crate) static CALLS: Array<CallSpec> = Array::with_max_entries(2 * CALLS_PER_ARCH as u32, 0);

/// Numbers that are wanted in any table.
#[map]
pub(crate) static GATE: Array<CallGate> = Array::with_max_entries(1, 0);

/// `AT_FDCWD` of `linux/fcntl.h`.
pub(crate) const AT_FDCWD: i32 = -100;

/// Is this flag of the compiled filter set?
#[inline(always)]
pub(crate) fn asked(flag: u32) -> bool {
    config!(flags) & flag != 0
}

/// Reads a value from kernel memory. `T` is an integer or an array of integers.
#[inline(always)]
pub(crate) fn read<T: Copy>(addr: u64) -> Option<T> {
    let mut value = core::mem::MaybeUninit::<T>::uninit();
    // SAFETY: the helper writes `size_of::<T>()` bytes or fails, and any bytes make a `T`.
    unsafe {
        let rc = helpers::bpf_probe_read_kernel(
            value.as_mut_ptr().cast(),
            size_of::<T>() as u32,
            addr as *const _,
        );
        if rc == 0 {
            Some(value.assume_init())
        } else {
            None
        }
    }
}

/// Reads a pointer or a `u64` member at `offset`; 0 when it cannot be read.
#[inline(always)]
pub(crate) fn word(addr: u64, offset: u32) -> u64 {
    read::<u64>(addr + u64::from(offset)).unwrap_or(0)
}

/// Reads a `u32` member at `offset`; 0 when it cannot be read.
#[inline(always)]
pub(crate) fn half(addr: u64, offset: u32) -> u32 {
    read::<u32>(addr + u64::from(offset)).unwrap_or(0)
}

/// The beginning of a kernel structure, copied by one read: most members that are needed stand
/// close together, and a read costs the same for 8 bytes as for 100.
#[repr(transparent)]
pub(crate) struct View<const N: usize>([u64; N]);

impl<const N: usize> View<N> {
    /// Copies `N` words from `addr`; false when they cannot be read.
    #[inline(always)]
    pub(crate) fn fill(&mut self, addr: u64) -> bool {
        // SAFETY: the helper writes `N` words or fails.
        let rc = unsafe {
            helpers::bpf_probe_read_kernel(
                self.0.as_mut_ptr().cast(),
                size_of::<Self>() as u32,
                addr as *const _,
            )
        };
        rc == 0
    }

    /// The word at `offset` of the structure at `addr`, whose copy begins at `first`. A member
    /// outside of the copy is read by itself: that depends on the kernel only, so that the
    /// verifier drops the branch that is not taken.
    #[inline(always)]
    pub(crate) fn word_from(&self, first: u32, addr: u64, offset: u32) -> u64 {
        match self.0.get((offset.wrapping_sub(first) / 8) as usize) {
            Some(word) => *word,
            None => word(addr, offset),
        }
    }

    /// [`View::word_from`] of a copy that begins with the structure.
    #[inline(always)]
    pub(crate) fn word(&self, addr: u64, offset: u32) -> u64 {
        self.word_from(0, addr, offset)
    }

    /// The `u32` at `offset`.
    #[inline(always)]
    pub(crate) fn half_from(&self, first: u32, addr: u64, offset: u32) -> u32 {
        let word = self.word_from(first, addr, offset & !7);
        if offset & 4 == 0 {
            word as u32
        } else {
            (word >> 32) as u32
        }
    }

    /// [`View::half_from`] of a copy that begins with the structure.
    #[inline(always)]
    pub(crate) fn half(&self, addr: u64, offset: u32) -> u32 {
        self.half_from(0, addr, offset)
    }

    /// Five words at `offset`, or `None` when they are not in the copy.
    #[inline(always)]
    pub(crate) fn five(&self, offset: u32) -> Option<[u64; 5]> {
        let at = offset as usize / 8;
        self.0
            .get(at..at + 5)
            .and_then(|words| words.try_into().ok())
    }
}

/// Reads a value from user memory.
#[inline(always)]
pub(crate) fn read_user<T: Copy>(addr: u64) -> Option<T> {
    let mut value = core::mem::MaybeUninit::<T>::uninit();
    // SAFETY: as in `read`.
    unsafe {
        let rc = helpers::bpf_probe_read_user(
            value.as_mut_ptr().cast(),
            size_of::<T>() as u32,
            addr as *const _,
        );
        if rc == 0 {
            Some(value.assume_init())
        } else {
            None
        }
    }
}

/// `struct task_struct *` of the caller.
#[inline(always)]
pub(crate) fn current() -> u64 {
    // SAFETY: the helper takes no arguments and cannot fail.
    unsafe { helpers::bpf_get_current_task() }
}
