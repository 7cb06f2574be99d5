//! The end of a text line: what the arguments of the call mean, from the table of calls.

use tracer_ebpf::abi::call::Capture;

use crate::{
    calls::{Arch, Op, Role, Row},
    decode,
    event::{Argv, Call, Event, Exit},
};

use super::{
    call_info::CallInfo,
    escape::shell_word,
    names,
    number::{dec, hex, oct},
    siginfo, stamp,
    text::{DIM, Line, known},
};

/// Writes the details, each with a space behind it.
///
/// `options`: arguments are shown as strace shows them, but for the paths that stand before.
pub(super) fn write(
    line: &mut Line<'_>,
    event: &Event,
    info: Option<&CallInfo>,
    options: Option<&decode::Options>,
) {
    if let (Some(call), Some(info)) = (&event.call, info) {
        match info.row {
            Some(row) if let Some(options) = options => {
                arguments(line, event, call, row, options);
            }
            // A call that is not about a file or process has only its arguments to tell.
            Some(row) if row.op == Op::Other => {
                decode::write_arguments(line.out, event, &decode::Options::default());
                line.out.push(b' ');
            }
            Some(row) => decoded(line, event, call, info, row),
            None => raw(line.out, call),
        }
    }
    if let Some(exit) = event.exit {
        write_exit(line.out, exit);
    }
    if let Some(signal) = &event.signal {
        siginfo::write(line.out, signal);
        line.out.push(b' ');
    }
    if event
        .call
        .as_ref()
        .is_some_and(|call| call.unfinished.is_some_and(|why| !why.is_over()))
    {
        line.out.extend_from_slice(b"<unfinished ...> ");
    }
    if let Some(timing) = event.timing {
        stamp::duration(line.out, timing.duration_ns, stamp::Precision::Micros);
        line.out.push(b' ');
    }
    // The other doors into a 64-bit kernel, and what comes through none.
    if let Some(arch @ (Arch::I386 | Arch::X32 | Arch::Uring)) =
        event.call.as_ref().map(|call| call.arch)
    {
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

/// The arguments as strace shows them, without what stands before them already.
fn arguments(
    line: &mut Line<'_>,
    event: &Event,
    call: &Call,
    row: &Row,
    options: &decode::Options,
) {
    let start = line.out.len();
    let mut shown = Vec::new();
    decode::each_argument(event, options, |argument| shown.push(argument.to_vec()));
    for (i, (text, arg)) in shown.iter().zip(row.args).enumerate() {
        if stands_before(event, i, arg.role) {
            continue;
        }
        if line.out.len() > start {
            line.out.extend_from_slice(b", ");
        }
        match (arg.role, call.text(i as u8)) {
            // symlink(2): what the new name leads to.
            (Role::Text, Some(target)) if row.op == Op::Create => {
                line.out.pop();
                line.out.extend_from_slice(b"-> ");
                known(line.out, target);
            }
            (Role::Argv, _) if i < 2 => {
                call.argv().iter().for_each(|argv| write_argv(line, argv));
            }
            _ => line.out.extend_from_slice(text),
        }
    }
    line.out.push(b' ');
}

/// Is an argument a path of the event, or a descriptor that leads to one?
fn stands_before(event: &Event, index: usize, role: Role) -> bool {
    match role {
        Role::Path => event.paths.iter().any(|path| path.arg == Some(index as u8)),
        Role::DirFd | Role::Fd => !event.paths.is_empty(),
        _ => false,
    }
}

/// The arguments of a call that has no decoder, as they are.
fn raw(out: &mut Vec<u8>, call: &Call) {
    match &call.args {
        Ok(args) => {
            for arg in args {
                number(out, Role::Hex, *arg);
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

fn decoded(line: &mut Line<'_>, event: &Event, call: &Call, info: &CallInfo, row: &Row) {
    let mut after_pointer = false;
    for (i, arg) in row.args.iter().enumerate() {
        let kind = &arg.role;
        let before = line.out.len();
        let text = call.text(i as u8);
        match (kind, text, &call.args) {
            (Role::Text, Some(text), _) => {
                // symlink(2): what the new name leads to.
                if row.op == Op::Create {
                    line.out.pop();
                    line.out.extend_from_slice(b"-> ");
                }
                known(line.out, text);
            }
            (Role::Argv, ..) => call.argv().iter().for_each(|argv| write_argv(line, argv)),
            (Role::OpenFlags | Role::OpenHow, ..) if info.open_flags(call).is_some() => {
                write_open_flags(line.out, info.open_flags(call).unwrap_or_default());
            }
            (Role::Other | Role::SockAddr, ..) => {
                // A pointer to memory that was not captured tells a reader nothing.
                let is_value = arg.spec.how == Capture::Raw as u8;
                let is_set = call.args.is_ok_and(|args| args[i] != 0);
                if (is_value && is_set) || call.data(i as u8).next().is_some() {
                    decode::write_argument(line.out, event, i, &decode::Options::default());
                }
                after_pointer |= !is_value;
            }
            // An int behind a pointer is the size of what it points to.
            (Role::Int, _, Ok(_)) if after_pointer => {}
            (_, _, Ok(args)) => argument(line.out, *kind, args[i], info, call),
            (_, _, Err(_)) => {}
        }
        if line.out.len() > before {
            line.out.push(b' ');
        }
        // openat2's mode is in the struct that its flags are in.
        if let (Role::OpenHow, Some(mode)) = (kind, info.mode(call)) {
            oct(line.out, mode);
            line.out.push(b' ');
        }
        after_pointer |= matches!(kind, Role::Hex | Role::OpenHow);
    }
}

/// One argument by its kind; nothing for what a reader has seen already (files) or cannot use
/// (pointers).
fn argument(out: &mut Vec<u8>, kind: Role, value: u64, info: &CallInfo, call: &Call) {
    let mut join = Join { out, before: b"" };
    match kind {
        Role::Mode => {
            if let Some(mode) = info.mode(call) {
                oct(join.out, mode);
            }
        }
        Role::AtFlags => names::at_flags(value & 0xffff_ffff, |name| join.add(name)),
        Role::CloneFlags => names::clone_flags(value, |name| join.add(name)),
        Role::Int => number(join.out, Role::Int, value),
        Role::Uid => labelled(join.out, b"uid=", value),
        Role::Gid => labelled(join.out, b"gid=", value),
        Role::Pid => labelled(join.out, b"pid=", value),
        Role::Signal => names::signal(join.out, value & 0xffff_ffff),
        Role::Dev if value != 0 => {
            join.out.extend_from_slice(b"dev=");
            dec(join.out, libc::major(value));
            join.out.push(b':');
            dec(join.out, libc::minor(value));
        }
        Role::Dev
        | Role::Hex
        | Role::Path
        | Role::Fd
        | Role::DirFd
        | Role::OtherFd
        | Role::ChangedFd
        | Role::Polled
        | Role::Selected
        | Role::Text
        | Role::Argv
        | Role::OpenHow
        | Role::OpenFlags
        | Role::SockAddr
        | Role::Other => {}
    }
}

/// Ids and plain numbers are ints in registers, whose upper half means nothing.
fn labelled(out: &mut Vec<u8>, label: &[u8], value: u64) {
    out.extend_from_slice(label);
    dec(out, value as i32);
}

fn number(out: &mut Vec<u8>, kind: Role, value: u64) {
    if kind == Role::Hex {
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
            more(line, argv.count() as usize - i, " arguments");
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
