//! Running other programs: which cargo, from where, as whom, and what to say when one fails.

use std::{
    env,
    ffi::{OsStr, OsString},
    fs,
    os::unix::process::CommandExt as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context as _, Result, bail};

use crate::bpf_toolchain::{self, Core};

/// The workspace.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the xtask package lies inside the workspace")
}

/// The cargo that runs this xtask, in the workspace, for programs of the host.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    command
}

/// `cargo` of the toolchain that builds for BPF, set up as aya-build sets it up.
pub(crate) fn bpf_cargo(toolchain: &bpf_toolchain::Toolchain, subcommand: &str) -> Result<Command> {
    let mut command = bpf_toolchain::command(&toolchain.name, "cargo");
    command.current_dir(root());
    let flags = format!(
        "--cfg=bpf_target_arch=\"{}\"\x1f-Cdebuginfo=2\x1f-Clink-arg=--btf",
        env::consts::ARCH
    );
    command
        .env(
            "PATH",
            env::join_paths(bpf_toolchain::search_path()).context("PATH cannot be used")?,
        )
        .env("CARGO_ENCODED_RUSTFLAGS", flags)
        .arg(subcommand)
        .args(["--release", "--target", bpf_toolchain::target()]);
    let (name, value) = bpf_toolchain::LTO;
    command
        .env("RUSTC_BOOTSTRAP", toolchain.core.rustc_bootstrap())
        .env(name, value);
    if toolchain.core == Core::FromSource {
        command.args(["-Z", "build-std=core"]);
    }
    Ok(command)
}

/// Takes away what `cargo run` put into the environment for this process alone, so that what it
/// starts finds the environment that the user has. With the library path of cargo, every program
/// would look in several directories more for each of its libraries.
///
/// # Safety
///
/// No other thread may run.
pub(crate) unsafe fn leave_cargo() {
    for (name, value) in env::vars_os() {
        let left = match name.to_str() {
            Some("LD_LIBRARY_PATH") => users_libraries(&value),
            Some(name) if is_of_package(name) => OsString::new(),
            _ => continue,
        };
        // SAFETY: the caller has no other thread, so nobody reads the environment meanwhile.
        unsafe {
            if left.is_empty() {
                env::remove_var(name);
            } else {
                env::set_var(name, left);
            }
        }
    }
}

/// Whether cargo tells a package about itself by this name.
fn is_of_package(name: &str) -> bool {
    ["CARGO_PKG_", "CARGO_MANIFEST_"]
        .iter()
        .any(|prefix| name.starts_with(prefix))
}

/// The directories of a library path that are neither the workspace's nor the toolchain's.
fn users_libraries(path: &OsStr) -> OsString {
    let cargo = env::var_os("CARGO").map(PathBuf::from);
    let toolchain = cargo.as_deref().and_then(|cargo| cargo.ancestors().nth(2));
    let left = env::split_paths(path).filter(|directory| {
        let of_cargo = |root: &Path| directory.starts_with(root);
        !of_cargo(root()) && !toolchain.is_some_and(of_cargo)
    });
    env::join_paths(left).expect("the parts of a path have no separator")
}

/// `program` as root: directly where this process is root, else through sudo.
pub(crate) fn as_root(program: impl AsRef<OsStr>, keep_environment: bool) -> Result<Command> {
    if is_root() {
        return Ok(Command::new(program));
    }
    if !bpf_toolchain::is_program("sudo") {
        bail!(
            "`{}` must run as root and there is no sudo: run this command again as root",
            program.as_ref().display()
        );
    }
    let mut command = Command::new("sudo");
    if keep_environment {
        command.arg("-E");
    }
    command.arg("--").arg(program);
    Ok(command)
}

/// Whether this process is root.
pub(crate) fn is_root() -> bool {
    // SAFETY: geteuid takes nothing, always succeeds and touches no memory of ours.
    unsafe { libc::geteuid() == 0 }
}

/// Says the command, runs it with the terminal of this process, and fails if it fails.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    eprintln!("+ {}", shown(command));
    let status = command
        .status()
        .with_context(|| format!("`{}` cannot be started", shown(command)))?;
    if !status.success() {
        bail!("`{}` failed ({status})", shown(command));
    }
    Ok(())
}

/// Has the command begin with what signals do by default: in the background of a shell, and under nohup(1),
/// some are ignored, and by whatever it starts, too.
pub(crate) fn with_default_signals(command: &mut Command) {
    let reset = || {
        for signal in [libc::SIGHUP, libc::SIGINT, libc::SIGQUIT] {
            // SAFETY: it sets no function, and signal(2) may be called between fork and exec.
            unsafe { libc::signal(signal, libc::SIG_DFL) };
        }
        Ok(())
    };
    // SAFETY: it calls nothing but signal(2), and allocates nothing.
    unsafe { command.pre_exec(reset) };
}

/// Runs the command and shows what it printed only if it fails.
pub(crate) fn quiet(command: &mut Command) -> Result<()> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("`{}` cannot be started", shown(command)))?;
    if !output.status.success() {
        let said =
            [output.stdout, output.stderr].map(|said| String::from_utf8_lossy(&said).into_owned());
        bail!(
            "`{}` failed ({}): {}",
            shown(command),
            output.status,
            said.concat().trim_end()
        );
    }
    Ok(())
}

/// `git` in the workspace.
pub(crate) fn git() -> Command {
    let mut command = Command::new("git");
    command.current_dir(root());
    command
}

/// Whether the command runs and succeeds, without a word.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// What the command prints on standard output.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("`{}` cannot be started", shown(command)))?;
    if !output.status.success() {
        bail!("`{}` failed ({})", shown(command), output.status);
    }
    String::from_utf8(output.stdout)
        .with_context(|| format!("`{}` printed something other than text", shown(command)))
}

/// The command as a person would type it: names of programs without their directories.
pub(crate) fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let mut line = program
        .file_name()
        .unwrap_or(program.as_os_str())
        .to_string_lossy()
        .into_owned();
    for arg in command.get_args() {
        line.push(' ');
        line.push_str(&arg.to_string_lossy());
    }
    line
}

/// The directory that cargo builds into.
pub(crate) fn target_dir() -> Result<PathBuf> {
    let metadata =
        output(cargo().args(["metadata", "--no-deps", "--format-version", "1", "--quiet"]))?;
    let metadata: serde_json::Value =
        serde_json::from_str(&metadata).context("cargo metadata is not JSON")?;
    let dir = metadata["target_directory"]
        .as_str()
        .context("cargo metadata names no target")?;
    Ok(dir.into())
}

/// Everything below a directory, in order: links too, and a directory before what is in it.
pub(crate) fn below(dir: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(dir).with_context(|| dir.display().to_string())?;
    let mut entries: Vec<_> = entries
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<_>>()?;
    entries.sort();
    let mut all = Vec::new();
    for path in entries {
        let is_dir = path.is_dir() && !path.is_symlink();
        all.push(path.clone());
        if is_dir {
            all.extend(below(&path)?);
        }
    }
    Ok(all)
}
