//! Single numbers in memory, arrays of them, and pairs of descriptors.

use super::Writer;
use crate::{calls::Arg, event::OpenFile};

/// `int` from the kernel.
pub(crate) const INT_OUT: Arg = Arg::output(4, |w, _, at| w.at(at, bracketed::<i32>));
/// `unsigned int` from the kernel: ids.
pub(crate) const UINT_OUT: Arg = Arg::output(4, |w, _, at| w.at(at, bracketed::<u32>));
/// `off_t` that the call moves on: what it was before is not known.
pub(crate) const OFFSET: Arg = Arg::input(8, |w, _, at| w.at(at, bracketed::<i64>));
/// `socklen_t` that the call sets.
pub(crate) const LENGTH: Arg = Arg::input(4, |w, _, at| w.at(at, bracketed::<i32>));
/// An address from the kernel.
pub(crate) const ADDRESS_OUT: Arg = Arg::output(8, |w, _, at| {
    w.at(at, |w, value: u64| {
        w.group(["[", "]"], |w| w.address(value));
    });
});
/// Two new descriptors.
pub(crate) const FDS: Arg = Arg::output(8, |w, _, at| {
    w.at(at, |w, fds: [i32; 2]| {
        w.group(["[", "]"], |w| {
            for (number, fd) in fds.into_iter().enumerate() {
                w.separate();
                if w.options.stable {
                    w.text("FD");
                } else {
                    w.descriptor(fd, OpenFile::inside(number));
                }
            }
        });
    });
})
.descriptors(4);
/// Group ids, as many as the argument before says.
pub(crate) const GIDS: Arg = Arg::inputs(4, 0, |w, _, at| {
    let count = w.args[0] & 0xffff_ffff;
    w.ids(at, count);
});
/// Group ids, as many as the result says.
pub(crate) const GIDS_OUT: Arg = Arg::results(4, |w, _, at| {
    if w.succeeded() && w.args[0] != 0 {
        w.ids(at, w.call.ret as u64);
    } else {
        w.address(at);
    }
});

fn bracketed<T: itoa::Integer>(w: &mut Writer<'_>, value: T) {
    w.group(["[", "]"], |w| w.dec(value));
}

impl Writer<'_> {
    fn ids(&mut self, at: u64, count: u64) {
        if count == 0 && at != 0 {
            self.text("[]");
            return;
        }
        if self.read::<u32>(at).is_none() {
            self.address(at);
            return;
        }
        self.array(count, |w, i| {
            let id = w.read::<u32>(at + i * 4);
            id.inspect(|id| w.dec(*id as i32)).is_some()
        });
    }
}
