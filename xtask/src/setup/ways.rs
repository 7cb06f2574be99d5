//! The ways to a toolchain for BPF where there is none: which are open is decided from what is
//! known here, before anything is downloaded, and a way that fails leaves nothing behind.

use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};

use super::{apt, linker, say, with_linker};
use crate::{
    bpf_toolchain::{self, Core, LINKED, Toolchain},
    shell,
};

/// The packages of Debian 12 and 13 that make a toolchain for BPF.
const DEBIAN_TOOLCHAIN: &[&str] = &[
    "rustc-web",
    "cargo-web",
    "libstd-rust-web-dev-bpf",
    "rust-web-clippy",
];

/// A way to a toolchain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// `core` built from the source that rustup has for the toolchain that is there.
    Source,
    /// Debian's compiler, which ships `core` for BPF.
    Packages,
}

/// In the order in which they are taken.
const WAYS: [Way; 2] = [Way::Source, Way::Packages];

/// Takes the first open way that ends with a toolchain which builds a program.
pub(super) fn take() -> Result<Toolchain> {
    let mut refused = Vec::new();
    let mut open = Vec::new();
    for way in WAYS {
        match way.is_open() {
            Ok(()) => open.push(way),
            Err(why) => refused.push(format!("{}: {why:#}", way.name())),
        }
    }
    for way in open {
        say(way.announced());
        match way.go() {
            Ok(toolchain) => return Ok(toolchain),
            Err(why) => {
                say(&format!("this did not work: {why:#}"));
                way.undo();
                refused.push(format!("{}: {why:#}", way.name()));
            }
        }
    }
    bail!(
        "no toolchain for the eBPF programs can be set up ({}): \
         docs/building.md says how to install one by hand",
        refused.join("; ")
    )
}

impl Way {
    fn name(self) -> &'static str {
        match self {
            Self::Source => "rust-src of rustup",
            Self::Packages => "Debian's packages",
        }
    }

    /// What is about to be installed, why, and how large it is.
    fn announced(self) -> &'static str {
        match self {
            Self::Source => {
                "the kernel side needs Rust's core library for BPF, which is built from source: adding \
                 rust-src to the toolchain that is here (4 MB to download, 85 MB on disk)"
            }
            Self::Packages => {
                "the kernel side needs Rust's core library for BPF: installing Debian's own Rust, which \
                 has it, beside the toolchain that is here (100 MB to download, 450 MB on disk)"
            }
        }
    }

    /// Whether it can lead to a toolchain here, as far as that is known without a download.
    fn is_open(self) -> Result<()> {
        match self {
            Self::Source => {
                if !bpf_toolchain::is_program("rustup") {
                    bail!("rustup is not installed");
                }
                linker::can_read(linker::llvm_of(&wanted())?)
            }
            Self::Packages => {
                if let Some(name) = bpf_toolchain::chosen() {
                    bail!("toolchain `{name}` was asked for");
                }
                apt::offers(DEBIAN_TOOLCHAIN)?;
                let plan = apt::would_install(DEBIAN_TOOLCHAIN)?;
                let llvm = plan.iter().find_map(|name| name.strip_prefix("libllvm"));
                // One that is installed already is not in the plan.
                llvm.and_then(|llvm| llvm.parse().ok())
                    .map_or(Ok(()), linker::can_read)
            }
        }
    }

    fn go(self) -> Result<Toolchain> {
        let name = match self {
            Self::Source => {
                let name = wanted();
                let mut command = Command::new("rustup");
                command.args(["component", "add", "rust-src", "--toolchain", &name]);
                shell::run(command.stdin(Stdio::null()))?;
                name
            }
            Self::Packages => {
                apt::install(DEBIAN_TOOLCHAIN)?;
                if bpf_toolchain::is_program("rustup") {
                    say(&format!("linking Debian's toolchain as `{LINKED}`"));
                    let mut command = Command::new("rustup");
                    shell::run(command.args(["toolchain", "link", LINKED, "/usr"]))?;
                }
                LINKED.to_owned()
            }
        };
        let core = bpf_toolchain::core_of(&name)
            .filter(|core| self == Self::Source || *core == Core::Prebuilt)
            .with_context(|| format!("toolchain `{name}` still has no core for BPF"))?;
        with_linker(Toolchain { name, core })
    }

    /// Takes away what would be taken for a toolchain. Packages stay.
    fn undo(self) {
        let mut command = Command::new("rustup");
        match self {
            Self::Source => {
                let name = wanted();
                command.args(["component", "remove", "rust-src", "--toolchain", &name]);
            }
            Self::Packages => {
                command.args(["toolchain", "uninstall", LINKED]);
            }
        }
        let _ = shell::succeeds(&mut command);
        linker::remove();
    }
}

/// The toolchain that the environment asks for, else the one that builds the user side.
fn wanted() -> String {
    bpf_toolchain::chosen().unwrap_or_else(bpf_toolchain::active)
}
