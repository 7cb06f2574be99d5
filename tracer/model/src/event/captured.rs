//! Memory that the arguments of a call point to, as it was when the call returned, or
//! began. Knows no call by name and no structure: the room `decode` does.

use std::net::SocketAddr;

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use tracer_ebpf::abi::wire::OF_INSIDE;

use super::{Known, PathItem, Unknown};

/// What one argument led to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Captured {
    /// Argument index.
    pub of: u8,
    /// What was captured. One argument can lead to several things.
    pub data: Data,
}

/// Memory, by its shape.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Data {
    /// A string, without the NUL at its end.
    Text(Known<Bytes>),
    /// A NULL-terminated array of strings.
    Strings(Argv),
    /// A stretch of memory.
    Block(Block),
    /// Only how many elements there are; with the reason where it is not all of them.
    Count(u64, Option<Unknown>),
    /// A stretch of memory as it was when the call began, where the call changes it.
    Before(Block),
    /// An id of the calling task, its process, process group or session in its own pid namespace,
    /// and in that of the tracer.
    Process {
        /// There.
        there: u32,
        /// Here.
        here: u32,
    },
}

/// A stretch of memory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    /// Address in the process.
    pub at: u64,
    /// The bytes from there on.
    pub bytes: Bytes,
    /// Why it is shorter than was asked for.
    pub incomplete: Option<Unknown>,
}

/// Arguments of a program, or its environment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Argv {
    /// The strings that are known, in order.
    pub args: Vec<Bytes>,
    /// There are more, or the last one is cut: why.
    pub incomplete: Option<Unknown>,
    /// How many there are in all, where these are not all and it is known.
    pub all: Option<u64>,
    /// Length of the last one of these in bytes, where it is cut and that is known.
    pub last_len: Option<u64>,
}

impl Argv {
    /// All strings, which are known.
    pub fn whole(args: Vec<Bytes>) -> Self {
        Self {
            args,
            incomplete: None,
            all: None,
            last_len: None,
        }
    }

    /// How many there are, as far as it is known.
    pub fn count(&self) -> u64 {
        // Never fewer than are here, whatever a recording says.
        let here = self.args.len() as u64;
        self.all.map_or(here, |all| all.max(here))
    }
}

/// The file behind a descriptor.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OpenFile {
    /// Argument index; [`OpenFile::inside`] for a descriptor in memory; `None` for the result.
    pub of: Option<u8>,
    /// What `/proc/PID/fd` shows: its path, `pipe:[123]`, `socket:[123]`, `anon_inode:[eventfd]`.
    pub name: Known<Bytes>,
    /// Its path and identity, without a name that was passed.
    pub file: PathItem,
    /// What it is bound and connected to, of a socket, where that was asked for.
    pub socket: Option<Socket>,
}

impl OpenFile {
    /// [`OpenFile::of`] the descriptor with this number (from 0 on) in the memory that an argument
    /// leads to. No file is captured for one so far behind that it has none.
    pub fn inside(number: usize) -> Option<u8> {
        u8::try_from(number).ok()?.checked_add(OF_INSIDE)
    }

    /// Is the descriptor in memory?
    pub fn is_inside(&self) -> bool {
        self.of.is_some_and(|of| of >= OF_INSIDE)
    }
}

/// A socket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Socket {
    /// Name of its protocol as the kernel has it (`TCP`, `UNIX-STREAM`), empty without one.
    pub protocol: Bytes,
    /// Its ends.
    pub ends: Ends,
}

/// What a socket is bound and connected to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ends {
    /// Neither, or nothing is known of this family.
    None,
    /// Internet addresses; without a remote one it is only bound.
    Internet(SocketAddr, Option<SocketAddr>),
    /// unix(7).
    Unix {
        /// Inode number of the other end, 0 before accept(2).
        peer: Option<u64>,
        /// `sun_path`; one that begins with NUL is no file. Empty without one.
        name: Bytes,
    },
    /// netlink(7).
    Netlink {
        /// Protocol (`NETLINK_ROUTE`, ...).
        protocol: u16,
        /// Port id.
        port: u32,
    },
}
