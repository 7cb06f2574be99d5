//! Vectors of buffers: readv(2), writev(2) and their like.

use tracer_ebpf::abi::call::Capture;

use super::Writer;
use crate::calls::Arg;

/// `struct iovec` array from the program, as long as the argument behind it says.
pub(crate) const IOVEC_GIVEN: Arg = Arg::inputs(16, 2, |w, _, at| {
    let count = w.args[2];
    vector(w, at, count, Some(u64::MAX));
})
.how(Capture::Iovec);
/// The same, filled by the kernel with as many bytes as the result says.
pub(crate) const IOVEC_FILLED: Arg = Arg::inputs(16, 2, |w, _, at| {
    let count = w.args[2];
    let filled = w.succeeded().then_some(w.call.ret as u64);
    vector(w, at, count, filled);
})
.how(Capture::Iovec)
.descriptors(FILLED);
/// [`ArgSpec::stride`](tracer_ebpf::abi::call::ArgSpec) of a vector: the result limits it.
const FILLED: u8 = 1;
/// The memory of another process: addresses only (`process_vm_readv(2)`).
pub(crate) const IOVEC_REMOTE: Arg = Arg::inputs(16, 4, |w, _, at| {
    let count = w.args[4];
    elements(w, at, count, |w, base, _| w.address(base));
});

/// The elements of an iovec array, `filled` bytes of whose buffers mean something; none when the
/// call that was to fill them failed.
pub(super) fn vector(w: &mut Writer<'_>, at: u64, count: u64, filled: Option<u64>) {
    let mut rest = filled.unwrap_or(0);
    elements(w, at, count, |w, base, len| {
        let shown = len.min(rest);
        rest -= shown;
        if filled.is_none() {
            w.address(base);
        } else {
            w.datagram(base, shown);
        }
    });
}

fn elements(
    w: &mut Writer<'_>,
    at: u64,
    count: u64,
    mut show: impl FnMut(&mut Writer<'_>, u64, u64),
) {
    w.array(at, 16, count, |w, at| {
        let [base, len] = w.read::<[u64; 2]>(at).unwrap_or_default();
        w.structure(|w| {
            w.field("iov_base");
            show(w, base, len);
            w.field("iov_len").dec(len);
        });
    });
}
