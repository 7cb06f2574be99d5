//! One file per hook point.

mod locate;
mod sys_exit;
mod task_exec;
mod task_exit;
mod task_fork;
mod uring;

pub(crate) use task_exec::Note;
