//! Names of numbers that audit records have in them. Numbers come from libc wherever it has them;
//! the words are those of the audit tools.

/// Constants of libc by name, then those that it has not on every machine.
macro_rules! of_libc {
    ($($name:ident)* $(; $($own:ident = $value:literal)*)?) => {
        &[
            $((libc::$name as u32 as u64, stringify!($name)),)*
            $($(($value, stringify!($own)),)*)?
        ]
    };
}

/// A table of names, in the order in which they are printed.
pub(super) type Names = &'static [(u64, &'static str)];

/// The name of one number.
pub(super) fn name(table: Names, number: u64) -> Option<&'static str> {
    table
        .iter()
        .find(|(n, _)| *n == number)
        .map(|(_, name)| *name)
}

/// `O_...` of open(2), by value. The two that are made of several bits have glibc's names for the
/// bit that is their own.
pub(super) const OPEN: Names = &[
    (libc::O_WRONLY as u64, "O_WRONLY"),
    (libc::O_RDWR as u64, "O_RDWR"),
    (libc::O_CREAT as u64, "O_CREAT"),
    (libc::O_EXCL as u64, "O_EXCL"),
    (libc::O_NOCTTY as u64, "O_NOCTTY"),
    (libc::O_TRUNC as u64, "O_TRUNC"),
    (libc::O_APPEND as u64, "O_APPEND"),
    (libc::O_NONBLOCK as u64, "O_NONBLOCK"),
    (libc::O_DSYNC as u64, "O_DSYNC"),
    (libc::O_ASYNC as u64, "O_ASYNC"),
    (libc::O_DIRECT as u64, "O_DIRECT"),
    (libc::O_DIRECTORY as u64, "O_DIRECTORY"),
    (libc::O_NOFOLLOW as u64, "O_NOFOLLOW"),
    (libc::O_NOATIME as u64, "O_NOATIME"),
    (libc::O_CLOEXEC as u64, "O_CLOEXEC"),
    ((libc::O_SYNC & !libc::O_DSYNC) as u64, "__O_SYNC"),
    (libc::O_PATH as u64, "O_PATH"),
    ((libc::O_TMPFILE & !libc::O_DIRECTORY) as u64, "__O_TMPFILE"),
];

/// Of access(2).
pub(super) const ACCESS: Names = of_libc!(X_OK W_OK R_OK);

/// Of umount2(2).
pub(super) const UMOUNT: Names = of_libc!(MNT_FORCE MNT_DETACH MNT_EXPIRE UMOUNT_NOFOLLOW);

/// Of mount(2).
pub(super) const MOUNT: Names = of_libc!(
    MS_RDONLY MS_NOSUID MS_NODEV MS_NOEXEC MS_SYNCHRONOUS MS_REMOUNT MS_MANDLOCK MS_DIRSYNC
    MS_NOATIME MS_NODIRATIME MS_BIND MS_MOVE MS_REC MS_SILENT MS_POSIXACL MS_UNBINDABLE MS_PRIVATE
    MS_SLAVE MS_SHARED MS_RELATIME MS_KERNMOUNT MS_I_VERSION MS_STRICTATIME MS_LAZYTIME
    MS_ACTIVE MS_NOUSER
);

/// Of clone(2) and unshare(2).
pub(super) const CLONE: Names = of_libc!(
    CLONE_VM CLONE_FS CLONE_FILES CLONE_SIGHAND CLONE_PTRACE CLONE_VFORK CLONE_PARENT CLONE_THREAD
    CLONE_NEWNS CLONE_SYSVSEM CLONE_SETTLS CLONE_PARENT_SETTID CLONE_CHILD_CLEARTID CLONE_DETACHED
    CLONE_UNTRACED CLONE_CHILD_SETTID CLONE_NEWCGROUP CLONE_NEWUTS CLONE_NEWIPC CLONE_NEWUSER
    CLONE_NEWPID CLONE_NEWNET CLONE_IO
);

/// Of mmap(2).
pub(super) const PROT: Names = of_libc!(PROT_READ PROT_WRITE PROT_EXEC);

/// Of mmap(2).
pub(super) const MMAP: Names = of_libc!(
    MAP_SHARED MAP_PRIVATE MAP_FIXED MAP_ANONYMOUS MAP_GROWSDOWN MAP_DENYWRITE MAP_EXECUTABLE
    MAP_LOCKED MAP_NORESERVE MAP_POPULATE MAP_NONBLOCK MAP_STACK MAP_HUGETLB MAP_SYNC
    MAP_FIXED_NOREPLACE
);

/// Of send(2) and recv(2).
pub(super) const MESSAGE: Names = of_libc!(
    MSG_OOB MSG_PEEK MSG_DONTROUTE MSG_CTRUNC MSG_TRUNC MSG_DONTWAIT MSG_EOR MSG_WAITALL MSG_FIN
    MSG_SYN MSG_CONFIRM MSG_RST MSG_ERRQUEUE MSG_NOSIGNAL MSG_MORE MSG_WAITFORONE MSG_FASTOPEN
    MSG_CMSG_CLOEXEC
);

/// Of openat2(2).
pub(super) const RESOLVE: Names = of_libc!(
    RESOLVE_NO_XDEV RESOLVE_NO_MAGICLINKS RESOLVE_NO_SYMLINKS RESOLVE_BENEATH RESOLVE_IN_ROOT
    RESOLVE_CACHED
);

/// Of lseek(2).
pub(super) const SEEK: Names = of_libc!(SEEK_SET SEEK_CUR SEEK_END SEEK_DATA SEEK_HOLE);

/// Of `epoll_ctl(2)`.
pub(super) const EPOLL: Names = of_libc!(EPOLL_CTL_ADD EPOLL_CTL_DEL EPOLL_CTL_MOD);

/// Of `sched_setscheduler(2)`.
pub(super) const SCHED: Names =
    of_libc!(SCHED_OTHER SCHED_FIFO SCHED_RR SCHED_BATCH SCHED_IDLE SCHED_DEADLINE);

/// Of `clock_settime(2)`.
pub(super) const CLOCK: Names = of_libc!(
    CLOCK_REALTIME CLOCK_MONOTONIC CLOCK_PROCESS_CPUTIME_ID CLOCK_THREAD_CPUTIME_ID
    CLOCK_MONOTONIC_RAW CLOCK_REALTIME_COARSE CLOCK_MONOTONIC_COARSE CLOCK_BOOTTIME
    CLOCK_REALTIME_ALARM CLOCK_BOOTTIME_ALARM CLOCK_TAI
);

/// Of setrlimit(2).
pub(super) const RLIMIT: Names = of_libc!(
    RLIMIT_CPU RLIMIT_FSIZE RLIMIT_DATA RLIMIT_STACK RLIMIT_CORE RLIMIT_RSS RLIMIT_NPROC
    RLIMIT_NOFILE RLIMIT_MEMLOCK RLIMIT_AS RLIMIT_LOCKS RLIMIT_SIGPENDING RLIMIT_MSGQUEUE
    RLIMIT_NICE RLIMIT_RTPRIO RLIMIT_RTTIME
);

/// Of fcntl(2).
pub(super) const FCNTL: Names = of_libc!(
    F_DUPFD F_GETFD F_SETFD F_GETFL F_SETFL F_GETLK F_SETLK F_SETLKW F_SETOWN F_GETOWN
    F_SETLEASE F_GETLEASE F_NOTIFY F_CANCELLK F_DUPFD_CLOEXEC F_SETPIPE_SZ F_GETPIPE_SZ
    F_ADD_SEALS F_GET_SEALS
);

/// Of ptrace(2).
pub(super) const PTRACE: Names = of_libc!(
    PTRACE_TRACEME PTRACE_PEEKTEXT PTRACE_PEEKDATA PTRACE_PEEKUSER PTRACE_POKETEXT PTRACE_POKEDATA
    PTRACE_POKEUSER PTRACE_CONT PTRACE_KILL PTRACE_SINGLESTEP PTRACE_ATTACH PTRACE_DETACH
    PTRACE_SYSCALL PTRACE_SETOPTIONS PTRACE_GETEVENTMSG PTRACE_GETSIGINFO PTRACE_SETSIGINFO
    PTRACE_GETREGSET PTRACE_SETREGSET PTRACE_SEIZE PTRACE_INTERRUPT PTRACE_LISTEN
    PTRACE_PEEKSIGINFO;
    PTRACE_GETREGS = 12 PTRACE_SETREGS = 13 PTRACE_GETFPREGS = 14 PTRACE_SETFPREGS = 15
);

/// Of prctl(2).
pub(super) const PRCTL: Names = of_libc!(
    PR_SET_PDEATHSIG PR_GET_PDEATHSIG PR_GET_DUMPABLE PR_SET_DUMPABLE PR_GET_KEEPCAPS
    PR_SET_KEEPCAPS PR_SET_NAME PR_GET_NAME PR_GET_SECCOMP PR_SET_SECCOMP PR_CAPBSET_READ
    PR_CAPBSET_DROP PR_GET_TSC PR_SET_TSC PR_GET_SECUREBITS PR_SET_SECUREBITS PR_SET_TIMERSLACK
    PR_GET_TIMERSLACK PR_MCE_KILL PR_MCE_KILL_GET PR_SET_MM PR_SET_CHILD_SUBREAPER
    PR_GET_CHILD_SUBREAPER PR_SET_NO_NEW_PRIVS PR_GET_NO_NEW_PRIVS PR_GET_TID_ADDRESS
    PR_SET_THP_DISABLE PR_GET_THP_DISABLE PR_CAP_AMBIENT PR_SET_PTRACER
);

/// Of socket(2).
pub(super) const SOCKET_TYPE: Names =
    of_libc!(SOCK_STREAM SOCK_DGRAM SOCK_RAW SOCK_RDM SOCK_SEQPACKET SOCK_DCCP);

/// Of getsockopt(2).
pub(super) const SOCKET_LEVEL: Names = of_libc!(
    SOL_IP SOL_SOCKET SOL_TCP SOL_UDP SOL_IPV6 SOL_RAW SOL_PACKET SOL_NETLINK SOL_BLUETOOTH SOL_ALG
);

/// Address families, as the audit tools call them.
pub(super) const FAMILY: Names = &[
    (libc::AF_UNIX as u64, "local"),
    (libc::AF_INET as u64, "inet"),
    (libc::AF_AX25 as u64, "ax25"),
    (libc::AF_IPX as u64, "ipx"),
    (libc::AF_APPLETALK as u64, "appletalk"),
    (libc::AF_NETROM as u64, "netrom"),
    (libc::AF_BRIDGE as u64, "bridge"),
    (libc::AF_ATMPVC as u64, "atmpvc"),
    (libc::AF_X25 as u64, "x25"),
    (libc::AF_INET6 as u64, "inet6"),
    (libc::AF_ROSE as u64, "rose"),
    (libc::AF_KEY as u64, "key"),
    (libc::AF_NETLINK as u64, "netlink"),
    (libc::AF_PACKET as u64, "packet"),
    (libc::AF_RDS as u64, "rds"),
    (libc::AF_IRDA as u64, "irda"),
    (libc::AF_PPPOX as u64, "pppox"),
    (libc::AF_LLC as u64, "llc"),
    (libc::AF_CAN as u64, "can"),
    (libc::AF_TIPC as u64, "tipc"),
    (libc::AF_BLUETOOTH as u64, "bluetooth"),
    (libc::AF_RXRPC as u64, "rxrpc"),
    (libc::AF_ALG as u64, "alg"),
    (libc::AF_NFC as u64, "nfc"),
    (libc::AF_VSOCK as u64, "vsock"),
    (libc::AF_XDP as u64, "xdp"),
];

/// `SECCOMP_RET_...` of seccomp(2), as the audit tools call them.
pub(super) const SECCOMP: Names = &[
    (libc::SECCOMP_RET_KILL_PROCESS as u64, "kill-process"),
    (libc::SECCOMP_RET_KILL_THREAD as u64, "kill-thread"),
    (libc::SECCOMP_RET_TRAP as u64, "trap"),
    (libc::SECCOMP_RET_ERRNO as u64, "errno"),
    (libc::SECCOMP_RET_USER_NOTIF as u64, "user-notify"),
    (libc::SECCOMP_RET_TRACE as u64, "trace"),
    (libc::SECCOMP_RET_LOG as u64, "log"),
    (libc::SECCOMP_RET_ALLOW as u64, "allow"),
];

/// `AUDIT_FILTER_...` of `linux/audit.h`: the lists that rules are in.
pub(super) const LISTS: Names = &[
    (0, "user"),
    (1, "task"),
    (2, "entry"),
    (4, "exit"),
    (5, "exclude"),
    (6, "filesystem"),
    (7, "io_uring"),
];

/// Types of files, `S_IFMT` of inode(7).
pub(super) const FILE_TYPE: Names = &[
    (libc::S_IFSOCK as u64, "socket"),
    (libc::S_IFLNK as u64, "link"),
    (libc::S_IFREG as u64, "file"),
    (libc::S_IFBLK as u64, "block"),
    (libc::S_IFDIR as u64, "dir"),
    (libc::S_IFCHR as u64, "character"),
    (libc::S_IFIFO as u64, "fifo"),
];

/// Netfilter's protocol families (`NFPROTO_...` of `linux/netfilter.h`).
pub(super) const NF_PROTO: Names = &[
    (0, "unspecified"),
    (1, "inet"),
    (2, "ipv4"),
    (3, "arp"),
    (5, "netdev"),
    (7, "bridge"),
    (10, "ipv6"),
    (12, "decnet"),
];

/// Types of ICMP messages, as the audit tools call them.
pub(super) const ICMP_TYPE: Names = &[
    (0, "echo-reply"),
    (3, "destination-unreachable"),
    (4, "source-quench"),
    (5, "redirect"),
    (8, "echo"),
    (11, "time-exceeded"),
    (12, "parameter-problem"),
    (13, "timestamp-request"),
    (14, "timestamp-reply"),
    (15, "info-request"),
    (16, "info-reply"),
    (17, "address-mask-request"),
    (18, "address-mask-reply"),
];

/// Where netfilter meets packets.
pub(super) const HOOK: Names = &[
    (0, "PREROUTING"),
    (1, "INPUT"),
    (2, "FORWARD"),
    (3, "OUTPUT"),
    (4, "POSTROUTING"),
    (5, "BROUTING"),
];

/// What netfilter's target AUDIT is told to write.
pub(super) const NET_ACTION: Names = &[(0, "ACCEPT"), (1, "DROP"), (2, "REJECT")];

/// What a listener of fanotify tells beside its answer (`fanotify.h`).
pub(super) const FANOTIFY_KIND: Names = &[(0, "none"), (1, "rule_info")];

/// Personas of personality(2).
pub(super) const PERSONALITY: Names = &[
    (0x00, "PER_LINUX"),
    (0x01, "PER_SVR4"),
    (0x02, "PER_SVR3"),
    (0x03, "PER_SCOSVR3"),
    (0x04, "PER_WYSEV386"),
    (0x05, "PER_ISCR4"),
    (0x06, "PER_BSD"),
    (0x07, "PER_XENIX"),
    (0x08, "PER_LINUX32"),
    (0x09, "PER_IRIX32"),
    (0x0a, "PER_IRIXN32"),
    (0x0b, "PER_IRIX64"),
    (0x0c, "PER_RISCOS"),
    (0x0d, "PER_SOLARIS"),
    (0x0e, "PER_UW7"),
    (0x0f, "PER_OSF4"),
    (0x10, "PER_HPUX"),
];

/// Protocols above IP, by the names of protocols(5).
pub(super) const PROTOCOL: Names = &[
    (libc::IPPROTO_IP as u64, "ip"),
    (libc::IPPROTO_ICMP as u64, "icmp"),
    (libc::IPPROTO_IGMP as u64, "igmp"),
    (libc::IPPROTO_IPIP as u64, "ipencap"),
    (libc::IPPROTO_TCP as u64, "tcp"),
    (libc::IPPROTO_EGP as u64, "egp"),
    (libc::IPPROTO_PUP as u64, "pup"),
    (libc::IPPROTO_UDP as u64, "udp"),
    (libc::IPPROTO_IDP as u64, "xns-idp"),
    (libc::IPPROTO_TP as u64, "iso-tp4"),
    (libc::IPPROTO_DCCP as u64, "dccp"),
    (libc::IPPROTO_IPV6 as u64, "ipv6"),
    (libc::IPPROTO_ROUTING as u64, "ipv6-route"),
    (libc::IPPROTO_FRAGMENT as u64, "ipv6-frag"),
    (libc::IPPROTO_RSVP as u64, "rsvp"),
    (libc::IPPROTO_GRE as u64, "gre"),
    (libc::IPPROTO_ESP as u64, "esp"),
    (libc::IPPROTO_AH as u64, "ah"),
    (libc::IPPROTO_ICMPV6 as u64, "ipv6-icmp"),
    (libc::IPPROTO_NONE as u64, "ipv6-nonxt"),
    (libc::IPPROTO_DSTOPTS as u64, "ipv6-opts"),
    (89, "ospf"),
    (libc::IPPROTO_ENCAP as u64, "encap"),
    (libc::IPPROTO_PIM as u64, "pim"),
    (libc::IPPROTO_COMP as u64, "ipcomp"),
    (112, "vrrp"),
    (115, "l2tp"),
    (libc::IPPROTO_SCTP as u64, "sctp"),
    (libc::IPPROTO_MH as u64, "mobility-header"),
    (libc::IPPROTO_UDPLITE as u64, "udplite"),
    (libc::IPPROTO_MPLS as u64, "mpls-in-ip"),
];

/// Options of sockets at the level of UDP.
pub(super) const UDP: Names = &[
    (1, "UDP_CORK"),
    (100, "UDP_ENCAP"),
    (101, "UDP_NO_CHECK6_TX"),
    (102, "UDP_NO_CHECK6_RX"),
    (103, "UDP_SEGMENT"),
    (104, "UDP_GRO"),
];

/// Options of sockets of `AF_PACKET`.
pub(super) const PACKET: Names = of_libc!(
    PACKET_ADD_MEMBERSHIP PACKET_DROP_MEMBERSHIP PACKET_RX_RING PACKET_STATISTICS PACKET_AUXDATA
    PACKET_VERSION PACKET_HDRLEN PACKET_RESERVE PACKET_TX_RING PACKET_LOSS PACKET_TIMESTAMP
    PACKET_FANOUT PACKET_QDISC_BYPASS
);

/// Options of netfilter at the levels of IP and IPv6 (`ip_tables.h`): to set, and to get.
pub(super) const IP_TABLES: [Names; 4] = [
    &[(64, "IPT_SO_SET_REPLACE"), (65, "IPT_SO_SET_ADD_COUNTERS")],
    &[
        (64, "IPT_SO_GET_INFO"),
        (65, "IPT_SO_GET_ENTRIES"),
        (66, "IPT_SO_GET_REVISION_MATCH"),
        (67, "IPT_SO_GET_REVISION_TARGET"),
    ],
    &[
        (64, "IP6T_SO_SET_REPLACE"),
        (65, "IP6T_SO_SET_ADD_COUNTERS"),
    ],
    &[
        (64, "IP6T_SO_GET_INFO"),
        (65, "IP6T_SO_GET_ENTRIES"),
        (68, "IP6T_SO_GET_REVISION_MATCH"),
        (69, "IP6T_SO_GET_REVISION_TARGET"),
        (80, "IP6T_SO_ORIGINAL_DST"),
    ],
];

/// Options of sockets that powerpc numbers in another way.
pub(super) const SO_PPC: Names = &[
    (16, "SO_RCVLOWAT"),
    (17, "SO_SNDLOWAT"),
    (18, "SO_RCVTIMEO"),
    (19, "SO_SNDTIMEO"),
    (20, "SO_PASSCRED"),
    (21, "SO_PEERCRED"),
];

/// Flags of the calls that take a name below a directory.
pub(super) const AT: Names = of_libc!(
    AT_SYMLINK_NOFOLLOW AT_SYMLINK_FOLLOW AT_NO_AUTOMOUNT AT_EMPTY_PATH
);

/// Of unlinkat(2).
pub(super) const AT_UNLINK: Names = of_libc!(AT_REMOVEDIR);

/// Of faccessat2(2).
pub(super) const AT_ACCESS: Names = of_libc!(AT_SYMLINK_NOFOLLOW AT_EACCESS AT_EMPTY_PATH);

/// Of fsmount(2): `MOUNT_ATTR_...` of `linux/mount.h`.
pub(super) const MOUNT_ATTR: Names = &[
    (0x1, "MOUNT_ATTR_RDONLY"),
    (0x2, "MOUNT_ATTR_NOSUID"),
    (0x4, "MOUNT_ATTR_NODEV"),
    (0x8, "MOUNT_ATTR_NOEXEC"),
    (0x10, "MOUNT_ATTR_NOATIME"),
    (0x20, "MOUNT_ATTR_STRICTATIME"),
    (0x80, "MOUNT_ATTR_NODIRATIME"),
    (0x0010_0000, "MOUNT_ATTR_IDMAP"),
    (0x0020_0000, "MOUNT_ATTR_NOSYMFOLLOW"),
];

/// Of shmget(2), beside the mode.
pub(super) const SHM: Names = of_libc!(IPC_CREAT IPC_EXCL SHM_HUGETLB SHM_NORESERVE);

/// What socketcall(2) stands for (`linux/net.h`).
pub(super) const SOCKETCALL: Names = &[
    (1, "socket"),
    (2, "bind"),
    (3, "connect"),
    (4, "listen"),
    (5, "accept"),
    (6, "getsockname"),
    (7, "getpeername"),
    (8, "socketpair"),
    (9, "send"),
    (10, "recv"),
    (11, "sendto"),
    (12, "recvfrom"),
    (13, "shutdown"),
    (14, "setsockopt"),
    (15, "getsockopt"),
    (16, "sendmsg"),
    (17, "recvmsg"),
    (18, "accept4"),
    (19, "recvmmsg"),
    (20, "sendmmsg"),
];

/// What ipc(2) stands for (`linux/ipc.h`).
pub(super) const IPC: Names = &[
    (1, "semop"),
    (2, "semget"),
    (3, "semctl"),
    (4, "semtimedop"),
    (11, "msgsnd"),
    (12, "msgrcv"),
    (13, "msgget"),
    (14, "msgctl"),
    (21, "shmat"),
    (22, "shmdt"),
    (23, "shmget"),
    (24, "shmctl"),
];

/// Capabilities in the order of their numbers, capabilities(7).
pub(super) const CAPABILITIES: [&str; 41] = [
    "chown",
    "dac_override",
    "dac_read_search",
    "fowner",
    "fsetid",
    "kill",
    "setgid",
    "setuid",
    "setpcap",
    "linux_immutable",
    "net_bind_service",
    "net_broadcast",
    "net_admin",
    "net_raw",
    "ipc_lock",
    "ipc_owner",
    "sys_module",
    "sys_rawio",
    "sys_chroot",
    "sys_ptrace",
    "sys_pacct",
    "sys_admin",
    "sys_boot",
    "sys_nice",
    "sys_resource",
    "sys_time",
    "sys_tty_config",
    "mknod",
    "lease",
    "audit_write",
    "audit_control",
    "setfcap",
    "mac_override",
    "mac_admin",
    "syslog",
    "wake_alarm",
    "block_suspend",
    "audit_read",
    "perfmon",
    "bpf",
    "checkpoint_restore",
];

/// `AUDIT_ARCH_...` of `linux/audit.h`, by the names that the audit tools use. All others are in
/// [`crate::calls::foreign`].
pub(in crate::query) const ARCHES: &[(u32, &str)] = &[
    (0xc000_003e, "x86_64"),
    (0x4000_0003, "i386"),
    (0xc000_00b7, "aarch64"),
];
