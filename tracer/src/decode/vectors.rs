//! Vectors of buffers: readv(2), writev(2) and their like.

use tracer_ebpf::abi::call::Capture;

use super::Writer;
use crate::calls::Arg;

/// `struct iovec` array from the program, as long as the argument behind it says.
pub(crate) const IOVEC_GIVEN: Arg = Arg::inputs(16, 2, |w, _, at| {
    let count = w.args[2];
    vector(w, at, count, u64::MAX);
})
.how(Capture::Iovec);
/// The same, filled by the kernel with as many bytes as the result says.
pub(crate) const IOVEC_FILLED: Arg = Arg::outputs(16, 2, |w, _, at| {
    let count = w.args[2];
    let filled = if w.succeeded() { w.call.ret as u64 } else { 0 };
    vector(w, at, count, filled);
})
.how(Capture::Iovec);
/// The memory of another process: addresses only (`process_vm_readv(2)`).
pub(crate) const IOVEC_REMOTE: Arg = Arg::inputs(16, 4, |w, _, at| {
    let count = w.args[4];
    elements(w, at, count, |w, base, _| w.address(base));
});

/// The elements of an iovec array, `filled` bytes of whose buffers mean something.
pub(super) fn vector(w: &mut Writer<'_>, at: u64, count: u64, filled: u64) {
    let mut rest = filled;
    elements(w, at, count, |w, base, len| {
        let shown = len.min(rest);
        rest -= shown;
        if filled == 0 {
            w.address(base);
        } else {
            w.buffer(base, shown);
        }
    });
}

fn elements(
    w: &mut Writer<'_>,
    at: u64,
    count: u64,
    mut show: impl FnMut(&mut Writer<'_>, u64, u64),
) {
    if count == 0 && at != 0 {
        w.text("[]");
        return;
    }
    if w.read::<[u64; 2]>(at).is_none() || !w.is_native() {
        w.address(at);
        return;
    }
    w.array(count, |w, i| {
        let Some([base, len]) = w.read::<[u64; 2]>(at + i * 16) else {
            return false;
        };
        w.structure(|w| {
            w.field("iov_base");
            show(w, base, len);
            w.field("iov_len").dec(len);
        });
        true
    });
}
