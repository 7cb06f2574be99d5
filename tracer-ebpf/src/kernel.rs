//! Reading kernel and user memory, and the constants that user space gives at load time.
//!
//! A read never faults: what cannot be read is reported as such.

use aya_ebpf::{helpers::generated as helpers, macros::map, maps::Array};
use tracer_ebpf::abi::{
    call::{CallGate, CallTable},
    filter::Config,
    limits::ROOTS_INLINE,
    offsets::Offsets,
};

/// Structure offsets of the running kernel, set at load time. Read through [`offset!`] only: the
/// compiler must not see the value, the verifier must.
#[unsafe(no_mangle)]
pub(crate) static OFFSETS: Offsets = Offsets::NONE;

/// The compiled filter, set at load time. Read through [`config!`] only.
#[unsafe(no_mangle)]
pub(crate) static CONFIG: Config =
    Config {
        flags: 0,
        self_pid: 0,
        wake_mark: 0,
        roots: [0; ROOTS_INLINE],
        mnt_ns: 0,
        root_mnt: 0,
        root_dentry: 0,
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

/// What to capture of each call.
#[map]
pub(crate) static CALLS: Array<CallTable> = Array::with_max_entries(1, 0);

/// Numbers that are wanted in any table.
#[map]
pub(crate) static GATE: Array<CallGate> = Array::with_max_entries(1, 0);

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
        if rc == 0 { Some(value.assume_init()) } else { None }
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
        if rc == 0 { Some(value.assume_init()) } else { None }
    }
}

/// `struct task_struct *` of the caller.
#[inline(always)]
pub(crate) fn current() -> u64 {
    // SAFETY: the helper takes no arguments and cannot fail.
    unsafe { helpers::bpf_get_current_task() }
}
