//! What kind of value each field has. One table.

use crate::records::RecordType;

/// Kind of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is what it says")]
pub enum Kind {
    Plain,
    Uid,
    Gid,
    Syscall,
    Arch,
    Exit,
    /// A string of any bytes.
    Escaped,
    /// A file name.
    File,
    Key,
    /// Kinds of access of a rule, as bits.
    Access,
    /// `st_mode`, octal.
    Mode,
    /// The same without a file type.
    ModeShort,
    Address,
    Promiscuous,
    Capability,
    /// Set of capabilities, hexadecimal.
    Capabilities,
    Success,
    /// Argument of a call, by its number.
    Argument(u8),
    Signal,
    List,
    /// What was typed.
    Keys,
    Session,
    NetfilterProtocol,
    SeccompCode,
    OpenFlags,
    MapFlags,
    Title,
    Resolve,
    /// Security label: has commas in it.
    Label,
    /// An address of a machine, as text.
    Host,
    /// Protocol above IP.
    Protocol,
    IcmpType,
    /// Where netfilter met a packet, and what it did to it.
    Hook,
    NetAction,
    EtherType,
    Personality,
    /// Request of ioctl(2), in an AVC.
    Ioctl,
    /// What a listener of fanotify decided.
    FanotifyAnswer,
    FanotifyKind,
    FanotifyInfo,
    Trust,
    Errno,
    UringOp,
    /// Group of netlink.
    NetlinkGroup,
}

impl Kind {
    /// The kind of a field of a record of this type.
    pub fn of(record: RecordType, name: &[u8], raw: &[u8]) -> Self {
        if record == RecordType::EXECVE && name.first() == Some(&b'a') && name != b"argc" {
            let length = memchr::memmem::find(name, b"_len").is_some();
            return if length { Self::Plain } else { Self::Escaped };
        }
        match (record.0, name) {
            // The address of an AVC is text already; so is the fingerprint of a key.
            (1400, b"saddr") | (2404, b"fp") => return Self::Plain,
            (1324, b"saddr") => return Self::Host,
            // MQ_OPEN and OPENAT2: a mode without a type.
            (1312 | 1337, b"mode") => return Self::ModeShort,
            // What a program says it did is no verdict of netfilter.
            (kind, b"action" | b"hook") if kind != 1324 => return Self::Plain,
            // Groups that are added, changed, deleted.
            (1116 | 1117 | 1132, b"id") => return Self::Gid,
            // KERN_MODULE.
            (1330, b"name") => return Self::Escaped,
            (_, b"acct") => {
                let hex = raw.iter().all(u8::is_ascii_hexdigit);
                let escaped = raw.first() == Some(&b'"') || hex;
                return if escaped { Self::Escaped } else { Self::Plain };
            }
            _ => {}
        }
        if let Some(own) = name.strip_prefix(b"tr_") {
            // Our own record: what can be in hexadecimal.
            let text = [
                &b"path"[..],
                b"name",
                b"text",
                b"argv",
                b"exe",
                b"cwd",
                b"root",
            ];
            let is_text = text.iter().any(|text| own.starts_with(text))
                && !own.ends_with(b"_len")
                && !matches!(own, b"exe_deleted" | b"argv_incomplete");
            return if is_text { Self::Escaped } else { Self::Plain };
        }
        match name {
            b"auid" | b"uid" | b"euid" | b"suid" | b"fsuid" | b"ouid" | b"oauid" | b"old-auid"
            | b"iuid" | b"id" | b"inode_uid" | b"sauid" | b"obj_uid" => Self::Uid,
            b"gid" | b"egid" | b"sgid" | b"fsgid" | b"ogid" | b"igid" | b"inode_gid"
            | b"new_gid" | b"obj_gid" => Self::Gid,
            b"syscall" => Self::Syscall,
            b"arch" => Self::Arch,
            b"exit" => Self::Exit,
            b"name" => Self::File,
            b"key" => Self::Key,
            b"path" | b"comm" | b"exe" | b"file" | b"watch" | b"cwd" | b"cmd" | b"dir" | b"vm"
            | b"old-chardev" | b"new-chardev" | b"old-disk" | b"new-disk" | b"old-fs"
            | b"new-fs" | b"old-net" | b"new-net" | b"device" | b"cgroup" | b"apparmor"
            | b"operation" | b"denied_mask" | b"info" | b"profile" | b"requested_mask"
            | b"old-rng" | b"new-rng" | b"ocomm" | b"grp" | b"new_group" | b"invalid_context"
            | b"sw" | b"root_dir" => Self::Escaped,
            b"perm" | b"perm_mask" => Self::Access,
            b"mode" => Self::Mode,
            b"saddr" => Self::Address,
            b"prom" | b"old_prom" => Self::Promiscuous,
            b"capability" => Self::Capability,
            b"cap_pi" | b"cap_pe" | b"cap_pp" | b"cap_pa" | b"cap_fi" | b"cap_fp" | b"fp"
            | b"fi" | b"old_pp" | b"old_pi" | b"old_pe" | b"old_pa" | b"new_pp" | b"new_pi"
            | b"new_pe" | b"pp" | b"pi" | b"pe" | b"pa" => Self::Capabilities,
            b"res" | b"result" => Self::Success,
            b"a0" => Self::Argument(0),
            b"a1" => Self::Argument(1),
            b"a2" => Self::Argument(2),
            b"a3" => Self::Argument(3),
            b"sig" | b"sigev_signo" => Self::Signal,
            b"list" => Self::List,
            b"data" => Self::Keys,
            b"ses" => Self::Session,
            b"family" => Self::NetfilterProtocol,
            b"code" => Self::SeccompCode,
            b"oflag" => Self::OpenFlags,
            b"flags" if record != RecordType::PATH => Self::MapFlags,
            b"proctitle" => Self::Title,
            b"resolve" => Self::Resolve,
            b"addr" => Self::Host,
            b"proto" => Self::Protocol,
            b"icmptype" => Self::IcmpType,
            b"hook" => Self::Hook,
            b"action" => Self::NetAction,
            b"macproto" => Self::EtherType,
            b"per" => Self::Personality,
            b"ioctlcmd" => Self::Ioctl,
            b"resp" => Self::FanotifyAnswer,
            b"fan_type" => Self::FanotifyKind,
            b"fan_info" => Self::FanotifyInfo,
            b"subj_trust" | b"obj_trust" => Self::Trust,
            b"errno" => Self::Errno,
            b"uring_op" => Self::UringOp,
            b"nl-mcgrp" => Self::NetlinkGroup,
            b"subj" | b"obj" | b"scontext" | b"tcontext" | b"vm-ctx" | b"img-ctx" => Self::Label,
            _ => Self::Plain,
        }
    }
}
