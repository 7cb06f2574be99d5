//! ioctl(2): commands by name, and what the commonest point to.

use tracer_ebpf::abi::call::Capture;

use super::{Writer, tables, writer::foreign};
use crate::calls::Arg;

/// The command.
pub(crate) const IOCTL_CMD: Arg = Arg::value(|w, _, v| {
    let command = v & 0xffff_ffff;
    match tables::IOCTLS.of(command) {
        Some(name) => w.text(name),
        None => parts(w, command),
    }
    if takes_nothing(command) {
        w.end();
    }
});
/// What it points to.
pub(crate) const IOCTL_ARG: Arg = Arg::input(64, argument).how(Capture::Ioctl);

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

fn takes_nothing(command: u64) -> bool {
    let is = |name: libc::Ioctl| command == name;
    is(libc::FIOCLEX)
        || is(libc::FIONCLEX)
        || is(libc::TIOCEXCL)
        || is(libc::TIOCNXCL)
        || is(libc::TIOCNOTTY)
}

/// The kernel's `struct termios`: four flag words, line discipline, control characters.
#[derive(Clone, Copy)]
#[repr(C)]
struct Termios {
    flags: [u32; 4],
    line: u8,
    characters: [u8; 19],
}
foreign!(Termios, [u16; 4]);

fn argument(w: &mut Writer<'_>, _: &Arg, at: u64) {
    let command = w.args[1] & 0xffff_ffff;
    let is_read = command >> 30 & 2 != 0
        || matches!(
            command,
            libc::TCGETS
                | libc::TIOCGWINSZ
                | libc::FIONREAD
                | libc::TIOCOUTQ
                | libc::TIOCGPGRP
                | libc::TIOCGSID
        );
    if is_read && !w.succeeded() {
        w.address(at);
        return;
    }
    match command {
        libc::TCGETS | libc::TCSETS | libc::TCSETSW | libc::TCSETSF => w.at(at, termios),
        libc::TIOCGWINSZ | libc::TIOCSWINSZ => {
            w.at(at, |w, [rows, columns, x, y]: [u16; 4]| {
                w.structure(|w| {
                    w.field("ws_row").dec(rows);
                    w.field("ws_col").dec(columns);
                    w.field("ws_xpixel").dec(x);
                    w.field("ws_ypixel").dec(y);
                });
            });
        }
        libc::FIONREAD
        | libc::FIONBIO
        | libc::FIOASYNC
        | libc::TIOCOUTQ
        | libc::TIOCGPGRP
        | libc::TIOCSPGRP
        | libc::TIOCGSID
        | libc::TIOCGPTN
        | libc::TIOCSPTLCK
        | libc::TIOCGETD
        | libc::TIOCSETD => w.at(at, |w, value: i32| w.group(["[", "]"], |w| w.dec(value))),
        // For all that their numbers say, what they point to is an int.
        libc::FS_IOC_GETFLAGS | libc::FS_IOC_SETFLAGS => w.at(at, |w, flags: u32| {
            w.group(["[", "]"], |w| w.flags(flags.into(), &tables::FS_FLAGS));
        }),
        libc::TIOCGPTPEER => super::file::open_flags(w, at),
        libc::TIOCSCTTY | libc::TCFLSH | libc::TCXONC | libc::TCSBRK => w.dec(at as i32),
        _ => w.address(at),
    }
}

fn termios(w: &mut Writer<'_>, t: Termios) {
    let [input, output, control, local] = t.flags.map(u64::from);
    let flags = |w: &mut Writer<'_>, value, names| {
        if value != 0 {
            w.flags(value, names);
        }
    };
    w.structure(|w| {
        flags(w.field("c_iflag"), input, &tables::TERM_IFLAGS);
        output_flags(w.field("c_oflag"), output);
        control_flags(w.field("c_cflag"), control);
        flags(w.field("c_lflag"), local, &tables::TERM_LFLAGS);
        if !w.options.verbose {
            w.more();
            return;
        }
        match t.line {
            0 => w.field("c_line").text("N_TTY"),
            line => w.field("c_line").dec(line),
        }
        w.field("c_cc").group(["[", "]"], |w| {
            for (at, value) in (0_u64..).zip(t.characters) {
                w.separate();
                w.text("[");
                match tables::TERM_CC.of(at) {
                    Some(name) => w.text(name),
                    None => w.dec(at),
                }
                w.text("]=");
                w.hex(value.into());
            }
        });
    });
}

/// Delays, then flags (termios(3)).
fn output_flags(w: &mut Writer<'_>, value: u64) {
    let delays = [
        (libc::NLDLY, &tables::TERM_NLDLY),
        (libc::CRDLY, &tables::TERM_CRDLY),
        (libc::TABDLY, &tables::TERM_TABDLY),
        (libc::BSDLY, &tables::TERM_BSDLY),
        (libc::VTDLY, &tables::TERM_VTDLY),
        (libc::FFDLY, &tables::TERM_FFDLY),
    ];
    let mut rest = value;
    for (at, (mask, names)) in delays.into_iter().enumerate() {
        if at > 0 {
            w.text("|");
        }
        w.one_of(value & u64::from(mask), names);
        rest &= !u64::from(mask);
    }
    w.more_flags(rest, &tables::TERM_OFLAGS);
}

/// Speed, size of a character, then flags.
fn control_flags(w: &mut Writer<'_>, value: u64) {
    const CBAUD: u64 = libc::CBAUD as u64;
    const CSIZE: u64 = libc::CSIZE as u64;
    w.one_of(value & CBAUD, &tables::BAUDS);
    w.text("|");
    w.one_of(value & CSIZE, &tables::TERM_CSIZE);
    w.more_flags(value & !(CBAUD | CSIZE), &tables::TERM_CFLAGS);
}
