//! The machines that tracer is built for.

use std::{path::Path, process::Command};

use anyhow::{Context as _, Result};

use crate::{setup, shell};

/// One of them, by the name that uname(1) has for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Machine {
    #[value(name = "x86_64")]
    X86_64,
    #[value(name = "aarch64")]
    Aarch64,
}

impl Machine {
    /// This one.
    pub(crate) fn here() -> Result<Self> {
        let name = std::env::consts::ARCH;
        <Self as clap::ValueEnum>::from_str(name, false)
            .ok()
            .with_context(|| format!("nothing is built for {name}"))
    }

    pub(crate) fn is_here(self) -> bool {
        self.name() == std::env::consts::ARCH
    }

    /// As uname(1), rpm and Rust have it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::X86_64 => "x86_64",
            Self::Aarch64 => "aarch64",
        }
    }

    /// As Debian has it.
    pub(crate) const fn debian(self) -> &'static str {
        match self {
            Self::X86_64 => "amd64",
            Self::Aarch64 => "arm64",
        }
    }

    /// As rustc has it.
    pub(crate) fn target(self) -> String {
        format!("{}-unknown-linux-gnu", self.name())
    }

    /// Takes out of a program what only a debugger needs.
    pub(crate) fn strip(self, program: &Path) -> Command {
        let mut strip = if self.is_here() {
            Command::new("strip")
        } else {
            Command::new(format!("{}-linux-gnu-strip", self.name()))
        };
        strip.arg(program);
        strip
    }

    /// What another machine needs to be built for: its binutils, and the standard library.
    pub(crate) fn ensure(self) -> Result<()> {
        if self.is_here() {
            return Ok(());
        }
        setup::install(&[&format!("binutils-{}-linux-gnu", self.name())])?;
        let mut rustc = Command::new("rustc");
        rustc.args(["--print", "target-libdir", "--target", &self.target()]);
        let library = shell::output(&mut rustc)?;
        if !Path::new(library.trim()).is_dir() {
            setup::say(&format!(
                "adding Rust's standard library for {} (30 MB to download)",
                self.name()
            ));
            let mut add = Command::new("rustup");
            shell::run(add.args(["target", "add", &self.target()]))?;
        }
        Ok(())
    }
}
