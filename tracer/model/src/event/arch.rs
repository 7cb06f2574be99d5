//! Architectures and their call numbers, from the `syscalls` crate.

use std::{borrow::Cow, collections::HashMap, sync::LazyLock};

use serde::{Deserialize, Serialize};
use syscalls::{aarch64, x86, x86_64};
use tracer_ebpf::abi::wire::Door;

use super::uring_op;

/// No table has a number that is as large.
pub const NUMBERS: u32 = 1024;

/// Calls that the crate does not have yet; since 2019 a call has one number in every table
/// (`scripts/syscall.tbl` of the kernel).
const NEWEST: [(u32, &str); 2] = [(470, "listns"), (471, "rseq_slice_yield")];

/// A table of system calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Arch {
    /// x86-64.
    X86_64,
    /// The 32-bit table of x86.
    I386,
    /// x86-64 numbers with `__X32_SYSCALL_BIT`.
    X32,
    /// 64-bit Arm.
    Aarch64,
    /// Operations of `io_uring`, which have the names of the calls that do the same.
    Uring,
}

impl Arch {
    /// Every table.
    pub const ALL: [Self; 5] = [
        Self::X86_64,
        Self::I386,
        Self::X32,
        Self::Aarch64,
        Self::Uring,
    ];

    /// The table of this build's own calls.
    pub const NATIVE: Self = if cfg!(target_arch = "aarch64") {
        Self::Aarch64
    } else {
        Self::X86_64
    };

    /// The table behind a door of the kernel side.
    pub fn from_door(door: Door) -> Self {
        match door {
            Door::Native => Self::NATIVE,
            Door::Compat => Self::I386,
            Door::X32 => Self::X32,
            Door::Uring => Self::Uring,
        }
    }

    /// `AUDIT_ARCH_...` of `linux/audit.h`: machine number, 64-bit and little-endian bits. An
    /// `io_uring` operation has none of its own.
    pub fn audit(self) -> u32 {
        match self {
            Self::X86_64 | Self::X32 => 0xc000_003e,
            Self::I386 => 0x4000_0003,
            Self::Aarch64 => 0xc000_00b7,
            Self::Uring => Self::NATIVE.audit(),
        }
    }

    /// The name used in JSON and by `uname -m`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::X86_64 => "x86_64",
            Self::I386 => "i386",
            Self::X32 => "x32",
            Self::Aarch64 => "aarch64",
            Self::Uring => "io_uring",
        }
    }

    /// Name of a call, or `None` for a number that the table does not have.
    pub fn name(self, nr: u32) -> Option<&'static str> {
        let id = nr as usize;
        let name = match self {
            Self::X86_64 | Self::X32 => x86_64::Sysno::new(id).map(|s| s.name()),
            Self::I386 => x86::Sysno::new(id).map(|s| s.name()),
            Self::Aarch64 => generic(id, aarch64::Sysno::new(id).map(|s| s.name())),
            Self::Uring => uring_op::call(nr),
        };
        let name = name.or_else(|| {
            NEWEST
                .iter()
                .find(|(n, _)| *n == nr && self != Self::Uring)
                .map(|(_, name)| *name)
        });
        // A word of Rust's own is written like this in the crate: break(2) of i386.
        name.map(|name| name.strip_prefix("r#").unwrap_or(name))
    }

    /// What a number without a name is the number of.
    fn nameless(self) -> &'static str {
        match self {
            Self::Uring => "io_uring_op",
            Self::X86_64 | Self::I386 | Self::X32 | Self::Aarch64 => "syscall",
        }
    }

    /// Name of a call; an unknown number is shown as strace does, `syscall_0x1ff`.
    pub fn name_or_number(self, nr: u32) -> Cow<'static, str> {
        self.name(nr).map_or_else(
            || format!("{}_{nr:#x}", self.nameless()).into(),
            Cow::Borrowed,
        )
    }

    /// Number of a call.
    pub fn number(self, name: &str) -> Option<u32> {
        type Numbers = LazyLock<HashMap<&'static str, u32>>;
        fn numbers(arch: Arch) -> HashMap<&'static str, u32> {
            let named = |nr| arch.name(nr).map(|name| (name, nr));
            (0..NUMBERS).filter_map(named).collect()
        }
        static X86_64: Numbers = LazyLock::new(|| numbers(Arch::X86_64));
        static I386: Numbers = LazyLock::new(|| numbers(Arch::I386));
        static AARCH64: Numbers = LazyLock::new(|| numbers(Arch::Aarch64));
        let name = canonical(name);
        match self {
            Self::X86_64 | Self::X32 => X86_64.get(name).copied(),
            Self::I386 => I386.get(name).copied(),
            Self::Aarch64 => AARCH64.get(name).copied(),
            Self::Uring => uring_op::of_call(name),
        }
    }
}

/// A name from the tables of aarch64 and loongarch64, which in the crate (0.8.1) are not the kernel's
/// (`asm-generic/unistd.h`): 79 has the name of glibc's function there, and the calls with times of 64 bits are in them
/// that only machines of 32 bits have.
pub(crate) fn generic(number: usize, name: Option<&'static str>) -> Option<&'static str> {
    match number {
        79 => Some("newfstatat"),
        403..=423 => None,
        _ => name,
    }
}

/// The kernel's name of a call that libaudit has under another name.
pub(crate) fn canonical(name: &str) -> &str {
    match name {
        "pread" => "pread64",
        "pwrite" => "pwrite64",
        // Of its table for i386.
        "madvise1" => "madvise",
        "sched_rr_get_interval64" => "sched_rr_get_interval_time64",
        "sys_kexec_load" => "kexec_load",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_names_agree() {
        for arch in Arch::ALL {
            assert!(arch.number("openat").is_some(), "{arch:?}");
            if arch == Arch::Uring {
                // Several operations are the same call.
                continue;
            }
            for (nr, name) in (0..NUMBERS).filter_map(|nr| Some((nr, arch.name(nr)?))) {
                assert_eq!(arch.number(name), Some(nr), "{arch:?} {name}");
            }
        }
        assert_eq!(Arch::I386.name(17), Some("break"));
        assert_eq!(Arch::X86_64.number("pread"), Some(17));
        assert_eq!(Arch::I386.number("sys_kexec_load"), Some(283));
        assert_eq!(Arch::X86_64.number("openat"), Some(257));
        assert_eq!(Arch::I386.number("openat"), Some(295));
        assert_eq!(Arch::X86_64.name_or_number(9999), "syscall_0x270f");
        assert_eq!(Arch::Aarch64.name(79), Some("newfstatat"));
        assert_eq!(Arch::Aarch64.name(403), None);
        assert_eq!(Arch::I386.name(403), Some("clock_gettime64"));
    }
}
