//! `cargo xtask codegen`: the tables of constants that decoders name values with, from the sources
//! of the crates that the lock file pins. Which constants make a table is said in `tables`; their
//! names and values are never typed by hand; those
//! that no crate has are in `uapi.txt`, which is made from the kernel's headers. `cargo xtask check` compares.

mod short;
mod source;
mod tables;

use std::{fmt::Write as _, fs, path::PathBuf};

use anyhow::{Context as _, Result, bail};

use crate::shell;
use source::{Arch, Constants};
use tables::{Kind, Table};

/// Where the tables go.
pub(crate) const OUTPUT: &str = "tracer/model/src/call/decode/tables.rs";

/// `cargo xtask codegen`.
pub(crate) fn command() -> Result<()> {
    let path = output();
    fs::write(&path, generate()?).with_context(|| format!("cannot write {}", path.display()))?;
    eprintln!("codegen: wrote {OUTPUT}");
    Ok(())
}

/// Fails when the tables are not what the sources give.
pub(crate) fn check() -> Result<()> {
    let fresh = generate()?;
    let stale = fs::read_to_string(output()).with_context(|| format!("cannot read {OUTPUT}"))?;
    if fresh != stale {
        bail!("{OUTPUT} is not what its sources give: run `cargo xtask codegen`");
    }
    Ok(())
}

fn output() -> PathBuf {
    shell::root().join(OUTPUT)
}

fn generate() -> Result<String> {
    let constants = Constants::read()?;
    let mut out = format!(
        "//! Constants of the kernel's interface with their names. Written by `cargo xtask codegen`\n\
         //! from {}: do not edit.\n\
         #![expect(clippy::unreadable_literal, reason = \"values as their source has them\")]\n\n\
         use super::Names;\n",
        constants.versions()
    );
    for table in tables() {
        let [x86_64, aarch64] =
            [Arch::X86_64, Arch::Aarch64].map(|arch| entries(table, &constants, arch));
        let (x86_64, aarch64) = (x86_64?, aarch64?);
        if x86_64.is_empty() {
            bail!("no constant of {:?} matches {:?}", table.file, table.take);
        }
        if x86_64 == aarch64 {
            write(&mut out, table, &x86_64, None)?;
        } else {
            write(&mut out, table, &x86_64, Some("x86_64"))?;
            write(&mut out, table, &aarch64, Some("aarch64"))?;
        }
    }
    Ok(out)
}

/// Every table.
fn tables() -> impl Iterator<Item = &'static Table> {
    tables::TABLES.iter().chain(short::TABLES)
}

fn write(
    out: &mut String,
    table: &Table,
    entries: &[(u64, String)],
    arch: Option<&str>,
) -> Result<()> {
    writeln!(out, "\n/// `{}`", table.take.join("`, `"))?;
    if let Some(arch) = arch {
        writeln!(out, "#[cfg(target_arch = \"{arch}\")]")?;
    }
    writeln!(
        out,
        "pub(super) static {}: Names = Names {{\n    unknown: \"{}\",\n    entries: &[",
        table.name, table.unknown
    )?;
    for (value, name) in entries {
        writeln!(out, "        ({value:#x}, \"{name}\"),")?;
    }
    writeln!(out, "    ],\n}};")?;
    Ok(())
}

/// The constants of one table, in their order.
fn entries(table: &Table, constants: &Constants, arch: Arch) -> Result<Vec<(u64, String)>> {
    let is_taken = |name: &str| {
        table.take.iter().any(|pattern| matches(pattern, name))
            && !table.leave.iter().any(|pattern| matches(pattern, name))
    };
    let mut entries: Vec<(u64, String)> = Vec::new();
    for (name, value) in constants.of(table.file, arch)? {
        if is_taken(name) && !entries.iter().any(|(_, known)| known == name) {
            let name = match table.rename {
                Some((from, to)) => name.replacen(from, to, 1),
                None => name.clone(),
            };
            entries.push((value & table.mask, name));
        }
    }
    // Of two names for one value the first in the source is the kernel's own.
    let mut first: Vec<(u64, String)> = Vec::new();
    for entry in entries {
        if !first.iter().any(|(value, _)| *value == entry.0) {
            first.push(entry);
        }
    }
    first.sort_by_key(|(value, _)| *value);
    if matches!(table.kind, Kind::Flags) {
        first = whole_before_parts(first);
    }
    for last in table.last {
        if let Some(at) = first.iter().position(|(_, name)| name == last) {
            let entry = first.remove(at);
            first.push(entry);
        }
    }
    Ok(first)
}

/// A flag of several bits is told before those that it is made of.
fn whole_before_parts(sorted: Vec<(u64, String)>) -> Vec<(u64, String)> {
    let mut out: Vec<(u64, String)> = Vec::with_capacity(sorted.len());
    for entry in sorted {
        let part = |other: &(u64, String)| other.0 != 0 && entry.0 & other.0 == other.0;
        let at = out.iter().position(part).unwrap_or(out.len());
        out.insert(at, entry);
    }
    out
}

/// Does `name` match a pattern with at most one `*`?
fn matches(pattern: &str, name: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == name,
        Some((head, tail)) => {
            name.len() >= head.len() + tail.len() && name.starts_with(head) && name.ends_with(tail)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns() {
        for (pattern, name, wanted) in [
            ("O_*", "O_APPEND", true),
            ("O_*", "NO_O_", false),
            ("*_OK", "R_OK", true),
            ("S_OK", "S_OK", true),
            ("S_OK", "S_OKAY", false),
            ("AA*AA", "AAA", false),
        ] {
            assert_eq!(matches(pattern, name), wanted, "{pattern} {name}");
        }
    }

    #[test]
    fn wholes_come_before_their_parts() {
        let entries = [(1, "A"), (2, "B"), (4, "C"), (6, "BC")];
        let entries = entries
            .map(|(value, name)| (value, name.to_owned()))
            .to_vec();
        let names: Vec<_> = whole_before_parts(entries)
            .into_iter()
            .map(|e| e.1)
            .collect();
        assert_eq!(names, ["A", "BC", "B", "C"]);
    }
}
