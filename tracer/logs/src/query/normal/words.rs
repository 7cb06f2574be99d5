//! The vocabulary of `--format text` and `csv`: what kinds of events there are, and which word says
//! what was done. Scripts read these words, so they are those of ausearch.

use crate::records::RecordType;

/// What a system call does, in a word, and where its objects are.
pub(super) struct Done {
    /// The word.
    pub(super) action: &'static str,
    /// What is acted on, unless the file says something else.
    pub(super) object: &'static str,
    /// Where the object comes from.
    pub(super) from: Origin,
}

/// Where the object of a call is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// A PATH record, at or after this record of the event (the call's is 0).
    Path(usize),
    /// Two of them: the object, and the second one.
    Paths(usize, usize),
    /// The socket address.
    Address,
    /// The program itself.
    Program,
    /// The process that was signalled.
    Process,
    /// Nowhere.
    Nothing,
}

/// The word for a call.
pub(super) fn done(call: &str) -> Option<Done> {
    use Origin::{Address, Nothing, Path, Paths, Process, Program};
    let (action, object, from) = match call {
        "creat" | "fallocate" | "truncate" | "ftruncate" | "memfd_create" | "memfd_secret"
        | "open" | "openat" | "openat2" | "open_by_handle_at" | "open_tree_attr"
        | "pidfd_getfd" | "readlink" | "readlinkat" => ("opened-file", "file", Path(2)),
        "setxattr" | "setxattrat" | "lsetxattr" | "removexattr" | "removexattrat"
        | "fremovexattr" | "lremovexattr" | "mount_setattr" | "file_setattr" => {
            ("changed-file-attributes-of", "file", Path(2))
        }
        "fsetxattr" => ("changed-file-attributes-of", "file", Path(1)),
        "chmod" | "fchmodat" | "fchmodat2" => ("changed-file-permissions-of", "file", Path(2)),
        "fchmod" => ("changed-file-permissions-of", "file", Path(1)),
        "chown" | "lchown" | "fchownat" => ("changed-file-ownership-of", "file", Path(2)),
        "fchown" => ("changed-file-ownership-of", "file", Path(1)),
        "init_module" | "finit_module" => ("loaded-kernel-module", "file", Path(1)),
        "delete_module" => ("unloaded-kernel-module", "file", Nothing),
        "mkdir" | "mkdirat" => ("created-directory", "file", Path(3)),
        "mount" | "move_mount" | "fsconfig" | "fsmount" | "fsopen" | "fspick" => {
            ("mounted", "file-system", Paths(3, 2))
        }
        "rename" | "renameat" | "renameat2" => ("renamed", "file", Paths(4, 5)),
        "access" | "faccessat" | "faccessat2" | "newfstatat" | "stat" | "fstat" | "lstat"
        | "stat64" | "statx" | "getxattrat" | "listxattrat" | "file_getattr" => {
            ("checked-metadata-of", "file", Path(2))
        }
        "statfs" | "fstatfs" | "statmount" => {
            ("checked-filesystem-metadata-of", "file-system", Path(2))
        }
        "symlink" | "symlinkat" => ("symlinked", "file", Paths(4, 2)),
        "umount" | "umount2" => ("unmounted", "file-system", Path(2)),
        "rmdir" | "unlink" | "unlinkat" => ("deleted", "file", Path(2)),
        "utime" | "utimes" | "futimesat" | "utimensat" => ("changed-timestamp-of", "file", Path(2)),
        "execve" | "execveat" => ("executed", "file", Path(3)),
        "accept" | "accept4" => ("accepted-connection-from", "socket", Address),
        "bind" => ("bound-socket", "socket", Address),
        "connect" => ("connected-to", "socket", Address),
        "recvfrom" | "recvmsg" => ("received-from", "socket", Address),
        "sendmsg" | "sendto" => ("sent-to", "socket", Address),
        "kill" | "tkill" | "tgkill" => ("killed-pid", "process", Process),
        "setuid" | "seteuid" | "setfsuid" | "setreuid" | "setresuid" | "setgid" | "setegid"
        | "setfsgid" | "setregid" | "setresgid" => ("changed-identity-of", "process", Program),
        "settimeofday" | "clock_settime" | "clock_settime64" | "stime" | "adjtimex" => {
            ("changed-system-time", "system", Nothing)
        }
        "mknod" | "mknodat" => ("make-device", "unknown", Path(2)),
        "sethostname" | "setdomainname" => ("changed-system-name", "system", Nothing),
        "mmap" | "brk" => ("allocated-memory", "memory", Nothing),
        "sched_setparam" | "sched_setscheduler" | "sched_setattr" => {
            ("adjusted-scheduling-policy-of", "process", Program)
        }
        "landlock_create_ruleset"
        | "landlock_add_rule"
        | "landlock_restrict_self"
        | "lsm_set_self_attr"
        | "mseal" => ("adjusted-security-policy-of", "process", Program),
        "lsm_get_self_attr" => ("retrieved-security-attr-of", "process", Program),
        "lsm_list_modules" => ("listed-security-modules", "security-modules", Nothing),
        _ => return None,
    };
    Some(Done {
        action,
        object,
        from,
    })
}

/// The argument that says what a file or process was changed to.
pub(super) fn second_argument(call: &str) -> Option<&'static str> {
    match call {
        "fchmodat" | "fchmodat2" | "fchownat" => Some("a2"),
        "chmod" | "fchmod" | "chown" | "lchown" | "fchown" => Some("a1"),
        "setuid" | "setreuid" | "setresuid" | "setgid" | "setregid" | "setresgid" => Some("a0"),
        _ => None,
    }
}

/// What kind of event begins with a record of this type.
pub(super) fn event_kind(kind: RecordType) -> &'static str {
    match kind.0 {
        1006 | 1100 | 1101 | 1103..=1106 | 1108..=1110 | 1112 | 1113 => "user-login",
        1126 | 1119 => "group-change",
        1102 | 1114..=1117 | 1132 | 1133 | 1135 | 1136 => "user-account",
        2000 | 1127..=1131 => "system-services",
        1111 | 1305 | 1325 | 1328 | 1332 | 1333 | 1137 | 1138 => "configuration",
        1326 => "dac-decision",
        1120 | 1121 | 1123 | 1125 => "user-space",
        1124 | 1319 => "TTY",
        1335 | 1200..=1299 => "audit-daemon",
        1122 | 1107 | 1400..=1402 | 1502 | 1503 | 1506 => "mac-decision",
        1800..=1899 | 2109 => "integrity",
        1700..=1799 | 2100..=2199 => "anomaly",
        2200..=2299 => "anomaly-response",
        1403..=1499 | 1500 | 1501 | 1504 | 1505 | 2300..=2399 => "mac",
        1600..=1699 | 2400..=2499 => "crypto",
        2500..=2599 => "virt",
        1331 => "av-decision",
        1334 => "bpf-program",
        1300..=1304 | 1306..=1315 | 1317 | 1318 | 1321..=1324 | 1336 => "audit-rule",
        _ => "unknown",
    }
}

/// The word for an event that is one record of this type.
pub(super) fn action(kind: RecordType) -> Option<&'static str> {
    let word = match kind.0 {
        1005 => "sent-message",
        1006 => "changed-login-id-to",
        1100 => "authenticated",
        1101 => "was-authorized",
        1102 => "modified-user-account",
        1103 => "acquired-credentials",
        1104 => "disposed-credentials",
        1105 => "started-session",
        1106 => "ended-session",
        1107 | 1400 => "accessed-mac-policy-controlled-object",
        1108 => "changed-password",
        1109 => "caused-account-error",
        1110 => "refreshed-credentials",
        1111 => "changed-configuration",
        1112 => "logged-in",
        1113 => "logged-out",
        1114 => "added-user-account",
        1115 => "deleted-user-account",
        1116 => "added-group-account-to",
        1117 => "deleted-group-account-from",
        1118 => "access-result",
        1119 => "changed-group",
        1120 => "sent-test",
        1121 => "unknown",
        1122 => "access-error",
        1123 => "ran-command",
        1124 | 1319 => "typed",
        1125 => "changed-user-id",
        1126 => "authenticated-to-group",
        1127 => "booted-system",
        1128 => "shutdown-system",
        1129 => "changed-to-runlevel",
        1130 => "started-service",
        1131 => "stopped-service",
        1132 => "modified-group-account",
        1133 => "changed-group-password",
        1134 => "mac-permission",
        1135 => "locked-account",
        1136 => "unlocked-account",
        1137 => "configured-device",
        1138 => "installed-software",
        1200 => "started-audit",
        1201 => "shutdown-audit",
        1202 => "aborted-auditd-startup",
        1203 => "changed-auditd-configuration",
        1204 => "reconfigured-auditd",
        1205 => "rotated-audit-logs",
        1206 => "resumed-audit-logging",
        1207 => "remote-audit-connected",
        1208 => "remote-audit-disconnected",
        1209 => "audit-error",
        1305 => "changed-audit-configuration",
        1326 => "called-seccomp-controlled-syscall",
        1328 => "changed-audit-feature",
        1330 => "loaded-kernel-module",
        1331 => "accessed-policy-controlled-file",
        1403 => "loaded-selinux-policy",
        1404 | 2313 => "changed-selinux-enforcement-to",
        1405 => "changed-selinux-boolean",
        1409 => "added-mac-network-domain-mapping-to",
        1410 => "deleted-mac-network-domain-mapping-from",
        1700 => "changed-socket-promiscuous-mode",
        1701 => "crashed-program",
        1702 => "used-suspcious-link",
        1703 => "created-suspicious-file",
        2000 => "initialized-audit-subsystem",
        2100 => "failed-log-in-too-many-times-to",
        2101 => "attempted-log-in-during-unusual-hour-to",
        2102 => "opened-too-many-sessions-to",
        2104 => "attempted-log-in-from-unusual-place-to",
        2109 => "tested-file-system-integrity-of",
        2112 => "attempted-execution-of-forbidden-program",
        2300 => "changed-role-to",
        2301 => "assigned-user-role-to",
        2302 => "removed-use-role-from",
        2303 => "overrode-label-of",
        2304 => "modified-level-of",
        2309 => "relabeled-filesystem",
        2310 => "loaded-mac-policy",
        2311 => "modified-role",
        2312 => "changed-mac-configuration",
        2402 => "crypto-officer-logged-in",
        2403 => "crypto-officer-logged-out",
        2404 => "negotiated-crypto-key",
        2407 => "started-crypto-session",
        2500 => "issued-vm-control",
        2501 => "assigned-vm-resource",
        2502 => "assigned-vm-id",
        2503 => "checked-integrity-of",
        2504 => "created-vm-image",
        2505 => "deleted-vm-image",
        2506 => "migrated-vm-from",
        2507 => "migrated-vm-to",
        _ => return None,
    };
    Some(word)
}

/// The field that names the object of an event of one record, and what it is.
pub(super) fn object(kind: RecordType) -> (&'static [&'static str], &'static str) {
    match kind.0 {
        1130 | 1131 => (&["unit"], "service"),
        1129 => (&["new-level"], "system"),
        2300 => (&["selected-context"], "user-session"),
        2301 | 2302 | 1102 | 1135 | 1136 | 1114..=1117 | 1132 => (&["id", "acct"], "account"),
        1105 | 1106 | 1109 | 1112 | 1113 => (&["terminal"], "user-session"),
        1100 | 1101 | 1103 | 1104 | 1108 | 1110 | 1133 | 2100..=2102 | 2104 => {
            (&["acct"], "user-session")
        }
        1006 => (&["auid"], "user-session"),
        2112 | 1123 => (&["cmd"], "process"),
        1124 | 1319 => (&["data"], "keystrokes"),
        1137 => (&["device"], "keystrokes"),
        1138 => (&["sw"], "software"),
        2502 => (&["vm"], "virtual-machine"),
        2501 => (&["resrc"], "virtual-machine"),
        2500 => (&["op"], "virtual-machine"),
        2304 => (&["printer"], "printer"),
        1305 => (
            &[
                "key",
                "audit_enabled",
                "audit_pid",
                "audit_backlog_limit",
                "audit_failure",
                "actions",
                "list",
            ],
            "audit-config",
        ),
        1405 => (&["bool"], "mac-config"),
        1404 => (&["enforcing"], "mac-config"),
        1409 | 1410 => (&["nlbl_domain"], "mac-config"),
        1403 | 1406..=1499 | 2303 | 2307..=2312 => (&[], "mac-config"),
        1005 => (&["addr"], "unknown"),
        1111 | 1127 => (&[], "system"),
        1128 | 1200..=1299 => (&[], "service"),
        2404 => (&["fp"], "user-session"),
        2407 => (&["addr"], "user-session"),
        2109 => (&["hostname"], "file-system"),
        1326 => (&["syscall"], "process"),
        1328 => (&["feature"], "system"),
        1701 => (&["exe"], "process"),
        1700 => (&["dev"], "socket"),
        1325 => (&["table"], "firewall"),
        _ => (&[], "unknown"),
    }
}
