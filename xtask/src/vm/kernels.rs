//! Debian's kernels for virtual machines, fetched by an apt configuration of their own: that of
//! the machine only tells the mirror, and is never changed.

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result, bail};

use crate::{machine::Machine, setup, shell};

/// Debian 11, 12, 13, a backport to 13, and the newest that there was when this was written.
pub(super) const SERIES: [&str; 5] = ["5.10", "6.1", "6.12", "6.18", "7.3"];

/// Where Debian has them: a suffix of the mirror's address, and the suite.
const SUITES: [(&str, &str); 4] = [
    ("-security", "bullseye-security"),
    ("", "bookworm"),
    ("", "trixie"),
    ("", "trixie-backports"),
];
/// What the system beside the kernel is of.
const SYSTEM: &str = "bookworm";
const KEYRING: &str = "/usr/share/keyrings/debian-archive-keyring.gpg";

/// A kernel that can be booted.
pub(super) struct Kernel {
    /// `6.12`
    pub(super) series: String,
    /// `6.12.94+deb13-cloud-amd64`
    pub(super) release: String,
    /// The compressed image.
    pub(super) image: PathBuf,
}

/// Fetches what is not there yet.
pub(super) fn fetch(dir: &Path, machine: Machine, series: &[String]) -> Result<Vec<Kernel>> {
    let apt = Apt { dir, machine };
    let missing = series.iter().any(|name| kernel(dir, name).is_err());
    if missing {
        apt.prepare(&SUITES)?;
    }
    series
        .iter()
        .map(|name| {
            setup::once(dir, name, |root| apt.unpack(&apt.packages(name)?, root))?;
            kernel(dir, name)
        })
        .collect()
}

/// What a system of another machine needs beside tracer, unpacked: busybox, and the libraries of C.
pub(crate) fn system(dir: &Path, machine: Machine) -> Result<PathBuf> {
    setup::once(dir, "system", |root| {
        let apt = Apt { dir, machine };
        apt.prepare(&[("", SYSTEM)])?;
        let packages = ["busybox-static", "libc6", "libgcc-s1"];
        apt.unpack(&packages.map(|name| format!("{name}/{SYSTEM}")), root)
    })?;
    Ok(dir.join("system"))
}

/// An unpacked kernel.
fn kernel(dir: &Path, series: &str) -> Result<Kernel> {
    let root = dir.join(series);
    // Up to 6.18 the image is in /boot, later beside the modules.
    let boot = entries(&root.join("boot")).into_iter().find_map(|file| {
        let release = name(&file).strip_prefix("vmlinuz-")?.to_owned();
        Some((file, release))
    });
    let (image, release) = boot
        .or_else(|| {
            let modules = entries(&root.join("usr/lib/modules"));
            modules.into_iter().find_map(|dir| {
                let image = dir.join("vmlinuz");
                image.exists().then(|| (image, name(&dir)))
            })
        })
        .with_context(|| format!("no kernel in {}", root.display()))?;
    Ok(Kernel {
        series: series.to_owned(),
        release,
        image,
    })
}

fn entries(dir: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(dir).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).collect()
}

fn name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

/// apt with lists, caches and sources of its own.
struct Apt<'a> {
    dir: &'a Path,
    machine: Machine,
}

impl Apt<'_> {
    fn command(&self, program: &str) -> Command {
        let at = |name: &str| self.dir.join("apt").join(name).display().to_string();
        let mut command = Command::new(program);
        for option in [
            format!("Dir::Etc::sourcelist={}", at("sources.list")),
            format!("Dir::Etc::sourceparts={}", at("none")),
            format!("Dir::State::Lists={}", at("lists")),
            format!("Dir::Cache={}", at("cache")),
            // What is installed here says nothing about another machine.
            format!("Dir::State::Status={}", at("status")),
            format!("APT::Architecture={}", self.machine.debian()),
            format!("APT::Architectures::={}", self.machine.debian()),
            "APT::Sandbox::User=root".to_owned(),
            "Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false".to_owned(),
            "Acquire::Languages=none".to_owned(),
        ] {
            command.args(["-o", &option]);
        }
        command
    }

    /// Brings the lists of these suites up to date.
    fn prepare(&self, suites: &[(&str, &str)]) -> Result<()> {
        let mirror = mirror()?;
        for dir in ["lists/partial", "cache/archives/partial", "none"] {
            fs::create_dir_all(self.dir.join("apt").join(dir))?;
        }
        let mut sources = String::new();
        for (suffix, suite) in suites {
            let address = format!("{mirror}{suffix} {suite} main");
            let arch = self.machine.debian();
            writeln!(sources, "deb [arch={arch} signed-by={KEYRING}] {address}")?;
        }
        fs::write(self.dir.join("apt/sources.list"), sources)?;
        fs::write(self.dir.join("apt/status"), "")?;
        shell::run(self.command("apt-get").args(["update", "-qq"]))
    }

    /// Fetches packages and unpacks them.
    fn unpack(&self, packages: &[String], root: &Path) -> Result<()> {
        setup::unpack(&mut self.command("apt-get"), packages, root)?;
        // A few hundred modules of which none is loaded.
        for release in entries(&root.join("lib/modules")) {
            fs::remove_dir_all(release.join("kernel"))?;
        }
        Ok(())
    }

    /// The newest packages of a series: one, or two from 6.19 on.
    fn packages(&self, series: &str) -> Result<Vec<String>> {
        // In the split form, the package `linux-image` is empty.
        if let Some(binary) = self.newest(&format!("linux-binary-{series}."))? {
            return Ok(vec![binary.replace("binary", "base"), binary]);
        }
        match self.newest(&format!("linux-image-{series}."))? {
            Some(one) => Ok(vec![one]),
            None => bail!("Debian has no cloud kernel {series}"),
        }
    }

    fn newest(&self, prefix: &str) -> Result<Option<String>> {
        let names = shell::output(self.command("apt-cache").args(["pkgnames", prefix]))?;
        let numbers = |name: &str| -> Vec<u32> {
            let parts = name.split(|c: char| !c.is_ascii_digit());
            parts.filter_map(|part| part.parse().ok()).collect()
        };
        let ending = format!("-cloud-{}", self.machine.debian());
        Ok(names
            .lines()
            .filter(|name| name.ends_with(&ending))
            .max_by_key(|name| numbers(name))
            .map(str::to_owned))
    }
}

/// Address of the Debian mirror that the machine itself uses.
fn mirror() -> Result<String> {
    if let Ok(mirror) = std::env::var("DEBIAN_MIRROR") {
        return Ok(mirror.trim_end_matches('/').to_owned());
    }
    let mut files = entries(Path::new("/etc/apt/sources.list.d"));
    files.push("/etc/apt/sources.list".into());
    let texts: Vec<String> = files
        .iter()
        .filter_map(|file| fs::read_to_string(file).ok())
        .collect();
    texts
        .iter()
        .flat_map(|text| text.split_whitespace())
        .map(|word| word.trim_end_matches('/'))
        .find(|word| word.starts_with("http") && word.ends_with("/debian"))
        .map(str::to_owned)
        .context("no Debian mirror in the apt sources: set DEBIAN_MIRROR to its address")
}
