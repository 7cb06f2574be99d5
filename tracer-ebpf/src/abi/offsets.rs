//! Offsets of the members of kernel structures, read from BTF at start and handed to the probes
//! as a read-only global. None is baked in.

use super::Plain;

/// Marks a member that this kernel does not have.
pub const ABSENT: u32 = u32::MAX;

macro_rules! offsets {
    ($($(#[$doc:meta])* $name:ident = $ty:literal $path:literal $need:ident;)*) => {
        /// One `u32` per member: its offset in bytes, or [`ABSENT`].
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        #[repr(C)]
        pub struct Offsets { $($(#[$doc])* pub $name: u32,)* }

        impl Offsets {
            /// Every offset [`ABSENT`].
            pub const NONE: Self = Self { $($name: ABSENT,)* };

            /// Where each comes from: structure, member path, how much it is needed, and how to
            /// set it.
            pub const SOURCES: &[Source] = &[$(Source {
                name: stringify!($name),
                structure: $ty,
                member: $path,
                need: offsets!(@$need),
                set: |o, v| o.$name = v,
            },)*];
        }
    };
    (@need) => { Need::Must };
    (@want) => { Need::Want };
    (@x86) => { if cfg!(target_arch = "x86_64") { Need::Want } else { Need::May } };
    (@may) => { Need::May };
}

/// How much a member is needed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Need {
    /// Without it there is no tracing on this kernel.
    Must,
    /// Without it something is unknown.
    Want,
    /// Other kernels do the same without it.
    May,
}

/// Where one offset comes from.
pub struct Source {
    /// Name of the field in [`Offsets`].
    pub name: &'static str,
    /// Kernel structure.
    pub structure: &'static str,
    /// Member path; alternatives for other kernels are separated by `|`.
    pub member: &'static str,
    /// How much it is needed.
    pub need: Need,
    /// Stores the offset.
    pub set: fn(&mut Offsets, u32),
}

offsets! {
    /// System call number in the saved registers.
    regs_nr = "pt_regs" "orig_ax|syscallno" need;
    /// First argument of the call.
    regs_a0 = "pt_regs" "di|orig_x0" need;
    /// Second argument.
    regs_a1 = "pt_regs" "si|regs[1]" need;
    /// Third argument.
    regs_a2 = "pt_regs" "dx|regs[2]" need;
    /// Fourth argument.
    regs_a3 = "pt_regs" "r10|regs[3]" need;
    /// Fifth argument.
    regs_a4 = "pt_regs" "r8|regs[4]" need;
    /// Sixth argument.
    regs_a5 = "pt_regs" "r9|regs[5]" need;
    /// x86: registers of 32-bit calls.
    regs_bx = "pt_regs" "bx" x86;
    /// x86: second argument of a 32-bit call.
    regs_cx = "pt_regs" "cx" x86;
    /// x86: sixth argument of a 32-bit call.
    regs_bp = "pt_regs" "bp" x86;
    /// x86: `TS_COMPAT` says that the call came through the 32-bit door.
    task_status = "task_struct" "thread_info.status" x86;
    /// Memory map of the process.
    task_mm = "task_struct" "mm" need;
    /// Exit status as wait(2) gives it.
    task_exit_code = "task_struct" "exit_code" need;
    /// Thread id.
    task_pid = "task_struct" "pid" need;
    /// Thread group id.
    task_tgid = "task_struct" "tgid" need;
    /// Parent that is told of the end.
    task_real_parent = "task_struct" "real_parent" need;
    /// Effective credentials.
    task_cred = "task_struct" "cred" need;
    /// Command name.
    task_comm = "task_struct" "comm" need;
    /// Root and working directory.
    task_fs = "task_struct" "fs" need;
    /// Descriptor table.
    task_files = "task_struct" "files" need;
    /// Namespaces.
    task_nsproxy = "task_struct" "nsproxy" want;
    /// First thread of the process.
    task_group_leader = "task_struct" "group_leader" want;
    /// Ids of the task.
    task_thread_pid = "task_struct" "thread_pid" want;
    /// In how many pid namespaces it has a number, without the initial one.
    pid_level = "pid" "level" want;
    /// The numbers, that of the initial namespace first.
    pid_numbers = "pid" "numbers" want;
    /// One number.
    upid_nr = "upid" "nr" want;
    /// The namespace that it is of.
    upid_ns = "upid" "ns" want;
    /// The process that a file of procfs is about.
    proc_pid = "proc_inode" "pid" want;
    /// The inode within.
    proc_inode = "proc_inode" "vfs_inode" want;
    /// Shared by all threads of a process.
    task_signal = "task_struct" "signal" need;
    /// Login user id (`CONFIG_AUDIT`).
    task_loginuid = "task_struct" "loginuid" want;
    /// Audit session (`CONFIG_AUDIT`).
    task_sessionid = "task_struct" "sessionid" want;
    /// Execution domain (personality(2)).
    task_personality = "task_struct" "personality" need;
    /// Ids of thread, process, process group and session.
    signal_pids = "signal_struct" "pids" want;
    /// Threads still alive.
    signal_live = "signal_struct" "live" need;
    /// Mount namespace.
    nsproxy_mnt_ns = "nsproxy" "mnt_ns" want;
    /// Number of a mount namespace.
    mnt_ns_inum = "mnt_namespace" "ns.inum" want;
    /// First of uid, gid, suid, sgid, euid, egid, fsuid, fsgid.
    cred_uid = "cred" "uid" need;
    /// Root directory.
    fs_root = "fs_struct" "root" need;
    /// Working directory.
    fs_pwd = "fs_struct" "pwd" need;
    /// Current descriptor table.
    files_fdt = "files_struct" "fdt" need;
    /// Size of the descriptor array.
    fdt_max_fds = "fdtable" "max_fds" need;
    /// Descriptor array.
    fdt_fd = "fdtable" "fd" need;
    /// Mount and dentry of an open file.
    file_path = "file" "f_path|__f_path" need;
    /// How a file was opened; holds `FMODE_CREATED`.
    file_mode = "file" "f_mode" need;
    /// Inode of an open file.
    file_inode = "file" "f_inode" need;
    /// What an open file is of: of a socket its `struct socket`.
    file_private = "file" "private_data" need;
    /// Type of a socket.
    socket_type = "socket" "type" want;
    /// The protocol's part of a socket.
    socket_sk = "socket" "sk" want;
    /// Inode beside a socket.
    socket_inode = "socket_alloc" "vfs_inode" want;
    /// Address family.
    sk_family = "sock" "__sk_common.skc_family" want;
    /// Local port, host order.
    sk_num = "sock" "__sk_common.skc_num" want;
    /// Remote port, network order.
    sk_dport = "sock" "__sk_common.skc_dport" want;
    /// Local address.
    sk_rcv_saddr = "sock" "__sk_common.skc_rcv_saddr" want;
    /// Remote address.
    sk_daddr = "sock" "__sk_common.skc_daddr" want;
    /// Local address of version 6.
    sk_v6_rcv_saddr = "sock" "__sk_common.skc_v6_rcv_saddr" may;
    /// Remote address of version 6.
    sk_v6_daddr = "sock" "__sk_common.skc_v6_daddr" may;
    /// Back to the socket, NULL before accept(2).
    sk_socket = "sock" "sk_socket" want;
    /// Protocol of a netlink socket (and others).
    sk_protocol = "sock" "sk_protocol" want;
    /// Port id of a netlink socket.
    netlink_portid = "netlink_sock" "portid" may;
    /// The other end of a Unix socket.
    unix_peer = "unix_sock" "peer" may;
    /// Name of a Unix socket.
    unix_addr = "unix_sock" "addr" may;
    /// Length of a Unix address, with its family.
    unix_addr_len = "unix_address" "len" may;
    /// A Unix address: family and name.
    unix_addr_name = "unix_address" "name" may;
    /// `struct vfsmount *` in a path.
    path_mnt = "path" "mnt" need;
    /// `struct dentry *` in a path.
    path_dentry = "path" "dentry" need;
    /// Not hashed (deleted) when the back pointer is NULL.
    dentry_hash_pprev = "dentry" "d_hash.pprev" need;
    /// Parent; a root is its own.
    dentry_parent = "dentry" "d_parent" need;
    /// Hash and length, then the pointer to the name.
    dentry_name = "dentry" "d_name|__d_name" need;
    /// Short names stand inside the dentry.
    dentry_iname = "dentry" "d_iname|d_shortname" need;
    /// Inode, NULL for a negative dentry.
    dentry_inode = "dentry" "d_inode" need;
    /// Root dentry of a mount.
    vfsmount_root = "vfsmount" "mnt_root" need;
    /// The `vfsmount` within its `mount`.
    mount_mnt = "mount" "mnt" need;
    /// Mount that this one stands on.
    mount_parent = "mount" "mnt_parent" need;
    /// Dentry that this one covers.
    mount_mountpoint = "mount" "mnt_mountpoint" need;
    /// Namespace, NULL when detached.
    mount_ns = "mount" "mnt_ns" need;
    /// File type and permissions.
    inode_mode = "inode" "i_mode" need;
    /// Owner.
    inode_uid = "inode" "i_uid" need;
    /// Group.
    inode_gid = "inode" "i_gid" need;
    /// File system.
    inode_sb = "inode" "i_sb" need;
    /// Inode number.
    inode_ino = "inode" "i_ino" need;
    /// Device number of a device file.
    inode_rdev = "inode" "i_rdev" need;
    /// Device of a file system.
    sb_dev = "super_block" "s_dev" need;
    /// The running program.
    mm_exe_file = "mm_struct" "exe_file" need;
    /// Start of the argument strings.
    mm_arg_start = "mm_struct" "arg_start" need;
    /// End of the argument strings.
    mm_arg_end = "mm_struct" "arg_end" need;
    /// Where the stack of a new program begins: with the number of its arguments.
    mm_start_stack = "mm_struct" "start_stack" need;
    /// End of the environment strings; the requested program name follows (`AT_EXECFN`).
    mm_env_end = "mm_struct" "env_end" need;
    /// `io_uring`: operation of a request.
    req_opcode = "io_kiocb" "opcode" want;
    /// Flags of the request; the lowest eight are those of the program.
    req_flags = "io_kiocb" "flags" want;
    /// Ring of the request.
    req_ctx = "io_kiocb" "ctx" want;
    /// What the program gave to tell its requests apart.
    req_user_data = "io_kiocb" "cqe.user_data|user_data" want;
    /// File of the request, NULL when it was not looked up yet.
    req_file = "io_kiocb" "file" want;
    /// Descriptor of the request (from 5.19 on; before, its file is looked up at once).
    req_fd = "io_kiocb" "cqe.fd" may;
    /// The kernel's copy of a name.
    filename_name = "filename" "name" want;
    /// The ring's own table of files.
    ring_slots = "io_ring_ctx" "file_table.data.nodes|file_table.files" want;
    /// File in an entry of that table (from 6.13 on; before, the entry is the file).
    node_file = "io_rsrc_node" "file_ptr" may;
}

// SAFETY: u32 only.
unsafe impl Plain for Offsets {}
