//! Constants in the sources of crates: `pub const NAME: u32 = 1;` and the variants of C enums.
//! Knows nothing of what they mean.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use crate::shell;

/// An architecture that tables are made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Arch {
    X86_64,
    Aarch64,
}

impl Arch {
    fn as_str(self) -> &'static str {
        match self {
            Self::X86_64 => "x86_64",
            Self::Aarch64 => "aarch64",
        }
    }
}

/// A file, or several, that constants come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum File {
    /// A module of linux-raw-sys: the kernel's `uapi` headers through bindgen.
    Kernel(&'static str),
    /// aya-obj's bindings of `linux/bpf.h` and `linux/perf_event.h`.
    Bpf,
    /// libc, for what the others lack.
    Libc,
    /// `ioctls.txt` beside this file, for commands of ioctl(2) that no crate has.
    Ioctls,
    /// `uapi.txt` beside this file, for what no crate has.
    Headers,
}

/// Every constant by file and architecture, in the order of the source.
pub(super) struct Constants {
    crates: BTreeMap<&'static str, (String, PathBuf)>,
    files: BTreeMap<(File, Arch), Vec<(String, u64)>>,
}

/// The crates that constants come from.
const CRATES: [&str; 3] = ["linux-raw-sys", "aya-obj", "libc"];

impl Constants {
    /// Finds the crates that the lock file pins and reads what tables are made of.
    pub(super) fn read() -> Result<Self> {
        let mut constants = Self {
            crates: crates()?,
            files: BTreeMap::new(),
        };
        for table in super::tables() {
            for arch in [Arch::X86_64, Arch::Aarch64] {
                if !constants.files.contains_key(&(table.file, arch)) {
                    let found = constants.parse(table.file, arch)?;
                    constants.files.insert((table.file, arch), found);
                }
            }
        }
        Ok(constants)
    }

    /// The constants of a file.
    pub(super) fn of(&self, file: File, arch: Arch) -> Result<&[(String, u64)]> {
        let found = self.files.get(&(file, arch));
        found.map(Vec::as_slice).context("a file that was not read")
    }

    /// `linux-raw-sys 0.12.1, libc 0.2.1`
    pub(super) fn versions(&self) -> String {
        let versions: Vec<_> = self
            .crates
            .iter()
            .map(|(name, (version, _))| format!("{name} {version}"))
            .collect();
        versions.join(", ")
    }

    fn parse(&self, file: File, arch: Arch) -> Result<Vec<(String, u64)>> {
        let arch = arch.as_str();
        let own = match file {
            File::Headers => Some("uapi.txt"),
            File::Ioctls => Some("ioctls.txt"),
            _ => None,
        };
        if let Some(name) = own {
            let mut out = Vec::new();
            constants(
                &shell::root().join("xtask/src/codegen").join(name),
                &mut out,
            )?;
            return Ok(out);
        }
        let (name, paths) = match file {
            File::Kernel(module) => ("linux-raw-sys", vec![format!("src/{arch}/{module}.rs")]),
            File::Bpf => (
                "aya-obj",
                vec![format!("src/generated/linux_bindings_{arch}.rs")],
            ),
            File::Headers | File::Ioctls => unreachable!("read above"),
            File::Libc => (
                "libc",
                vec![
                    format!("src/unix/linux_like/linux/gnu/b64/{arch}/mod.rs"),
                    "src/unix/linux_like/mod.rs".to_owned(),
                    "src/unix/linux_like/linux_l4re_shared.rs".to_owned(),
                    "src/unix/linux_like/linux/mod.rs".to_owned(),
                    "src/unix/linux_like/linux/gnu/mod.rs".to_owned(),
                ],
            ),
        };
        let (_, root) = self
            .crates
            .get(name)
            .context("a crate that was not found")?;
        let mut out = Vec::new();
        for path in paths {
            constants(&root.join(path), &mut out)?;
        }
        Ok(out)
    }
}

/// Version and directory of each crate, as cargo resolves them.
fn crates() -> Result<BTreeMap<&'static str, (String, PathBuf)>> {
    let mut command = Command::new("cargo");
    command
        .args(["metadata", "--format-version", "1", "--locked"])
        .current_dir(shell::root());
    let metadata: Value = serde_json::from_str(&shell::output(&mut command)?)?;
    let packages = metadata["packages"]
        .as_array()
        .context("cargo metadata has no packages")?;
    let mut out = BTreeMap::new();
    for name in CRATES {
        let found: Vec<_> = packages.iter().filter(|p| p["name"] == name).collect();
        let [package] = found[..] else {
            bail!(
                "the lock file has {} versions of {name}, not one",
                found.len()
            );
        };
        let text = |key: &str| package[key].as_str().map(str::to_owned);
        let manifest = text("manifest_path").context("a package without a manifest")?;
        let root = Path::new(&manifest)
            .parent()
            .context("a manifest without a directory")?
            .to_owned();
        out.insert(
            name,
            (
                text("version").context("a package without a version")?,
                root,
            ),
        );
    }
    Ok(out)
}

/// The constants of one file whose values are numbers, or names of those before them.
fn constants(path: &Path, out: &mut Vec<(String, u64)>) -> Result<()> {
    let text =
        fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    for line in text.lines().map(str::trim) {
        let Some((name, value)) = constant(line) else {
            continue;
        };
        let known = |name: &str| {
            let name = name.strip_prefix("crate::").unwrap_or(name);
            out.iter()
                .find(|(other, _)| other == name)
                .map(|(_, value)| *value)
        };
        if let Some(value) = number(value).or_else(|| known(value)) {
            out.push((name.to_owned(), value));
        }
    }
    Ok(())
}

/// Name and value of `pub const NAME: TYPE = VALUE;` or of an enum's `NAME = VALUE,`.
fn constant(line: &str) -> Option<(&str, &str)> {
    let (name, value) = if let Some(rest) = line.strip_prefix("pub const ") {
        let (name, rest) = rest.split_once(':')?;
        let (_, value) = rest.split_once('=')?;
        (name, value.strip_suffix(';')?)
    } else {
        let (name, value) = line.split_once('=')?;
        (name, value.strip_suffix(',')?)
    };
    let name = name.trim();
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    (!name.is_empty() && name.chars().all(is_name)).then_some((name, value.trim()))
}

/// A literal in decimal, hexadecimal or octal, a shift of two; a negative one in two's complement.
fn number(text: &str) -> Option<u64> {
    if let Some((value, by)) = text.split_once(" << ") {
        return number(value)?.checked_shl(number(by)? as u32);
    }
    // `if cfg!(an old C library) { 0x102 } else { 2 }`
    if let Some((_, value)) = text.split_once(" else { ") {
        return number(value.trim_end_matches(" }"));
    }
    // `11 | (IPC_STAT & 0x100)`: a bit of old C libraries.
    if let Some((value, _)) = text.split_once(" | (crate::IPC_STAT & ") {
        return number(value);
    }
    let digits = text.replace('_', "");
    let parsed = if let Some(hex) = digits.strip_prefix("0x") {
        u64::from_str_radix(hex, 16).ok()
    } else if let Some(octal) = digits.strip_prefix("0o") {
        u64::from_str_radix(octal, 8).ok()
    } else {
        digits.parse().ok()
    };
    parsed.or_else(|| digits.parse::<i64>().ok().map(i64::cast_unsigned))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals() {
        for (text, wanted) in [
            ("12", Some(12)),
            ("0x1f", Some(31)),
            ("0o17", Some(15)),
            ("0x1_0000", Some(0x1_0000)),
            ("-1", Some(u64::MAX)),
            ("1 << 3", Some(8)),
            ("11 | (crate::IPC_STAT & 0x100)", Some(11)),
            ("OTHER", None),
        ] {
            assert_eq!(number(text), wanted, "{text}");
        }
    }
}
