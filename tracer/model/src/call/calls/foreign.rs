//! Tables of machines that tracer does not run on, from the `syscalls` crate: names for the logs
//! that they wrote.

use crate::event::arch::generic;
use syscalls::{arm, loongarch64, mips, mips64, powerpc, powerpc64, riscv32, riscv64, s390x, x86};

/// Every machine: `AUDIT_ARCH_...` of `linux/audit.h`, the name that the audit tools and uname(1)
/// have for it, its table of calls.
const MACHINES: &[(u32, &str, Table)] = &[
    (0x4000_0028, "arm", |n| arm::Sysno::new(n).map(|s| s.name())),
    (0x0000_0028, "armeb", |n| {
        arm::Sysno::new(n).map(|s| s.name())
    }),
    (0x8000_0015, "ppc64", |n| {
        powerpc64::Sysno::new(n).map(|s| s.name())
    }),
    (0xc000_0015, "ppc64le", |n| {
        powerpc64::Sysno::new(n).map(|s| s.name())
    }),
    (0x0000_0014, "ppc", |n| {
        powerpc::Sysno::new(n).map(|s| s.name())
    }),
    (0x8000_0016, "s390x", |n| {
        s390x::Sysno::new(n).map(|s| s.name())
    }),
    (0x0000_0016, "s390", s390),
    (0xc000_00f3, "riscv64", |n| {
        riscv64::Sysno::new(n).map(|s| s.name())
    }),
    (0x4000_00f3, "riscv32", |n| {
        riscv32::Sysno::new(n).map(|s| s.name())
    }),
    (0x0000_0008, "mips", |n| {
        mips::Sysno::new(n).map(|s| s.name())
    }),
    (0x4000_0008, "mipsel", |n| {
        mips::Sysno::new(n).map(|s| s.name())
    }),
    (0x8000_0008, "mips64", |n| {
        mips64::Sysno::new(n).map(|s| s.name())
    }),
    (0xc000_0008, "mips64el", |n| {
        mips64::Sysno::new(n).map(|s| s.name())
    }),
    (0xc000_0102, "loongarch64", |n| {
        generic(n, loongarch64::Sysno::new(n).map(|s| s.name()))
    }),
];

/// Every machine's `AUDIT_ARCH_...`.
pub fn all() -> impl Iterator<Item = u32> {
    MACHINES.iter().map(|(number, _, _)| *number)
}

/// Highest number of any table, and some (mips begins at 4000 and 5000).
pub(super) const NUMBERS: u32 = 6000;

/// The name of a number.
type Table = fn(usize) -> Option<&'static str>;

/// The 31-bit table of s390. It is that of s390x, which has dropped what has only 16 bits for an id;
/// there, s390 has kept the numbers of the 32-bit table of x86.
fn s390(number: usize) -> Option<&'static str> {
    match number {
        // Only here: files and offsets of 64 bits on a 32-bit machine.
        223 => return Some("sendfile64"),
        264 => return Some("fadvise64_64"),
        293 => return Some("fstatat64"),
        _ => {}
    }
    let as_x86 = || x86::Sysno::new(number).map(|s| s.name());
    match number {
        142 | 191 | 198..=216 => as_x86(),
        _ => s390x::Sysno::new(number)
            .map(|s| s.name())
            .or_else(|| as_x86().filter(|_| number < 223)),
    }
}

/// The name of a machine.
pub fn machine(arch: u32) -> Option<&'static str> {
    let known = MACHINES.iter().find(|(number, ..)| *number == arch);
    known.map(|(_, name, _)| *name)
}

/// The machine of a name.
pub fn arch(name: &str) -> Option<u32> {
    let known = MACHINES.iter().find(|(_, known, _)| *known == name);
    known.map(|(number, ..)| *number)
}

/// The name of a call of such a machine.
pub fn name(arch: u32, number: u32) -> Option<&'static str> {
    let (_, _, table) = MACHINES.iter().find(|(number, ..)| *number == arch)?;
    let name = table(number as usize)?;
    Some(name.strip_prefix("r#").unwrap_or(name))
}

/// The number of a call of such a machine.
pub fn number(arch: u32, call: &str) -> Option<u32> {
    let call = crate::event::arch::canonical(call);
    (0..NUMBERS).find(|number| name(arch, *number) == Some(call))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_row_per_machine() {
        for (machine, number, call) in [
            ("arm", 322, "openat"),
            ("ppc", 11, "execve"),
            ("ppc64", 286, "openat"),
            ("ppc64le", 11, "execve"),
            ("s390", 11, "execve"),
            ("s390", 212, "chown32"),
            ("s390", 182, "chown"),
            ("s390", 223, "sendfile64"),
            ("s390x", 212, "chown"),
            ("s390x", 288, "openat"),
            ("riscv64", 221, "execve"),
            ("mips", 4011, "execve"),
            ("mips64", 5247, "openat"),
            ("loongarch64", 56, "openat"),
            ("loongarch64", 79, "newfstatat"),
        ] {
            let arch = arch(machine).unwrap();
            assert_eq!(super::machine(arch), Some(machine));
            assert_eq!(name(arch, number), Some(call), "{machine}");
            assert_eq!(super::number(arch, call), Some(number), "{machine}");
        }
        assert_eq!(name(arch("s390x").unwrap(), 16), None);
        assert_eq!(name(0xc000_003e, 1), None);
        assert_eq!(number(arch("ppc").unwrap(), "pread"), Some(179));
    }
}
