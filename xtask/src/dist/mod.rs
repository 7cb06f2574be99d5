//! `cargo xtask dist`: what a person installs without building: tarballs, a container image, Debian and
//! RPM packages, and what is in them (SBOM); the same bytes for the same commit.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result, ensure};

use crate::{
    args::DistArgs,
    build::{self, Profile},
    machine::Machine,
    setup, shell, vm,
};

mod binary;
mod deb;
mod image;
mod library;
mod parts;
mod rpm;
mod tree;
mod trial;

/// What a tarball may have at most.
const MOST: u64 = 10 << 20;
/// What `tracer` is said to be.
const SUMMARY: &str = "who did what to which file or system call, when, and with what result";
const ABOUT: &str = "\
Traces processes, commands or the whole system through eBPF, watches files and
trees, keeps audit rules in force, and searches audit logs. What it could not
deliver is counted and said, and no traced process is ever stopped.";
/// What `tracer-compat` is said to be.
const COMPAT: &str = "tracer under the names of the tools that it takes the place of";
const OTHER_NAMES: &str = "\
auditctl, ausearch, aureport, inotifywait, inotifywatch and strace, as links
to tracer.";

/// `cargo xtask dist`, and the part of it in the namespaces of a fresh root.
pub(crate) fn command(args: &DistArgs) -> Result<()> {
    if let Some(dir) = &args.inside {
        return trial::inside(dir);
    }
    let room = shell::target_dir()?.join("package");
    let machine = args.machine.map_or_else(Machine::here, Ok)?;
    let binary = if args.quick {
        build::library(Profile::Debug)?;
        build::tracer(Profile::Debug)?
    } else {
        self::binary(machine)?
    };
    let product = Product {
        machine,
        teller: if machine.is_here() {
            binary.clone()
        } else {
            build::tracer(Profile::Debug)?
        },
        library: library::beside(&binary),
        system: vm::system(&room.join(machine.name()), machine)?,
        binary,
    };
    // rpmbuild is in it.
    setup::install(&["rpm"])?;
    let out = room.join(match args.machine {
        Some(machine) => format!("dist-{}", machine.name()),
        None => (if args.quick { "quick" } else { "dist" }).to_owned(),
    });
    let level = if args.quick { 1 } else { 9 };
    let made = make(&product, &out, "1", level)?;
    if !args.quick {
        for tarball in &made[..2] {
            let size = fs::metadata(tarball)?.len();
            let name = tarball.display();
            ensure!(size <= MOST, "{name} is too large: {size} bytes");
        }
    }
    for file in &made {
        say(&format!(
            "{} ({} KiB)",
            file.display(),
            fs::metadata(file)?.len() >> 10
        ));
    }
    again(&product, &out, level, &made)?;
    if args.test {
        parts::validate(&room, &bill_in(&out, machine))?;
        library::trial(&made[1], &room)?;
        trial::command(&product, &out)?;
    }
    Ok(())
}

/// The program as it is packaged for a machine.
pub(crate) fn binary(machine: Machine) -> Result<PathBuf> {
    binary::build(&shell::target_dir()?.join("package"), machine)
}

/// Has a command that calls cargo link with zig, and leave out what it knows of this machine.
pub(crate) fn link_with_zig(room: &Path, command: &mut Command) -> Result<()> {
    binary::with_zig(room, command)
}

/// What is packaged.
struct Product {
    machine: Machine,
    /// The program.
    binary: PathBuf,
    /// The library for programs in C.
    library: PathBuf,
    /// The libraries of C and busybox, unpacked, for the image.
    system: PathBuf,
    /// The same that runs here: it says what its manual pages are.
    teller: PathBuf,
}

/// Makes everything in a directory of its own: the tarballs come first. `level` is how hard to compress.
fn make(product: &Product, out: &Path, revision: &str, level: u8) -> Result<Vec<PathBuf>> {
    if out.exists() {
        fs::remove_dir_all(out).context("older packages cannot be removed")?;
    }
    fs::create_dir_all(out)?;
    let parts = parts::Parts::read(product.machine)?;
    let tree = tree::Tree::lay(product, &parts.text(), out)?;
    let mut made = vec![tarball("tracer", tree.dir(), product.machine, out, level)?];
    let library = out.join("library");
    library::lay(product, &parts.text(), &library)?;
    made.push(tarball("libtracer", &library, product.machine, out, level)?);
    made.push(image::make(
        product,
        tree.dir(),
        &product.system,
        out,
        level,
    )?);
    made.extend(deb::make(&tree, out, revision, level)?);
    made.extend(rpm::make(&tree, out, revision)?);
    let bill = bill_in(out, product.machine);
    fs::write(&bill, parts.bill()?)?;
    made.push(bill);
    let mut sums = Command::new("sha256sum");
    sums.current_dir(out)
        .args(made.iter().filter_map(|file| file.file_name()));
    fs::write(out.join("SHA256SUMS"), shell::output(&mut sums)?)?;
    Ok(made)
}

/// Where the bill of materials is.
fn bill_in(out: &Path, machine: Machine) -> PathBuf {
    let (version, machine) = (env!("CARGO_PKG_VERSION"), machine.name());
    out.join(format!("tracer-{version}-{machine}.cdx.json"))
}

/// Packs and compresses what is in a directory, below a directory with the name of the archive.
fn tarball(name: &str, tree: &Path, machine: Machine, out: &Path, level: u8) -> Result<PathBuf> {
    let name = format!(
        "{name}-{}-{}-linux",
        env!("CARGO_PKG_VERSION"),
        machine.name()
    );
    let file = out.join(format!("{name}.tar.gz"));
    pack(tree, Some((&name, level)), &file)?;
    Ok(file)
}

/// Packs what is in a directory; or with the name of one that it is to be in, and how hard to compress.
fn pack(tree: &Path, below: Option<(&str, u8)>, file: &Path) -> Result<()> {
    let mut tar = Command::new("tar");
    tar.args([
        "--create",
        "--sort=name",
        "--owner=0",
        "--group=0",
        "--numeric-owner",
    ])
    .args(["--mode=u=rwX,go=rX", "--format=gnu"])
    .arg(format!("--mtime=@{}", epoch()?))
    .arg("--file")
    .arg(file)
    .arg("-C")
    .arg(tree);
    if let Some((name, level)) = below {
        tar.arg(format!("--use-compress-program=gzip -{level}n"));
        tar.arg(format!("--transform=s,^\\./,{name}/,"));
    }
    let mut names: Vec<_> = fs::read_dir(tree)?
        .map(|entry| {
            let name = entry?.file_name();
            Ok(match below {
                Some(_) => Path::new(".").join(name),
                None => name.into(),
            })
        })
        .collect::<Result<_>>()?;
    names.sort();
    shell::run(tar.args(names))
}

/// Makes it all a second time, elsewhere: it must be the same to the byte.
fn again(product: &Product, out: &Path, level: u8, made: &[PathBuf]) -> Result<()> {
    let second = out.with_extension("again");
    for (one, other) in made.iter().zip(make(product, &second, "1", level)?) {
        ensure!(
            fs::read(one)? == fs::read(&other)?,
            "{} and {} are not the same: something in them is of the moment or of the place",
            one.display(),
            other.display()
        );
    }
    fs::remove_dir_all(&second)?;
    say("made twice: the same bytes");
    Ok(())
}

/// The time of the commit, which everything in a package has.
fn epoch() -> Result<String> {
    let time = shell::output(shell::git().args(["log", "-1", "--format=%ct"]))?;
    Ok(time.trim().to_owned())
}

/// One thing that is being done.
fn say(what: &str) {
    eprintln!("dist: {what}");
}
