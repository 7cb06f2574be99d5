//! ioctl(2): commands by name, and what they point to. Commands are found by their names; a new one
//! is a line in the file of its device.

mod block;
mod devices;
mod files;
mod gpio;
mod kernel;
mod net;
mod term;

use std::{collections::HashMap, sync::LazyLock};

use tracer_ebpf::abi::call::Capture;

use super::{As, Constants, Names, Writer, tables};
use crate::calls::Arg;

/// The command.
pub(crate) const IOCTL_CMD: Arg = Arg::value(|w, _, v| {
    let command = v & 0xffff_ffff;
    match name(command) {
        Some("RNDZAPENTCNT") => w.constant(command, "FASTRPC_IOCTL_INIT_ATTACH or RNDZAPENTCNT"),
        Some(name) => w.constant(command, name),
        None if w.constants == Constants::Both => {
            w.hex(command);
            w.text(" /* ");
            parts(w, command);
            w.text(" */");
        }
        None if w.constants == Constants::Numbers => w.hex(command),
        None => parts(w, command),
    }
    if matches!(argument_of(command), Some(Argument::Nothing)) {
        w.end();
    }
});
/// What it points to.
pub(crate) const IOCTL_ARG: Arg = Arg::input(64, |w, _, at| {
    let command = w.args[1] & 0xffff_ffff;
    match argument_of(command) {
        Some(argument) => argument.show(w, at),
        None => w.ioctl_bytes(command, at),
    }
})
.how(Capture::Ioctl)
.at_entry();

/// What a command returns: 0, or something else that it is asked for.
pub(super) fn result(w: &mut Writer<'_>) {
    let ret = w.call.ret;
    match name(w.args[1] & 0xffff_ffff) {
        Some("NS_GET_PID_FROM_PIDNS" | "NS_GET_TGID_FROM_PIDNS") => w.process(ret as i32),
        Some("NS_GET_NSTYPE") if w.constants != Constants::Numbers => {
            w.dec(ret);
            w.text(" (");
            w.flags(ret as u64, &tables::NAMESPACES);
            w.text(")");
        }
        _ => w.dec(ret),
    }
}

/// What a command takes.
#[derive(Clone, Copy)]
enum Argument {
    Nothing,
    /// What the program gives.
    Given(&'static As),
    /// What the kernel gives.
    Filled(&'static As),
    /// What the program gives, and, behind it in the same structure, what the kernel gives.
    Grows(&'static [super::Member], &'static [super::Member]),
    /// What the program gives, and what the kernel puts in its place.
    Changes(&'static As, &'static As),
    /// The argument itself, as a number of 8 bytes.
    Value(&'static As),
    By(fn(&mut Writer<'_>, u64)),
}

/// Names of commands and what they take.
type Commands = &'static [(&'static [&'static str], Argument)];

/// Types of commands that take addresses: input devices, GPIO, video, SCSI, btrfs, device
/// mapper, flash memory, DMA buffers, performance counters.
const POINTERS: [u8; 9] = [b'E', 0xb4, b'V', 0x22, 0x94, 0xfd, b'M', b'u', b'$'];

/// The name of a command.
fn name(command: u64) -> Option<&'static str> {
    tables::IOCTLS_TOO
        .of(command)
        .or_else(|| tables::IOCTLS.of(command))
}

fn argument_of(command: u64) -> Option<&'static Argument> {
    static ALL: LazyLock<HashMap<&'static str, &'static Argument>> = LazyLock::new(|| {
        let all = [
            TERMINALS,
            block::COMMANDS,
            devices::COMMANDS,
            files::COMMANDS,
            gpio::COMMANDS,
            kernel::COMMANDS,
            net::COMMANDS,
        ];
        let lines = all.into_iter().flatten();
        lines
            .flat_map(|(names, argument)| names.iter().map(move |name| (*name, argument)))
            .collect()
    });
    ALL.get(name(command)?).copied()
}

/// A number without a name: direction, type, number and size (`asm-generic/ioctl.h`).
fn parts(w: &mut Writer<'_>, command: u64) {
    let direction = match command >> 30 {
        0 => "_IOC_NONE",
        1 => "_IOC_WRITE",
        2 => "_IOC_READ",
        _ => "_IOC_READ|_IOC_WRITE",
    };
    let (kind, number, size) = (command >> 8 & 0xff, command & 0xff, command >> 16 & 0x3fff);
    w.group(["_IOC(", ")"], |w| {
        w.separate();
        w.text(direction);
        for part in [kind, number, size] {
            w.separate();
            w.hex(part);
        }
    });
}

impl Argument {
    fn show(&self, w: &mut Writer<'_>, at: u64) {
        match self {
            Self::Nothing => {}
            Self::Given(shape) => w.shape_before(at, shape),
            Self::Filled(shape) if w.succeeded() => w.shape_at(at, shape),
            Self::Filled(_) => w.address(at),
            Self::Grows(given, filled) => grows(w, at, given, filled),
            Self::Changes(given, filled) => {
                w.shape_before(at, given);
                if w.succeeded() && w.call.memory(at).is_some() {
                    w.text(" => ");
                    w.shape_at(at, filled);
                }
            }
            Self::Value(shape) => w.shape(&at.to_ne_bytes(), shape),
            Self::By(show) => show(w, at),
        }
    }
}

/// A structure of which the call fills the end.
fn grows(w: &mut Writer<'_>, at: u64, given: &[super::Member], filled: &[super::Member]) {
    let call = w.call;
    let (before, after) = (
        call.memory_before(at).or_else(|| call.memory(at)),
        call.memory(at),
    );
    // The kernel reads all of it or nothing.
    let whole = (w.args[1] >> 16 & 0x3fff) as usize;
    let needed = super::layout::size_of_members(given).max(whole);
    let Some(before) = before.filter(|bytes| bytes.len() >= needed && w.is_native()) else {
        w.address(at);
        return;
    };
    w.structure(|w| {
        w.members_of(before, given);
        if w.succeeded()
            && let Some(after) = after
        {
            w.members_of(after, filled);
        }
    });
}

impl Writer<'_> {
    /// Something of a command that is not known: with `-v` its bytes.
    fn ioctl_bytes(&mut self, command: u64, at: u64) {
        let size = command >> 16 & 0x3fff;
        if !self.options.verbose || size == 0 || at == 0 {
            let is_known = name(command).is_some();
            if at == 0 && is_known && POINTERS.contains(&((command >> 8) as u8)) {
                self.text("NULL");
            } else if at == 0 && self.call.arch == crate::calls::Arch::NATIVE {
                self.text("0");
            } else {
                self.hex(at);
            }
            return;
        }
        let call = self.call;
        let (gives, fills) = match command >> 30 {
            1 => (true, false),
            2 => (false, true),
            _ => (true, true),
        };
        if gives {
            self.hex_bytes_at(call.memory_before(at).or_else(|| call.memory(at)), at, size);
        }
        if fills && !self.succeeded() && !gives {
            self.address(at);
        } else if fills && self.succeeded() {
            if gives {
                self.text(" => ");
            }
            self.hex_bytes_at(call.memory(at), at, size);
        }
    }

    fn hex_bytes_at(&mut self, bytes: Option<&[u8]>, at: u64, size: u64) {
        let Some(bytes) = bytes.filter(|bytes| bytes.len() as u64 >= size) else {
            self.address(at);
            return;
        };
        let shown = (size as usize).min(self.options.strings);
        self.text("\"");
        super::strings::in_hex(self, &bytes[..shown]);
        self.text(if shown < size as usize { "\"..." } else { "\"" });
    }
}

const TERMINALS: Commands = &[
    (
        &[
            "FIOCLEX",
            "FIONCLEX",
            "TIOCEXCL",
            "TIOCNXCL",
            "TIOCNOTTY",
            "TIOCSERSWILD",
        ],
        Argument::Nothing,
    ),
    (
        &["TCGETS"],
        Argument::By(|w, at| filled(w, at, term::modes)),
    ),
    (&["TCSETS", "TCSETSW", "TCSETSF"], Argument::By(term::modes)),
    (&["TIOCGWINSZ"], Argument::Filled(&term::WINDOW)),
    (&["TIOCSWINSZ"], Argument::Given(&term::WINDOW)),
    (
        &[
            "FIONREAD",
            "TIOCOUTQ",
            "TIOCGPGRP",
            "TIOCGSID",
            "TIOCGETD",
            "TIOCGPTN",
        ],
        Argument::Filled(&As::Int(4)),
    ),
    (
        &["FIONBIO", "FIOASYNC", "TIOCSPGRP", "TIOCSPTLCK", "TIOCSETD"],
        Argument::Given(&As::Int(4)),
    ),
    (&["TIOCGPTPEER"], Argument::By(super::file::open_flags)),
    (
        &["TIOCSCTTY", "TCFLSH", "TCXONC", "TCSBRK"],
        Argument::Value(&As::Int(4)),
    ),
];

/// A bit for each of some numbers that have names, in the order of those.
pub(super) fn bits(w: &mut Writer<'_>, value: u64, names: &Names, unknown: &str) {
    let known = |(bit, _): &&(u64, &str)| value >> bit & 1 != 0;
    if !names.entries.iter().any(|entry| known(&entry)) {
        w.hex(value);
        if value != 0 && !unknown.is_empty() && w.constants != Constants::Numbers {
            w.comment(unknown);
        }
        return;
    }
    w.meant(
        |w| w.hex(value),
        |w| {
            let mut rest = value;
            for (bit, name) in names.entries.iter().filter(known) {
                if rest != value {
                    w.text("|");
                }
                w.text("1<<");
                w.text(name);
                rest &= !(1 << bit);
            }
            if rest != 0 {
                w.text("|");
                w.hex(rest);
            }
        },
    );
}

/// What the kernel gives, or the address where it failed.
fn filled(w: &mut Writer<'_>, at: u64, show: fn(&mut Writer<'_>, u64)) {
    if w.succeeded() {
        show(w, at);
    } else {
        w.address(at);
    }
}
