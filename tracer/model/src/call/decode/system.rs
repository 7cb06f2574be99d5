//! What the system tells of itself: uname(2), sysinfo(2); capabilities, personalities.

use libc::{sysinfo, utsname};

use super::{Writer, tables, writer::foreign};
use crate::calls::Arg;

foreign!(utsname, sysinfo, [u32; 6]);

/// `struct utsname`
pub(crate) const UTSNAME: Arg = Arg::output(size_of::<utsname>(), |w, _, at| {
    w.at(at, |w, u: utsname| names(w, &u));
});
/// `struct sysinfo`
pub(crate) const SYSINFO: Arg = Arg::output(size_of::<sysinfo>(), |w, _, at| {
    w.at(at, |w, s| w.moment(|w| numbers(w, s)));
});
/// Version and process of capget(2) and capset(2).
pub(crate) const CAP_HEADER: Arg = Arg::input(8, |w, _, at| {
    w.at(at, |w, [version, pid]: [u32; 2]| {
        w.structure(|w| {
            w.field("version");
            match version {
                0x1998_0330 => w.text("_LINUX_CAPABILITY_VERSION_1"),
                0x2007_1026 => w.text("_LINUX_CAPABILITY_VERSION_2"),
                0x2008_0522 => w.text("_LINUX_CAPABILITY_VERSION_3"),
                other => w.hex(other.into()),
            }
            w.field("pid").process(pid as i32);
        });
    });
});
/// The sets of capset(2).
pub(crate) const CAPS: Arg = Arg::input(24, |w, _, at| w.at(at, capabilities));
/// The sets of capget(2).
pub(crate) const CAPS_OUT: Arg = Arg::output(24, |w, _, at| w.at(at, capabilities));
/// An execution domain with its flags.
pub(crate) const PERSONALITY: Arg = Arg::value(|w, _, v| {
    let v = v & 0xffff_ffff;
    if v == 0xffff_ffff {
        w.hex(v);
        return;
    }
    domain(w, v);
});

fn domain(w: &mut Writer<'_>, v: u64) {
    // A kind of its own has flags of its own; what is left of those is added.
    let kinds = tables::PER.entries.iter();
    let best = kinds
        .filter(|(kind, _)| *kind == v || (*kind & 0xff == v & 0xff && *kind <= 0xff))
        .max_by_key(|(kind, _)| u32::from(*kind == v));
    let Some((kind, name)) = best else {
        w.nameless(|w| w.hex(v & 0xff), &tables::PER);
        w.more_flags(v & !0xff, &tables::PERSONALITY_FLAGS);
        return;
    };
    w.constant(*kind, name);
    let rest = v & !kind;
    if rest != 0 {
        w.text("|");
        if tables::PERSONALITY_FLAGS.has_any(rest) {
            w.flags(rest, &tables::PERSONALITY_FLAGS);
        } else {
            w.hex(rest);
        }
    }
}

/// The domain that was, behind its number.
pub(super) fn personality(w: &mut Writer<'_>) {
    let ret = w.call.ret as u64;
    w.hex(ret);
    w.text(" (");
    domain(w, ret);
    w.text(")");
}

fn names(w: &mut Writer<'_>, u: &utsname) {
    let name = |w: &mut Writer<'_>, field: &str, chars: &[libc::c_char]| {
        let bytes: Vec<u8> = chars
            .iter()
            .take_while(|c| **c != 0)
            .map(|c| *c as u8)
            .collect();
        w.field(field).quoted(&bytes, false, bytes.len());
    };
    w.structure(|w| {
        name(w, "sysname", &u.sysname);
        name(w, "nodename", &u.nodename);
        if !w.options.verbose {
            w.more();
            return;
        }
        name(w, "release", &u.release);
        name(w, "version", &u.version);
        name(w, "machine", &u.machine);
        name(w, "domainname", &u.domainname);
    });
}

fn numbers(w: &mut Writer<'_>, s: sysinfo) {
    w.structure(|w| {
        w.field("uptime").dec(s.uptime);
        w.field("loads").group(["[", "]"], |w| {
            for load in s.loads {
                w.separate();
                w.dec(load);
            }
        });
        w.field("totalram").dec(s.totalram);
        w.field("freeram").dec(s.freeram);
        w.field("sharedram").dec(s.sharedram);
        w.field("bufferram").dec(s.bufferram);
        w.field("totalswap").dec(s.totalswap);
        w.field("freeswap").dec(s.freeswap);
        w.field("procs").dec(s.procs);
        w.field("totalhigh").dec(s.totalhigh);
        w.field("freehigh").dec(s.freehigh);
        w.field("mem_unit").dec(s.mem_unit);
    });
}

/// Effective, permitted, inheritable: the low words, then the high ones.
fn capabilities(w: &mut Writer<'_>, [e, p, i, e_high, p_high, i_high]: [u32; 6]) {
    w.structure(|w| {
        for (name, low, high) in [
            ("effective", e, e_high),
            ("permitted", p, p_high),
            ("inheritable", i, i_high),
        ] {
            w.field(name);
            one_set(w, u64::from(low) | u64::from(high) << 32);
        }
    });
}

/// `1<<CAP_CHOWN|1<<CAP_KILL`
fn one_set(w: &mut Writer<'_>, set: u64) {
    if set == 0 {
        w.text("0");
    }
    let mut first = true;
    for bit in (0..64_u64).filter(|bit| set >> bit & 1 != 0) {
        w.text(if first { "1<<" } else { "|1<<" });
        first = false;
        match tables::CAPS.of(bit) {
            Some(name) => w.text(name),
            None => w.dec(bit),
        }
    }
}
