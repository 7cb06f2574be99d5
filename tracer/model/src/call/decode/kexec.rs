//! Another kernel: `kexec_load(2)`.

use super::{As, Layout, Writer, tables};
use crate::calls::Arg;

/// What is loaded: `struct kexec_segment`s, as many as the argument before says.
pub(crate) const KEXEC_SEGMENTS: Arg = Arg::inputs(32, 1, |w, _, at| {
    /// `KEXEC_SEGMENT_MAX`
    const MOST: u64 = 16;
    let count = w.args[1];
    if count > MOST {
        w.address(at);
        return;
    }
    w.array(at, 32, count, |w, at| w.shape_at(at, &SEGMENT));
});
/// The machine that it is for, and flags.
pub(crate) const KEXEC_FLAGS: Arg = Arg::value(|w, _, v| {
    const MACHINE: u64 = 0xffff_0000;
    w.one_of(v & MACHINE, &tables::KEXEC_ARCH);
    let flags = v & !MACHINE;
    if flags != 0 {
        w.text("|");
        w.flags(flags, &tables::KEXEC_FLAGS);
    }
});

static SEGMENT: As = As::Struct(&Layout(&[
    ("buf", As::Address),
    ("bufsz", As::Uint(8)),
    ("mem", As::Address),
    ("memsz", As::Uint(8)),
]));

/// A segment of memory of x86: `struct user_desc`, which is as long as the argument behind it says.
pub(crate) const USER_DESC: Arg = Arg::input(16, |w, _, at| {
    if w.args[w.index + 1] == 16 {
        w.shape_at(at, &DESCRIPTOR);
    } else {
        w.address(at);
    }
});
static DESCRIPTOR: As = As::By(16, 4, |w, b| {
    const BITS: [(&str, u32, u64); 7] = [
        ("seg_32bit", 0, 1),
        ("contents", 1, 3),
        ("read_exec_only", 3, 1),
        ("limit_in_pages", 4, 1),
        ("seg_not_present", 5, 1),
        ("useable", 6, 1),
        ("lm", 7, 1),
    ];
    let word = |at: usize| super::layout::number(&b[at..at + 4]);
    w.structure(|w| {
        w.field("entry_number").id(word(0) as u32);
        for (name, value) in [("base_addr", word(4)), ("limit", word(8))] {
            w.field(name).text(&if value == 0 {
                "00000000".to_owned()
            } else {
                format!("{value:#08x}")
            });
        }
        let bits = word(12);
        for (name, shift, mask) in BITS {
            w.field(name).dec(bits >> shift & mask);
        }
    });
});

/// `modify_ldt(2)` returns an `int` as it is, also where it failed.
pub(super) fn ldt_result(w: &mut Writer<'_>) {
    let ret = w.call.ret;
    w.dec(ret);
    let number = ret as i32;
    if i64::from(number) != ret && (-4095..0).contains(&number) {
        w.text(" ");
        super::result::failure_text(w.out, -number);
    }
}
