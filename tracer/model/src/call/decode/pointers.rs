//! Single numbers in memory, arrays of them, and pairs of descriptors.

use super::{Writer, tables, writer::Foreign};
use crate::{calls::Arg, event::OpenFile};

/// `int` from the kernel.
pub(crate) const INT_OUT: Arg = Arg::output(4, |w, _, at| w.at(at, bracketed::<i32>));
/// `unsigned int` from the kernel: ids.
pub(crate) const UINT_OUT: Arg = Arg::output(4, |w, _, at| w.at(at, bracketed::<u32>));
/// `off_t` that the call moves on.
pub(crate) const OFFSET: Arg = Arg::input(8, |w, _, at| changed::<i64>(w, at)).at_entry();
/// `socklen_t` that the call sets.
pub(crate) const LENGTH: Arg = Arg::input(4, |w, _, at| changed::<i32>(w, at)).at_entry();
/// The same without a sign: `u32`.
pub(crate) const ULENGTH: Arg = Arg::input(4, |w, _, at| changed::<u32>(w, at)).at_entry();
/// Ids of security modules from the kernel, as many as the result says.
pub(crate) const LSM_IDS: Arg = Arg::results(8, |w, _, at| match u64::try_from(w.call.ret) {
    Ok(count) => w.array(at, 8, count, |w, at| {
        let id = w.read::<u64>(at).unwrap_or_default();
        w.one_of(id, &tables::LSM_IDS);
    }),
    Err(_) => w.address(at),
});
/// An address from the kernel.
pub(crate) const ADDRESS_OUT: Arg = Arg::output(8, |w, _, at| {
    w.at(at, |w, value: u64| {
        w.group(["[", "]"], |w| w.address(value));
    });
});
/// `size_t` from the kernel.
pub(crate) const SIZE_OUT: Arg = Arg::output(8, |w, _, at| w.at(at, bracketed::<u64>));
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
    /// `NGROUPS_MAX`
    const MOST: u64 = 65536;
    let count = w.args[0] & 0xffff_ffff;
    if count > MOST {
        w.address(at);
    } else {
        w.ids(at, count);
    }
});
/// Group ids, as many as the result says.
pub(crate) const GIDS_OUT: Arg = Arg::results(4, |w, _, at| {
    if w.succeeded() {
        let count = if w.args[0] as i32 == 0 {
            0
        } else {
            w.call.ret as u64
        };
        w.ids(at, count);
    } else {
        w.address(at);
    }
});

/// A number that the call may change: `[128 => 16]`.
fn changed<T: Foreign + itoa::Integer + PartialEq>(w: &mut Writer<'_>, at: u64) {
    let (before, after) = (w.read_before::<T>(at), w.read::<T>(at));
    let Some(before) = before.filter(|_| w.is_native()) else {
        w.address(at);
        return;
    };
    w.group(["[", "]"], |w| {
        w.dec(before);
        if let Some(after) = after.filter(|after| w.succeeded() && *after != before) {
            w.text(" => ");
            w.dec(after);
        }
    });
}

fn bracketed<T: itoa::Integer>(w: &mut Writer<'_>, value: T) {
    w.group(["[", "]"], |w| w.dec(value));
}

impl Writer<'_> {
    fn ids(&mut self, at: u64, count: u64) {
        self.array(at, 4, count, |w, at| {
            let id = w.read::<u32>(at).unwrap_or_default();
            w.id(id);
        });
    }
}
