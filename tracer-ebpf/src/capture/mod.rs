//! Fills a record in this CPU's scratch buffer. One file per kind of thing captured.
//!
//! What takes many instructions to verify is a global function (`#[no_mangle]`, scalar arguments
//! only): the verifier then looks at it once instead of at every call on every path
//! (`Documentation/bpf/verifier.rst`). Such a function finds the buffer again by its slot. The
//! body of a long loop is such a function, too, and what it carries from turn to turn is kept in
//! the buffer: the verifier then has one turn to look at, not as many as the loop has.

pub(crate) mod argv;
pub(crate) mod file;
pub(crate) mod memory;
pub(crate) mod path;
mod socket;
pub(crate) mod task;
pub(crate) mod text;

use aya_ebpf::{macros::map, maps::Array};
use tracer_ebpf::abi::{
    limits::{RECORD_MAX, RECORD_SLACK},
    wire::{Door, FAULT, Head, Part, Section},
};

pub(crate) use self::memory::put_count;
use self::{memory::Counting, path::Walk};
use crate::{
    emit,
    kernel::{View, offset},
};

/// Where a record is put together before it goes to the ring.
#[repr(C)]
pub(crate) struct Scratch {
    /// Bytes used of `buf`; a multiple of 8.
    pos: u64,
    /// Copies of kernel structures: here and not on the stack, whose 512 bytes are shared by all
    /// functions of a call chain.
    pub(crate) views: Views,
    /// Where a walk stands.
    pub(crate) walk: Walk,
    /// Where a count stands.
    pub(crate) counting: Counting,
    /// The record.
    pub(crate) buf: [u8; RECORD_MAX + RECORD_SLACK],
}

/// Copies of kernel structures that a record is made from.
#[repr(C)]
pub(crate) struct Views {
    /// Saved registers: exactly their size, because nothing is mapped behind them.
    pub(crate) regs: View<REGS>,
    /// `struct task_struct` from `cred` on.
    pub(crate) task: View<32>,
    pub(crate) fs: View<8>,
    pub(crate) file: View<16>,
    pub(crate) inode: View<16>,
    pub(crate) dentry: View<16>,
    pub(crate) mount: View<8>,
}

/// Words of `struct pt_regs` up to the last member used.
const REGS: usize = if cfg!(bpf_target_arch = "aarch64") {
    36
} else {
    21
};

/// One entry per possible CPU and [`Use`]; user space sets the size at load time.
#[map]
static SCRATCH: Array<Scratch> = Array::with_max_entries(3, 0);

/// Programs on different hooks could meet on one CPU: each has its own buffer.
#[derive(Clone, Copy)]
pub(crate) enum Use {
    Call = 0,
    Task = 1,
    /// Questions of user space, which may be interrupted by all others.
    Question = 2,
}

/// Number of [`Use`]s.
const USES: u64 = 3;

/// Index of this CPU's buffer for a hook.
#[inline(always)]
pub(crate) fn slot(purpose: Use) -> u64 {
    u64::from(emit::cpu()) * USES + purpose as u64
}

/// The buffer at an index from [`slot`].
#[inline(always)]
pub(crate) fn scratch(slot: u64) -> Option<&'static mut Scratch> {
    // SAFETY: preemption is off, and each hook uses its own entry of this CPU.
    SCRATCH.get_ptr_mut(slot as u32).map(|p| unsafe { &mut *p })
}

impl Scratch {
    /// Begins a record: its head is reserved, and the call has no time until it is said.
    #[inline(always)]
    pub(crate) fn begin(&mut self) {
        self.set_position(size_of::<Head>());
        let head = self.head();
        (head.entered_ns, head.off_cpu_ns) = (0, 0);
    }

    /// Bytes used. The compiler must not know the value's range: the verifier does not either
    /// and needs to see the mask.
    #[inline(always)]
    pub(crate) fn position(&self) -> usize {
        // SAFETY: a reference is valid for a volatile read.
        unsafe { core::ptr::read_volatile(&raw const self.pos) as usize & (RECORD_MAX - 1) }
    }

    #[inline(always)]
    pub(crate) fn set_position(&mut self, pos: usize) {
        // SAFETY: a reference is valid for a volatile write.
        unsafe { core::ptr::write_volatile(&raw mut self.pos, pos as u64) }
    }

    /// Is there room for `n` more bytes before the limit of a record?
    #[inline(always)]
    pub(crate) fn has_room(&self, n: usize) -> bool {
        self.position() + n < RECORD_MAX
    }

    /// Address of the byte at `pos`. At most [`RECORD_SLACK`] bytes from there are inside.
    #[inline(always)]
    pub(crate) fn at(&mut self, pos: usize) -> *mut u8 {
        // SAFETY: the mask keeps the offset inside `buf`.
        unsafe { self.buf.as_mut_ptr().add(pos & (RECORD_MAX - 1)) }
    }

    /// The bytes used.
    #[inline(always)]
    pub(crate) fn record(&self) -> &[u8] {
        // SAFETY: `position` is below `RECORD_MAX`, which is inside the buffer.
        unsafe {
            core::slice::from_raw_parts(self.buf.as_ptr(), self.position() & (RECORD_MAX - 1))
        }
    }

    /// The head of the record.
    #[inline(always)]
    pub(crate) fn head(&mut self) -> &mut Head {
        // SAFETY: `buf` starts at a multiple of 8 and is longer than a head; a head is integers.
        unsafe { &mut *self.buf.as_mut_ptr().cast::<Head>() }
    }

    /// Begins a section and returns its position.
    #[inline(always)]
    pub(crate) fn open(&mut self, part: Part, of: u8) -> usize {
        let start = self.position();
        let section = Section {
            part: part as u8,
            of,
            status: FAULT,
            flags: 0,
            len: 0,
        };
        // SAFETY: `start` is a multiple of 8 within the buffer and its slack.
        unsafe { self.at(start).cast::<Section>().write(section) };
        self.set_position(start + size_of::<Section>());
        start
    }

    /// Ends the section at `start`, whose payload is `len` bytes long.
    #[inline(always)]
    pub(crate) fn close(&mut self, start: usize, status: u8, flags: u8, len: usize) {
        let at = self.at(start).cast::<Section>();
        // SAFETY: `open` wrote a section there.
        unsafe {
            (*at).status = status;
            (*at).flags = flags;
            (*at).len = len as u32;
        }
        self.set_position(start + size_of::<Section>() + ((len + 7) & !7));
    }

    /// The status of an empty section that was closed last.
    #[inline(always)]
    pub(crate) fn last_status(&mut self) -> u8 {
        let start = self.position().wrapping_sub(size_of::<Section>());
        // SAFETY: the mask of `at` keeps the address inside the buffer.
        unsafe { (*self.at(start).cast::<Section>()).status }
    }

    /// A section without payload that says why there is none.
    #[inline(always)]
    pub(crate) fn absent(&mut self, part: Part, of: u8, why: u8) {
        let start = self.open(part, of);
        self.close(start, why, 0, 0);
    }
}

/// Puts the six arguments into the head.
#[inline(always)]
pub(crate) fn registers(s: &mut Scratch, regs: u64, door: &Door) {
    s.views.regs.fill(regs);
    let arg = |s: &Scratch, offset| s.views.regs.word(regs, offset);
    // Elsewhere the offsets are unknown, which the verifier does not like to see behind a pointer.
    s.head().args = if cfg!(bpf_target_arch = "x86_64") && matches!(door, Door::Compat) {
        let low = |s: &Scratch, offset| arg(s, offset) & 0xffff_ffff;
        [
            low(s, offset!(regs_bx)),
            low(s, offset!(regs_cx)),
            low(s, offset!(regs_a2)),
            low(s, offset!(regs_a1)),
            low(s, offset!(regs_a0)),
            low(s, offset!(regs_bp)),
        ]
    } else {
        [
            arg(s, offset!(regs_a0)),
            arg(s, offset!(regs_a1)),
            arg(s, offset!(regs_a2)),
            arg(s, offset!(regs_a3)),
            arg(s, offset!(regs_a4)),
            arg(s, offset!(regs_a5)),
        ]
    };
}
