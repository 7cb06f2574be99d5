//! Has programs run where other names and numbers hold: in a pid namespace, or below another root.

use std::{
    io,
    os::unix::process::CommandExt,
    path::Path,
    process::Command,
    sync::atomic::{AtomicI32, Ordering},
};

use nix::{
    mount::{MsFlags, mount},
    sched::{CloneFlags, unshare},
    sys::{
        signal::{SigHandler, Signal, kill, signal},
        wait::{WaitStatus, waitpid},
    },
    unistd::{ForkResult, Pid, chdir, chroot, fork},
};

/// Which `/proc` there is in a pid namespace of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proc {
    /// One of that namespace.
    Own,
    /// That of the tests, as after `unshare --pid --fork`.
    OfTests,
}

/// Has the command run as the first process of a pid namespace.
pub fn in_pid_namespace(command: &mut Command, proc: Proc) {
    // SAFETY: it calls the kernel only, and allocates nothing.
    unsafe { command.pre_exec(move || enter(proc)) };
}

/// Has the command run with another root directory, in the mount namespace of the tests.
pub fn in_chroot(command: &mut Command, root: &Path) {
    let root = root.to_path_buf();
    let enter = move || {
        chroot(&root)?;
        Ok(chdir("/")?)
    };
    // SAFETY: as above.
    unsafe { command.pre_exec(enter) };
}

fn enter(proc: Proc) -> io::Result<()> {
    unshare(CloneFlags::CLONE_NEWPID | CloneFlags::CLONE_NEWNS)?;
    let private = MsFlags::MS_REC | MsFlags::MS_PRIVATE;
    mount(None::<&str>, "/", None::<&str>, private, None::<&str>)?;
    // SAFETY: this process has one thread, and both go on with calls of the kernel only.
    match unsafe { fork() }? {
        ForkResult::Child => {
            nix::sys::prctl::set_pdeathsig(Signal::SIGKILL)?;
            if proc == Proc::Own {
                mount(
                    Some("proc"),
                    "/proc",
                    Some("proc"),
                    MsFlags::empty(),
                    None::<&str>,
                )?;
            }
            Ok(())
        }
        ForkResult::Parent { child } => stand_for(child),
    }
}

/// The process that [`stand_for`] stands for.
static CHILD: AtomicI32 = AtomicI32::new(0);

extern "C" fn hand_on(number: i32) {
    if let Ok(signal) = Signal::try_from(number) {
        let _ = kill(Pid::from_raw(CHILD.load(Ordering::Relaxed)), signal);
    }
}

/// Hands signals on to the child, and ends like it.
fn stand_for(child: Pid) -> ! {
    CHILD.store(child.as_raw(), Ordering::Relaxed);
    for number in [Signal::SIGINT, Signal::SIGTERM] {
        // SAFETY: the handler reads an atomic and calls kill(2).
        let _ = unsafe { signal(number, SigHandler::Handler(hand_on)) };
    }
    // Who waits for the exec waits for the other end of a pipe.
    // SAFETY: nothing uses a descriptor behind standard error.
    unsafe { libc::close_range(3, u32::MAX, 0) };
    loop {
        let code = match waitpid(child, None) {
            Ok(WaitStatus::Exited(_, code)) => code,
            Ok(WaitStatus::Signaled(_, signal, _)) => 128 + signal as i32,
            Ok(_) | Err(nix::Error::EINTR) => continue,
            Err(_) => 255,
        };
        // SAFETY: ends the process without the handlers of the one that it was copied from.
        unsafe { libc::_exit(code) };
    }
}
