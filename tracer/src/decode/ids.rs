//! Ids: users, groups, processes, signals, devices.

use crate::calls::{Arg, Role};

/// A user id; all ones is -1.
pub(crate) const UID: Arg = Arg::value(|w, _, v| w.id(v as u32)).role(Role::Uid);
/// A group id; all ones is -1.
pub(crate) const GID: Arg = Arg::value(|w, _, v| w.id(v as u32)).role(Role::Gid);
/// A key, or one that each process has; the number is decimal.
pub(crate) const KEY: Arg = Arg::value(|w, _, v| {
    let value = v & 0xffff_ffff;
    match super::tables::KEY_SPEC.of(u64::from(v as u32).wrapping_sub(1 << 32)) {
        Some(name) => w.meant(|w| w.dec(value as i32), |w| w.text(name)),
        None => w.dec(value as i32),
    }
});
/// A process or thread id.
pub(crate) const PID: Arg = Arg::value(|w, _, v| w.process(v as i32)).role(Role::Pid);
/// A signal number.
pub(crate) const SIGNAL: Arg = Arg::value(|w, _, v| w.signal(v as i32)).role(Role::Signal);
/// `dev_t` of user space.
pub(crate) const DEV: Arg = Arg::value(|w, _, v| {
    super::stat::device(w, v & 0xffff_ffff);
})
.role(Role::Dev);
