//! What the formats need to know of a call, found once per call number and kept: its name, its
//! line in the table, and where its open flags and its mode are.

use std::{borrow::Cow, sync::LazyLock};

use crate::{
    calls::{Arch, Op, Role, Row, row},
    event::{Call, Data, Known},
};
use bytes::Bytes;

use super::names::makes_a_file;

/// Numbers that are kept. The highest of Linux 6.18 is 470, of x32 547.
const KEPT: u32 = 600;

/// One call of one architecture.
#[derive(Clone, Debug)]
pub(super) struct CallInfo {
    /// Name, or `syscall_0x1ff`.
    pub(super) name: Cow<'static, str>,
    /// Line in the table of calls; `None` for a call without a decoder.
    pub(super) row: Option<&'static Row>,
    open: Option<OpenFlags>,
    mode: Option<usize>,
}

/// Where the flags of an open are.
#[derive(Clone, Copy, Debug)]
enum OpenFlags {
    Arg(usize),
    How(u8),
}

impl CallInfo {
    /// The line of a call.
    pub(super) fn of(call: &Call) -> Cow<'static, Self> {
        static TABLES: LazyLock<Vec<Vec<CallInfo>>> = LazyLock::new(|| {
            let table = |arch: &Arch| (0..KEPT).map(|nr| CallInfo::new(*arch, nr)).collect();
            Arch::ALL.iter().map(table).collect()
        });
        let index = match call.arch {
            Arch::X86_64 => 0,
            Arch::I386 => 1,
            Arch::X32 => 2,
            Arch::Aarch64 => 3,
            Arch::Uring => 4,
        };
        match TABLES[index].get(call.nr as usize) {
            Some(info) => Cow::Borrowed(info),
            None => Cow::Owned(Self::new(call.arch, call.nr)),
        }
    }

    fn new(arch: Arch, nr: u32) -> Self {
        let row = arch.name(nr).and_then(row);
        let position =
            |wanted| row.and_then(|row| row.args.iter().position(|arg| arg.role == wanted));
        // delete_module(2) takes O_NONBLOCK and O_TRUNC too, but opens nothing.
        let opens = row.is_some_and(|row| !matches!(row.op, Op::Kernel));
        let open = match (position(Role::OpenFlags), position(Role::OpenHow)) {
            (Some(arg), _) if opens => Some(OpenFlags::Arg(arg)),
            (None, Some(arg)) => Some(OpenFlags::How(arg as u8)),
            _ => None,
        };
        Self {
            name: arch.name_or_number(nr),
            row,
            open,
            mode: position(Role::Mode),
        }
    }

    /// `O_...` flags, when it is an open and they are known. In a register they are an `int`.
    pub(super) fn open_flags(&self, call: &Call) -> Option<u64> {
        match self.open? {
            OpenFlags::Arg(i) => call.args.ok().map(|args| args[i] & 0xffff_ffff),
            OpenFlags::How(of) => call.open_how(of).map(|how| how[0]),
        }
    }

    /// `struct open_how`, when it is an open with one.
    pub(super) fn open_how(&self, call: &Call) -> Option<[u64; 3]> {
        match self.open? {
            OpenFlags::Arg(_) => None,
            OpenFlags::How(of) => call.open_how(of),
        }
    }

    /// The strings that are not paths, by argument index.
    pub(super) fn texts<'a>(
        &self,
        call: &'a Call,
    ) -> impl Iterator<Item = (u8, &'a Known<Bytes>)> + use<'a> {
        let row = self.row;
        call.captured.iter().filter_map(move |captured| {
            let arg = row?.args.get(usize::from(captured.of))?;
            match &captured.data {
                Data::Text(text) if arg.role == Role::Text => Some((captured.of, text)),
                _ => None,
            }
        })
    }

    /// Permission bits that the call would give a file. In a register they are a `umode_t`.
    pub(super) fn mode(&self, call: &Call) -> Option<u32> {
        if let Some(OpenFlags::How(of)) = self.open {
            return call
                .open_how(of)
                .filter(|how| makes_a_file(how[0]))
                .map(|how| how[1] as u32);
        }
        let i = self.mode?;
        if self.open.is_some() && !self.open_flags(call).is_some_and(makes_a_file) {
            return None;
        }
        call.args.ok().map(|args| (args[i] & 0xffff) as u32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{Block, Captured};

    fn block(of: u8, words: &[u64]) -> Captured {
        let bytes: Vec<u8> = words.iter().flat_map(|w| w.to_ne_bytes()).collect();
        Captured {
            of,
            data: Data::Block(Block {
                at: 0x1000,
                bytes: bytes.into(),
                incomplete: None,
            }),
        }
    }

    fn call(name: &str, args: [u64; 6], open_how: Option<[u64; 3]>) -> Call {
        let arch = Arch::X86_64;
        let nr = arch.number(name).unwrap();
        Call {
            arch,
            nr,
            args: Ok(args),
            ret: 0,
            unfinished: None,
            captured: open_how.map_or_else(Vec::new, |how| vec![block(2, &how)]),
            files: vec![],
        }
    }

    #[test]
    fn flags_and_modes() {
        let creat = libc::O_CREAT as u64;
        let rows = [
            // call, its arguments, open_how, flags, mode
            (
                "openat",
                [0, 0, creat, 0o644, 0, 0],
                None,
                Some(creat),
                Some(0o644),
            ),
            ("openat", [0, 0, 0, 0o644, 0, 0], None, Some(0), None),
            (
                "openat",
                [0, 0, 0xdead_0000_0000_0000, 7, 0, 0],
                None,
                Some(0),
                None,
            ),
            ("open", [0, 1, 0o600, 0, 0, 0], None, Some(1), None),
            ("creat", [0, 0o640, 0, 0, 0, 0], None, None, Some(0o640)),
            (
                "openat2",
                [0; 6],
                Some([creat, 0o600, 0]),
                Some(creat),
                Some(0o600),
            ),
            ("openat2", [0; 6], None, None, None),
            ("mkdir", [0, 0o755, 0, 0, 0, 0], None, None, Some(0o755)),
            ("fchmod", [3, 0o4755, 0, 0, 0, 0], None, None, Some(0o4755)),
            ("delete_module", [0, 0o4000, 0, 0, 0, 0], None, None, None),
            ("unlink", [0; 6], None, None, None),
        ];
        for (name, args, how, flags, mode) in rows {
            let call = call(name, args, how);
            let info = CallInfo::of(&call);
            assert_eq!(info.name, name);
            assert_eq!(info.open_flags(&call), flags, "flags of {name}");
            assert_eq!(info.mode(&call), mode, "mode of {name}");
        }
    }

    #[test]
    fn a_number_beyond_the_table_still_has_a_name() {
        let call = Call {
            nr: 70_000,
            ..call("read", [0; 6], None)
        };
        assert_eq!(CallInfo::of(&call).name, "syscall_0x11170");
        assert!(CallInfo::of(&call).row.is_none());
    }
}
