//! The loops that `cargo xtask bench` measures, each in a process of its own that times itself.
//!
//! They call libc directly, so that what is measured is the system call and not a library around
//! it, and print what one iteration takes. They know nothing of tracers.

use std::{ffi::CString, io, os::unix::ffi::OsStrExt as _, path::Path};

use anyhow::{Context as _, Result};

use crate::args::Workload;

mod load;
mod loops;

/// The name that `Mark` opens and goes by: seen in its output, a tracer is at work.
pub(crate) const MARK: &str = "tracer-mark";

/// Runs one of them.
pub(crate) fn command(workload: &Workload) -> Result<()> {
    match workload {
        Workload::OpenClose { iterations, dir } => loops::open_close(*iterations, dir),
        Workload::RenameUnlink { iterations, dir } => loops::rename_unlink(*iterations, dir),
        Workload::ForkExec { iterations } => loops::fork_exec(*iterations),
        Workload::Getppid { iterations } => {
            loops::getppid(*iterations);
            Ok(())
        }
        Workload::Bursts { rate, calls } => {
            load::bursts(*rate, *calls);
            Ok(())
        }
        Workload::Flood {
            rate,
            seconds,
            processes,
            dir,
        } => load::flood(*rate, *seconds, *processes, dir),
        Workload::Churn {
            processes,
            opens,
            dir,
        } => load::churn(*processes, *opens, dir),
        Workload::Mark { dir } => load::mark(dir),
    }
}

/// A file in the directory, as libc wants its name.
fn file_in(dir: &Path, name: &str) -> Result<CString> {
    CString::new(dir.join(name).as_os_str().as_bytes())
        .context("the directory has a NUL in its name")
}

/// Opens and closes a file, with `flags` besides close-on-exec.
fn touch(path: &CString, flags: i32) -> io::Result<()> {
    // SAFETY: the path is a C string that lives through the call; the mode is there for O_CREAT.
    let fd = check(unsafe { libc::open(path.as_ptr(), flags | libc::O_CLOEXEC, 0o600) })?;
    // SAFETY: the descriptor was opened just above and is known to nothing else.
    check(unsafe { libc::close(fd) })?;
    Ok(())
}

/// The result of a libc call, or the error that it left in errno.
fn check(result: i32) -> io::Result<i32> {
    if result < 0 {
        Err(io::Error::last_os_error())
    } else {
        Ok(result)
    }
}

/// Starts a copy of this process that does `work` and ends; gives its pid.
fn fork(work: impl FnOnce() -> Result<()>) -> Result<libc::pid_t> {
    // SAFETY: this process has a single thread, so the copy may do whatever this one may.
    let pid = check(unsafe { libc::fork() }).context("fork failed")?;
    if pid == 0 {
        let status = i32::from(work().is_err());
        // SAFETY: ends the copy at once, without what the original has registered for its exit.
        unsafe { libc::_exit(status) };
    }
    Ok(pid)
}

/// Waits for a process that `fork` gave, which must have succeeded.
fn wait(pid: libc::pid_t) -> Result<()> {
    let mut status = 0;
    // SAFETY: the status is ours to write to, and the pid is a child that was not waited for.
    check(unsafe { libc::waitpid(pid, &raw mut status, 0) }).context("waitpid failed")?;
    anyhow::ensure!(
        status == 0,
        "a process of the workload failed (status {status:#x})"
    );
    Ok(())
}
