//! Has programs run where other names and numbers hold: in a pid namespace, or below another root.

use std::{
    collections::BTreeSet,
    fs, io,
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::Command,
    sync::atomic::{AtomicI32, Ordering},
};

use crate::programs::public_copy;

use nix::{
    mount::{MntFlags, MsFlags, mount, umount2},
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

/// Has the command run in a mount namespace in which an empty file system is mounted there.
pub fn in_mount_namespace(command: &mut Command, covered: &Path) {
    let covered = covered.to_path_buf();
    let enter = move || {
        unshare(CloneFlags::CLONE_NEWNS)?;
        let private = MsFlags::MS_REC | MsFlags::MS_PRIVATE;
        mount(None::<&str>, "/", None::<&str>, private, None::<&str>)?;
        let none = MsFlags::empty();
        Ok(mount(
            Some("tmpfs"),
            &covered,
            Some("tmpfs"),
            none,
            None::<&str>,
        )?)
    };
    // SAFETY: as above.
    unsafe { command.pre_exec(enter) };
}

/// A `/proc` in a root directory, until it is dropped.
pub struct ProcIn(PathBuf);

impl ProcIn {
    /// Mounts it.
    ///
    /// # Panics
    /// When it cannot be mounted.
    #[must_use]
    pub fn new(root: &Path) -> Self {
        let at = root.join("proc");
        fs::create_dir_all(&at).expect("mkdir");
        let none = MsFlags::empty();
        mount(Some("proc"), &at, Some("proc"), none, None::<&str>).expect("mount");
        Self(at)
    }
}

impl Drop for ProcIn {
    fn drop(&mut self) {
        let _ = umount2(&self.0, MntFlags::MNT_DETACH);
    }
}

/// Fills a directory so that a program runs with it as its root: the program itself, at the returned
/// path in it, the shared libraries that this process has, too, and what the kernel tells of itself.
///
/// # Panics
/// When a file cannot be copied.
pub fn furnish(root: &Path, program: &Path) -> PathBuf {
    let copy = |from: &Path| {
        let to = root.join(from.strip_prefix("/").expect("it is absolute"));
        fs::create_dir_all(to.parent().expect("it is not the root")).expect("mkdir");
        fs::copy(from, &to).unwrap_or_else(|e| panic!("{}: {e}", from.display()));
    };
    let maps = fs::read_to_string("/proc/self/maps").expect("/proc is mounted");
    let mapped = maps
        .lines()
        .filter_map(|line| line.split_whitespace().nth(5));
    let libraries: BTreeSet<&str> = mapped.filter(|path| path.contains(".so")).collect();
    for library in libraries {
        copy(Path::new(library));
        // The loader looks at the place that a program names, which may be behind a symlink.
        if let Some(name) = Path::new(library).file_name() {
            let at = root.join("lib64");
            fs::create_dir_all(&at).expect("mkdir");
            fs::copy(library, at.join(name)).expect("copy");
        }
    }
    copy(Path::new("/sys/kernel/btf/vmlinux"));
    copy(Path::new("/sys/devices/system/cpu/possible"));
    public_copy(program, &root.join("program"));
    PathBuf::from("/program")
}
