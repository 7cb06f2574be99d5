//! Every console block of README and docs is run, and must print what the page says.
//!
//! How a block is marked is in docs/building.md, "Console blocks". `DOCS=watch.md` or
//! `DOCS=README.md:37` runs only some; `BLESS=1` writes what was printed into the pages, where
//! the page does not cut it with `...`.

mod links;
mod page;
mod session;
mod volatile;

use std::{
    path::{Path, PathBuf},
    sync::Mutex,
};

use page::{Block, Step};
use tests::{require_ebpf, require_root};

/// Blocks that run at the same time: most of them wait for the kernel or for each other.
const AT_ONCE: usize = 3;

/// README and every page below docs.
fn pages() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let docs = std::fs::read_dir(root.join("docs")).expect("docs");
    let mut pages: Vec<_> = docs.map(|entry| entry.expect("an entry").path()).collect();
    pages.retain(|page| page.extension().is_some_and(|e| e == "md"));
    pages.sort();
    pages.insert(0, root.join("README.md"));
    pages
}

#[test]
fn every_console_block_prints_what_the_page_says() {
    if !require_root() || !require_ebpf() {
        return;
    }
    let wanted = std::env::var("DOCS").unwrap_or_default();
    let mut failures = Vec::new();
    let mut blocks = Vec::new();
    for path in pages() {
        match page::blocks(&path) {
            Ok(found) => blocks.extend(found),
            Err(wrong) => failures.extend(wrong),
        }
    }
    blocks.retain(|block| block.name().contains(&wanted));
    assert!(!blocks.is_empty(), "no block is named {wanted}");
    blocks.reverse();
    let queue = Mutex::new(blocks);
    let told = Mutex::new((failures, Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some(block) = { queue.lock().expect("no panic holds it").pop() } {
                    let (wrong, mut printed) = run(&block);
                    let mut told = told.lock().expect("no panic holds it");
                    told.0.extend(wrong);
                    told.1.append(&mut printed);
                }
            });
        }
    });
    let (failures, printed) = told.into_inner().expect("no panic holds it");
    if std::env::var_os("BLESS").is_some() {
        page::rewrite(&printed);
    }
    assert!(
        failures.is_empty(),
        "{} blocks are not what was printed (BLESS=1 writes what can be written):\n\n{}",
        failures.len(),
        failures.join("\n\n")
    );
}

/// A step that did not print what the page says, and what it did print.
struct Printed {
    step: Step,
    lines: Vec<String>,
}

/// Runs a block; what was wrong, and what was printed instead.
fn run(block: &Block) -> (Option<String>, Vec<Printed>) {
    let steps = match session::run(block) {
        Ok(steps) => steps,
        Err(what) => return (Some(format!("{}: {what}", block.name())), Vec::new()),
    };
    let mut wrong = Vec::new();
    let mut printed = Vec::new();
    for (step, lines) in block.steps.iter().zip(steps) {
        if !block.volatile.same(&step.expected(), &lines) {
            wrong.push(format!(
                "{}: `{}`\n--- the page says\n{}\n--- it printed\n{}",
                block.name(),
                step.command,
                block.volatile.shown(&step.expected()),
                block.volatile.shown(&lines),
            ));
            let step = step.clone();
            printed.push(Printed { step, lines });
        }
    }
    let wrong = (!wrong.is_empty()).then(|| wrong.join("\n"));
    (wrong, printed)
}
