//! Strings too long for one record. The audit tools read lines of at most 8,970 bytes
//! (`MAX_AUDIT_MESSAGE_LENGTH`); a longer one would come apart into garbage.

use crate::event::Argv;

use super::{
    audit::{Log, field},
    escape::audit_needs_hex,
    number::hex_bytes_upper,
};

/// Longest string as it stands in a standard record: `PATH_MAX` in hexadecimal, the same that the
/// kernel can need. The other fields of any record leave more room than the 778 bytes to the end.
const FIELD_MAX: usize = 8192;

/// Will `bytes` not fit into a field of a standard record?
pub(super) fn too_long(bytes: &[u8]) -> bool {
    // Whether it is in hexadecimal or not, so that the answer depends on nothing else.
    bytes.len() > FIELD_MAX / 2
}

/// Appends an untrusted string to a standard record; `<too_long>`, as the kernel has it for such a
/// path, when the string has to be in our own record.
pub(super) fn write_limited(out: &mut Vec<u8>, bytes: &[u8], hex: bool) {
    if too_long(bytes) {
        out.extend_from_slice(b"\"<too_long>\"");
    } else {
        write_string(out, bytes, hex);
    }
}

/// `MAX_EXECVE_AUDIT_LEN` of `kernel/auditsc.c`: arguments that go into one EXECVE record.
const RECORD: usize = 7500;

/// Room that the kernel keeps for ` a1_len=...` (`abuf[96]` of `audit_log_execve_info`).
const LABEL: usize = 96;

/// How arguments are written.
pub(super) struct Style {
    /// Type of the record.
    pub(super) kind: &'static str,
    /// What every record begins with.
    pub(super) lead: &'static [u8],
    /// What stands before their number.
    pub(super) count: &'static [u8],
    /// What the name of an argument begins with.
    pub(super) name: &'static [u8],
    /// Numbers are in quotes, and pieces are `_0` and not `[0]`: in our own record.
    pub(super) quoted: bool,
}

/// The kernel's own.
pub(super) const EXECVE: Style = Style {
    kind: "EXECVE",
    lead: b"",
    count: b"argc=",
    name: b" a",
    quoted: false,
};

/// Writes arguments as the kernel's `audit_log_execve_info` does: as many as fit into a record,
/// the rest in more records of the same type; one that does not fit into what is left is split,
/// `a1_len=40000 a1[0]=... a1[1]=...`, where the length is that of all pieces together as they
/// stand in the log. Of one that is cut, it is that of the whole, and of arguments that are not known
/// there is the number.
pub(super) fn split_argv(log: &mut Log<'_>, style: &Style, argv: &Argv) {
    let mut records = Records {
        log,
        style,
        room: RECORD,
    };
    records.begin();
    records.number(style.count, argv.count());
    for (number, arg) in argv.args.iter().enumerate() {
        let is_last = number + 1 == argv.args.len();
        let whole = argv.last_len.filter(|_| is_last);
        records.argument(number, arg, whole.unwrap_or(arg.len() as u64));
    }
    records.log.end();
}

struct Records<'l, 'a> {
    log: &'l mut Log<'a>,
    style: &'l Style,
    room: usize,
}

impl Records<'_, '_> {
    fn begin(&mut self) {
        self.log.begin(self.style.kind);
        self.log.out.extend_from_slice(self.style.lead);
    }

    /// `argc=2`, in our own record `tr_argc="2"`.
    fn number(&mut self, name: &[u8], n: u64) {
        let out = &mut *self.log.out;
        if self.style.quoted {
            out.extend_from_slice(name);
            field(out, b"\"", n);
            out.push(b'"');
        } else {
            field(out, name, n);
        }
    }

    /// `whole` is its length, of which `arg` is the beginning.
    fn argument(&mut self, number: usize, arg: &[u8], whole: u64) {
        let hex = whole >= RECORD as u64 || audit_needs_hex(arg);
        let is_cut = whole > arg.len() as u64;
        let (mut rest, mut piece) = (arg, 0);
        loop {
            if LABEL + 8 > self.room {
                self.room = RECORD;
                self.log.end();
                self.begin();
            }
            let out = &mut *self.log.out;
            let start = out.len();
            let shown = if hex { rest.len() * 2 } else { rest.len() + 2 };
            if piece > 0 || is_cut || shown + LABEL > self.room {
                if piece == 0 {
                    field(out, self.style.name, number);
                    out.extend_from_slice(b"_len=");
                    self.number(b"", if hex { whole * 2 } else { whole });
                }
                let out = &mut *self.log.out;
                field(out, self.style.name, number);
                if self.style.quoted {
                    field(out, b"_", piece);
                    out.push(b'=');
                } else {
                    field(out, b"[", piece);
                    out.extend_from_slice(b"]=");
                }
                piece += 1;
            } else {
                field(out, self.style.name, number);
                out.push(b'=');
            }
            let out = &mut *self.log.out;
            let room = self.room - (out.len() - start);
            let fits = if hex { room / 2 } else { room - 2 };
            let now;
            (now, rest) = rest.split_at(fits.min(rest.len()));
            write_string(out, now, hex);
            self.room -= out.len() - start;
            if rest.is_empty() {
                return;
            }
        }
    }
}

/// Appends a string, in hexadecimal or in quotes.
pub(super) fn write_string(out: &mut Vec<u8>, bytes: &[u8], hex: bool) {
    if hex {
        hex_bytes_upper(out, bytes);
    } else {
        out.push(b'"');
        out.extend_from_slice(bytes);
        out.push(b'"');
    }
}
