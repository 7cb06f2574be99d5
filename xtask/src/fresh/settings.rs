//! The settings by which this machine has packages: the only thing that a fresh root is given. None
//! of them is printed.

use std::{
    env,
    ffi::OsString,
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result};

use super::room::SUITE;
use crate::{bpf_toolchain, shell};

/// Files and folders of apt, of names and of certificates.
const FILES: &[&str] = &[
    "/etc/apt/auth.conf",
    "/etc/apt/auth.conf.d",
    "/etc/apt/trusted.gpg",
    "/etc/apt/trusted.gpg.d",
    "/etc/apt/keyrings",
    "/etc/apt/preferences",
    "/etc/apt/preferences.d",
    "/usr/share/keyrings",
    "/usr/local/share/ca-certificates",
    "/etc/resolv.conf",
    "/etc/hosts",
    "/etc/pip.conf",
];
/// Where apt has packages from, which fits the root when this machine has the same release.
const SOURCES: &[&str] = &["/etc/apt/sources.list", "/etc/apt/sources.list.d"];
/// Environment variables: whole names, and beginnings of names.
const VARIABLES: &[&str] = &[
    "http_proxy",
    "https_proxy",
    "ftp_proxy",
    "all_proxy",
    "no_proxy",
    "ssl_cert_file",
    "ssl_cert_dir",
    "curl_ca_bundle",
    "requests_ca_bundle",
    "rustup_dist_server",
    "rustup_dist_root",
    "rustup_update_root",
];
const VARIABLE_STARTS: &[&str] = &[
    "git_ssl_",
    "cargo_registr",
    "cargo_http_",
    "cargo_net_",
    "cargo_source_",
    "pip_",
];

/// Copies them into a root.
pub(super) fn copy(root: &Path) -> Result<()> {
    let mut files: Vec<PathBuf> = FILES.iter().map(PathBuf::from).collect();
    let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
    if release
        .lines()
        .any(|line| line == format!("VERSION_CODENAME={SUITE}"))
    {
        // What debootstrap wrote knows its one mirror only.
        let _: Result<(), _> = fs::remove_file(root.join("etc/apt/sources.list"));
        files.extend(SOURCES.iter().map(PathBuf::from));
    }
    // A variable can name a file: of certificates, say.
    let named = registry_variables()
        .into_iter()
        .map(|(_, value)| PathBuf::from(value));
    files.extend(named.filter(|path| path.is_absolute() && path.is_file()));
    for file in files {
        carry(root, &file, &file)?;
    }
    for name in ["config", "config.toml", "credentials", "credentials.toml"] {
        let inside = Path::new("/root/.cargo").join(name);
        carry(root, &bpf_toolchain::cargo_home().join(name), &inside)?;
    }
    let pip = PathBuf::from(env::var_os("HOME").unwrap_or_default()).join(".config/pip");
    carry(root, &pip, Path::new("/root/.config/pip"))?;
    let said = shell::output(Command::new("apt-config").arg("dump")).unwrap_or_default();
    let kept: Vec<&str> = said
        .lines()
        .filter(|line| line.starts_with("Acquire::"))
        .filter(|line| !line.contains("Acquire::CompressionTypes"))
        .collect();
    let conf = root.join("etc/apt/apt.conf.d/90machine");
    fs::write(&conf, kept.join("\n") + "\n")?;
    fs::set_permissions(&conf, fs::Permissions::from_mode(0o644))?;
    fs::write(root.join("etc/hostname"), "fresh\n").context("the host name")
}

/// Copies a file or folder with what it links to, where it is there.
fn carry(root: &Path, from: &Path, to: &Path) -> Result<()> {
    if !from.exists() {
        return Ok(());
    }
    let to = root.join(to.strip_prefix("/").unwrap_or(to));
    let parent = to.parent().context("a file has a directory")?;
    fs::create_dir_all(parent)?;
    // Into the directory, over what is there.
    shell::quiet(
        Command::new("cp")
            .args(["-rL", "--preserve=mode,timestamps", "-T"])
            .args([from, &to]),
    )
}

/// The environment variables by which packages are had.
pub(super) fn registry_variables() -> Vec<(OsString, OsString)> {
    env::vars_os()
        .filter(|(name, _)| is_of_registries(&name.to_string_lossy()))
        .collect()
}

fn is_of_registries(name: &str) -> bool {
    let name = name.to_lowercase();
    VARIABLES.contains(&name.as_str())
        || VARIABLE_STARTS.iter().any(|start| name.starts_with(start))
}

/// The mirror that apt has this release from, as an argument for debootstrap; its own if unknown.
pub(super) fn mirror() -> Option<String> {
    let mut command = Command::new("apt-get");
    command.args([
        "indextargets",
        "--format",
        "$(REPO_URI)",
        "Identifier: Packages",
    ]);
    let said = shell::output(command.arg(format!("Codename: {SUITE}"))).ok()?;
    said.lines().next().map(str::to_owned)
}

/// A program of this machine.
pub(super) fn program(name: &str) -> Option<PathBuf> {
    let found = bpf_toolchain::search_path()
        .into_iter()
        .map(|dir| dir.join(name));
    found.into_iter().find(|file| file.is_file())
}

#[cfg(test)]
mod tests {
    #[test]
    fn only_variables_of_the_registries_are_taken_along() {
        for (name, taken) in [
            ("HTTPS_PROXY", true),
            ("no_proxy", true),
            ("CARGO_REGISTRIES_MINE_INDEX", true),
            ("RUSTUP_DIST_SERVER", true),
            ("PIP_INDEX_URL", true),
            ("CARGO_HOME", false),
            ("CARGO_TARGET_DIR", false),
            ("RUSTUP_TOOLCHAIN", false),
            ("TRACER_BIN", false),
            ("PATH", false),
        ] {
            assert_eq!(super::is_of_registries(name), taken, "{name}");
        }
    }
}
