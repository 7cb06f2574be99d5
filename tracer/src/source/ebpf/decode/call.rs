//! The system call of a record, and what its arguments point to.

use bytes::Bytes;
use smallvec::SmallVec;
use tracer_ebpf::abi::wire::{
    self, ARGS_REPLACED, BEFORE_CALL, Head, NO_ARGS, OF_ARG_REST, OF_ARGC, OF_PERSONALITY, OF_PIDS,
    OF_REQUEST, OF_TITLE, Part, RESULT_UNKNOWN,
};

use super::super::record::{Piece, Record, reason};
use crate::{
    calls::{Arch, Role, row},
    event::{Argv, Block, Call, Captured, Data, Unfinished, Unknown},
};

/// `O_LARGEFILE` of the kernel's own headers: libc's is 0 on 64-bit machines.
const O_LARGEFILE: u64 = if cfg!(target_arch = "aarch64") {
    0o400_000
} else {
    0o100_000
};

/// The system call of a record.
pub(super) fn call(record: &Record<'_>, arch: Arch) -> Call {
    let head = &record.head;
    let mut captured = captured(record);
    if arch == Arch::Uring {
        captured.iter_mut().for_each(how_as_passed);
    }
    Call {
        arch,
        nr: head.nr,
        args: if head.flags & ARGS_REPLACED != 0 {
            Err(Unknown::Replaced)
        } else if head.flags & NO_ARGS != 0 {
            Err(Unknown::Source)
        } else {
            Ok(args(head, arch))
        },
        ret: head.ret,
        unfinished: (head.flags & RESULT_UNKNOWN != 0).then(|| unfinished(record, arch)),
        captured,
        files: Vec::new(),
    }
}

/// The argument registers. What an `io_uring` request has in their place is what the kernel made of
/// it: each open of a 64-bit program has `O_LARGEFILE` there, which says nothing.
fn args(head: &Head, arch: Arch) -> [u64; 6] {
    let mut args = head.args;
    if arch == Arch::Uring
        && let Some(row) = arch.name(head.nr).and_then(row)
        && let Some(flags) = row.args.iter().position(|arg| arg.role == Role::OpenFlags)
    {
        args[flags] &= !O_LARGEFILE;
    }
    args
}

/// The same of `struct open_how`, the only memory that a request has in itself.
fn how_as_passed(captured: &mut Captured) {
    if let Data::Block(block) = &mut captured.data
        && let Some((flags, rest)) = block.bytes.split_first_chunk::<8>()
    {
        let flags = u64::from_ne_bytes(*flags) & !O_LARGEFILE;
        block.bytes = [&flags.to_ne_bytes()[..], rest].concat().into();
    }
}

/// Why there is no result: the call ended its task, or nobody knows that of an `io_uring` request.
fn unfinished(record: &Record<'_>, arch: Arch) -> Unfinished {
    if arch != Arch::Uring {
        return Unfinished::EndsTask;
    }
    let mark = record.piece(Part::Block, OF_REQUEST);
    match mark.and_then(|piece| piece.words()) {
        Some([_, _, 0]) | None => Unfinished::RunEnded,
        Some(_) => Unfinished::NotTold,
    }
}

/// What the arguments point to.
fn captured(record: &Record<'_>) -> Vec<Captured> {
    let data = |piece: &Piece<'_>| {
        Some(match piece.part {
            // What is longer than a path is known as far as one.
            Part::Text if piece.status == wire::CUT && !piece.data.is_empty() => {
                Data::Text(Ok(Bytes::copy_from_slice(piece.data)))
            }
            Part::Text => Data::Text(piece.bytes()),
            Part::Argv => Data::Strings(argv(record, *piece)),
            Part::Block if piece.flags & BEFORE_CALL != 0 => Data::Before(block(piece)?),
            Part::Block => Data::Block(block(piece)?),
            Part::Count if piece.of == OF_PIDS => {
                let both = piece.word()?;
                Data::Process {
                    there: both as u32,
                    here: (both >> 32) as u32,
                }
            }
            Part::Count => Data::Count(piece.word()?, reason(piece.status)),
            Part::Walk | Part::File | Part::Socket | Part::IdsHere | Part::Met => {
                return None;
            }
        })
    };
    // Mostly there are one or two.
    let found: SmallVec<[Captured; 4]> = record
        .pieces()
        .filter(|piece| {
            !matches!(
                piece.of,
                OF_REQUEST | OF_TITLE | OF_PERSONALITY | OF_ARGC | OF_ARG_REST
            )
        })
        .filter_map(|piece| {
            Some(Captured {
                of: piece.of,
                data: data(&piece)?,
            })
        })
        .collect();
    found.into_vec()
}

fn block(piece: &Piece<'_>) -> Option<Block> {
    Some(Block {
        at: piece.word()?,
        bytes: Bytes::copy_from_slice(&piece.data[8..]),
        incomplete: reason(piece.status),
    })
}

fn argv(record: &Record<'_>, piece: Piece<'_>) -> Argv {
    let mut args: Vec<Bytes> = piece
        .data
        .split(|b| *b == 0)
        .map(Bytes::copy_from_slice)
        .collect();
    // The last string's own NUL leaves an empty one behind; a cut one has none.
    let is_whole = args.last().is_some_and(Bytes::is_empty);
    if is_whole {
        args.pop();
    }
    let count = |of| record.piece(Part::Count, of).and_then(|piece| piece.word());
    // They are about the arguments, which come before the environment.
    let first = record.pieces().find(|piece| piece.part == Part::Argv);
    let is_first = first.is_some_and(|first| first.of == piece.of);
    let rest = count(OF_ARG_REST).filter(|_| is_first && !is_whole);
    Argv {
        last_len: args
            .last()
            .zip(rest)
            .map(|(last, rest)| last.len() as u64 + rest),
        incomplete: reason(piece.status),
        all: count(OF_ARGC).filter(|_| is_first),
        args,
    }
}
