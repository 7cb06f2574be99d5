//! The tools of every decoder: numbers, names, strings, structures, and the memory that was
//! captured. The notation is that of strace(1).

use bytes::Bytes;
use tracer_ebpf::abi::limits::BLOCK_MAX;

use super::{
    Constants, Descriptors, NameOf, Options, SEPARATOR,
    number::{dec, hex, oct},
};
use crate::{
    calls::{Arch, Arg},
    event::{Actor, Call, Data, Event, Unknown},
};

/// Constants of one kind with their names, in the order in which flags are told.
#[derive(Debug)]
pub struct Names {
    /// Value and name.
    pub entries: &'static [(u64, &'static str)],
    /// What stands for a value without a name: `O_???`.
    pub unknown: &'static str,
}

impl Names {
    /// No names.
    pub const NONE: Self = Self {
        entries: &[],
        unknown: "",
    };

    /// The name of a value, of constants that are not added up: those stand in order.
    pub fn of(&self, value: u64) -> Option<&'static str> {
        let at = self.entries.binary_search_by_key(&value, |(n, _)| *n);
        at.ok().map(|at| self.entries[at].1)
    }

    /// Does one of the constants, which are added up, occur in the value?
    pub(super) fn has_any(&self, value: u64) -> bool {
        self.entries.iter().any(|(bits, _)| {
            if *bits == 0 {
                value == 0
            } else {
                value & bits == *bits
            }
        })
    }
}

/// Structures that any bytes make.
///
/// # Safety
/// The implementor is `#[repr(C)]` and made of integers, arrays of integers and raw pointers
/// only, so that any bytes are a value of it.
pub(super) unsafe trait Foreign: Copy {}

/// Declares structures of other crates as [`Foreign`].
macro_rules! foreign {
    ($($ty:ty),* $(,)?) => {
        $(
            // SAFETY: a C structure of integers, arrays of integers and pointers.
            unsafe impl $crate::decode::writer::Foreign for $ty {}
        )*
    };
}
pub(super) use foreign;

foreign!(
    u8, u16, u32, u64, i8, i16, i32, i64, [u64; 2], [u64; 3], [u64; 4], [u32; 2], [u32; 3],
    [i32; 2],
);

/// Writes the arguments of one call.
pub struct Writer<'a> {
    /// Where to.
    pub(super) out: &'a mut Vec<u8>,
    pub(super) event: &'a Event,
    pub(super) call: &'a Call,
    pub(super) args: &'a [u64; 6],
    pub(super) options: &'a Options,
    /// How constants are shown here: as the options say, but by name inside of a comment.
    pub(super) constants: Constants,
    /// Index of the argument that is being written.
    pub(super) index: usize,
    /// Something stands before the next element of a list.
    started: bool,
    /// Groups that are open.
    depth: usize,
    starts: Starts,
    ended: bool,
}

/// Where each argument begins; a call has six, and a decoder may make two of one.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Starts {
    at: [usize; 12],
    len: usize,
}

impl std::ops::Deref for Starts {
    type Target = [usize];

    fn deref(&self) -> &[usize] {
        &self.at[..self.len]
    }
}

impl<'a> Writer<'a> {
    pub(super) fn new(
        out: &'a mut Vec<u8>,
        event: &'a Event,
        call: &'a Call,
        args: &'a [u64; 6],
        options: &'a Options,
    ) -> Self {
        Self {
            out,
            event,
            call,
            args,
            options,
            constants: options.constants,
            index: 0,
            started: false,
            depth: 0,
            starts: Starts::default(),
            ended: false,
        }
    }

    /// Begins the next argument, or the next element of the innermost group: writes `, ` before
    /// all but the first.
    pub(super) fn separate(&mut self) {
        if self.started {
            self.text(SEPARATOR);
        }
        self.started = true;
        if self.depth == 0
            && let Some(start) = self.starts.at.get_mut(self.starts.len)
        {
            *start = self.out.len();
            self.starts.len += 1;
        }
    }

    /// Takes back [`Writer::separate`]: this argument is none.
    pub(super) fn unseparate(&mut self) {
        self.out.truncate(self.out.len() - SEPARATOR.len());
        self.starts.len -= 1;
    }

    /// No further argument of this call means anything.
    pub(super) fn end(&mut self) {
        self.ended = true;
    }

    pub(super) fn is_ended(&self) -> bool {
        self.ended
    }

    pub(super) fn starts(self) -> Starts {
        self.starts
    }

    /// Writes argument `index` with its decoder.
    pub(super) fn argument(&mut self, index: usize, arg: &Arg) {
        self.index = index;
        (arg.show)(self, arg, self.args[index]);
    }

    /// Did the call succeed?
    pub(super) fn succeeded(&self) -> bool {
        self.call.errno().is_none()
    }

    /// Are the structures of this call those of this machine's 64-bit programs?
    pub(super) fn is_native(&self) -> bool {
        self.call.arch == Arch::NATIVE
    }

    /// Plain text.
    pub(super) fn text(&mut self, text: &str) {
        self.out.extend_from_slice(text.as_bytes());
    }

    /// Decimal.
    pub(super) fn dec(&mut self, n: impl itoa::Integer) {
        dec(self.out, n);
    }

    /// Hexadecimal as `%#x`: zero is `0`.
    pub(super) fn hex(&mut self, n: u64) {
        // Flags and sizes are less.
        if self.options.stable && n > u64::from(u32::MAX) {
            self.text("ADDR");
            return;
        }
        if n != 0 {
            self.text("0x");
        }
        hex(self.out, n);
    }

    /// Octal as `%#o`.
    pub(super) fn oct(&mut self, n: u64) {
        match u32::try_from(n) {
            Ok(n) => oct(self.out, n),
            Err(_) => self
                .out
                .extend_from_slice(format!("{n:#o}").replacen("0o", "0", 1).as_bytes()),
        }
    }

    /// An address.
    pub(super) fn address(&mut self, at: u64) {
        if at == 0 {
            self.text("NULL");
        } else if self.options.stable {
            self.text("ADDR");
        } else {
            self.hex(at);
        }
    }

    /// The id of a process, thread or (negative) process group.
    pub(super) fn process(&mut self, id: i32) {
        match id {
            1.. if self.options.stable => self.text("PID"),
            ..-1 if self.options.stable => self.text("-PID"),
            _ => {
                self.dec(id);
                self.behind_process(id);
            }
        }
    }

    /// What is to be said of the process with this id: its name, and its id in tracer's own pid
    /// namespace.
    fn behind_process(&mut self, id: i32) {
        let asked = self.options.processes;
        let Some(id) = u32::try_from(id).ok().filter(|id| *id != 0 && asked.any()) else {
            return;
        };
        let mut known = self.call.captured.iter().filter_map(|one| match one.data {
            Data::Process { there, here } => Some((there, here)),
            _ => None,
        });
        let is_elsewhere = known.clone().next().is_some();
        // Of others in another namespace, nobody knows here who they are.
        let here = known.find(|(there, _)| *there == id).map(|(_, here)| here);
        let here = here.or((!is_elsewhere).then_some(id));
        if let (Some(name), Some(here)) = (asked.names, here) {
            self.process_name(here, name);
        }
        if let Some(here) = here.filter(|here| asked.here && *here != id) {
            self.comment(&format!("{here} in strace's PID NS"));
        }
    }

    /// The name of a command in angle brackets.
    fn process_name(&mut self, id: u32, name: NameOf) {
        let actor = self.event.actor.as_ref().ok();
        let is_caller = |actor: &&Actor| actor.tid.is_some_and(|tid| tid.0 == id);
        let own = actor.filter(is_caller).and_then(|a| a.comm.clone().ok());
        if let Some(comm) = own.or_else(|| name(id).map(Bytes::from)) {
            self.text("<");
            super::strings::escaped_in_angles(self.out, &comm);
            self.text(">");
        }
    }

    /// A user or group; all ones is none.
    pub(super) fn id(&mut self, id: u32) {
        if id == u32::MAX {
            self.dec(-1);
        } else {
            self.dec(id);
        }
    }

    /// Something that is another one at each moment: a time, what is free, ticks.
    pub(super) fn moment(&mut self, write: impl FnOnce(&mut Self)) {
        if self.options.stable {
            self.text("NOW");
        } else {
            write(self);
        }
    }

    /// A number in hexadecimal with its meaning behind it in parentheses; as `-X raw` says,
    /// without.
    pub(super) fn explained(&mut self, value: u64, meaning: impl FnOnce(&mut Self)) {
        self.hex(value);
        if self.constants == Constants::Numbers {
            return;
        }
        let outer = std::mem::replace(&mut self.constants, Constants::Names);
        self.text(" (");
        meaning(self);
        self.text(")");
        self.constants = outer;
    }

    /// A comment, as strace has them.
    pub(super) fn comment(&mut self, text: &str) {
        self.text(" /* ");
        self.text(text);
        self.text(" */");
    }

    /// A number with a meaning, which `name` writes: by its name, or as `-X` says.
    pub(super) fn meant(&mut self, number: impl FnOnce(&mut Self), name: impl FnOnce(&mut Self)) {
        match self.constants {
            Constants::Names => name(self),
            Constants::Numbers => number(self),
            Constants::Both => {
                number(self);
                self.text(" /* ");
                self.constants = Constants::Names;
                name(self);
                self.constants = Constants::Both;
                self.text(" */");
            }
        }
    }

    /// The same where what is within the comment is shown as `-X` says, too.
    pub(super) fn meant_whole(
        &mut self,
        number: impl FnOnce(&mut Self),
        name: impl FnOnce(&mut Self),
    ) {
        match self.constants {
            Constants::Names => name(self),
            Constants::Numbers => number(self),
            Constants::Both => {
                number(self);
                self.text(" /* ");
                name(self);
                self.text(" */");
            }
        }
    }

    /// The same of a constant whose name is known; its number is in hexadecimal.
    pub(super) fn constant(&mut self, value: u64, name: &str) {
        self.meant(|w| w.hex(value), |w| w.text(name));
    }

    /// A number of a kind that has names, but not for it.
    pub(super) fn nameless(&mut self, number: impl FnOnce(&mut Self), names: &Names) {
        number(self);
        if self.constants != Constants::Numbers && !names.unknown.is_empty() {
            self.comment(names.unknown);
        }
    }

    /// One of several constants, or the number with what kind it should have been.
    pub(super) fn one_of(&mut self, value: u64, names: &Names) {
        match names.of(value) {
            Some(name) => self.constant(value, name),
            None => self.nameless(|w| w.hex(value), names),
        }
    }

    /// The same, with the number in decimal.
    pub(super) fn one_of_dec(&mut self, value: impl itoa::Integer + Copy, of: u64, names: &Names) {
        match names.of(of) {
            Some(name) => self.meant(|w| w.dec(value), |w| w.text(name)),
            None => self.nameless(|w| w.dec(value), names),
        }
    }

    /// Constants that are added up, `|` between them; bits without a name come last.
    pub(super) fn flags(&mut self, value: u64, names: &Names) {
        if names.has_any(value) {
            self.meant(|w| w.hex(value), |w| w.flag_names(value, names));
        } else if value == 0 {
            self.text("0");
        } else {
            self.nameless(|w| w.hex(value), names);
        }
    }

    /// Names of the bits that have one, then the rest.
    fn flag_names(&mut self, value: u64, names: &Names) {
        let mut rest = value;
        let mut first = true;
        for (bits, name) in names.entries {
            let is_set = if *bits == 0 {
                value == 0
            } else {
                rest & bits == *bits
            };
            if is_set {
                if !first {
                    self.text("|");
                }
                self.text(name);
                first = false;
                rest &= !bits;
                if value == 0 {
                    return;
                }
            }
        }
        if rest != 0 {
            if !first {
                self.text("|");
            }
            self.hex(rest);
        }
    }

    /// Constants that are added to what stands before; nothing for zero. For a place where names
    /// are shown ([`Writer::meant`]).
    pub(super) fn more_flags(&mut self, value: u64, names: &Names) {
        if value != 0 {
            self.text("|");
            self.flag_names(value, names);
        }
    }

    /// A structure, or any other list in brackets: what `write` adds with [`Writer::field`] or
    /// [`Writer::separate`] stands between `brackets`.
    pub(super) fn group(&mut self, brackets: [&str; 2], write: impl FnOnce(&mut Self)) {
        self.text(brackets[0]);
        let outer = std::mem::replace(&mut self.started, false);
        self.depth += 1;
        write(self);
        self.depth -= 1;
        self.started = outer;
        self.text(brackets[1]);
    }

    /// A structure.
    pub(super) fn structure(&mut self, write: impl FnOnce(&mut Self)) {
        self.group(["{", "}"], write);
    }

    /// Begins a member of a structure.
    pub(super) fn field(&mut self, name: &str) -> &mut Self {
        self.separate();
        self.text(name);
        self.text("=");
        self
    }

    /// Says that a structure has more members than are shown.
    pub(super) fn more(&mut self) {
        self.separate();
        self.text("...");
    }

    /// The array of `count` elements of `size` bytes at `at`, of which `-s` are shown, and with `-v`
    /// as many as were captured. Where the memory ends before it, the address of that is told.
    pub(super) fn array(
        &mut self,
        at: u64,
        size: u64,
        count: u64,
        element: impl FnMut(&mut Self, u64),
    ) {
        self.spaced_array(at, (size, size), count, element);
    }

    /// The same where the end of an element, which has so many bytes in all, may not be known.
    pub(super) fn spaced_array(
        &mut self,
        at: u64,
        (size, needed): (u64, u64),
        count: u64,
        mut element: impl FnMut(&mut Self, u64),
    ) {
        let known = |w: &Self, at| w.call.memory(at).is_some_and(|m| m.len() as u64 >= needed);
        if count == 0 && at != 0 {
            self.text("[]");
            return;
        }
        if !self.is_native()
            || !known(self, at)
            || at.checked_add(size.saturating_mul(count)).is_none()
        {
            self.address(at);
            return;
        }
        let most = if self.options.verbose {
            BLOCK_MAX as u64 / size
        } else {
            self.options.strings as u64
        };
        self.group(["[", "]"], |w| {
            for i in 0..count.min(most) {
                let here = at + i * size;
                w.separate();
                if !known(w, here) {
                    w.text("...");
                    w.address_comment(here);
                    return;
                }
                element(w, here);
            }
            if most < count {
                w.more();
                let next = at + most * size;
                if w.ends_before(next, size) {
                    w.address_comment(next);
                }
            }
        });
    }

    /// Does the memory that could be read end before the `size` bytes at an address?
    fn ends_before(&self, at: u64, size: u64) -> bool {
        self.call.captured.iter().any(|one| match &one.data {
            Data::Block(block) if block.incomplete == Some(Unknown::Fault) => {
                let end = block.at + block.bytes.len() as u64;
                block.at < at && (at..at + size).contains(&end)
            }
            _ => false,
        })
    }

    /// An address in a comment.
    pub(super) fn address_comment(&mut self, at: u64) {
        self.text(" /* ");
        self.address(at);
        self.text(" */");
    }

    /// The structure at an address as it was when the call began, or, where that was not captured,
    /// as it is when it returns.
    pub(super) fn read_before<T: Foreign>(&self, at: u64) -> Option<T> {
        let before = self.call.memory_before(at).and_then(from_bytes);
        before.or_else(|| self.read(at))
    }

    /// Shows the structure at `at` as it was when the call began, or the address.
    pub(super) fn at_before<T: Foreign>(&mut self, at: u64, show: impl FnOnce(&mut Self, T)) {
        match self.read_before::<T>(at) {
            Some(value) if self.is_native() => show(self, value),
            _ => self.address(at),
        }
    }

    /// The structure at an address, where it was captured.
    pub(super) fn read<T: Foreign>(&self, at: u64) -> Option<T> {
        from_bytes(self.call.memory(at)?)
    }

    /// Shows the structure at `at` with `show`, or the address when it was not captured.
    pub(super) fn at<T: Foreign>(&mut self, at: u64, show: impl FnOnce(&mut Self, T)) {
        match self.read::<T>(at) {
            Some(value) if self.is_native() => show(self, value),
            _ => self.address(at),
        }
    }

    /// A descriptor with what is behind it, as far as `-y` asks for it. `of` is the argument's
    /// index, `None` for the result.
    pub(super) fn descriptor(&mut self, fd: i32, of: Option<u8>) {
        let start = self.out.len();
        if self.options.descriptors != Descriptors::NONE {
            super::file::behind(self, of);
        }
        // What the standard streams are is not the program's doing.
        let is_named = self.out.len() > start;
        if !self.options.stable || !is_named || fd <= libc::STDERR_FILENO {
            let behind = self.out.split_off(start);
            self.dec(fd);
            if !self.options.stable {
                self.out.extend_from_slice(&behind);
            }
        }
    }
}

/// Any bytes that are long enough, as a structure.
pub(super) fn from_bytes<T: Foreign>(bytes: &[u8]) -> Option<T> {
    let bytes = bytes.get(..size_of::<T>())?;
    // SAFETY: the slice is long enough, any bytes make a `Foreign`, and the read does not need
    // alignment.
    Some(unsafe { bytes.as_ptr().cast::<T>().read_unaligned() })
}
