//! Every family of system calls: what the fixture says it did is exactly what was recorded.

use tests::{play, require_ebpf};

macro_rules! families {
    ($($(#[$doc:meta])* $test:ident: $scenario:literal, at least $calls:literal calls;)*) => {
        $(
            $(#[$doc])*
            #[test]
            fn $test() {
                if require_ebpf() {
                    let scene = play($scenario);
                    let calls = scene.account.calls.len();
                    assert!(calls >= $calls, "the fixture made {calls} calls only");
                }
            }
        )*
    };
}

families! {
    /// open, openat, openat2, creat
    opens: "opens", at least 20 calls;
    /// unlink, unlinkat, rmdir
    deletes: "deletes", at least 15 calls;
    /// rename, renameat, renameat2, link, linkat, symlink, symlinkat
    renames_and_links: "renames", at least 15 calls;
    /// mkdir, mkdirat, mknod, mknodat
    new_directories_and_nodes: "dirs", at least 12 calls;
    /// truncate, ftruncate
    lengths: "lengths", at least 8 calls;
    /// chmod, fchmod, fchmodat, fchmodat2
    modes: "modes", at least 12 calls;
    /// chown, fchown, lchown, fchownat
    owners: "owners", at least 10 calls;
    /// setxattr, removexattr and their variants
    extended_attributes: "xattrs", at least 15 calls;
    /// utimensat, utime, utimes, futimesat
    times: "times", at least 12 calls;
    /// execve, execveat
    executions: "execs", at least 15 calls;
    /// fork, vfork, clone, clone3, exit, `exit_group`
    forks_and_exits: "forks", at least 8 calls;
    /// Calls of several threads
    threads: "threads", at least 3 calls;
    /// execve by a thread that is not the first
    execution_by_a_thread: "thread-exec", at least 2 calls;
    /// The first thread ends before the process does
    leader_that_exits_first: "leader-exits", at least 16 calls;
    /// Deaths by signal
    deaths: "deaths", at least 6 calls;
    /// kill, tkill, tgkill
    signals: "signals", at least 7 calls;
    /// ptrace
    ptraces: "ptraces", at least 4 calls;
    /// setuid and setgid families, setgroups
    credentials: "creds", at least 16 calls;
    /// chdir, fchdir
    working_directories: "cwds", at least 10 calls;
    /// mount, umount2
    mounts: "mounts", at least 8 calls;
    /// `pivot_root`
    pivot_roots: "pivots", at least 2 calls;
    /// `init_module`, `finit_module`, `delete_module`
    modules: "modules", at least 4 calls;
    /// bpf
    bpf: "bpfs", at least 2 calls;
}

/// The 32-bit door (`int 0x80`).
#[test]
fn calls_through_the_32_bit_door() {
    if require_ebpf() {
        let scene = play("compat");
        match &scene.account.unsupported {
            Some(why) => eprintln!("skipped: {why}"),
            None => assert!(scene.account.calls.len() >= 15),
        }
    }
}

/// x32 numbers, which most kernels refuse.
#[test]
fn calls_with_x32_numbers() {
    if require_ebpf() {
        play("x32");
    }
}
