//! Plain numbers, addresses and constants: everything that is in the register itself.

use super::{
    Writer,
    names::{at_flags, clone_flags},
};
use crate::calls::{Arg, Role};

/// An `int`.
pub(crate) const INT: Arg = Arg::value(|w, _, v| w.dec(v as i32)).role(Role::Int);
/// An `unsigned int`.
pub(crate) const UINT: Arg = Arg::value(|w, _, v| w.dec(v as u32)).role(Role::Int);
/// A `long`.
pub(crate) const LONG: Arg = Arg::value(|w, _, v| w.dec(v as i64)).role(Role::Int);
/// A `size_t` or `unsigned long`.
pub(crate) const SIZE: Arg = Arg::value(|w, _, v| w.dec(v)).role(Role::Int);
/// An address, or a structure that has no decoder.
pub(crate) const ADDRESS: Arg = Arg::value(|w, _, v| w.address(v)).role(Role::Hex);
/// A mask or number in hexadecimal.
pub(crate) const HEX: Arg = Arg::value(|w, _, v| w.hex(v)).role(Role::Hex);
/// The same, of 32 bits.
pub(crate) const HEX32: Arg = Arg::value(|w, _, v| w.hex(v & 0xffff_ffff)).role(Role::Hex);

/// `AT_...`
pub(crate) const AT_FLAGS: Arg = Arg::value(|w, _, v| {
    joined(w, |each| at_flags(v & 0xffff_ffff, each));
})
.role(Role::AtFlags);

/// `CLONE_...` and the signal at the child's end.
pub(crate) const CLONE_FLAGS: Arg = Arg::value(|w, _, v| {
    joined(w, |each| clone_flags(v, each));
})
.role(Role::CloneFlags);

/// Names with `|` between them; `0` when there is none.
pub(super) fn joined(w: &mut Writer<'_>, names: impl FnOnce(&mut dyn FnMut(&[u8]))) {
    let mut first = true;
    names(&mut |name| {
        if !first {
            w.text("|");
        }
        w.out.extend_from_slice(name);
        first = false;
    });
    if first {
        w.text("0");
    }
}
