//! The text of records that are about the daemon and its rules, as the kernel and auditd write
//! them. Knows nothing of events.

use crate::{format::audit_value, rules::set::Change};

/// Unset login id and session.
const UNSET: u32 = u32::MAX;

/// Who asked for something: login user and session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Who {
    pub(super) pid: u32,
    pub(super) uid: u32,
    pub(super) auid: u32,
    pub(super) session: u32,
}

impl Who {
    /// A process, as far as `/proc` knows it.
    pub(super) fn of(pid: u32, uid: u32) -> Self {
        let number = |file: &str| {
            let text = std::fs::read_to_string(format!("/proc/{pid}/{file}")).ok()?;
            text.trim().parse().ok()
        };
        Self {
            pid,
            uid,
            auid: number("loginuid").unwrap_or(UNSET),
            session: number("sessionid").unwrap_or(UNSET),
        }
    }

    /// This process.
    pub(super) fn own() -> Self {
        Self::of(std::process::id(), rustix::process::geteuid().as_raw())
    }
}

/// `DAEMON_START`
pub(super) fn start(who: Who) -> String {
    let kernel = rustix::system::uname();
    format!(
        "op=start ver={} format=raw kernel={} auid={} pid={} uid={} ses={} res=success",
        env!("CARGO_PKG_VERSION"),
        kernel.release().to_string_lossy(),
        who.auid,
        who.pid,
        who.uid,
        who.session,
    )
}

/// `DAEMON_END`, `DAEMON_CONFIG`, `DAEMON_ROTATE`
pub(super) fn daemon(op: &str, who: Who, success: bool) -> String {
    let res = if success { "success" } else { "failed" };
    format!(
        "op={op} auid={} uid={} ses={} pid={} res={res}",
        who.auid, who.uid, who.session, who.pid
    )
}

/// `CONFIG_CHANGE`
pub(super) fn change(change: &Change, who: Who) -> Vec<u8> {
    let mut out = Vec::new();
    let (op, rule) = match change {
        Change::Set(name, new, old) => {
            out.extend_from_slice(
                format!(
                    "op=set {name}={new} old={old} auid={} ses={} res=1",
                    who.auid, who.session
                )
                .as_bytes(),
            );
            return out;
        }
        Change::Added(rule) => ("add_rule", rule),
        Change::Removed(rule) => ("remove_rule", rule),
    };
    out.extend_from_slice(format!("auid={} ses={} op={op} key=", who.auid, who.session).as_bytes());
    let key = rule.keys.join("\u{1}");
    audit_value(&mut out, (!key.is_empty()).then_some(key.as_bytes()));
    out.extend_from_slice(format!(" list={} res=1", rule.list.number()).as_bytes());
    out
}

/// A message of a program (`audit_receive_msg` of the kernel, `audit_log_user_message` of
/// libaudit). A text that could be taken for more fields is written in hexadecimal.
pub(super) fn message(text: &[u8], who: Who) -> Vec<u8> {
    let mut out = format!(
        "pid={} uid={} auid={} ses={} msg='text=",
        who.pid, who.uid, who.auid, who.session
    )
    .into_bytes();
    let is_plain = |b: &u8| (b' '..0x7f).contains(b) && !matches!(b, b'\'' | b'"' | b'=');
    if text.iter().all(is_plain) {
        out.extend_from_slice(text);
    } else {
        for b in text {
            out.extend_from_slice(format!("{b:02X}").as_bytes());
        }
    }
    out.extend_from_slice(b" exe=");
    // The sender may have ended since.
    match std::fs::read_link(format!("/proc/{}/exe", who.pid)) {
        Ok(exe) => audit_value(&mut out, Some(exe.as_os_str().as_encoded_bytes())),
        Err(_) => out.push(b'?'),
    }
    out.extend_from_slice(b" hostname=? addr=? terminal=? res=success'");
    out
}
