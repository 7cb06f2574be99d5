//! Doors into the kernel itself: bpf(2), `perf_event_open(2)`, ptrace(2), `io_uring`, landlock.

use super::{Writer, tables, writer::foreign};
use crate::calls::Arg;

/// A command of bpf(2).
pub(crate) const BPF_CMD: Arg = super::constants::one_of(&tables::BPF_CMDS);
/// `union bpf_attr`, as long as the argument behind it says.
pub(crate) const BPF_ATTR: Arg = Arg::inputs(1, 2, |w, _, at| w.at(at, bpf)).at_most(256);
/// `struct perf_event_attr`
pub(crate) const PERF_ATTR: Arg = Arg::input(64, |w, _, at| w.at(at, perf));
/// A request of ptrace(2).
pub(crate) const PTRACE: Arg = super::constants::one_of(&tables::PTRACE);
/// What a request takes: those that let the task go on take a signal.
pub(crate) const PTRACE_DATA: Arg = Arg::value(|w, _, v| {
    let goes_on = [
        libc::PTRACE_CONT,
        libc::PTRACE_DETACH,
        libc::PTRACE_SYSCALL,
        libc::PTRACE_SINGLESTEP,
    ];
    if goes_on.contains(&(w.args[0] as u32)) {
        w.signal(v as i32);
    } else {
        w.address(v);
    }
});
/// Bits that seccomp(2) takes, but for the strict mode, which takes none.
pub(crate) const SECCOMP_FLAGS: Arg = Arg::value(|w, _, v| {
    if w.args[0] == 1 {
        w.flags(v & 0xffff_ffff, &tables::SECCOMP_FLAGS);
    } else {
        w.hex(v & 0xffff_ffff);
    }
});
/// What membarrier(2) takes beside its command; without a flag there is no CPU.
pub(crate) const MEMBARRIER_FLAGS: Arg = Arg::value(|w, _, v| {
    w.flags(v & 0xffff_ffff, &tables::MEMBARRIER_FLAGS);
    if v as u32 == 0 {
        w.end();
    }
});
/// A command of reboot(2); only one takes a text.
pub(crate) const REBOOT: Arg = Arg::value(|w, _, v| {
    const RESTART2: u64 = 0xa1b2_c3d4;
    w.one_of(v & 0xffff_ffff, &tables::REBOOT_CMDS);
    if v & 0xffff_ffff != RESTART2 {
        w.end();
    }
});
/// `struct io_uring_params`
pub(crate) const URING_PARAMS: Arg = Arg::output(120, |w, _, at| w.at(at, uring));
/// The beginning of `union bpf_attr`, which is the same for most commands.
type Attr = [u32; 8];
/// Type and size, configuration, period, samples, formats, bits.
type PerfAttr = [u64; 8];
/// Entries, flags, CPU and idle time, features.
type UringParams = [u32; 6];
foreign!(Attr, PerfAttr);

fn bpf(w: &mut Writer<'_>, a: Attr) {
    const MAP_CREATE: u64 = 0;
    const PROG_LOAD: u64 = 5;
    let wide = |i: usize| u64::from(a[i]) | u64::from(a[i + 1]) << 32;
    let command = w.args[0] & 0xffff_ffff;
    w.structure(|w| match command {
        MAP_CREATE => {
            w.field("map_type")
                .one_of(a[0].into(), &tables::BPF_MAP_TYPES);
            w.field("key_size").dec(a[1]);
            w.field("value_size").dec(a[2]);
            w.field("max_entries").dec(a[3]);
            w.more();
        }
        1..=4 => {
            w.field("map_fd").dec(a[0] as i32);
            w.field("key").address(wide(2));
            w.field(if command == 4 { "next_key" } else { "value" })
                .address(wide(4));
            if command == 2 {
                w.field("flags").hex(wide(6));
            }
        }
        PROG_LOAD => {
            w.field("prog_type")
                .one_of(a[0].into(), &tables::BPF_PROG_TYPES);
            w.field("insn_cnt").dec(a[1]);
            w.field("insns").address(wide(2));
            w.field("license").address(wide(4));
            w.more();
        }
        _ => w.more(),
    });
}

fn perf(w: &mut Writer<'_>, a: PerfAttr) {
    const HARDWARE: u64 = 0;
    const SOFTWARE: u64 = 1;
    /// `freq` of the bit field behind `read_format`.
    const FREQ: u64 = 1 << 10;
    let (kind, size) = (a[0] & 0xffff_ffff, a[0] >> 32);
    w.structure(|w| {
        w.field("type").one_of(kind, &tables::PERF_TYPES);
        w.field("size").hex(size);
        w.field("config");
        match kind {
            HARDWARE => w.one_of(a[1], &tables::PERF_HW),
            SOFTWARE => w.one_of(a[1], &tables::PERF_SW),
            _ => w.hex(a[1]),
        }
        let is_frequency = a[5] & FREQ != 0;
        w.field(if is_frequency {
            "sample_freq"
        } else {
            "sample_period"
        })
        .dec(a[2]);
        w.field("sample_type").flags(a[3], &tables::PERF_SAMPLE);
        w.field("read_format").hex(a[4]);
        w.more();
    });
}

fn uring(w: &mut Writer<'_>, p: UringParams) {
    let [sq, cq, flags, cpu, idle, features] = p;
    w.structure(|w| {
        w.field("flags").flags(flags.into(), &tables::URING_SETUP);
        w.field("sq_thread_cpu").dec(cpu);
        w.field("sq_thread_idle").dec(idle);
        w.field("sq_entries").dec(sq);
        w.field("cq_entries").dec(cq);
        w.field("features")
            .flags(features.into(), &tables::URING_FEAT);
        w.more();
    });
}
