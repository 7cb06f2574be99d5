//! One file per hook point.

mod locate;
mod sched_switch;
mod signal;
mod sys_enter;
mod sys_exit;
mod task_exec;
mod task_exit;
mod task_fork;
mod uring;

pub(crate) use sys_enter::spent;
pub(crate) use task_exec::Note;
