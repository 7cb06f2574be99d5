//! One line per system call.

use std::{collections::HashMap, sync::LazyLock};

use super::{
    Arg::{
        self, Argv, AtFlags, CloneFlags, Dev, DirFd, Fd, Gid, Hex, Int, Mode, OpenFlags, OpenHow,
        OtherFd, Path, Pid, Signal, Text, Uid,
    },
    Class, Op,
};
use tracer_ebpf::abi::call as spec;

/// One line of the table.
#[derive(Debug)]
pub struct Row {
    /// Name, as in the kernel's tables.
    pub name: &'static str,
    /// The `-e` class.
    pub class: Class,
    /// What it does. An open for writing is [`Op::Write`] and one that made the file
    /// [`Op::Create`]: that is decided from its flags and its file.
    pub op: Op,
    /// What its arguments are; fewer than six means the rest is unused.
    pub args: &'static [Arg],
    /// `RETURNS_FD`, `FORKS`, ... of the ABI.
    pub flags: u8,
}

macro_rules! rows {
    ($($class:ident $op:ident { $($name:ident($($arg:expr),*) $(= $flags:expr)?;)* })*) => {
        /// Every call that has a decoder. A new call is one line here.
        pub static ROWS: &[Row] = &[$($(Row {
            name: stringify!($name),
            class: Class::$class,
            op: Op::$op,
            args: &[$($arg),*],
            flags: 0 $(| $flags)?,
        },)*)*];
    };
}

const OPENS: u8 = spec::RETURNS_FD | spec::LOOKS_UP;

rows! {
    File Read {
        open(Path, OpenFlags, Mode) = OPENS;
        openat(DirFd, Path, OpenFlags, Mode) = OPENS;
        openat2(DirFd, Path, OpenHow, Int) = OPENS;
        open_by_handle_at(OtherFd, Hex, OpenFlags) = spec::RETURNS_FD;
        readlink(Path, Hex, Int) = spec::LOOKS_UP;
        readlinkat(DirFd, Path, Hex, Int) = spec::LOOKS_UP;
    }
    File Write {
        creat(Path, Mode) = OPENS;
        truncate(Path, Int) = spec::LOOKS_UP;
        truncate64(Path, Int) = spec::LOOKS_UP;
        ftruncate(Fd, Int);
        ftruncate64(Fd, Int);
    }
    File Create {
        link(Path, Path);
        linkat(DirFd, Path, DirFd, Path, AtFlags);
        symlink(Text, Path);
        symlinkat(Text, DirFd, Path);
        mkdir(Path, Mode);
        mkdirat(DirFd, Path, Mode);
        mknod(Path, Mode, Dev);
        mknodat(DirFd, Path, Mode, Dev);
    }
    File Delete {
        unlink(Path);
        unlinkat(DirFd, Path, AtFlags);
        rmdir(Path);
    }
    File Rename {
        rename(Path, Path);
        renameat(DirFd, Path, DirFd, Path);
        renameat2(DirFd, Path, DirFd, Path, Hex);
    }
    File Attribute {
        chmod(Path, Mode) = spec::LOOKS_UP;
        fchmod(Fd, Mode);
        fchmodat(DirFd, Path, Mode) = spec::LOOKS_UP;
        fchmodat2(DirFd, Path, Mode, AtFlags) = spec::LOOKS_UP;
        chown(Path, Uid, Gid) = spec::LOOKS_UP;
        lchown(Path, Uid, Gid) = spec::LOOKS_UP;
        fchown(Fd, Uid, Gid);
        chown32(Path, Uid, Gid) = spec::LOOKS_UP;
        lchown32(Path, Uid, Gid) = spec::LOOKS_UP;
        fchown32(Fd, Uid, Gid);
        fchownat(DirFd, Path, Uid, Gid, AtFlags) = spec::LOOKS_UP;
        setxattr(Path, Text, Hex, Int, Hex) = spec::LOOKS_UP;
        lsetxattr(Path, Text, Hex, Int, Hex) = spec::LOOKS_UP;
        fsetxattr(Fd, Text, Hex, Int, Hex);
        setxattrat(DirFd, Path, AtFlags, Text, Hex, Int) = spec::LOOKS_UP;
        removexattr(Path, Text) = spec::LOOKS_UP;
        lremovexattr(Path, Text) = spec::LOOKS_UP;
        fremovexattr(Fd, Text);
        removexattrat(DirFd, Path, AtFlags, Text) = spec::LOOKS_UP;
        utime(Path, Hex) = spec::LOOKS_UP;
        utimes(Path, Hex) = spec::LOOKS_UP;
        futimesat(DirFd, Path, Hex) = spec::LOOKS_UP;
        utimensat(DirFd, Path, Hex, AtFlags) = spec::LOOKS_UP;
        utimensat_time64(DirFd, Path, Hex, AtFlags) = spec::LOOKS_UP;
    }
    File Execute {
        execve(Path, Argv, Hex) = spec::EXECS | spec::LOOKS_UP;
        execveat(DirFd, Path, Argv, Hex, AtFlags) = spec::EXECS | spec::LOOKS_UP;
    }
    File Mount {
        chdir(Path) = spec::MOVES_CWD | spec::LOOKS_UP;
        fchdir(Fd);
        chroot(Path) = spec::MOVES_ROOT | spec::LOOKS_UP;
        mount(Text, Path, Text, Hex, Hex) = spec::LOOKS_UP;
        umount(Path) = spec::LOOKS_UP;
        umount2(Path, Hex) = spec::LOOKS_UP;
        pivot_root(Path, Path) = spec::LOOKS_UP;
    }
    Process Fork {
        fork() = spec::FORKS;
        vfork() = spec::FORKS;
        clone(CloneFlags, Hex, Hex, Hex, Hex) = spec::FORKS;
        clone3(Hex, Int) = spec::FORKS;
    }
    Process Exit {
        exit(Int) = spec::ENDS_TASK;
        exit_group(Int) = spec::ENDS_TASK;
    }
    Process Signal {
        kill(Pid, Signal);
        tkill(Pid, Signal);
        tgkill(Pid, Pid, Signal);
    }
    Process Kernel {
        ptrace(Int, Pid, Hex, Hex);
    }
    Creds Creds {
        setuid(Uid);
        setgid(Gid);
        setreuid(Uid, Uid);
        setregid(Gid, Gid);
        setresuid(Uid, Uid, Uid);
        setresgid(Gid, Gid, Gid);
        setfsuid(Uid);
        setfsgid(Gid);
        setgroups(Int, Hex);
        setuid32(Uid);
        setgid32(Gid);
        setreuid32(Uid, Uid);
        setregid32(Gid, Gid);
        setresuid32(Uid, Uid, Uid);
        setresgid32(Gid, Gid, Gid);
        setfsuid32(Uid);
        setfsgid32(Gid);
        setgroups32(Int, Hex);
    }
    Kernel Kernel {
        init_module(Hex, Int, Text);
        finit_module(Fd, Text, Hex);
        delete_module(Text, OpenFlags);
        bpf(Int, Hex, Int);
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
    use crate::calls::Arch;

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
                if *arg == DirFd {
                    assert_eq!(row.args.get(i + 1), Some(&Path), "{}", row.name);
                }
            }
        }
    }
}
