//! RPM packages, by rpmbuild: the same two as for Debian.

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result};

use super::{ABOUT, COMPAT, OTHER_NAMES, SUMMARY, epoch, tree::Tree};
use crate::{machine::Machine, shell};

/// What has the same files as `tracer-compat`.
const OTHERS: &str = "audit, inotify-tools, strace";
/// What a package is called that is of this project.
const OWN: &str = "tracer";

/// The same bytes on every machine, nothing made of the files but the package, and a compression that rpm of glibc
/// 2.17's time can read.
const SETTINGS: &[(&str, &str)] = &[
    ("_buildhost", "localhost"),
    ("_binary_payload", "w9.xzdio"),
    ("_build_id_links", "none"),
    ("__os_install_post", "%{nil}"),
    ("debug_package", "%{nil}"),
    ("use_source_date_epoch_as_buildtime", "1"),
    ("clamp_mtime_to_source_date_epoch", "1"),
];

/// Makes both, with this revision.
pub(super) fn make(tree: &Tree, out: &Path, revision: &str) -> Result<Vec<PathBuf>> {
    let room = out.join("rpm");
    let (tracer, compat) = (room.join("tracer"), room.join("compat"));
    tree.package(&tracer)?;
    // Where the systems that have rpm look for it.
    let zsh = tracer.join("usr/share/zsh");
    fs::rename(zsh.join("vendor-completions"), zsh.join("site-functions"))?;
    tree.compat(&compat)?;
    let of_compat = format!("Requires: tracer = %{{version}}-%{{release}}\nConflicts: {OTHERS}");
    let scripts = ["post", "preun", "postun"];
    let made = vec![
        pack(
            &room,
            tree.machine,
            revision,
            &Spec {
                name: "tracer",
                summary: SUMMARY,
                tags: "Suggests: rsync",
                about: ABOUT,
                scripts: &scripts,
                root: &tracer,
            },
        )?,
        pack(
            &room,
            tree.machine,
            revision,
            &Spec {
                name: "tracer-compat",
                summary: COMPAT,
                tags: &of_compat,
                about: OTHER_NAMES,
                scripts: &[],
                root: &compat,
            },
        )?,
    ];
    let made = made.into_iter().map(|file| {
        let to = out.join(file.file_name().context("a package has a name")?);
        fs::rename(file, &to)?;
        Ok(to)
    });
    let made = made.collect::<Result<_>>()?;
    fs::remove_dir_all(&room)?;
    Ok(made)
}

/// What a package is made of.
struct Spec<'a> {
    name: &'a str,
    summary: &'a str,
    tags: &'a str,
    about: &'a str,
    scripts: &'a [&'a str],
    root: &'a Path,
}

impl Spec<'_> {
    fn text(&self, revision: &str) -> Result<String> {
        let mut text = format!(
            "Name: {}\nVersion: {}\nRelease: {revision}\nSummary: {}\nLicense: MIT\nURL: {}\n{}\n\n\
             %description\n{}\n\n%install\ncp -a {}/. %{{buildroot}}/\n",
            self.name,
            env!("CARGO_PKG_VERSION"),
            self.summary,
            env!("CARGO_PKG_REPOSITORY"),
            self.tags,
            self.about,
            self.root.display(),
        );
        for script in self.scripts {
            let file = shell::root().join("contrib/rpm").join(script);
            write!(text, "\n%{script}\n{}", fs::read_to_string(file)?)?;
        }
        text.push_str("\n%files\n%defattr(-,root,root,-)\n");
        for path in shell::below(self.root)? {
            let kind = if path.is_dir() && !path.is_symlink() {
                "%dir "
            } else {
                ""
            };
            let path = path.strip_prefix(self.root)?;
            // The directories of others are not this package's.
            let is_own = kind.is_empty()
                || path
                    .components()
                    .any(|part| part.as_os_str() == OWN || part.as_os_str() == self.name);
            let settings = if kind.is_empty() && path.starts_with("etc") {
                "%config(noreplace) "
            } else {
                ""
            };
            if is_own {
                writeln!(text, "{kind}{settings}/{}", path.display())?;
            }
        }
        Ok(text)
    }
}

fn pack(room: &Path, machine: Machine, revision: &str, spec: &Spec<'_>) -> Result<PathBuf> {
    let file = room.join(spec.name).with_extension("spec");
    fs::write(&file, spec.text(revision)?)?;
    // Whatever the umask is.
    shell::quiet(
        Command::new("chmod")
            .args(["-R", "u=rwX,go=rX"])
            .arg(spec.root),
    )?;
    let mut build = Command::new("rpmbuild");
    build
        .env("SOURCE_DATE_EPOCH", epoch()?)
        .args(["-bb", "--quiet", "--target"])
        .arg(format!("{}-linux", machine.name()));
    build
        .arg("--define")
        .arg(format!("_topdir {}", room.join("build").display()));
    build
        .arg("--define")
        .arg(format!("_rpmdir {}", room.display()));
    build.args([
        "--define",
        "_rpmfilename %{name}-%{version}-%{release}.%{arch}.rpm",
    ]);
    for (name, value) in SETTINGS {
        build.arg("--define").arg(format!("{name} {value}"));
    }
    shell::quiet(build.arg(&file))?;
    let name = format!(
        "{}-{}-{revision}.{}.rpm",
        spec.name,
        env!("CARGO_PKG_VERSION"),
        machine.name()
    );
    Ok(room.join(name))
}
