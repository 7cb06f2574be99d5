//! Ids: users, groups, processes, signals, devices.

use crate::calls::{Arg, Role};

/// A user id; all ones is -1.
pub(crate) const UID: Arg = Arg::value(|w, _, v| w.id(v as u32)).role(Role::Uid);
/// A group id; all ones is -1.
pub(crate) const GID: Arg = Arg::value(|w, _, v| w.id(v as u32)).role(Role::Gid);
/// A process or thread id.
pub(crate) const PID: Arg = Arg::value(|w, _, v| w.process(v as i32)).role(Role::Pid);
/// A signal number.
pub(crate) const SIGNAL: Arg = Arg::value(|w, _, v| w.signal(v as i32)).role(Role::Signal);
/// `dev_t` of user space.
pub(crate) const DEV: Arg = Arg::value(|w, _, v| {
    super::stat::device(w, v & 0xffff_ffff);
})
.role(Role::Dev);
