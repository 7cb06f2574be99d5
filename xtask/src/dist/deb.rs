//! Debian packages, by dpkg-deb: `tracer`, and `tracer-compat` with the names of the tools that it
//! takes the place of.

use std::{
    fmt::Write as _,
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::Result;

use super::{ABOUT, COMPAT, OTHER_NAMES, SUMMARY, epoch, tree::Tree};
use crate::shell;

const MAINTAINER: &str = "tracer project <https://github.com/tracer-project/tracer>";

/// What `tracer` needs.
const TRACER: &str = "Depends: libc6 (>= 2.17)\nSuggests: rsync\n";

/// What has the same files as `tracer-compat`.
const OTHERS: &str = "auditd, inotify-tools, strace";

/// Makes both, with this revision.
pub(super) fn make(tree: &Tree, out: &Path, revision: &str, level: u8) -> Result<Vec<PathBuf>> {
    let version = format!("{}-{revision}", env!("CARGO_PKG_VERSION"));
    let root = out.join("root");
    tree.package(&root)?;
    let scripts = shell::root().join("contrib/deb");
    for script in ["postinst", "prerm", "postrm"] {
        let to = root.join("DEBIAN").join(script);
        fs::create_dir_all(root.join("DEBIAN"))?;
        fs::copy(scripts.join(script), &to)?;
        fs::set_permissions(&to, fs::Permissions::from_mode(0o755))?;
    }
    let mut list = String::new();
    for file in shell::below(&root.join("etc"))?
        .iter()
        .filter(|path| path.is_file())
    {
        writeln!(list, "/{}", file.strip_prefix(&root)?.display())?;
    }
    fs::write(root.join("DEBIAN/conffiles"), list)?;
    let compat = out.join("compat");
    tree.compat(&compat)?;
    let of_compat = format!(
        "Depends: tracer (= {version})\nConflicts: {OTHERS}\nReplaces: {OTHERS}\n{}",
        description(COMPAT, OTHER_NAMES)
    );
    let of_tracer = format!("{TRACER}{}", description(SUMMARY, ABOUT));
    let pack = |name, about: &str, root: &Path| -> Result<PathBuf> {
        let control = format!(
            "Package: {name}\nVersion: {version}\nArchitecture: {}\nMaintainer: {MAINTAINER}\n\
             Section: admin\nPriority: optional\nInstalled-Size: {}\n{about}",
            tree.machine.debian(),
            size(root)?.div_ceil(1024)
        );
        let file = out.join(format!("{name}_{version}_{}.deb", tree.machine.debian()));
        pack(&control, root, &file, level)?;
        Ok(file)
    };
    let made = vec![
        pack("tracer", &of_tracer, &root)?,
        pack("tracer-compat", &of_compat, &compat)?,
    ];
    for dir in [root, compat] {
        fs::remove_dir_all(dir)?;
    }
    Ok(made)
}

/// As the field has it: each line of what is behind the first begins with a blank.
fn description(summary: &str, about: &str) -> String {
    format!("Description: {summary}\n {}\n", about.replace('\n', "\n "))
}

/// Bytes of all files below a directory.
fn size(root: &Path) -> Result<u64> {
    let sizes = shell::below(root)?.into_iter().map(|path| {
        let status = path.symlink_metadata()?;
        Ok(if status.is_dir() { 0 } else { status.len() })
    });
    sizes.sum()
}

/// The package of a tree.
fn pack(control: &str, root: &Path, file: &Path, level: u8) -> Result<()> {
    fs::create_dir_all(root.join("DEBIAN"))?;
    fs::write(root.join("DEBIAN/control"), control)?;
    // Whatever the umask is.
    shell::quiet(Command::new("chmod").args(["-R", "u=rwX,go=rX"]).arg(root))?;
    let mut deb = Command::new("dpkg-deb");
    deb.env("SOURCE_DATE_EPOCH", epoch()?)
        .args(["--root-owner-group", "--threads-max=1", "-Zxz"])
        .arg(format!("-z{level}"))
        .arg("--build")
        .args([root, file]);
    shell::quiet(&mut deb)
}
