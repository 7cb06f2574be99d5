//! The names of fields: what a log of today has, so that a mistyped one is not taken for a field that no
//! event has. A name that is not here can be asked for as `field(NAME)`.

use super::Field;
use crate::words::nearest;

/// What an event has beside the fields of its records.
pub(super) const OWN: [(&str, Field); 6] = [
    ("time", Field::Time),
    ("serial", Field::Serial),
    ("node", Field::Node),
    ("type", Field::Type),
    ("success", Field::Success),
    ("path", Field::Path),
];

/// Fields that kernel, auditd and the programs of the audit suite write.
#[rustfmt::skip]
const KNOWN: &[&str] = &[
    "acct", "acl", "action", "actions", "added", "addr", "aes", "apparmor", "arch", "argc", "audit_backlog_limit",
    "audit_backlog_wait_time", "audit_enabled", "audit_failure", "audit_pid", "auid", "banners", "bool", "bus", "bytes",
    "cap_fe", "cap_fi", "cap_fp", "cap_frootid", "cap_fver", "cap_pa", "cap_pe", "cap_pi", "cap_pp", "capability",
    "capname", "category", "cgroup", "changed", "cipher", "class", "cmd", "code", "comm", "compat", "count", "cpid",
    "cwd", "daddr", "data", "date", "default-context", "denied_mask", "dev", "device", "dir", "direction", "dmac",
    "dport", "egid", "enforcing", "entries", "errno", "error", "euid", "exe", "exit", "fam", "family", "fan_info",
    "fan_type", "fd", "fe", "feature", "fi", "file", "flags", "format", "fp", "frootid", "fsgid", "fsuid", "fver", "gid",
    "gpg_res", "grantors", "grp", "hash", "hook", "hostname", "icmp_type", "icmptype", "id", "igid", "img-ctx", "info", "inif",
    "ino", "inode", "inode_gid", "inode_uid", "invalid_context", "ioctlcmd", "ip", "ipid", "ipx-net", "item", "items",
    "iuid", "kernel", "key", "key_enforce", "kind", "ksize", "laddr", "len", "list", "lport", "lsm", "mac", "macproto", "maj", "major",
    "max", "min", "minor", "mode", "model", "msg", "msgtype", "name", "nametype", "nargs", "net", "new", "new-chardev",
    "new-disk", "new-enabled", "new-fs", "new-level", "new-log_passwd", "new-mem", "new-net", "new-range", "new-rng",
    "new-role", "new-seuser", "new-vcpu", "new_gid", "new_group", "new_lock", "new_pa", "new_pe", "new_pi", "new_pp",
    "nl-mcgrp", "nlnk-fam", "nlnk-grp", "nlnk-pid", "oauid", "obj", "obj_gid", "obj_trust", "obj_uid", "objtype", "ocomm", "oflag", "ogid",
    "old", "old-auid", "old-chardev", "old-disk", "old-enabled", "old-fs", "old-level", "old-log_passwd", "old-mem",
    "old-net", "old-range", "old-rng", "old-role", "old-ses", "old-seuser", "old-vcpu", "old_enforcing", "old_lock",
    "old_pa", "old_pe", "old_pi", "old_pp", "old_prom", "old_val", "op", "opid", "operation", "oses", "ouid", "outif",
    "pa", "parent", "pe", "peer", "pending", "per", "perm", "perm_mask", "permissive", "pfs", "pi", "pid", "pp", "ppid", "printer",
    "prog-id", "prom", "proctitle", "profile", "proto", "qbytes", "range", "rdev", "reason", "removed", "requested_mask", "res",
    "resolve", "resp", "result", "resrc", "role", "root_dir", "rport", "saddr", "sauid", "scontext", "selected-context", "ses",
    "seperm", "seperms", "seqno", "seresult", "seuser", "sgid", "sig", "sigev_signo", "smac", "spid", "sport", "state",
    "subj", "subj_trust", "success", "suid", "sw", "sw_type", "syscall", "table", "target", "tclass", "tcontext", "terminal",
    "tty", "type", "uid", "unit", "uri", "uring_op", "user", "uuid", "val", "ver", "virt", "vm", "vm-ctx", "vm-pid", "watch", "ctx", "tracer",
];

/// The field of a name, or the name that is perhaps meant.
pub(super) fn field(name: &str) -> Result<Field, Option<&'static str>> {
    if let Some((_, field)) = OWN.iter().find(|(known, _)| *known == name) {
        return Ok(field.clone());
    }
    if KNOWN.contains(&name) || is_numbered(name) || name.starts_with("tr_") {
        return Ok(Field::Named(name.as_bytes().to_vec()));
    }
    let known = OWN.iter().map(|(known, _)| *known);
    Err(nearest(name, known.chain(KNOWN.iter().copied())))
}

/// Arguments: `a0`, `a1[2]`, `a1_len`.
fn is_numbered(name: &str) -> bool {
    let Some(rest) = name.strip_prefix('a') else {
        return false;
    };
    let rest = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    let is_part = rest.starts_with('[') && rest.ends_with(']');
    name.len() > 1 && rest.len() < name.len() - 1 && (rest.is_empty() || rest == "_len" || is_part)
}
