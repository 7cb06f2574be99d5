//! What a security module was asked, and what it said.

use memchr::{memchr, memmem};

use crate::records::Fields;

/// What a security module decided, and about what.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::query) struct Asked<'a> {
    /// Was it refused?
    pub(in crate::query) denied: Option<bool>,
    /// What was asked for.
    pub(in crate::query) permission: Option<&'a [u8]>,
    /// It is a notice of the module, not a decision.
    pub(in crate::query) notice: bool,
}

/// `avc:  denied  { read } for ...`, `avc:  received policyload notice`, or
/// `apparmor="DENIED" operation="open" ...`.
pub(in crate::query) fn asked(body: &[u8]) -> Asked<'_> {
    if let Some(at) = memmem::find(body, b"avc: ") {
        let text = &body[at..];
        let Some(open) = memchr(b'{', text) else {
            return Asked {
                notice: true,
                ..Asked::default()
            };
        };
        let denied = memmem::find(&text[..open], b"denied").is_some();
        let close = memchr(b'}', &text[open..]);
        return Asked {
            denied: Some(denied),
            permission: close.map(|close| text[open + 1..open + close].trim_ascii()),
            notice: false,
        };
    }
    let field = |name: &[u8]| Fields::new(body).find(|field| field.name == name);
    let Some(verdict) = field(b"apparmor") else {
        return Asked::default();
    };
    Asked {
        // In complain mode, and where only a rule asks for a record, it is let through.
        denied: match verdict.raw {
            b"\"DENIED\"" | b"\"KILL\"" => Some(true),
            b"\"ALLOWED\"" | b"\"AUDIT\"" => Some(false),
            _ => None,
        },
        permission: field(b"requested_mask").map(|field| unquoted(field.raw)),
        notice: false,
    }
}

/// A value without its quotes.
fn unquoted(raw: &[u8]) -> &[u8] {
    let raw = raw.strip_prefix(b"\"").unwrap_or(raw);
    raw.strip_suffix(b"\"").unwrap_or(raw)
}
