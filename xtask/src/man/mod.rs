//! `cargo xtask man`: the manual. The pages of commands come from tracer itself, those of formats from
//! the pages of docs/. Fails where mandoc or groff finds something to say about one of them.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result, bail, ensure};

use crate::{
    bpf_toolchain,
    build::{self, Profile},
    setup, shell,
};

mod page;

use page::Page;

/// What says whether a page is well written. Unpacked: installed, it would want to be man itself.
const LINTER: &str = "mandoc";

/// The pages of docs/ that are about a format.
const PAGES: &[Page] = &[
    Page {
        source: "records.md",
        name: "tracer-records",
        section: "5",
        about: "what tracer writes about an event, in each format",
    },
    Page {
        source: "rules.md",
        name: "tracer-rules",
        section: "7",
        about: "the language of audit rules, as tracer reads it",
    },
];

/// `cargo xtask man`.
pub(crate) fn command() -> Result<()> {
    let dir = shell::target_dir()?.join("man");
    let pages = make(&build::tracer(Profile::Debug)?, &dir)?;
    check(&pages)?;
    eprintln!("man: {} pages are in {}", pages.len(), dir.display());
    Ok(())
}

/// Writes every page below a directory, which is made anew, and says where they are.
pub(crate) fn make(tracer: &Path, dir: &Path) -> Result<Vec<PathBuf>> {
    if dir.exists() {
        fs::remove_dir_all(dir).context("older pages cannot be removed")?;
    }
    let version = env!("CARGO_PKG_VERSION");
    let day = shell::output(shell::git().args(["log", "-1", "--format=%cs"]))?;
    shell::run(Command::new(tracer).args(["man", "--dir"]).arg(dir))?;
    for page in PAGES {
        let source = shell::root().join("docs").join(page.source);
        let text = fs::read_to_string(&source).with_context(|| source.display().to_string())?;
        let section = dir.join(format!("man{}", page.section));
        fs::create_dir_all(&section)?;
        let file = section.join(format!("{}.{}", page.name, page.section));
        fs::write(file, page.roff(&text, day.trim(), version))?;
    }
    let mut pages = Vec::new();
    for section in fs::read_dir(dir)? {
        for page in fs::read_dir(section?.path())? {
            pages.push(page?.path());
        }
    }
    pages.sort();
    ensure!(pages.len() > PAGES.len(), "tracer wrote no page");
    Ok(pages)
}

/// Has them read by mandoc, and by groff where that is installed: neither may warn.
fn check(pages: &[PathBuf]) -> Result<()> {
    let room = shell::target_dir()?.join("man-tools");
    setup::once(&room, "debian", |dir| {
        setup::say("unpacking mandoc, which says what is wrong with a manual page (0.4 MB)");
        setup::unpack(&mut Command::new("apt-get"), &[LINTER], dir)
    })?;
    let linter = room.join("debian/usr/bin").join(LINTER);
    let mut said = spoken(
        Command::new(linter)
            .args(["-T", "lint", "-W", "warning"])
            .args(pages),
    )?;
    if bpf_toolchain::is_program("groff") {
        for page in pages {
            let mut groff = Command::new("groff");
            said += &spoken(groff.args(["-k", "-man", "-ww", "-z"]).arg(page))?;
        }
    }
    if !said.is_empty() {
        bail!("the manual is not well written:\n{said}");
    }
    Ok(())
}

/// All that a program prints.
fn spoken(command: &mut Command) -> Result<String> {
    let shown = shell::shown(command);
    let output = command
        .output()
        .with_context(|| format!("`{shown}` cannot be started"))?;
    Ok([output.stdout, output.stderr]
        .map(|said| String::from_utf8_lossy(&said).into_owned())
        .concat())
}
