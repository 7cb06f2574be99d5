//! What is packaged, as files: the tree of the tarball, and from that, by the table `contrib/files`, the
//! tree of a package.

use std::{
    fs,
    os::unix::fs::{PermissionsExt as _, symlink},
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result};

use super::Product;
use crate::{machine::Machine, man, shell};

/// Where what comes from the source lies in the tarball.
const COPIED: &[(&str, &str)] = &[
    ("contrib/files", "files"),
    ("contrib/tracer.service", "systemd/tracer.service"),
    ("contrib/tracer.toml", "etc/tracer.toml"),
    ("contrib/tracer.rules", "etc/rules.d/tracer.rules"),
    ("README.md", "doc/README.md"),
    ("CHANGELOG.md", "doc/CHANGELOG.md"),
    ("LICENSE", "doc/copyright"),
];
/// Names of completions, for each shell.
const COMPLETIONS: &[(&str, &str)] = &[
    ("bash", "tracer.bash"),
    ("zsh", "_tracer"),
    ("fish", "tracer.fish"),
];

/// The tree of the tarball, and beside it the pages of the other names.
pub(super) struct Tree {
    dir: PathBuf,
    others: PathBuf,
    /// The other names, each with the section of its page.
    names: Vec<(String, String)>,
    /// Which machine it is for.
    pub(super) machine: Machine,
}

impl Tree {
    /// Puts everything there.
    pub(super) fn lay(product: &Product, third_party: &str, out: &Path) -> Result<Self> {
        let (dir, others) = (out.join("tree"), out.join("others"));
        let tracer = dir.join("bin/tracer");
        put(&product.binary, &tracer, 0o755)?;
        shell::run(&mut product.machine.strip(&tracer))?;
        let tracer = &product.teller;
        man::make(tracer, &dir.join("man"))?;
        for (shell, name) in COMPLETIONS {
            let script = shell::output(Command::new(tracer).args(["completions", shell]))?;
            write(&dir.join("completions").join(name), &script)?;
        }
        for (from, to) in COPIED {
            put(&shell::root().join(from), &dir.join(to), 0o644)?;
        }
        for page in fs::read_dir(shell::root().join("docs"))? {
            let page = page?;
            put(
                &page.path(),
                &dir.join("doc/docs").join(page.file_name()),
                0o644,
            )?;
        }
        write(&dir.join("doc/third-party.txt"), third_party)?;
        let names = other_names(tracer, out)?
            .into_iter()
            .map(|name| {
                let section = if dir.join(format!("man/man8/{name}.8")).exists() {
                    "8"
                } else {
                    "1"
                };
                let page = format!("man{section}/{name}.{section}");
                put(
                    &dir.join("man").join(&page),
                    &others.join("man").join(&page),
                    0o644,
                )?;
                fs::remove_file(dir.join("man").join(&page))?;
                Ok((name, section.to_owned()))
            })
            .collect::<Result<_>>()?;
        let section = dir.join("man/man8");
        if fs::read_dir(&section)?.next().is_none() {
            fs::remove_dir(section)?;
        }
        Ok(Self {
            dir,
            others,
            names,
            machine: product.machine,
        })
    }

    /// The tree of the tarball.
    pub(super) fn dir(&self) -> &Path {
        &self.dir
    }

    /// The files of the package, below a directory.
    pub(super) fn package(&self, root: &Path) -> Result<()> {
        let table = fs::read_to_string(shell::root().join("contrib/files"))?;
        for line in table.lines().filter(|line| !line.starts_with('#')) {
            let mut words = line.split_whitespace();
            let (Some(from), Some(to)) = (words.next(), words.next()) else {
                continue;
            };
            install(&self.dir.join(from), &root.join(to))?;
        }
        let unit = root.join("usr/lib/systemd/system/tracer.service");
        let text = fs::read_to_string(&unit)?.replace("/usr/local/bin/", "/usr/bin/");
        // How to install it by hand.
        let text = text.split_once('\n').context("the unit is empty")?.1;
        write(&unit, text)
    }

    /// The files of the package with the other names.
    pub(super) fn compat(&self, root: &Path) -> Result<()> {
        install(&self.others.join("man"), &root.join("usr/share/man"))?;
        for (name, section) in &self.names {
            let (dir, tracer) = match section.as_str() {
                "8" => ("usr/sbin", "../bin/tracer"),
                _ => ("usr/bin", "tracer"),
            };
            fs::create_dir_all(root.join(dir))?;
            symlink(tracer, root.join(dir).join(name))?;
        }
        let docs = root.join("usr/share/doc/tracer-compat");
        install(&self.dir.join("doc/copyright"), &docs.join("copyright"))
    }
}

/// The names under which tracer is another command.
fn other_names(tracer: &Path, out: &Path) -> Result<Vec<String>> {
    let links = out.join("links");
    fs::create_dir_all(&links)?;
    shell::quiet(Command::new(tracer).arg("install-links").arg(&links))?;
    let mut names = fs::read_dir(&links)?
        .map(|link| Ok(link?.file_name().to_string_lossy().into_owned()))
        .collect::<Result<Vec<_>>>()?;
    names.sort();
    fs::remove_dir_all(&links)?;
    Ok(names)
}

/// Copies a file or what is in a directory; manual pages are compressed.
fn install(from: &Path, to: &Path) -> Result<()> {
    if !from.is_dir() {
        let mode = fs::metadata(from).with_context(|| from.display().to_string())?;
        return put(from, to, mode.permissions().mode() & 0o777);
    }
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let to = to.join(entry.file_name());
        install(&entry.path(), &to)?;
        if to.is_file() && to.components().any(|part| part.as_os_str() == "man") {
            shell::quiet(Command::new("gzip").arg("-9n").arg(&to))?;
        }
    }
    Ok(())
}

pub(super) fn put(from: &Path, to: &Path, mode: u32) -> Result<()> {
    directory_of(to)?;
    fs::copy(from, to).with_context(|| format!("cannot copy {}", from.display()))?;
    Ok(fs::set_permissions(to, fs::Permissions::from_mode(mode))?)
}

pub(super) fn write(to: &Path, text: &str) -> Result<()> {
    directory_of(to)?;
    fs::write(to, text).with_context(|| format!("cannot write {}", to.display()))?;
    Ok(fs::set_permissions(to, fs::Permissions::from_mode(0o644))?)
}

fn directory_of(file: &Path) -> Result<()> {
    let dir = file.parent().context("a file has a directory")?;
    fs::create_dir_all(dir).with_context(|| format!("cannot make {}", dir.display()))
}
