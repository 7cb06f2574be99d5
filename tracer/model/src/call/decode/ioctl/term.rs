//! Terminals: modes and sizes (`ioctl_tty(2)`).

use super::super::{As, Layout, Writer, tables, writer::foreign};

/// The kernel's `struct termios`: four flag words, line discipline, control characters.
#[derive(Clone, Copy)]
#[repr(C)]
struct Termios {
    flags: [u32; 4],
    line: u8,
    characters: [u8; 19],
}
foreign!(Termios);

/// The modes of a terminal.
pub(super) fn modes(w: &mut Writer<'_>, at: u64) {
    w.at(at, termios);
}

/// The size of a window.
pub(super) static WINDOW: As = As::Struct(&Layout(&[
    ("ws_row", As::Uint(2)),
    ("ws_col", As::Uint(2)),
    ("ws_xpixel", As::Uint(2)),
    ("ws_ypixel", As::Uint(2)),
]));

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
    w.meant(|w| w.hex(value), |w| output_names(w, value, &delays));
}

fn output_names(w: &mut Writer<'_>, value: u64, delays: &[(u32, &super::super::Names)]) {
    let mut rest = value;
    for (at, (mask, names)) in delays.iter().enumerate() {
        if at > 0 {
            w.text("|");
        }
        w.one_of(value & u64::from(*mask), names);
        rest &= !u64::from(*mask);
    }
    w.more_flags(rest, &tables::TERM_OFLAGS);
}

/// Speed, size of a character, then flags.
fn control_flags(w: &mut Writer<'_>, value: u64) {
    const CBAUD: u64 = libc::CBAUD as u64;
    const CSIZE: u64 = libc::CSIZE as u64;
    w.meant(
        |w| w.hex(value),
        |w| {
            w.one_of(value & CBAUD, &tables::BAUDS);
            w.text("|");
            w.one_of(value & CSIZE, &tables::TERM_CSIZE);
            w.more_flags(value & !(CBAUD | CSIZE), &tables::TERM_CFLAGS);
        },
    );
}
