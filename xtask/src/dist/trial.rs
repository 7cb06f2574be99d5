//! The packages in a new Debian 12 root that has nothing else: installed, used, upgraded, removed and
//! purged.

use std::{
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::Value;

use super::{Product, say};
use crate::{fresh, shell};

/// From `dpkg -i` until an event is shown.
const SOON: Duration = Duration::from_secs(10);
/// Where the packages lie in the root.
const PACKAGES: &str = "/root/packages";
const SETTINGS: &str = "/etc/tracer/tracer.toml";
const LOG: &str = "/var/log/tracer/audit.log";

/// On the machine: makes what the packages are upgraded to, and goes into new namespaces.
pub(super) fn command(product: &Product, out: &Path) -> Result<()> {
    valid_unit(out)?;
    let newer = out.with_extension("newer");
    super::make(product, &newer, "2", 1)?;
    let dir = out.with_extension("trial");
    let packages = dir.join("packages");
    fs::create_dir_all(&packages)?;
    let room = shell::target_dir()?.join("package");
    super::image::validate(
        &out.join(super::image::name(product.machine)),
        &room,
        &packages,
    )?;
    for from in [out, &newer] {
        for entry in fs::read_dir(from)? {
            let entry = entry?;
            let path = entry.path();
            let ending = path.extension().and_then(OsStr::to_str);
            if matches!(ending, Some("deb" | "gz" | "rpm")) {
                fs::copy(entry.path(), packages.join(entry.file_name()))?;
            }
        }
    }
    fs::remove_dir_all(&newer)?;
    let mut machine = fresh::spaces("dist")?;
    let result = shell::run(machine.arg("--inside").arg(&dir));
    fs::remove_dir_all(&dir)?;
    result
}

/// The unit, held against the tree of the package by systemd where that is installed.
fn valid_unit(out: &Path) -> Result<()> {
    let root = out.join("unit");
    let mut unpack = Command::new("dpkg-deb");
    unpack
        .arg("-x")
        .arg(package_in(out, "tracer", "1")?)
        .arg(&root);
    shell::quiet(&mut unpack)?;
    // The other program that the unit names.
    fs::create_dir(root.join("bin"))?;
    fs::copy(root.join("usr/bin/tracer"), root.join("bin/kill"))?;
    let mut verify = Command::new("systemd-analyze");
    verify
        .arg("verify")
        .arg(format!("--root={}", root.display()));
    let verify = verify.arg("/usr/lib/systemd/system/tracer.service");
    if crate::bpf_toolchain::is_program("systemd-analyze") {
        shell::quiet(verify)?;
        say("systemd takes the unit");
    }
    Ok(fs::remove_dir_all(&root)?)
}

/// In the namespaces.
pub(super) fn inside(dir: &Path) -> Result<()> {
    let room = fresh::Room::make(dir)?;
    room.systems()?;
    // The root is a mount of its own, into which nothing can be renamed.
    let packages = dir.join("root").join(&PACKAGES[1..]);
    shell::quiet(
        Command::new("cp")
            .arg("-a")
            .arg(dir.join("packages"))
            .arg(packages),
    )?;
    by_rpm(dir).context("RPM packages in a fresh root")?;
    room.enter()?;
    for (name, step) in [
        ("installed and watching", installed as fn() -> Result<()>),
        ("the daemon", daemon),
        ("the other names", compat),
        ("upgraded", upgraded),
        ("removed and purged", removed),
        ("from the tarball", tarball),
        ("as a DaemonSet", daemon_set),
    ] {
        let began = Instant::now();
        step().with_context(|| format!("in a fresh root: {name}"))?;
        say(&format!("{name}: {:.1} s", began.elapsed().as_secs_f64()));
    }
    Ok(())
}

/// The RPM packages, by the machine's rpm, whose database in the root knows nothing of the libraries there.
fn by_rpm(dir: &Path) -> Result<()> {
    let began = Instant::now();
    let root = dir.join("root");
    let file = |name: &str, revision| {
        let name = format!(
            "{name}-{}-{revision}.{}.rpm",
            env!("CARGO_PKG_VERSION"),
            std::env::consts::ARCH
        );
        dir.join("packages").join(name)
    };
    let rpm = |args: &[&str]| {
        let mut command = Command::new("rpm");
        command.arg("--root").arg(&root).args(args);
        command
    };
    let both = |revision| [file("tracer", revision), file("tracer-compat", revision)];
    let runs = |name: &str, wanted: &str| {
        let said = shell::output(Command::new("chroot").arg(&root).arg(name).arg("--version"))?;
        ensure!(said.contains(wanted), "{name}: {said}");
        Ok(())
    };
    let needs = shell::output(
        Command::new("rpm")
            .args(["-qp", "--requires"])
            .arg(file("tracer", "1")),
    )?;
    ensure!(
        needs.contains("libc.so.6("),
        "it does not ask for glibc: {needs}"
    );
    shell::quiet(rpm(&["--install", "--nodeps"]).args(both("1")))?;
    runs("/usr/bin/tracer", env!("CARGO_PKG_VERSION"))?;
    runs("/usr/bin/strace", "strace -- version")?;
    let settings = shell::output(&mut rpm(&["--query", "--configfiles", "tracer"]))?;
    ensure!(
        settings.contains(SETTINGS),
        "{SETTINGS} is no configuration file"
    );
    let at = |path: &str| root.join(&path[1..]);
    fs::write(at(SETTINGS), "num_logs = 7\n")?;
    fs::create_dir_all(at(LOG).parent().context("a log has a directory")?)?;
    fs::write(at(LOG), "")?;
    shell::quiet(rpm(&["--upgrade", "--nodeps"]).args(both("2")))?;
    let version = shell::output(&mut rpm(&["--query", "tracer"]))?;
    ensure!(version.contains("-2."), "it is still {version}");
    ensure!(
        fs::read_to_string(at(SETTINGS))? == "num_logs = 7\n",
        "the settings were replaced"
    );
    shell::quiet(&mut rpm(&["--erase", "tracer-compat", "tracer"]))?;
    for gone in [
        "/usr/bin/tracer",
        "/usr/bin/strace",
        "/usr/share/doc/tracer",
    ] {
        ensure!(at(gone).symlink_metadata().is_err(), "{gone} is there");
    }
    let saved = format!("{SETTINGS}.rpmsave");
    for kept in [&saved, LOG] {
        ensure!(at(kept).exists(), "{kept} is gone after the removal");
    }
    for dir in ["/etc/tracer", "/var/log/tracer"] {
        fs::remove_dir_all(at(dir))?;
    }
    say(&format!("by rpm: {:.1} s", began.elapsed().as_secs_f64()));
    Ok(())
}

fn installed() -> Result<()> {
    let began = Instant::now();
    dpkg(&["--install"], &[package("tracer", "1")?])?;
    let mut watch = fresh::in_room("tracer");
    watch.args(["watch", "/etc"]);
    fresh::watched(watch)?;
    let took = began.elapsed();
    ensure!(
        took < SOON,
        "it took {took:?} from dpkg to the end of the watch"
    );
    let files = shell::output(fresh::in_room("dpkg").args(["--listfiles", "tracer"]))?;
    for wanted in [
        SETTINGS,
        "/usr/lib/systemd/system/tracer.service",
        "/usr/share/bash-completion/completions/tracer",
        "/usr/share/doc/tracer/copyright",
        "/usr/share/man/man1/tracer-watch.1.gz",
        "/usr/share/man/man5/tracer-records.5.gz",
        "/usr/share/man/man7/tracer-rules.7.gz",
    ] {
        ensure!(
            files.lines().any(|file| file == wanted),
            "{wanted} is not in it"
        );
    }
    let settings = shell::output(fresh::in_room("dpkg-query").args([
        "--show",
        "--showformat=${Conffiles}",
        "tracer",
    ]))?;
    ensure!(
        settings.contains(SETTINGS),
        "{SETTINGS} is no configuration file"
    );
    Ok(())
}

/// It takes the configuration as it is packaged, and writes a log.
fn daemon() -> Result<()> {
    let mut daemon = fresh::in_room("tracer").arg("daemon").spawn()?;
    let until = Instant::now() + SOON;
    let said = loop {
        let mut message = fresh::in_room("tracer");
        let output = message.args(["message", "of the trial"]).output()?;
        if output.status.success() {
            break Ok(());
        }
        if Instant::now() > until || daemon.try_wait()?.is_some() {
            break Err(String::from_utf8_lossy(&output.stderr).into_owned());
        }
    };
    rustix::process::kill_process(
        rustix::process::Pid::from_child(&daemon),
        rustix::process::Signal::TERM,
    )?;
    let status = daemon.wait()?;
    if let Err(said) = said {
        bail!("it takes no message: {said}");
    }
    ensure!(status.success(), "it ended with {status}");
    let found = shell::output(fresh::in_room("tracer").args(["search", "-m", "USER"]))?;
    ensure!(
        found.contains("of the trial"),
        "the message is not in the log: {found}"
    );
    Ok(())
}

fn compat() -> Result<()> {
    dpkg(&["--install"], &[package("tracer-compat", "1")?])?;
    for (name, wanted) in [
        (
            "strace",
            concat!("strace -- version ", env!("CARGO_PKG_VERSION")),
        ),
        ("ausearch", "ausearch version"),
        ("auditctl", "(tracer)"),
    ] {
        let flag = if name == "strace" { "--version" } else { "-v" };
        let said = shell::output(fresh::in_room(name).arg(flag))?;
        ensure!(said.contains(wanted), "{name}: {said}");
    }
    let (name, other) = ("auditd", Path::new("/root/auditd"));
    fs::create_dir_all(other.join("DEBIAN"))?;
    let control = format!(
        "Package: {name}\nVersion: 1\nArchitecture: all\nMaintainer: nobody\nDescription: another\n"
    );
    fs::write(other.join("DEBIAN/control"), control)?;
    let file = PathBuf::from("/root/auditd.deb");
    shell::quiet(
        fresh::in_room("dpkg-deb")
            .arg("--build")
            .arg(other)
            .arg(&file),
    )?;
    ensure!(
        dpkg(&["--install"], &[file]).is_err(),
        "it can be installed beside {name}"
    );
    Ok(())
}

fn upgraded() -> Result<()> {
    fs::write(SETTINGS, "num_logs = 7\n")?;
    let newer = [package("tracer", "2")?, package("tracer-compat", "2")?];
    dpkg(&["--install"], &newer)?;
    let version = shell::output(fresh::in_room("dpkg-query").args([
        "--show",
        "--showformat=${Version}",
        "tracer",
    ]))?;
    ensure!(version.ends_with("-2"), "it is still {version}");
    ensure!(
        fs::read_to_string(SETTINGS)? == "num_logs = 7\n",
        "the settings were replaced"
    );
    Ok(())
}

fn removed() -> Result<()> {
    let both = [PathBuf::from("tracer-compat"), PathBuf::from("tracer")];
    dpkg(&["--remove"], &both)?;
    for gone in ["/usr/bin/tracer", "/usr/bin/strace", "/usr/sbin/ausearch"] {
        ensure!(
            !Path::new(gone).is_symlink() && !Path::new(gone).exists(),
            "{gone} is there"
        );
    }
    for kept in [SETTINGS, LOG] {
        ensure!(Path::new(kept).exists(), "{kept} is gone after the removal");
    }
    dpkg(&["--purge"], &both)?;
    for gone in ["/etc/tracer", "/var/log/tracer"] {
        ensure!(!Path::new(gone).exists(), "{gone} is there after the purge");
    }
    Ok(())
}

/// Without a package, and away again.
fn tarball() -> Result<()> {
    let tree = Path::new("/root/unpacked");
    fs::create_dir(tree)?;
    let name = format!(
        "{PACKAGES}/tracer-{}-{}-linux.tar.gz",
        env!("CARGO_PKG_VERSION"),
        std::env::consts::ARCH
    );
    let mut unpack = fresh::in_room("tar");
    unpack.args(["--strip-components=1", "-xzf", &name, "-C"]);
    shell::quiet(unpack.arg(tree))?;
    let mut install = fresh::in_room("/root/unpacked/bin/tracer");
    shell::quiet(install.args(["install", "--links"]))?;
    let installed = [
        Path::new("/usr/local/bin/tracer"),
        Path::new(SETTINGS),
        Path::new("/usr/local/share/man/man1/tracer-watch.1"),
        Path::new("/usr/local/lib/systemd/system/tracer.service"),
    ];
    for file in installed {
        ensure!(file.is_file(), "{} is not there", file.display());
    }
    let said = shell::output(fresh::in_room("/usr/local/bin/ausearch").arg("-v"))?;
    ensure!(said.starts_with("ausearch version"), "ausearch: {said}");
    shell::quiet(fresh::in_room("/usr/local/bin/tracer").arg("uninstall"))?;
    for file in installed {
        ensure!(!file.exists(), "{} is still there", file.display());
    }
    Ok(())
}

/// What the nodes of a cluster do with the image and the `DaemonSet`: the root is the node.
fn daemon_set() -> Result<()> {
    let image = Path::new(PACKAGES).join("image");
    let documents: Value = serde_json::from_slice(&fs::read(format!("{PACKAGES}/tracer.json"))?)?;
    let (rules, pod) = (
        &documents[1]["data"],
        &documents[2]["spec"]["template"]["spec"],
    );
    for (name, text) in rules.as_object().context("the ConfigMap has no files")? {
        fs::write(
            image.join("rules").join(name),
            text.as_str().unwrap_or_default(),
        )?;
    }
    for (from, to) in [("/", "host"), ("/proc", "proc")] {
        shell::quiet(
            fresh::in_room("mount")
                .args(["--bind", from])
                .arg(image.join(to)),
        )?;
    }
    let node = std::process::id().to_string();
    let in_image = |command: &Value| {
        let words: Vec<&str> = command
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        // The first process of the node is not one of the root here.
        let words = words
            .into_iter()
            .map(|word| if word == "1" { &node } else { word });
        let mut chroot = fresh::in_room("/usr/sbin/chroot");
        chroot.env("PATH", "/usr/bin:/bin").arg(&image).args(words);
        chroot
    };
    shell::quiet(&mut in_image(&pod["initContainers"][0]["command"]))?;
    let mut daemon = in_image(&pod["containers"][0]["command"]).spawn()?;
    let until = Instant::now() + SOON;
    let ready = loop {
        let output =
            in_image(&pod["containers"][0]["readinessProbe"]["exec"]["command"]).output()?;
        if output.status.success() {
            break Ok(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        if Instant::now() > until || daemon.try_wait()?.is_some() {
            break Err(String::from_utf8_lossy(&output.stderr).into_owned());
        }
    };
    let listed = shell::output(fresh::in_room("/opt/tracer/bin/tracer").args(["rules", "list"]));
    let said = match ready {
        Ok(said) => said,
        Err(said) => {
            daemon.kill()?;
            daemon.wait()?;
            bail!("it is not ready: {said}");
        }
    };
    rustix::process::kill_process(
        rustix::process::Pid::from_child(&daemon),
        rustix::process::Signal::TERM,
    )?;
    let status = daemon.wait()?;
    ensure!(status.success(), "it ended with {status}: {said}");
    let listed = listed?;
    ensure!(
        listed.contains("-k kubernetes") || listed.contains("key=kubernetes"),
        "its rules are {listed}"
    );
    ensure!(Path::new(LOG).exists(), "{LOG} is not there");
    let mut away = fresh::in_room("/opt/tracer/bin/tracer");
    shell::quiet(away.args(["uninstall", "--prefix", "/opt/tracer"]))
}

fn dpkg(args: &[&str], what: &[PathBuf]) -> Result<()> {
    let mut command = fresh::in_room("dpkg");
    command.env("DEBIAN_FRONTEND", "noninteractive");
    shell::quiet(command.args(args).args(what))
}

fn package(name: &str, revision: &str) -> Result<PathBuf> {
    package_in(Path::new(PACKAGES), name, revision)
}

/// The file of a package.
fn package_in(dir: &Path, name: &str, revision: &str) -> Result<PathBuf> {
    let begin = format!("{name}_{}-{revision}_", env!("CARGO_PKG_VERSION"));
    let mut found = fs::read_dir(dir)?.filter_map(|entry| Some(entry.ok()?.path()));
    let file = found.find(|file| {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with(&begin)
    });
    file.with_context(|| format!("there is no package {name} of revision {revision}"))
}
