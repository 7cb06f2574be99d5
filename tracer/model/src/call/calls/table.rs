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
        open(PATH, OPEN_FLAGS, MODE) -> Descriptor = OPENS;
        openat(DIRFD, PATH, OPEN_FLAGS, MODE) -> Descriptor = OPENS;
        openat2(DIRFD, PATH, OPEN_HOW, SIZE) -> Descriptor = OPENS;
    }
    [Desc] Read {
        open_by_handle_at(OTHER_FD, FILE_HANDLE_GIVEN, OPEN_FLAGS) -> Descriptor = spec::RETURNS_FD;
    }
    [File] Read {
        readlink(PATH, FILLED, SIZE) = spec::LOOKS_UP;
    }
    [File Desc] Read {
        readlinkat(DIRFD, PATH, FILLED, SIZE) = spec::LOOKS_UP;
    }
    [File Desc] Write {
        creat(PATH, MODE) -> Descriptor = OPENS;
    }
    [File] Write {
        truncate(PATH, SIZE) = spec::LOOKS_UP;
        truncate64(PATH, SIZE) = spec::LOOKS_UP;
    }
    [Desc] Write {
        ftruncate(FD, SIZE);
        ftruncate64(FD, SIZE);
    }
    [File] Create {
        link(PATH, PATH);
        symlink(TEXT, PATH);
        mkdir(PATH, MODE);
        mknod(PATH, FILE_MODE, DEV);
    }
    [File Desc] Create {
        linkat(DIRFD, PATH, DIRFD, PATH, AT_FLAGS);
        symlinkat(TEXT, DIRFD, PATH);
        mkdirat(DIRFD, PATH, MODE);
        mknodat(DIRFD, PATH, FILE_MODE, DEV);
    }
    [File] Delete {
        unlink(PATH);
        rmdir(PATH);
    }
    [File Desc] Delete {
        unlinkat(DIRFD, PATH, AT_UNLINK);
    }
    [File] Rename {
        rename(PATH, PATH);
    }
    [File Desc] Rename {
        renameat(DIRFD, PATH, DIRFD, PATH);
        renameat2(DIRFD, PATH, DIRFD, PATH, RENAME);
    }
    [File] Attribute {
        chmod(PATH, MODE) = spec::LOOKS_UP;
        chown(PATH, UID, GID) = spec::LOOKS_UP;
        lchown(PATH, UID, GID) = spec::LOOKS_UP;
        chown32(PATH, UID, GID) = spec::LOOKS_UP;
        lchown32(PATH, UID, GID) = spec::LOOKS_UP;
        setxattr(PATH, TEXT, GIVEN_THIRD, SIZE, XATTR) = spec::LOOKS_UP;
        lsetxattr(PATH, TEXT, GIVEN_THIRD, SIZE, XATTR) = spec::LOOKS_UP;
        removexattr(PATH, TEXT) = spec::LOOKS_UP;
        lremovexattr(PATH, TEXT) = spec::LOOKS_UP;
        utime(PATH, UTIMBUF) = spec::LOOKS_UP;
        utimes(PATH, TIMEVALS) = spec::LOOKS_UP;
    }
    [File Desc] Attribute {
        fchmodat(DIRFD, PATH, MODE) = spec::LOOKS_UP;
        fchmodat2(DIRFD, PATH, MODE, AT_FLAGS) = spec::LOOKS_UP;
        fchownat(DIRFD, PATH, UID, GID, AT_FLAGS) = spec::LOOKS_UP;
        setxattrat(DIRFD, PATH, AT_XATTR, TEXT, XATTR_GIVEN, SIZE) = spec::LOOKS_UP;
        removexattrat(DIRFD, PATH, AT_XATTR, TEXT) = spec::LOOKS_UP;
        futimesat(DIRFD, PATH, TIMEVALS) = spec::LOOKS_UP;
        utimensat(DIRFD, PATH, TIMESPECS, AT_FLAGS) = spec::LOOKS_UP;
        utimensat_time64(DIRFD, PATH, TIMESPECS, AT_FLAGS) = spec::LOOKS_UP;
    }
    [Desc] Attribute {
        fchmod(FD, MODE);
        fchown(FD, UID, GID);
        fchown32(FD, UID, GID);
        fsetxattr(FD, TEXT, GIVEN_THIRD, SIZE, XATTR);
        fremovexattr(FD, TEXT);
    }
    [File Process] Execute {
        execve(PATH, ARGV, ENVP) = spec::EXECS | spec::LOOKS_UP;
    }
    [File Desc Process] Execute {
        execveat(DIRFD, PATH, ARGV, ENVP, AT_EXECVE) = spec::EXECS | spec::LOOKS_UP;
    }
    [File] Mount {
        chdir(PATH) = spec::MOVES_CWD | spec::LOOKS_UP;
        chroot(PATH) = spec::MOVES_ROOT | spec::LOOKS_UP;
        mount(TEXT, PATH, MOUNT_TYPE, MOUNT_FLAGS, MOUNT_DATA) = spec::LOOKS_UP;
        umount(PATH) = spec::LOOKS_UP;
        umount2(PATH, UMOUNT_FLAGS) = spec::LOOKS_UP;
        pivot_root(PATH, PATH) = spec::LOOKS_UP;
    }
    [Desc] Mount {
        fchdir(FD);
    }
    [Process] Fork {
        fork() -> Process = spec::FORKS;
        vfork() -> Process = spec::FORKS;
        clone(CLONE, ADDRESS, CLONE_ADDRESS, ADDRESS, ADDRESS) -> Process = spec::FORKS;
        clone3(CLONE_ARGS, SIZE) -> Process = spec::FORKS;
    }
    [Process] Exit {
        exit(INT) = spec::ENDS_TASK;
        exit_group(INT) = spec::ENDS_TASK;
    }
    [Process Signal] Signal {
        kill(PID, SIGNAL);
        tkill(PID, SIGNAL);
        tgkill(PID, PID, SIGNAL);
    }
    [] Kernel {
        ptrace(PTRACE, PID, ADDRESS, PTRACE_DATA);
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
        setgroups(INT, GIDS);
        setuid32(UID);
        setgid32(GID);
        setreuid32(UID, UID);
        setregid32(GID, GID);
        setresuid32(UID, UID, UID);
        setresgid32(GID, GID, GID);
        setfsuid32(UID);
        setfsgid32(GID);
        setgroups32(INT, GIDS);
    }
    [Kernel] Kernel {
        init_module(ADDRESS, SIZE, TEXT);
        delete_module(TEXT, FILE_FLAGS);
    }
    [Kernel Desc] Kernel {
        finit_module(FD, TEXT, MODULE_INIT);
        bpf(BPF_CMD, BPF_ATTR, UINT);
    }

    // From here on: calls that change no file, process or id that others would miss.
    [Desc] Other {
        read(OTHER_FD, FILLED, SIZE);
        write(OTHER_FD, GIVEN, SIZE);
        pread64(OTHER_FD, FILLED, SIZE, LONG);
        pwrite64(OTHER_FD, GIVEN, SIZE, LONG);
        readv(OTHER_FD, IOVEC_FILLED, UINT);
        writev(OTHER_FD, IOVEC_GIVEN, UINT);
        preadv(OTHER_FD, IOVEC_FILLED, UINT, LONG);
        pwritev(OTHER_FD, IOVEC_GIVEN, UINT, LONG);
        preadv2(OTHER_FD, IOVEC_FILLED, UINT, LONG, SKIPPED, RWF);
        pwritev2(OTHER_FD, IOVEC_GIVEN, UINT, LONG, SKIPPED, RWF);
        close(CHANGED_FD);
        lseek(OTHER_FD, LONG, SEEK);
        _llseek(OTHER_FD, HEX32, HEX32, ADDRESS, SEEK);
        ioctl(OTHER_FD, IOCTL_CMD, IOCTL_ARG) -> Ioctl;
        fcntl(OTHER_FD, FCNTL_CMD, FCNTL_ARG) -> Fcntl;
        fcntl64(OTHER_FD, FCNTL_CMD, FCNTL_ARG) -> Fcntl;
        flock(OTHER_FD, FLOCK);
        fsync(OTHER_FD);
        fdatasync(OTHER_FD);
        syncfs(OTHER_FD);
        dup(OTHER_FD) -> Descriptor;
        dup2(OTHER_FD, CHANGED_FD) -> Descriptor;
        dup3(OTHER_FD, CHANGED_FD, FILE_FLAGS) -> Descriptor;
        pipe(FDS);
        pipe2(FDS, FILE_FLAGS);
        poll(POLLFDS, UINT, INT) -> Polled;
        ppoll(POLLFDS, UINT, LIMIT_SPEC, SIGSET_4, SIZE) -> Polled;
        select(INT, FD_SETS, FD_SETS, FD_SETS, LIMIT_VAL) -> Selected;
        pselect6(INT, FD_SETS, FD_SETS, FD_SETS, LIMIT_SPEC, SIGMASK_AND_SIZE) -> Selected;
        getdents(OTHER_FD, DIRENTS, UINT);
        getdents64(OTHER_FD, DIRENTS, UINT);
        fadvise64(OTHER_FD, LONG, SIZE, FADVISE);
        readahead(OTHER_FD, LONG, SIZE);
        fallocate(OTHER_FD, FALLOC, LONG, LONG);
        sync_file_range(OTHER_FD, LONG, LONG, SYNC_RANGE);
        splice(OTHER_FD, OFFSET, OTHER_FD, OFFSET, SIZE, SPLICE);
        tee(OTHER_FD, OTHER_FD, SIZE, SPLICE);
        vmsplice(OTHER_FD, IOVEC_GIVEN, SIZE, SPLICE);
        copy_file_range(OTHER_FD, OFFSET, OTHER_FD, OFFSET, SIZE, HEX32);
        epoll_create(INT) -> Descriptor;
        epoll_create1(EPOLL_CREATE) -> Descriptor;
        epoll_ctl(OTHER_FD, EPOLL_OPS, OTHER_FD, EPOLL_EVENT);
        epoll_wait(OTHER_FD, EPOLL_EVENTS, INT, INT);
        epoll_pwait(OTHER_FD, EPOLL_EVENTS, INT, INT, SIGSET_5, SIZE);
        epoll_pwait2(OTHER_FD, EPOLL_EVENTS, INT, TIMESPEC, SIGSET_5, SIZE);
        eventfd(UINT) -> Descriptor;
        eventfd2(UINT, EFD) -> Descriptor;
        timerfd_create(CLOCK, TFD) -> Descriptor;
        timerfd_settime(OTHER_FD, TFD_SETTIME, ITIMERSPEC, ITIMERSPEC_OUT);
        timerfd_gettime(OTHER_FD, ITIMERSPEC_OUT);
        inotify_init() -> Descriptor;
        inotify_init1(INOTIFY_INIT) -> Descriptor;
        inotify_rm_watch(OTHER_FD, INT);
        fanotify_init(FAN_INIT, EVENT_FLAGS) -> Descriptor;
        memfd_create(MEMFD_NAME, MFD) -> Descriptor;
        memfd_secret(FILE_FLAGS) -> Descriptor;
        userfaultfd(FILE_FLAGS) -> Descriptor;
        pidfd_open(PID, PIDFD_OPEN) -> Descriptor;
        pidfd_getfd(OTHER_FD, FD_OF_RESULT, HEX32) -> Descriptor;
        perf_event_open(PERF_ATTR, PID, INT, INT, PERF_FLAGS) -> Descriptor;
        mq_open(QUEUE_NAME, OPEN_FLAGS, MODE, MQ_ATTR) -> Descriptor;
        mq_timedsend(OTHER_FD, GIVEN, SIZE, UINT, TIMESPEC);
        mq_timedreceive(OTHER_FD, FILLED, SIZE, UINT_OUT, TIMESPEC);
        mq_notify(OTHER_FD, SIGEVENT);
        mq_getsetattr(OTHER_FD, MQ_ATTR, MQ_ATTR_OUT);
        setns(OTHER_FD, NAMESPACES);
        fgetxattr(OTHER_FD, TEXT, XATTR_VALUE, SIZE);
        flistxattr(OTHER_FD, XATTR_VALUE, SIZE);
        fsopen(TEXT, FSOPEN) -> Descriptor;
        fsmount(OTHER_FD, FSMOUNT, FSMOUNT_ATTR) -> Descriptor;
        io_uring_setup(UINT, URING_PARAMS) -> Descriptor;
        landlock_create_ruleset(LANDLOCK_ATTR, SIZE, LANDLOCK_CREATE) -> Descriptor;
        landlock_add_rule(OTHER_FD, LANDLOCK_RULES, LANDLOCK_RULE, LANDLOCK_ADD_RULE);
        landlock_restrict_self(OTHER_FD, HEX32);
        process_madvise(OTHER_FD, IOVEC_GIVEN, SIZE, MADVISE, HEX32);
        process_mrelease(OTHER_FD, HEX32);
        kexec_file_load(OTHER_FD, OTHER_FD, SIZE, TEXT, HEX);
        quotactl_fd(OTHER_FD, QUOTA_CMD, QUOTA_ID, QUOTA_DATA);
        cachestat(OTHER_FD, CACHE_RANGE, CACHE_STATS, HEX32);
    }
    [] Other {
        close_range(UINT, UINT, CLOSE_RANGE);
    }
    [Desc Signal] Other {
        signalfd(OTHER_FD, SIGSET_2, SIZE) -> Descriptor;
        signalfd4(OTHER_FD, SIGSET_2, SIZE, SFD) -> Descriptor;
        io_uring_enter(OTHER_FD, UINT, UINT, URING_ENTER, SIGSET_5, SIZE);
    }
    [Desc Signal Process] Other {
        pidfd_send_signal(OTHER_FD, SIGNAL, SIGINFO, PIDFD_SIGNAL);
    }
    [Desc Memory] Other {
        io_uring_register(OTHER_FD, URING_REGISTER, ADDRESS, UINT);
        mmap(ADDRESS, SIZE, PROT, MAP, OTHER_FD, HEX) -> Hex;
        mmap2(ADDRESS, SIZE, PROT, MAP, OTHER_FD, HEX) -> Hex;
    }
    [Desc Stat] Other {
        fstat(OTHER_FD, STAT);
        fstat64(OTHER_FD, ADDRESS);
        oldfstat(OTHER_FD, ADDRESS);
    }
    [Desc Statfs] Other {
        fstatfs(OTHER_FD, STATFS);
        fstatfs64(OTHER_FD, SIZE, ADDRESS);
    }
    [File Stat] Other {
        stat(PATH, STAT) = spec::LOOKS_UP;
        lstat(PATH, STAT) = spec::LOOKS_UP;
        stat64(PATH, ADDRESS) = spec::LOOKS_UP;
        lstat64(PATH, ADDRESS) = spec::LOOKS_UP;
    }
    [File Desc Stat] Other {
        newfstatat(DIRFD, PATH, STAT, AT_FLAGS) = spec::LOOKS_UP;
        fstatat64(DIRFD, PATH, ADDRESS, AT_FLAGS) = spec::LOOKS_UP;
        statx(DIRFD, PATH, AT_STATX, STATX_MASK, STATX) = spec::LOOKS_UP;
    }
    [File Statfs] Other {
        statfs(PATH, STATFS) = spec::LOOKS_UP;
        statfs64(PATH, SIZE, ADDRESS) = spec::LOOKS_UP;
    }
    [File] Other {
        access(PATH, ACCESS_MODES) = spec::LOOKS_UP;
        getcwd(FILLED_PATH, SIZE);
        getxattr(PATH, TEXT, XATTR_VALUE, SIZE) = spec::LOOKS_UP;
        lgetxattr(PATH, TEXT, XATTR_VALUE, SIZE) = spec::LOOKS_UP;
        listxattr(PATH, XATTR_VALUE, SIZE) = spec::LOOKS_UP;
        llistxattr(PATH, XATTR_VALUE, SIZE) = spec::LOOKS_UP;
        acct(PATH);
        swapon(PATH, HEX32);
        swapoff(PATH);
        uselib(PATH);
        quotactl(QUOTA_CMD, PATH, QUOTA_ID, QUOTA_DATA);
    }
    [File Desc] Other {
        faccessat(DIRFD, PATH, ACCESS_MODES) = spec::LOOKS_UP;
        faccessat2(DIRFD, PATH, ACCESS_MODES, AT_ACCESS) = spec::LOOKS_UP;
        getxattrat(DIRFD, PATH, AT_XATTR, TEXT, XATTR_FILLED, SIZE) = spec::LOOKS_UP;
        listxattrat(DIRFD, PATH, AT_XATTR, XATTR_VALUE, SIZE) = spec::LOOKS_UP;
        name_to_handle_at(DIRFD, PATH, FILE_HANDLE, INT_OUT, AT_HANDLE) = spec::LOOKS_UP;
        inotify_add_watch(OTHER_FD, PATH, INOTIFY_MASK) = spec::LOOKS_UP;
        fanotify_mark(OTHER_FD, FAN_MARK, FAN_MASK, FAN_DIRFD, PATH);
        open_tree(DIRFD, PATH, OPEN_TREE) -> Descriptor;
        move_mount(DIRFD, PATH, DIRFD, PATH, MOVE_MOUNT);
        fspick(DIRFD, PATH, FSPICK) -> Descriptor;
        mount_setattr(DIRFD, PATH, AT_MOUNT, MOUNT_ATTRS, SIZE);
        open_tree_attr(DIRFD, PATH, OPEN_TREE, MOUNT_ATTRS, SIZE) -> Descriptor;
        file_getattr(DIRFD, PATH, FILE_ATTR_OUT, SIZE, AT_XATTR) = spec::LOOKS_UP;
        file_setattr(DIRFD, PATH, FILE_ATTR, SIZE, AT_XATTR) = spec::LOOKS_UP;
        fsconfig(OTHER_FD, FSCONFIG, TEXT, ADDRESS, INT);
    }
    [Memory] Other {
        brk(ADDRESS) -> Hex;
        munmap(ADDRESS, SIZE);
        mprotect(ADDRESS, SIZE, PROT);
        pkey_mprotect(ADDRESS, SIZE, PROT, INT);
        mremap(ADDRESS, SIZE, SIZE, MREMAP_FLAGS, ADDRESS) -> Hex;
        remap_file_pages(ADDRESS, SIZE, PROT, SIZE, MAP);
        msync(ADDRESS, SIZE, MSYNC);
        mincore(ADDRESS, SIZE, ADDRESS);
        madvise(ADDRESS, SIZE, MADVISE);
        mlock(ADDRESS, SIZE);
        mlock2(ADDRESS, SIZE, MLOCK);
        munlock(ADDRESS, SIZE);
        mlockall(MCL);
        munlockall();
        mbind(ADDRESS, SIZE, MPOL_MODE, NODES, SIZE, MPOL_MBIND);
        set_mempolicy(MPOL_MODE_INT, NODES, SIZE);
        get_mempolicy(INT_OUT, ADDRESS, SIZE, ADDRESS, HEX32);
        migrate_pages(PID, SIZE, NODES_OF_SECOND, NODES_OF_SECOND);
        move_pages(PID, SIZE, ADDRESS, ADDRESS, ADDRESS, MPOL_MBIND);
        io_setup(UINT, ADDRESS_OUT);
        io_destroy(ADDRESS);
        mseal(ADDRESS, SIZE, HEX);
        map_shadow_stack(ADDRESS, SIZE, SHADOW_STACK) -> Hex;
        set_mempolicy_home_node(ADDRESS, SIZE, SIZE, HEX);
    }
    [] Other {
        pkey_alloc(HEX, PKEY_ACCESS);
        pkey_free(INT);
        io_submit(ADDRESS, LONG, IOCBS);
        io_getevents(ADDRESS, LONG, LONG, IO_EVENTS, TIMESPEC);
        io_pgetevents(ADDRESS, LONG, LONG, IO_EVENTS, TIMESPEC, SIGMASK_AND_SIZE);
        io_cancel(ADDRESS, IOCB_CANCELLED, IO_EVENT);
    }
    [Network] Other {
        socket(AF, SOCK_TYPE, PROTOCOL) -> Descriptor;
        socketpair(AF, SOCK_TYPE, PROTOCOL, FDS);
        bind(CHANGED_FD, SOCKADDR, INT);
        connect(CHANGED_FD, SOCKADDR, INT);
        listen(OTHER_FD, INT);
        accept(OTHER_FD, SOCKADDR_OUT, LENGTH) -> Descriptor;
        accept4(OTHER_FD, SOCKADDR_OUT, LENGTH, SOCK_FLAGS) -> Descriptor;
        getsockname(OTHER_FD, SOCKADDR_OUT, LENGTH);
        getpeername(OTHER_FD, SOCKADDR_OUT, LENGTH);
        sendto(OTHER_FD, SENT, SIZE, MSG, SOCKADDR_TO, UINT);
        recvfrom(OTHER_FD, RECEIVED, SIZE, MSG, SOCKADDR_FROM, LENGTH);
        sendmsg(OTHER_FD, MSGHDR, MSG);
        recvmsg(OTHER_FD, MSGHDR_OUT, MSG);
        sendmmsg(OTHER_FD, MMSGHDRS, UINT, MSG);
        recvmmsg(OTHER_FD, MMSGHDRS_OUT, UINT, MSG, LIMIT_SPEC) -> Received;
        setsockopt(OTHER_FD, SOL, SOCKOPT, OPTVAL, INT);
        getsockopt(OTHER_FD, SOL, SOCKOPT, OPTVAL_OUT, LENGTH);
        shutdown(OTHER_FD, SHUT);
    }
    [Desc Network] Other {
        sendfile(OTHER_FD, OTHER_FD, OFFSET, SIZE);
        sendfile64(OTHER_FD, OTHER_FD, OFFSET, SIZE);
    }
    [Process] Other {
        wait4(PID, WAIT_STATUS, WAIT, RUSAGE_OF_CHILD) -> Process;
        waitpid(PID, WAIT_STATUS, WAIT) -> Process;
        waitid(WAIT_IDS, PID, SIGINFO_OUT, WAITID, RUSAGE_OUT);
    }
    [] Other {
        unshare(UNSHARE);
        set_tid_address(ADDRESS) -> Process;
        set_robust_list(ADDRESS, SIZE);
        get_robust_list(PID, ADDRESS_OUT, SIZE_OUT);
        rseq(ADDRESS, HEX32, HEX32, HEX32);
        rseq_slice_yield();
        arch_prctl(ARCH_PRCTL, ARCH_PRCTL_OUT) -> ArchPrctl;
        futex(ADDRESS, FUTEX, INT, FUTEX_TIMEOUT, ADDRESS, HEX);
        sched_yield();
        sched_setparam(PID, SCHED_PARAM);
        sched_getparam(PID, SCHED_PARAM_OUT);
        sched_setscheduler(PID, POLICY, SCHED_PARAM);
        sched_getscheduler(PID) -> Policy;
        sched_get_priority_max(SCHED);
        sched_get_priority_min(SCHED);
        sched_rr_get_interval(PID, TIMESPEC_OUT);
        sched_setaffinity(PID, UINT, CPUS);
        sched_getaffinity(PID, UINT, CPUS_OUT);
        sched_setattr(PID, SCHED_ATTR, HEX32);
        sched_getattr(PID, SCHED_ATTR_OUT, UINT, SCHED_GETATTR);
        getpriority(PRIO, PID);
        setpriority(PRIO, PID, INT);
        ioprio_get(IOPRIO_WHO, PID) -> Priority;
        ioprio_set(IOPRIO_WHO, PID, IOPRIO);
        getrlimit(RLIMIT, LIMIT_OUT);
        ugetrlimit(RLIMIT, ADDRESS);
        setrlimit(RLIMIT, LIMIT);
        prlimit64(PID, RLIMIT, LIMIT, LIMIT_OUT);
        getrusage(RUSAGE, RUSAGE_OUT);
        times(TMS) -> Moment;
        uname(UTSNAME);
        sysinfo(SYSINFO);
        syslog(INT, ADDRESS, INT);
        getcpu(UINT_OUT, UINT_OUT, ADDRESS);
        getrandom(RANDOM, SIZE, GRND);
        sethostname(GIVEN_FIRST, SIZE);
        setdomainname(GIVEN_FIRST, SIZE);
        nanosleep(TIMESPEC, REMAINDER);
        clock_nanosleep(CLOCK, TIMER_FLAGS, TIMESPEC, REMAINDER);
        getitimer(ITIMER, ITIMERVAL_OUT);
        setitimer(ITIMER, ITIMERVAL, ITIMERVAL_OUT);
        alarm(UINT);
        timer_create(CLOCK, SIGEVENT, INT_OUT);
        timer_settime(INT, TIMER_FLAGS, ITIMERSPEC, ITIMERSPEC_OUT);
        timer_gettime(INT, ITIMERSPEC_OUT);
        timer_getoverrun(INT);
        timer_delete(INT);
        setpgid(PID, PID);
        getpgid(PID) -> Process;
        setsid() -> Process;
        getsid(PID) -> Process;
        vhangup();
        sync();
        reboot(REBOOT_MAGIC1, REBOOT_MAGIC2, REBOOT, REBOOT_TEXT);
        iopl(INT);
        ioperm(HEX, HEX, INT);
        seccomp(SECCOMP_OPS, SECCOMP_FLAGS, SECCOMP_ARG);
        membarrier(MEMBARRIER_CMD, MEMBARRIER_FLAGS, INT) -> Barriers;
        process_vm_readv(PID, IOVEC_FILLED, SIZE, IOVEC_REMOTE, SIZE, SIZE);
        process_vm_writev(PID, IOVEC_GIVEN, SIZE, IOVEC_REMOTE, SIZE, SIZE);
        kcmp(PID, PID, KCMP, HEX, KCMP_SLOT);
        add_key(TEXT, TEXT, GIVEN_THIRD, SIZE, KEY);
        request_key(TEXT, TEXT, TEXT, KEY);
        keyctl(KEYCTL, KEYCTL_ARG, KEYCTL_ARG, KEYCTL_ARG, KEYCTL_ARG);
        kexec_load(ADDRESS, SIZE, KEXEC_SEGMENTS, KEXEC_FLAGS);
        mq_unlink(QUEUE_NAME);
        restart_syscall();
        modify_ldt(INT, USER_DESC, SIZE) -> Ldt;
        set_thread_area(ADDRESS);
        get_thread_area(ADDRESS);
        futex_waitv(FUTEX_WAITERS, UINT, HEX32, TIMESPEC, CLOCK);
        futex_wake(ADDRESS, FUTEX_MASK, INT, FUTEX2);
        futex_wait(ADDRESS, SIZE, FUTEX_MASK, FUTEX2, TIMESPEC, CLOCK);
        futex_requeue(TWO_FUTEX_WAITERS, HEX32, INT, INT);
        statmount(STATMOUNT_REQ, ADDRESS, SIZE, STATMOUNT_FLAGS);
        listmount(LISTMOUNT_REQ, NUMBERS_OUT, SIZE, LISTMOUNT);
        lsm_get_self_attr(LSM_ATTRS, ADDRESS, ULENGTH, LSM_FLAGS);
        lsm_set_self_attr(LSM_ATTRS, ADDRESS, UINT, LSM_FLAGS);
        lsm_list_modules(LSM_IDS, ULENGTH, HEX32);
        sysfs(INT, HEX, HEX);
        lookup_dcookie(HEX, ADDRESS, SIZE);
        ustat(DEV, ADDRESS);
        umask(MODE) -> Mask;
        personality(PERSONALITY) -> Personality;
    }
    [Signal] Other {
        rt_sigaction(SIGNAL, SIGACTION, SIGACTION_OUT, SIZE);
        rt_sigprocmask(SIGMASK_HOW, SIGSET_3, SIGSET_OUT, SIZE);
        rt_sigpending(SIGSET_PENDING, SIZE);
        rt_sigsuspend(SIGSET_1, SIZE);
        rt_sigtimedwait(SIGSET_3, SIGINFO_OUT, TIMESPEC, SIZE) -> Signal;
        sigaltstack(STACK, STACK_OUT);
        rt_sigreturn();
        pause();
    }
    [Process Signal] Other {
        rt_sigqueueinfo(PID, SIGNAL, SIGINFO);
        rt_tgsigqueueinfo(PID, PID, SIGNAL, SIGINFO);
    }
    [Ipc] Other {
        shmget(IPC_KEY, SIZE, SHM_FLAGS);
        shmctl(INT, SHM_CMD, SHM_DATA);
        semget(IPC_KEY, INT, IPC_FLAGS);
        semop(INT, SEMOPS, UINT);
        semtimedop(INT, SEMOPS, UINT, TIMESPEC);
        semctl(INT, INT, SEM_CMD, SEM_DATA);
        msgget(IPC_KEY, IPC_FLAGS);
        msgsnd(INT, MSGBUF, SIZE, MSGRCV);
        msgrcv(INT, MSGBUF_OUT, SIZE, LONG, MSGRCV);
        msgctl(INT, MSG_CMD, MSG_DATA);
    }
    [Ipc Memory] Other {
        shmat(INT, ADDRESS, SHMAT) -> Hex;
        shmdt(ADDRESS);
    }
    [Creds] Other {
        capget(CAP_HEADER, CAPS_OUT);
        capset(CAP_HEADER, CAPS);
        getgroups(INT, GIDS_OUT);
        getresuid(UINT_OUT, UINT_OUT, UINT_OUT);
        getresgid(UINT_OUT, UINT_OUT, UINT_OUT);
        prctl(PRCTL, PRCTL_MEMORY, PRCTL_FILTER, ADDRESS, PRCTL_COOKIE) -> Prctl;
    }
    [Creds Pure] Other {
        getuid();
        getgid();
        geteuid();
        getegid();
        getuid32();
        getgid32();
        geteuid32();
        getegid32();
    }
    [Pure] Other {
        getpid() -> Process;
        getppid() -> Process;
        gettid() -> Process;
        getpgrp() -> Process;
    }
    [Clock] Other {
        gettimeofday(TIMEVAL_OUT, TIMEZONE);
        settimeofday(TIMEVAL, TIMEZONE);
        time(SECONDS_OUT) -> Date;
        adjtimex(TIMEX) -> ClockState;
        clock_adjtime(CLOCK, TIMEX) -> ClockState;
        clock_gettime(CLOCK, TIMESPEC_OUT);
        clock_settime(CLOCK, TIMESPEC);
        clock_getres(CLOCK, TIMESPEC_OUT);
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
