//! The end of a text line: what the arguments of the call mean, from the table of calls.

use crate::{
    calls::{Arch, Arg, Op, Row},
    event::{Argv, Call, Event, Exit},
};

use super::{
    call_info::CallInfo,
    escape::shell_word,
    names,
    number::{dec, hex, oct},
    text::{DIM, Line, known},
};

/// Writes the details, each with a space behind it.
pub(super) fn write(line: &mut Line<'_>, event: &Event, info: Option<&CallInfo>) {
    if let (Some(call), Some(info)) = (&event.call, info) {
        match info.row {
            Some(row) => decoded(line, call, info, row),
            None => raw(line.out, call),
        }
    }
    if let Some(exit) = event.exit {
        write_exit(line.out, exit);
    }
    // The other doors into a 64-bit kernel.
    if let Some(arch @ (Arch::I386 | Arch::X32)) = event.call.as_ref().map(|call| call.arch) {
        line.out.extend_from_slice(arch.as_str().as_bytes());
        line.out.extend_from_slice(b" call ");
    }
    if event.is_dir {
        line.out.extend_from_slice(b"directory ");
    }
    if event.synthesised {
        line.coloured(DIM, |line| line.out.extend_from_slice(b"(found by a scan)"));
    }
}

/// The arguments of a call that has no decoder, as they are.
fn raw(out: &mut Vec<u8>, call: &Call) {
    match &call.args {
        Ok(args) => {
            for arg in args {
                number(out, Arg::Hex, *arg);
                out.push(b' ');
            }
        }
        Err(why) => {
            out.extend_from_slice(b"arguments ?(");
            out.extend_from_slice(why.as_str().as_bytes());
            out.extend_from_slice(b") ");
        }
    }
}

fn decoded(line: &mut Line<'_>, call: &Call, info: &CallInfo, row: &Row) {
    let mut after_pointer = false;
    for (i, kind) in row.args.iter().enumerate() {
        let before = line.out.len();
        let text = call.texts.iter().find(|(arg, _)| usize::from(*arg) == i);
        match (kind, text, &call.args) {
            (Arg::Text, Some((_, text)), _) => {
                // symlink(2): what the new name leads to.
                if row.op == Op::Create {
                    line.out.pop();
                    line.out.extend_from_slice(b"-> ");
                }
                known(line.out, text);
            }
            (Arg::Argv, ..) => call.argv.iter().for_each(|argv| write_argv(line, argv)),
            (Arg::OpenFlags | Arg::OpenHow, ..) if info.open_flags(call).is_some() => {
                write_open_flags(line.out, info.open_flags(call).unwrap_or_default());
            }
            // An int behind a pointer is the size of what it points to.
            (Arg::Int, _, Ok(_)) if after_pointer => {}
            (_, _, Ok(args)) => argument(line.out, *kind, args[i], info, call),
            (_, _, Err(_)) => {}
        }
        if line.out.len() > before {
            line.out.push(b' ');
        }
        // openat2's mode is in the struct that its flags are in.
        if let (Arg::OpenHow, Some(mode)) = (kind, info.mode(call)) {
            oct(line.out, mode);
            line.out.push(b' ');
        }
        after_pointer |= matches!(kind, Arg::Hex | Arg::OpenHow);
    }
}

/// One argument by its kind; nothing for what a reader has seen already (files) or cannot use
/// (pointers).
fn argument(out: &mut Vec<u8>, kind: Arg, value: u64, info: &CallInfo, call: &Call) {
    let mut join = Join { out, before: b"" };
    match kind {
        Arg::Mode => {
            if let Some(mode) = info.mode(call) {
                oct(join.out, mode);
            }
        }
        Arg::AtFlags => names::at_flags(value & 0xffff_ffff, |name| join.add(name)),
        Arg::CloneFlags => names::clone_flags(value, |name| join.add(name)),
        Arg::Int => number(join.out, Arg::Int, value),
        Arg::Uid => labelled(join.out, b"uid=", value),
        Arg::Gid => labelled(join.out, b"gid=", value),
        Arg::Pid => labelled(join.out, b"pid=", value),
        Arg::Signal => names::signal(join.out, value & 0xffff_ffff),
        Arg::Dev if value != 0 => {
            join.out.extend_from_slice(b"dev=");
            dec(join.out, libc::major(value));
            join.out.push(b':');
            dec(join.out, libc::minor(value));
        }
        Arg::Dev
        | Arg::Hex
        | Arg::Path
        | Arg::Fd
        | Arg::DirFd
        | Arg::OtherFd
        | Arg::Text
        | Arg::Argv
        | Arg::OpenHow
        | Arg::OpenFlags => {}
    }
}

/// Ids and plain numbers are ints in registers, whose upper half means nothing.
fn labelled(out: &mut Vec<u8>, label: &[u8], value: u64) {
    out.extend_from_slice(label);
    dec(out, value as i32);
}

fn number(out: &mut Vec<u8>, kind: Arg, value: u64) {
    if kind == Arg::Hex {
        out.extend_from_slice(b"0x");
        hex(out, value);
    } else {
        dec(out, value as i64);
    }
}

/// Names with `|` between them.
struct Join<'a> {
    out: &'a mut Vec<u8>,
    before: &'static [u8],
}

impl Join<'_> {
    fn add(&mut self, name: &[u8]) {
        self.out.extend_from_slice(self.before);
        self.out.extend_from_slice(name);
        self.before = b"|";
    }
}

fn write_open_flags(out: &mut Vec<u8>, flags: u64) {
    let mut join = Join { out, before: b"" };
    names::open_flags(flags, |name| join.add(name));
}

/// Bytes of one argument, and of all arguments, after which a line is no longer read at a glance.
/// JSON has them all.
const ARG_SHOWN: usize = 256;
const ARGV_SHOWN: usize = 1024;

fn write_argv(line: &mut Line<'_>, argv: &Argv) {
    let start = line.out.len();
    for (i, arg) in argv.args.iter().enumerate() {
        if i > 0 {
            line.out.push(b' ');
        }
        if line.out.len() - start > ARGV_SHOWN {
            more(line, argv.args.len() - i, " arguments");
            break;
        }
        let (shown, rest) = arg.split_at(arg.len().min(ARG_SHOWN));
        shell_word(line.out, shown);
        if !rest.is_empty() {
            more(line, rest.len(), " bytes");
        }
    }
    if let Some(why) = argv.incomplete {
        line.coloured(DIM, |line| {
            line.out.extend_from_slice(b" ...(");
            line.out.extend_from_slice(why.as_str().as_bytes());
            line.out.push(b')');
        });
    }
}

/// `...(19744 more bytes)`
fn more(line: &mut Line<'_>, count: usize, of: &str) {
    line.coloured(DIM, |line| {
        line.out.extend_from_slice(b"...(");
        dec(line.out, count);
        line.out.extend_from_slice(b" more");
        line.out.extend_from_slice(of.as_bytes());
        line.out.push(b')');
    });
}

fn write_exit(out: &mut Vec<u8>, exit: Exit) {
    match exit.signal {
        None => {
            out.extend_from_slice(b"exit ");
            match exit.status {
                Some(status) => dec(out, status),
                None => out.push(b'?'),
            }
        }
        Some(signal) => {
            out.extend_from_slice(b"killed by ");
            names::signal(out, signal.into());
            if exit.core {
                out.extend_from_slice(b" (core dumped)");
            }
        }
    }
    out.extend_from_slice(if exit.last_thread {
        b" "
    } else {
        b" (one thread) "
    });
}
