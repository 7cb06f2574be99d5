//! Keys in the kernel: `add_key(2)`, `request_key(2)`, keyctl(2), whose arguments depend on its command.

use super::{As, Layout, Writer, tables};
use crate::calls::Arg;

/// A key, or one that each process has; the number is decimal.
pub(crate) const KEY: Arg = Arg::value(|w, _, v| key(w, v));
/// A command of keyctl(2), and all that it takes.
pub(crate) const KEYCTL: Arg = Arg::value(|w, _, v| {
    let command = v & 0xffff_ffff;
    w.one_of(command, &tables::KEYCTL);
    let [_, values @ .., _] = *w.args;
    match OPERATIONS.iter().find(|(number, _)| *number == command) {
        Some((_, takes)) => {
            for (take, value) in takes.iter().zip(values) {
                w.separate();
                take.show(w, value);
            }
        }
        None => {
            for value in values {
                w.separate();
                w.hex(value);
            }
        }
    }
    w.end();
});
/// Captured for [`KEYCTL`]: what may be a text, a buffer or a structure.
pub(crate) const KEYCTL_ARG: Arg = Arg::input(1024, |w, _, v| w.hex(v));

/// What one argument of a command is.
enum Take {
    Key,
    Int,
    Uint,
    Hex,
    Address,
    Id,
    Text,
    Errno,
    OneOf(&'static super::Names),
    Flags(&'static super::Names),
    Given(&'static As),
    Filled(&'static As),
    /// A buffer from the program, as long as this argument says.
    Buffer(usize),
    /// One from the kernel, as long as the result says and at most as this argument does.
    Read(usize),
    /// The same of a text with a NUL at its end.
    ReadText(usize),
    /// `struct iovec`s, as many as this argument says.
    Vector(usize),
    /// Capabilities, as many bytes as the result says.
    Capabilities(usize),
}

/// Commands by number, in the order of `linux/keyctl.h`, with what they take.
static OPERATIONS: &[(u64, &[Take])] = {
    use Take::{
        Address, Buffer, Capabilities, Errno, Filled, Flags, Given, Hex, Id, Int, Key, OneOf, Read,
        ReadText, Text, Uint, Vector,
    };
    &[
        (0, &[Key, Int]),
        (1, &[Text]),
        (2, &[Key, Buffer(3), UINT64]),
        (3, &[Key]),
        (4, &[Key, Id, Id]),
        (5, &[Key, Flags(&tables::KEY_PERMS)]),
        (6, &[Key, ReadText(3), UINT64]),
        (7, &[Key]),
        (8, &[Key, Key]),
        (9, &[Key, Key]),
        (10, &[Key, Text, Text, Key]),
        (11, &[Key, Read(3), UINT64]),
        (12, &[Key, Buffer(3), UINT64, Key]),
        (13, &[Key, Uint, Key]),
        (14, &[OneOf(&tables::KEY_REQKEYS)]),
        (15, &[Key, Uint]),
        (16, &[Key]),
        (17, &[Key, ReadText(3), UINT64]),
        (18, &[]),
        (19, &[Key, Uint, Errno, Key]),
        (20, &[Key, Vector(3), UINT64, Key]),
        (21, &[Key]),
        (22, &[Id, Key]),
        (23, &[Given(&DIFFIE_HELLMAN), Read(3), UINT64, Address]),
        (24, &[Key, Hex, Text, Filled(&QUERY)]),
        (29, &[Key, Text, Text]),
        (30, &[Key, Key, Key, Flags(&tables::KEYCTL_MOVE)]),
        (31, &[Capabilities(2), UINT64]),
        (32, &[Key, Int, Hex]),
    ]
};

/// A size.
const UINT64: Take = Take::Buffer(0);

static DIFFIE_HELLMAN: As = As::Struct(&Layout(&[
    ("private", As::By(4, 4, key_of)),
    ("prime", As::By(4, 4, key_of)),
    ("base", As::By(4, 4, key_of)),
]));
static QUERY: As = As::Struct(&Layout(&[
    ("supported_ops", As::Flags(4, &tables::KEYCTL_SUPPORTS)),
    ("key_size", As::Uint(4)),
    ("max_data_size", As::Uint(2)),
    ("max_sig_size", As::Uint(2)),
    ("max_enc_size", As::Uint(2)),
    ("max_dec_size", As::Uint(2)),
    ("__spare", As::NonZero(&As::Array(&As::Hex(4), 10))),
]));

fn key_of(w: &mut Writer<'_>, bytes: &[u8]) {
    key(w, super::layout::number(bytes));
}

fn key(w: &mut Writer<'_>, value: u64) {
    let number = value as i32;
    match tables::KEY_SPEC.of(i64::from(number) as u64) {
        Some(name) => w.meant(|w| w.dec(number), |w| w.text(name)),
        None => w.dec(number),
    }
}

impl Take {
    fn show(&self, w: &mut Writer<'_>, value: u64) {
        let low = value & 0xffff_ffff;
        match self {
            Self::Key => key(w, value),
            Self::Int => w.dec(value as i32),
            Self::Uint => w.dec(low),
            Self::Hex => w.hex(value),
            Self::Id => w.id(value as u32),
            Self::Text => w.string_at(value),
            Self::Errno => match super::names::known_errno(value as i32) {
                Some(name) => w.meant(|w| w.dec(low), |w| w.text(name)),
                None => w.dec(low),
            },
            Self::OneOf(names) => w.one_of_dec(value as i32, i64::from(value as i32) as u64, names),
            Self::Flags(names) => w.flags(low, names),
            Self::Given(shape) => w.shape_at(value, shape),
            Self::Filled(shape) if w.succeeded() => w.shape_at(value, shape),
            Self::Filled(_) | Self::Address => w.address(value),
            Self::Vector(of) => {
                let count = w.args[*of];
                // The buffers are not captured.
                super::vectors::vector(w, value, count, None);
            }
            Self::Buffer(0) => w.dec(value),
            Self::Buffer(of) => {
                let len = w.args[*of];
                w.buffer(value, len);
            }
            Self::Read(_) | Self::ReadText(_) | Self::Capabilities(_) if !w.succeeded() => {
                w.address(value);
            }
            Self::Read(of) => {
                let len = (w.call.ret as u64).min(w.args[*of]);
                w.buffer(value, len);
            }
            Self::ReadText(of) => {
                let call = w.call;
                let len = (call.ret as u64).min(w.args[*of]);
                let last = (len as usize).checked_sub(1);
                let last = last.and_then(|at| call.memory(value)?.get(at));
                w.buffer(value, len - u64::from(last == Some(&0)));
            }
            Self::Capabilities(of) => {
                let count = (w.call.ret as u64).min(w.args[*of]);
                w.array(value, 1, count, |w, at| {
                    let byte = w.read::<u8>(at).unwrap_or_default();
                    w.hex(byte.into());
                });
            }
        }
    }
}
