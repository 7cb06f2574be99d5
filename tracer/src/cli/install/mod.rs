//! `tracer install` and `tracer uninstall`: what a package does, from the unpacked tarball.

mod manifest;
mod plan;
mod put;

use std::{
    fs, io,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

use clap::Args;

use super::{
    exit::{Code, Failure},
    live, parse, stdout,
};
use manifest::{Kind, Manifest};
use plan::Plan;

/// Where it goes.
#[derive(Debug, Args)]
pub(super) struct PlaceArgs {
    /// Where programs, manual pages and the unit go; settings are in /etc
    #[arg(long, value_name = "DIR", default_value = "/usr/local", value_parser = parse::path())]
    prefix: PathBuf,
    /// The root directory of the system that it is for
    #[arg(long, value_name = "DIR", default_value = "/", value_parser = parse::path())]
    root: PathBuf,
    /// Only say what would be done
    #[arg(short = 'n', long)]
    dry_run: bool,
}

/// `tracer install`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  tar xf tracer-*.tar.gz; tracer-*/bin/tracer install --dry-run
  tracer-*/bin/tracer install --links            also as auditctl, ausearch, strace, ...
  tracer-*/bin/tracer install --root /mnt --prefix /usr

All of it is installed or, if anything fails, nothing. Settings that were changed stay.")]
pub(super) struct InstallArgs {
    #[command(flatten)]
    place: PlaceArgs,
    /// Also links by whose names tracer is auditctl, ausearch, aureport, ...
    #[arg(long)]
    links: bool,
}

/// `tracer uninstall`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  tracer uninstall --dry-run
  tracer uninstall

What was installed is removed; logs, and what was changed since, stay.")]
pub(super) struct UninstallArgs {
    #[command(flatten)]
    place: PlaceArgs,
}

/// The directories that something is installed into.
struct Place {
    root: PathBuf,
    /// Without the slash that it begins with.
    prefix: PathBuf,
    dry_run: bool,
}

impl Place {
    fn new(args: &PlaceArgs) -> Result<Self, Failure> {
        let Ok(prefix) = args.prefix.strip_prefix("/") else {
            let text = format!("--prefix {}: it begins with /", args.prefix.display());
            return Err(Failure::usage(text));
        };
        let root = std::path::absolute(&args.root)?;
        if !root.is_dir() {
            let text = format!("--root {}: there is no such directory", root.display());
            return Err(Failure::new(Code::Target, text));
        }
        Ok(Self {
            root,
            prefix: prefix.to_owned(),
            dry_run: args.dry_run,
        })
    }

    /// The list of what is installed.
    fn manifest(&self) -> PathBuf {
        self.prefix.join("share/tracer/manifest")
    }

    /// A running systemd is asked, where it is this system.
    fn systemctl(&self, words: &[&str]) {
        if self.root != Path::new("/") || !Path::new("/run/systemd/system").is_dir() {
            return;
        }
        let status = Command::new("systemctl").args(words).status();
        if !status.is_ok_and(|status| status.success()) {
            let words = words.join(" ");
            live::complain(&format!(
                "tracer: `systemctl {words}` has failed: see above"
            ));
        }
    }
}

/// Runs `tracer install`.
pub(super) fn install(args: &InstallArgs) -> Result<ExitCode, Failure> {
    let place = Place::new(&args.place)?;
    of_package(&place)?;
    let plan = Plan::new(&place, &plan::tree()?, args.links)?;
    say(&plan.said(), place.dry_run)?;
    if !place.dry_run {
        put::all(&place, &plan)?;
        place.systemctl(&["daemon-reload"]);
    }
    Ok(ExitCode::SUCCESS)
}

/// A package has the same unit and settings, and its own way to be upgraded.
fn of_package(place: &Place) -> Result<(), Failure> {
    let list = place.root.join("var/lib/dpkg/info/tracer.list");
    // A package that was removed still has its settings there.
    let has_program = |text: String| text.lines().any(|line| line == "/usr/bin/tracer");
    if fs::read_to_string(list).is_ok_and(has_program) {
        let text = "the Debian package tracer is installed, which has the same files: upgrade that, or remove it first \
                    (`dpkg --remove tracer`)";
        return Err(Failure::new(Code::Target, text));
    }
    Ok(())
}

/// Runs `tracer uninstall`.
pub(super) fn uninstall(args: &UninstallArgs) -> Result<ExitCode, Failure> {
    let place = Place::new(&args.place)?;
    let path = place.root.join(place.manifest());
    let Some(manifest) = Manifest::read(&path)? else {
        of_package(&place)?;
        let text = format!(
            "nothing is installed there: {} does not exist (--prefix and --root as with `tracer install`)",
            path.display()
        );
        return Err(Failure::new(Code::Target, text));
    };
    let files = leaving(&place, &manifest);
    let said = |(path, goes): &(PathBuf, bool)| match goes {
        true => format!("remove {}", path.display()),
        false => format!("keep {}, which was changed", path.display()),
    };
    say(&files.iter().map(said).collect::<Vec<_>>(), place.dry_run)?;
    if place.dry_run {
        return Ok(ExitCode::SUCCESS);
    }
    place.systemctl(&["disable", "--now", "tracer.service"]);
    for (file, _) in files.iter().filter(|(_, goes)| *goes) {
        remove(file)?;
    }
    remove(&path)?;
    // Those that something else is in stay.
    for dir in manifest.of(Kind::Directory).rev() {
        let _ = fs::remove_dir(place.root.join(&dir.path));
    }
    place.systemctl(&["daemon-reload"]);
    Ok(ExitCode::SUCCESS)
}

/// Every file that is still there, and whether it goes: not what was changed.
fn leaving(place: &Place, manifest: &Manifest) -> Vec<(PathBuf, bool)> {
    let files = manifest
        .entries
        .iter()
        .filter(|entry| entry.kind != Kind::Directory);
    let paths = files.map(|entry| (place.root.join(&entry.path), entry));
    paths
        .filter(|(path, _)| path.symlink_metadata().is_ok())
        .map(|(path, entry)| {
            let goes = entry.is_as_installed(&path);
            (path, goes)
        })
        .collect()
}

fn remove(path: &Path) -> Result<(), Failure> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            let text = format!(
                "cannot remove {}: {error}: what is left is still in the list, so that it can be tried again",
                path.display()
            );
            Err(Failure::new(code_of(&error), text))
        }
        _ => Ok(()),
    }
}

fn code_of(error: &io::Error) -> Code {
    if error.kind() == io::ErrorKind::PermissionDenied {
        Code::Privilege
    } else {
        Code::Failed
    }
}

fn say(steps: &[String], dry_run: bool) -> Result<(), Failure> {
    stdout::print_lines(steps)?;
    if dry_run {
        live::complain("tracer: nothing was done (--dry-run)");
    }
    Ok(())
}
