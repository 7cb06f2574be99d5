//! The library for programs in C as it is packaged: with its header, a file for pkg-config and examples.

use std::{
    ffi::OsString,
    fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result, ensure};

use super::{
    Product, say,
    tree::{put, write},
};
use crate::{setup, shell};

/// Under which name programs look for it.
const SONAME: &str = "libtracer.so.0";
/// The examples that are handed out.
const EXAMPLES: [&str; 3] = ["who_writes.c", "calls_of_command.c", "search_log.c"];
/// A log, for the trial of an example.
const LOG: &str = "\
type=SYSCALL msg=audit(1700000000.000:1): arch=c000003e syscall=257 success=no exit=-2 key=\"a\"
type=SYSCALL msg=audit(1700000000.000:2): arch=c000003e syscall=257 success=no exit=-2 key=\"b\"
";

/// Lays its tree there.
pub(super) fn lay(product: &Product, third_party: &str, tree: &Path) -> Result<()> {
    let source = shell::root().join("tracer/c");
    let library = tree.join("lib").join(SONAME);
    put(&product.library, &library, 0o755)?;
    shell::run(&mut product.machine.strip(&library))?;
    symlink(SONAME, tree.join("lib/libtracer.so"))?;
    put(
        &source.join("include/tracer.h"),
        &tree.join("include/tracer.h"),
        0o644,
    )?;
    let config = fs::read_to_string(source.join("tracer.pc"))?;
    let config = config.replace("VERSION", env!("CARGO_PKG_VERSION"));
    write(&tree.join("lib/pkgconfig/tracer.pc"), &config)?;
    let doc = tree.join("share/doc/libtracer");
    for example in EXAMPLES {
        put(
            &source.join("examples").join(example),
            &doc.join("examples").join(example),
            0o644,
        )?;
    }
    put(
        &shell::root().join("docs/library.md"),
        &doc.join("library.md"),
        0o644,
    )?;
    put(
        &shell::root().join("LICENSE"),
        &doc.join("copyright"),
        0o644,
    )?;
    write(&doc.join("third-party.txt"), third_party)
}

/// Unpacks the tarball, and compiles and runs an example of it as its users do.
pub(super) fn trial(tarball: &Path, room: &Path) -> Result<()> {
    setup::install(&["pkg-config"])?;
    let at = room.join("library-trial");
    if at.exists() {
        fs::remove_dir_all(&at)?;
    }
    fs::create_dir_all(&at)?;
    let mut unpack = Command::new("tar");
    unpack.args(["--strip-components=1", "-xzf"]).arg(tarball);
    shell::quiet(unpack.arg("-C").arg(&at))?;
    let mut config = Command::new("pkg-config");
    config.args(["--cflags", "--libs", "tracer"]);
    config.env("PKG_CONFIG_PATH", at.join("lib/pkgconfig"));
    let flags = shell::output(&mut config)?;
    let program = at.join("search_log");
    let mut cc = Command::new("cc");
    cc.arg(at.join("share/doc/libtracer/examples/search_log.c"));
    cc.arg("-o").arg(&program).args(flags.split_whitespace());
    let mut rpath = OsString::from("-Wl,-rpath,");
    rpath.push(at.join("lib"));
    shell::quiet(cc.arg(rpath))?;
    let log = at.join("audit.log");
    fs::write(&log, LOG)?;
    let said = shell::output(Command::new(&program).arg(&log).arg("key == \"b\""))?;
    let second = LOG.lines().nth(1).context("the log has two lines")?;
    ensure!(
        said == format!("{second}\n1 events\n"),
        "the example says: {said}"
    );
    say("an example in C is compiled, and finds what it looks for");
    Ok(fs::remove_dir_all(&at)?)
}

/// Where cargo puts the library beside a program.
pub(super) fn beside(binary: &Path) -> PathBuf {
    binary.with_file_name("libtracer_c.so")
}
