//! Ids: users, groups, processes, signals, devices.

use super::names;
use crate::calls::{Arg, Role};

/// A user id; all ones is -1.
pub(crate) const UID: Arg = Arg::value(|w, _, v| w.dec(v as i32)).role(Role::Uid);
/// A group id; all ones is -1.
pub(crate) const GID: Arg = Arg::value(|w, _, v| w.dec(v as i32)).role(Role::Gid);
/// A process or thread id.
pub(crate) const PID: Arg = Arg::value(|w, _, v| w.process(v as i32)).role(Role::Pid);
/// A signal number.
pub(crate) const SIGNAL: Arg =
    Arg::value(|w, _, v| names::signal(w.out, v & 0xffff_ffff)).role(Role::Signal);
/// `dev_t` of user space.
pub(crate) const DEV: Arg = Arg::value(|w, _, v| {
    w.text("makedev(");
    w.hex(libc::major(v).into());
    w.text(", ");
    w.hex(libc::minor(v).into());
    w.text(")");
})
.role(Role::Dev);
