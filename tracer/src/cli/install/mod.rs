//! `tracer install` and `tracer uninstall`: what a package does, from the unpacked tarball.

mod manifest;
mod plan;
mod put;

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

use clap::Args;
use rustix::fs::{FlockOperation, flock};

use super::{
    exit::{Code, Failure},
    live, parse, stdout, together,
};
use manifest::{Kind, Manifest, State};
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
    /// One at a time: held as long as it is open.
    _lock: File,
}

impl Place {
    fn new(args: &PlaceArgs) -> Result<Self, Failure> {
        let prefix = args.prefix.to_str().filter(|prefix| {
            let is_plain = |c: char| c.is_ascii_alphanumeric() || "/._+-".contains(c);
            prefix.chars().all(is_plain) && !prefix.split('/').any(|part| part == "..")
        });
        // The unit and the list have it, too.
        let Some(prefix) = prefix.and_then(|prefix| prefix.strip_prefix('/')) else {
            let text = format!(
                "--prefix {}: expected a path like /usr/local: it begins with / and has letters, digits and `._+-`",
                args.prefix.display()
            );
            return Err(Failure::usage(text));
        };
        let root = args.root.canonicalize().ok().filter(|root| root.is_dir());
        let Some(root) = root else {
            let text = format!("--root {}: there is no such directory", args.root.display());
            return Err(Failure::new(Code::Target, text));
        };
        let lock = File::open(&root).map_err(|error| cannot_read(&root, &error))?;
        if flock(&lock, FlockOperation::NonBlockingLockExclusive).is_err() {
            let text = format!(
                "another `tracer install` or `uninstall` is at work in {}",
                root.display()
            );
            return Err(Failure::new(Code::Failed, text));
        }
        Ok(Self {
            root,
            prefix: prefix.into(),
            dry_run: args.dry_run,
            _lock: lock,
        })
    }

    /// Where a file is, or is to be: not where a link leads out of the root directory.
    fn at(&self, path: &Path) -> Result<PathBuf, Failure> {
        let at = self.root.join(path);
        let above = at
            .ancestors()
            .skip(1)
            .find_map(|dir| dir.canonicalize().ok());
        if above.is_some_and(|above| above.starts_with(&self.root)) {
            return Ok(at);
        }
        let text = format!(
            "{} is not below {}: a link leads out of it: nothing was done",
            at.display(),
            self.root.display()
        );
        Err(Failure::new(Code::Target, text))
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
    let path = place.at(&place.manifest())?;
    let Some(manifest) = Manifest::read(&path)? else {
        of_package(&place)?;
        let text = format!(
            "nothing is installed there: {} does not exist (--prefix and --root as with `tracer install`)",
            path.display()
        );
        return Err(Failure::new(Code::Target, text));
    };
    let files = leaving(&place, &manifest)?;
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
    // What an installation has left that was killed.
    for file in manifest.files() {
        for ending in together::ENDINGS {
            remove(&together::named(&place.at(file)?, ending))?;
        }
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
fn leaving(place: &Place, manifest: &Manifest) -> Result<Vec<(PathBuf, bool)>, Failure> {
    let mut leaving = Vec::new();
    for path in manifest.files() {
        let at = place.at(path)?;
        match manifest.state(path, &at)? {
            State::Gone => {}
            state => leaving.push((at, state == State::Installed)),
        }
    }
    Ok(leaving)
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

fn cannot_read(path: &Path, error: &io::Error) -> Failure {
    let text = format!("cannot read {}: {error}", path.display());
    Failure::new(code_of(error), text)
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
