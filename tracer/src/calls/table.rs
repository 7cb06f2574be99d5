//! One line per system call.

use std::{collections::HashMap, sync::LazyLock};

use super::{Arg, Class, Classes, Op};
use crate::decode::Outcome;
use crate::decode::prelude::*;
use tracer_ebpf::abi::call as spec;

/// One line of the table.
#[derive(Debug)]
pub struct Row {
    /// Name, as in the kernel's tables.
    pub name: &'static str,
    /// The `-e` classes.
    pub classes: Classes,
    /// What it does. An open for writing is [`Op::Write`] and one that made the file
    /// [`Op::Create`]: that is decided from its flags and its file.
    pub op: Op,
    /// What its arguments are; fewer than six means the rest is unused.
    pub args: &'static [Arg],
    /// `RETURNS_FD`, `FORKS`, ... of the ABI.
    pub flags: u8,
    /// What its result is.
    pub result: Outcome,
}

macro_rules! rows {
    ($($classes:tt $op:ident {
        $($name:ident($($arg:expr),*) $(-> $result:ident)? $(= $flags:expr)?;)*
    })*) => {
        /// Every call that has a decoder. A new call is one line here.
        pub static ROWS: &[Row] = &[$($(Row {
            name: stringify!($name),
            classes: rows!(@classes $classes),
            op: Op::$op,
            args: const { &[$($arg),*] },
            flags: 0 $(| $flags)?,
            result: rows!(@ $($result)?),
        },)*)*];
    };
    (@classes [$($class:ident)*]) => { Classes::of(&[$(Class::$class),*]) };
    (@) => { Outcome::Number };
    (@ $result:ident) => { Outcome::$result };
}

const OPENS: u8 = spec::RETURNS_FD | spec::LOOKS_UP;

rows! {
    [File Desc] Read {
        open(PATH, OPEN_FLAGS, MODE) = OPENS;
        openat(DIRFD, PATH, OPEN_FLAGS, MODE) = OPENS;
        openat2(DIRFD, PATH, OPEN_HOW, SIZE) = OPENS;
        open_by_handle_at(OTHER_FD, ADDRESS, OPEN_FLAGS) = spec::RETURNS_FD;
        readlink(PATH, ADDRESS, SIZE) = spec::LOOKS_UP;
        readlinkat(DIRFD, PATH, ADDRESS, SIZE) = spec::LOOKS_UP;
    }
    [File] Write {
        creat(PATH, MODE) = OPENS;
        truncate(PATH, SIZE) = spec::LOOKS_UP;
        truncate64(PATH, SIZE) = spec::LOOKS_UP;
        ftruncate(FD, SIZE);
        ftruncate64(FD, SIZE);
    }
    [File] Create {
        link(PATH, PATH);
        linkat(DIRFD, PATH, DIRFD, PATH, AT_FLAGS);
        symlink(TEXT, PATH);
        symlinkat(TEXT, DIRFD, PATH);
        mkdir(PATH, MODE);
        mkdirat(DIRFD, PATH, MODE);
        mknod(PATH, MODE, DEV);
        mknodat(DIRFD, PATH, MODE, DEV);
    }
    [File] Delete {
        unlink(PATH);
        unlinkat(DIRFD, PATH, AT_FLAGS);
        rmdir(PATH);
    }
    [File] Rename {
        rename(PATH, PATH);
        renameat(DIRFD, PATH, DIRFD, PATH);
        renameat2(DIRFD, PATH, DIRFD, PATH, ADDRESS);
    }
    [File] Attribute {
        chmod(PATH, MODE) = spec::LOOKS_UP;
        fchmod(FD, MODE);
        fchmodat(DIRFD, PATH, MODE) = spec::LOOKS_UP;
        fchmodat2(DIRFD, PATH, MODE, AT_FLAGS) = spec::LOOKS_UP;
        chown(PATH, UID, GID) = spec::LOOKS_UP;
        lchown(PATH, UID, GID) = spec::LOOKS_UP;
        fchown(FD, UID, GID);
        chown32(PATH, UID, GID) = spec::LOOKS_UP;
        lchown32(PATH, UID, GID) = spec::LOOKS_UP;
        fchown32(FD, UID, GID);
        fchownat(DIRFD, PATH, UID, GID, AT_FLAGS) = spec::LOOKS_UP;
        setxattr(PATH, TEXT, ADDRESS, SIZE, ADDRESS) = spec::LOOKS_UP;
        lsetxattr(PATH, TEXT, ADDRESS, SIZE, ADDRESS) = spec::LOOKS_UP;
        fsetxattr(FD, TEXT, ADDRESS, SIZE, ADDRESS);
        setxattrat(DIRFD, PATH, AT_FLAGS, TEXT, ADDRESS, SIZE) = spec::LOOKS_UP;
        removexattr(PATH, TEXT) = spec::LOOKS_UP;
        lremovexattr(PATH, TEXT) = spec::LOOKS_UP;
        fremovexattr(FD, TEXT);
        removexattrat(DIRFD, PATH, AT_FLAGS, TEXT) = spec::LOOKS_UP;
        utime(PATH, ADDRESS) = spec::LOOKS_UP;
        utimes(PATH, ADDRESS) = spec::LOOKS_UP;
        futimesat(DIRFD, PATH, ADDRESS) = spec::LOOKS_UP;
        utimensat(DIRFD, PATH, ADDRESS, AT_FLAGS) = spec::LOOKS_UP;
        utimensat_time64(DIRFD, PATH, ADDRESS, AT_FLAGS) = spec::LOOKS_UP;
    }
    [File Process] Execute {
        execve(PATH, ARGV, ENVP) = spec::EXECS | spec::LOOKS_UP;
        execveat(DIRFD, PATH, ARGV, ENVP, AT_FLAGS) = spec::EXECS | spec::LOOKS_UP;
    }
    [File] Mount {
        chdir(PATH) = spec::MOVES_CWD | spec::LOOKS_UP;
        fchdir(FD);
        chroot(PATH) = spec::MOVES_ROOT | spec::LOOKS_UP;
        mount(TEXT, PATH, TEXT, ADDRESS, ADDRESS) = spec::LOOKS_UP;
        umount(PATH) = spec::LOOKS_UP;
        umount2(PATH, ADDRESS) = spec::LOOKS_UP;
        pivot_root(PATH, PATH) = spec::LOOKS_UP;
    }
    [Process] Fork {
        fork() = spec::FORKS;
        vfork() = spec::FORKS;
        clone(CLONE_FLAGS, ADDRESS, ADDRESS, ADDRESS, ADDRESS) = spec::FORKS;
        clone3(ADDRESS, SIZE) = spec::FORKS;
    }
    [Process] Exit {
        exit(SIZE) = spec::ENDS_TASK;
        exit_group(SIZE) = spec::ENDS_TASK;
    }
    [Process Signal] Signal {
        kill(PID, SIGNAL);
        tkill(PID, SIGNAL);
        tgkill(PID, PID, SIGNAL);
    }
    [] Kernel {
        ptrace(SIZE, PID, ADDRESS, ADDRESS);
    }
    [Creds] Creds {
        setuid(UID);
        setgid(GID);
        setreuid(UID, UID);
        setregid(GID, GID);
        setresuid(UID, UID, UID);
        setresgid(GID, GID, GID);
        setfsuid(UID);
        setfsgid(GID);
        setgroups(SIZE, ADDRESS);
        setuid32(UID);
        setgid32(GID);
        setreuid32(UID, UID);
        setregid32(GID, GID);
        setresuid32(UID, UID, UID);
        setresgid32(GID, GID, GID);
        setfsuid32(UID);
        setfsgid32(GID);
        setgroups32(SIZE, ADDRESS);
    }
    [Desc] Other {
        read(OTHER_FD, FILLED, SIZE);
        write(OTHER_FD, GIVEN, SIZE);
        close(OTHER_FD);
        dup(OTHER_FD) -> Descriptor;
        lseek(OTHER_FD, LONG, HEX32);
    }
    [] Other {
        uname(ADDRESS);
        umask(MODE) -> Octal;
        alarm(UINT);
        getpriority(INT, INT);
    }
    [Memory] Other {
        brk(ADDRESS) -> Hex;
        munmap(ADDRESS, HEX);
    }
    [Pure] Other {
        getpid();
        getppid();
        gettid();
    }
    [Kernel] Kernel {
        init_module(ADDRESS, SIZE, TEXT);
        finit_module(FD, TEXT, ADDRESS);
        delete_module(TEXT, OPEN_FLAGS);
        bpf(SIZE, ADDRESS, SIZE);
    }
}

/// The line of a call, by name.
pub fn row(name: &str) -> Option<&'static Row> {
    static BY_NAME: LazyLock<HashMap<&'static str, &'static Row>> =
        LazyLock::new(|| ROWS.iter().map(|row| (row.name, row)).collect());
    BY_NAME.get(name).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calls::{Arch, Role};

    #[test]
    fn every_row_is_a_call_of_some_architecture() {
        for row in ROWS {
            assert!(
                Arch::ALL.iter().any(|arch| arch.number(row.name).is_some()),
                "{} is no system call of any supported architecture",
                row.name
            );
        }
    }

    #[test]
    fn no_call_has_two_rows() {
        for (i, row) in ROWS.iter().enumerate() {
            assert!(
                ROWS[..i].iter().all(|other| other.name != row.name),
                "{} twice",
                row.name
            );
        }
    }

    #[test]
    fn a_path_after_a_directory_descriptor_is_next_to_it() {
        for row in ROWS {
            for (i, arg) in row.args.iter().enumerate() {
                if arg.role == Role::DirFd {
                    let next = row.args.get(i + 1).map(|next| next.role);
                    assert_eq!(next, Some(Role::Path), "{}", row.name);
                }
            }
        }
    }
}
