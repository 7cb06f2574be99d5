//! Structures as data: the members of a structure with how each is shown. Offsets follow from the
//! sizes and C's rules of alignment, so that a structure is described as its header has it.

use super::{Names, Writer};
use crate::calls::Arg;

/// A structure: its members in order.
#[derive(Debug)]
pub struct Layout(pub &'static [Member]);

/// A member with its name.
pub type Member = (&'static str, As);

/// How some bytes are shown. Numbers say how many bytes they are.
#[derive(Clone, Copy, Debug)]
pub enum As {
    /// A signed number.
    Int(u8),
    /// An unsigned number.
    Uint(u8),
    /// A number in hexadecimal.
    Hex(u8),
    /// Permission bits.
    Mode(u8),
    /// Constants that are added up.
    Flags(u8, &'static Names),
    /// One of several constants.
    OneOf(u8, &'static Names),
    /// The same; the number is in decimal.
    OneOfDec(u8, &'static Names),
    /// A pointer.
    Address,
    /// A pointer in 8 bytes that is shown as a number: `__u64 ptr`.
    Handle,
    /// Characters up to a NUL.
    Text(u16),
    /// Bytes as a string.
    Bytes(u16),
    /// Bytes in hexadecimal: `\\x00\\x01`.
    HexBytes(u16),
    /// `dev_t` of so many bytes.
    Device(u8),
    /// A descriptor.
    Fd,
    /// The id of a process.
    Pid,
    /// A user or group id.
    Id,
    /// Another structure.
    Struct(&'static Layout),
    /// An array.
    Array(&'static As, u16),
    /// A member that is shown only when it is not zero.
    NonZero(&'static As),
    /// Bytes that are not shown.
    Pad(u16),
    /// The members from here on are for `-v`; without it there is `...`.
    Verbose,
    /// There are more members, that nobody shows.
    More,
    /// So many bytes of this alignment, by a function of their own.
    By(u16, u8, fn(&mut Writer<'_>, &[u8])),
}

impl As {
    /// Bytes.
    pub const fn size(&self) -> usize {
        match self {
            Self::Int(n)
            | Self::Uint(n)
            | Self::Hex(n)
            | Self::Mode(n)
            | Self::Device(n)
            | Self::Flags(n, _)
            | Self::OneOf(n, _)
            | Self::OneOfDec(n, _) => *n as usize,
            Self::Address | Self::Handle => 8,
            Self::Fd | Self::Pid | Self::Id => 4,
            Self::Text(n)
            | Self::Bytes(n)
            | Self::HexBytes(n)
            | Self::Pad(n)
            | Self::By(n, _, _) => *n as usize,
            Self::Struct(layout) => layout.size(),
            Self::Array(of, n) => of.size() * *n as usize,
            Self::NonZero(of) => of.size(),
            Self::Verbose | Self::More => 0,
        }
    }

    const fn align(&self) -> usize {
        match self {
            Self::Text(_)
            | Self::Bytes(_)
            | Self::HexBytes(_)
            | Self::Pad(_)
            | Self::Verbose
            | Self::More => 1,
            Self::By(_, align, _) => *align as usize,
            Self::Struct(layout) => layout.align(),
            Self::Array(of, _) | Self::NonZero(of) => of.align(),
            number => number.size(),
        }
    }
}

/// Bytes of these members.
pub(super) const fn size_of_members(members: &[Member]) -> usize {
    let (mut at, mut i) = (0_usize, 0);
    while i < members.len() {
        let of = &members[i].1;
        at = at.next_multiple_of(of.align()) + of.size();
        i += 1;
    }
    at
}

impl Layout {
    /// Bytes, those that fill it up included.
    pub const fn size(&self) -> usize {
        size_of_members(self.0).next_multiple_of(self.align())
    }

    const fn align(&self) -> usize {
        let (mut most, mut i) = (1, 0);
        while i < self.0.len() {
            let align = self.0[i].1.align();
            if align > most {
                most = align;
            }
            i += 1;
        }
        most
    }
}

/// The number in `bytes`, which are at most 8.
pub(super) fn number(bytes: &[u8]) -> u64 {
    let mut all = [0; 8];
    all[..bytes.len()].copy_from_slice(bytes);
    u64::from_ne_bytes(all)
}

/// The same with a sign.
fn signed(bytes: &[u8]) -> i64 {
    let free = 64 - 8 * bytes.len() as u32;
    (number(bytes) << free) as i64 >> free
}

/// What the argument points to, as its shape says.
pub(crate) fn shaped(w: &mut Writer<'_>, arg: &Arg, at: u64) {
    w.shape_at(at, arg.shape);
}

/// The same of what the call filled: an address when it failed.
pub(crate) fn shaped_result(w: &mut Writer<'_>, arg: &Arg, at: u64) {
    if w.succeeded() {
        w.shape_at(at, arg.shape);
    } else {
        w.address(at);
    }
}

impl Writer<'_> {
    /// What stands at an address, or the address.
    pub(super) fn shape_at(&mut self, at: u64, shape: &As) {
        let call = self.call;
        match call.memory(at) {
            Some(bytes) if bytes.len() >= shape.size() && self.is_native() => {
                self.shape_whole(bytes, shape);
            }
            _ => self.address(at),
        }
    }

    /// An element of an array: without brackets of its own.
    pub(super) fn element(&mut self, at: u64, shape: &As) {
        let call = self.call;
        match call.memory(at).filter(|bytes| bytes.len() >= shape.size()) {
            Some(bytes) => self.shape(bytes, shape),
            None => self.address(at),
        }
    }

    /// The same as it was when the call began, where that is known.
    pub(super) fn shape_before(&mut self, at: u64, shape: &As) {
        let call = self.call;
        match call.memory_before(at).or_else(|| call.memory(at)) {
            Some(bytes) if bytes.len() >= shape.size() && self.is_native() => {
                self.shape_whole(bytes, shape);
            }
            _ => self.address(at),
        }
    }

    /// A value behind a pointer: a single number is in brackets.
    fn shape_whole(&mut self, bytes: &[u8], shape: &As) {
        match shape {
            As::Struct(_)
            | As::Array(..)
            | As::By(..)
            | As::Text(_)
            | As::Bytes(_)
            | As::HexBytes(_) => self.shape(bytes, shape),
            _ => self.group(["[", "]"], |w| w.shape(bytes, shape)),
        }
    }

    /// The beginning of `bytes`, which are long enough.
    pub(super) fn shape(&mut self, bytes: &[u8], shape: &As) {
        let bytes = &bytes[..shape.size()];
        let limit = self.options.strings;
        match shape {
            As::Int(_) => self.dec(signed(bytes)),
            As::Uint(_) => self.dec(number(bytes)),
            As::Hex(_) | As::Handle => self.hex(number(bytes)),
            As::Mode(_) => super::file::permissions(self, number(bytes)),
            As::Flags(_, names) => self.flags(number(bytes), names),
            As::OneOf(_, names) => self.one_of(number(bytes), names),
            As::OneOfDec(_, names) => self.one_of_dec(signed(bytes), number(bytes), names),
            As::Address => self.address(number(bytes)),
            As::Text(_) => {
                let end = memchr::memchr(0, bytes);
                let text = &bytes[..end.unwrap_or(bytes.len())];
                let is_cut = end.is_none() || text.len() > limit;
                self.quoted(text, is_cut && text.len() > limit, limit);
            }
            As::Bytes(_) => self.quoted(bytes, bytes.len() > limit, limit),
            As::HexBytes(_) => {
                self.text("\"");
                super::strings::in_hex(self, bytes);
                self.text("\"");
            }
            As::Device(_) => super::stat::device(self, number(bytes)),
            As::Fd => self.descriptor(signed(bytes) as i32, Some(u8::MAX)),
            As::Pid => self.process(signed(bytes) as i32),
            As::Id => self.id(number(bytes) as u32),
            As::Struct(layout) => self.structure(|w| w.members(bytes, layout)),
            As::Array(of, count) => {
                let size = of.size();
                self.array_of(bytes, (*count).into(), |w, bytes, i| {
                    w.shape(&bytes[i * size..], of);
                });
            }
            As::NonZero(of) => self.shape(bytes, of),
            As::Pad(_) | As::Verbose | As::More => {}
            As::By(_, _, show) => show(self, bytes),
        }
    }

    /// An array of `count` elements that are all there.
    fn array_of(
        &mut self,
        bytes: &[u8],
        count: usize,
        mut element: impl FnMut(&mut Self, &[u8], usize),
    ) {
        self.group(["[", "]"], |w| {
            for i in 0..count {
                w.separate();
                element(w, bytes, i);
            }
        });
    }

    /// The members of a structure.
    pub(super) fn members(&mut self, bytes: &[u8], layout: &Layout) {
        self.members_of(bytes, layout.0);
    }

    /// Those members that are there.
    pub(super) fn members_there(&mut self, bytes: &[u8], layout: &Layout) {
        self.members_within(bytes, layout.0);
    }

    /// These members of a structure; where the memory ends, `...`.
    pub(super) fn members_of(&mut self, bytes: &[u8], members: &[Member]) {
        if !self.members_within(bytes, members) {
            self.more();
        }
    }

    /// The structure of `size` bytes at `at`, which are at least `least`: of a version that is
    /// older than what is known of it, or newer. What is not known is told where it is not zero.
    pub(super) fn sized(&mut self, at: u64, size: u64, least: u64, layout: &Layout) {
        let call = self.call;
        let known = layout.size();
        let wanted = known.min(size as usize);
        let bytes = call.memory(at).filter(|bytes| bytes.len() >= wanted);
        let Some(bytes) = bytes.filter(|_| size >= least && self.is_native()) else {
            self.address(at);
            return;
        };
        self.structure(|w| {
            w.members_within(&bytes[..wanted], layout.0);
            w.unknown_end(bytes, known, size);
        });
    }

    /// What a structure of `size` bytes has behind those that are `known`, where it is not zero;
    /// `???` where nobody can read it.
    pub(super) fn unknown_end(&mut self, bytes: &[u8], known: usize, size: u64) {
        /// No structure of the kernel is longer: it would refuse it unread.
        const PAGE: u64 = 4096;
        let end = size.min(PAGE) as usize;
        if end <= known {
            return;
        }
        if bytes.len() < end {
            self.separate();
            self.text("???");
            return;
        }
        let rest = &bytes[known..end];
        if rest.iter().any(|b| *b != 0) {
            self.separate();
            self.text(&format!("/* bytes {known}..{} */ ", size - 1));
            let shown = &rest[..rest.len().min(self.options.strings)];
            self.text("\"");
            super::strings::in_hex(self, shown);
            self.text(if shown.len() < rest.len() {
                "\"..."
            } else {
                "\""
            });
        }
    }

    /// The members that are within the memory; false when it ends before all of them.
    fn members_within(&mut self, bytes: &[u8], members: &[Member]) -> bool {
        let mut at = 0_usize;
        for (name, of) in members {
            at = at.next_multiple_of(of.align());
            let size = of.size();
            let here = bytes.get(at..at + size);
            at += size;
            match (of, here) {
                (As::Verbose, _) if self.options.verbose => {}
                (As::Pad(_), _) => {}
                (As::NonZero(_), Some(bytes)) if bytes.iter().all(|b| *b == 0) => {}
                (As::Verbose | As::More, _) | (_, None) => return false,
                (_, Some(bytes)) => self.field(name).shape(bytes, of),
            }
        }
        true
    }
}
