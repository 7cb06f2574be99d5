//! Plain numbers, addresses and constants: everything that is in the register itself.

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
/// The upper half of a number whose lower half is the argument before it: nothing by itself.
pub(crate) const SKIPPED: Arg = Arg::value(|w, _, _| w.unseparate());
