//! What one argument of a call is: how the kernel side captures it, what it means to the rest of
//! tracer, and which decoder shows it. The kinds themselves are constants of the room `decode`,
//! one file per kind.

use std::fmt;

use tracer_ebpf::abi::call::{
    ALWAYS, AT_ENTRY, ArgSpec, BEHIND, BY_RESULT, Capture, ON_SUCCESS, ONE,
};

use crate::decode::{As, Names, Writer};

/// What an argument means to the rules, the paths of an event and the formats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A number.
    Int,
    /// A pointer or mask.
    Hex,
    /// A path name; its base is the [`Role::DirFd`] before it, else the working directory.
    Path,
    /// A descriptor that stands for the file itself.
    Fd,
    /// A directory descriptor.
    DirFd,
    /// A descriptor of any other use: its file is captured only for a reader who asks.
    OtherFd,
    /// The same, of a call that changes what it leads to: what it was before is shown.
    ChangedFd,
    /// Descriptors in a `struct pollfd` array as long as the second argument says.
    Polled,
    /// Descriptors in an `fd_set`, below the first argument.
    Selected,
    /// A string that is not a path.
    Text,
    /// An array of strings: the arguments of a program.
    Argv,
    /// `struct open_how`.
    OpenHow,
    /// `O_...`
    OpenFlags,
    /// Permission bits.
    Mode,
    /// `AT_...`
    AtFlags,
    /// A user id; all ones is "unchanged".
    Uid,
    /// A group id.
    Gid,
    /// A process or thread id.
    Pid,
    /// A signal number.
    Signal,
    /// `CLONE_...`
    CloneFlags,
    /// A device number (`dev_t` of user space).
    Dev,
    /// The address of a socket, or the `struct msghdr` that leads to it.
    SockAddr,
    /// Anything else, known to its decoder alone.
    Other,
}

impl Role {
    /// Does a file lie behind the value?
    pub fn is_descriptor(self) -> bool {
        matches!(
            self,
            Self::Fd | Self::DirFd | Self::OtherFd | Self::ChangedFd
        )
    }
}

/// Shows one argument: its value, and what it points to where that was captured.
pub type Show = fn(&mut Writer<'_>, &Arg, u64);

/// A kind of argument.
#[derive(Clone, Copy)]
pub struct Arg {
    /// What it means to others.
    pub role: Role,
    /// What the kernel side captures.
    pub spec: ArgSpec,
    /// The capture is for a reader of decoded calls: nothing else needs it.
    pub on_demand: bool,
    /// The decoder.
    pub show: Show,
    /// The constants that the decoder names its value with.
    pub names: &'static Names,
    /// What stands in the memory that it points to.
    pub shape: &'static As,
}

impl fmt::Debug for Arg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.role)
    }
}

impl Arg {
    /// A value that is in the register itself.
    pub const fn value(show: Show) -> Self {
        Self {
            role: Role::Other,
            spec: ArgSpec::RAW,
            on_demand: false,
            show,
            names: &Names::NONE,
            shape: &As::Pad(0),
        }
    }

    /// What has this shape, from the program.
    pub const fn given(shape: &'static As) -> Self {
        Self::input(shape.size(), crate::decode::shaped).shaped(shape)
    }

    /// What has this shape, from the kernel when the call succeeds.
    pub const fn filled(shape: &'static As) -> Self {
        Self::output(shape.size(), crate::decode::shaped_result).shaped(shape)
    }

    /// A structure of `size` bytes that leads to an array: its address is at `pointer` in the
    /// structure and its length, of so many bytes, at `length`; an element has `unit` bytes.
    pub const fn behind(size: usize, pointer: u8, length: (u8, u8), unit: u8, show: Show) -> Self {
        let mut arg = Self::input(size, show).how(Capture::Behind);
        arg.spec.max = pointer as u16 | (length.0 as u16) << 8;
        arg.spec.count = length.1;
        arg.spec.stride = unit;
        arg
    }

    /// Addresses of structures of `size` bytes, as many as argument `count` says; a buffer's address
    /// and length are at `buffer` in them, if that is not 0.
    pub const fn pointers(size: usize, count: u8, buffer: u8, show: Show) -> Self {
        let mut arg = Self::inputs(size, count, show).how(Capture::Pointers);
        arg.spec.stride = buffer;
        arg
    }

    /// `size` bytes that the program hands to the kernel.
    pub const fn input(size: usize, show: Show) -> Self {
        Self::memory(ALWAYS, ONE, size, 1, show)
    }

    /// `size` bytes that the kernel fills when the call succeeds.
    pub const fn output(size: usize, show: Show) -> Self {
        Self::memory(ON_SUCCESS, ONE, size, 1, show)
    }

    /// Elements of `size` bytes, as many as argument `count` says, from the program.
    pub const fn inputs(size: usize, count: u8, show: Show) -> Self {
        Self::memory(ALWAYS, count, size, 0, show)
    }

    /// Elements of `size` bytes, as many as argument `count` says, from the kernel.
    pub const fn outputs(size: usize, count: u8, show: Show) -> Self {
        Self::memory(ON_SUCCESS, count, size, 0, show)
    }

    /// Elements of `size` bytes, as many as the result says, from the kernel.
    pub const fn results(size: usize, show: Show) -> Self {
        Self::memory(ON_SUCCESS, BY_RESULT, size, 0, show)
    }

    /// Bytes from the kernel, at most `max`, as many as the `u32` behind argument `count` says.
    pub const fn sized_by(count: u8, max: usize, show: Show) -> Self {
        Self::memory(ON_SUCCESS, BEHIND + count, 1, max, show)
    }

    const fn memory(when: u8, count: u8, unit: usize, max: usize, show: Show) -> Self {
        let mut arg = Self::value(show);
        arg.spec = ArgSpec {
            how: Capture::Block as u8,
            when,
            count,
            stride: 0,
            unit: unit as u16,
            max: max as u16,
        };
        arg.on_demand = true;
        arg
    }

    /// At most this many elements, whatever `-s` says.
    #[must_use]
    pub const fn at_most(mut self, max: usize) -> Self {
        self.spec.max = max as u16;
        self
    }

    /// With a descriptor at every `stride` bytes.
    #[must_use]
    pub const fn descriptors(mut self, stride: u8) -> Self {
        self.spec.stride = stride;
        self
    }

    /// With this in its memory.
    #[must_use]
    pub const fn shaped(mut self, shape: &'static As) -> Self {
        self.shape = shape;
        self
    }

    /// Captured as it is when the call begins, too: the call changes it.
    #[must_use]
    pub const fn at_entry(mut self) -> Self {
        self.spec.when |= AT_ENTRY;
        self
    }

    /// Captured in this way.
    #[must_use]
    pub const fn how(mut self, how: Capture) -> Self {
        self.spec.how = how as u8;
        self.on_demand = true;
        self
    }

    /// Captured in every run, not only for a reader of decoded calls.
    #[must_use]
    pub const fn always(mut self) -> Self {
        self.on_demand = false;
        self
    }

    /// With this meaning to others.
    #[must_use]
    pub const fn role(mut self, role: Role) -> Self {
        self.role = role;
        self
    }

    /// Named with these constants.
    #[must_use]
    pub const fn named(mut self, names: &'static Names) -> Self {
        self.names = names;
        self
    }
}
