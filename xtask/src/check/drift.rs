//! Pages that quote what tracer prints must quote what it prints today.
//!
//! In any Markdown page of [`PAGES`], a fenced block that follows the line
//! `<!-- output of: tracer watch --help -->` holds exactly what that command prints, on standard
//! output, without a terminal. Generated files would get their row here as well.

use std::{fs, path::PathBuf, process::Command};

use anyhow::{Context as _, Result, bail};

use crate::{
    build::{self, Profile},
    shell,
};

/// Where quotations are looked for: pages, and directories of pages.
const PAGES: &[&str] = &["README.md", "docs"];
/// What stands in front of a quotation.
const MARK: &str = "<!-- output of: tracer ";

/// Compares every quotation, or rewrites it with `bless`.
pub(super) fn check(bless: bool) -> Result<()> {
    let mut tracer = None;
    let mut stale = Vec::new();
    for page in pages()? {
        let text = fs::read_to_string(&page).with_context(|| format!("{}", page.display()))?;
        if !text.contains(MARK) {
            continue;
        }
        if tracer.is_none() {
            tracer = Some(build::tracer(Profile::Debug)?);
        }
        let binary = tracer.as_ref().context("just built")?;
        let fresh = requote(&text, |args| {
            let mut command = Command::new(binary);
            shell::output(command.args(args.split_whitespace()).env("NO_COLOR", "1"))
        })
        .with_context(|| format!("{}", page.display()))?;
        if fresh != text && bless {
            eprintln!("check: rewrote {}", page.display());
            fs::write(&page, fresh)?;
        } else if fresh != text {
            stale.push(
                page.file_name()
                    .unwrap_or_default()
                    .to_string_lossy()
                    .into_owned(),
            );
        }
    }
    if !stale.is_empty() {
        bail!(
            "{} quotes what tracer no longer prints: run `cargo xtask check --bless`",
            stale.join(", ")
        );
    }
    Ok(())
}

/// Every page that may quote.
fn pages() -> Result<Vec<PathBuf>> {
    let mut pages = Vec::new();
    for entry in PAGES {
        let path = shell::root().join(entry);
        if path.is_dir() {
            for file in fs::read_dir(&path)? {
                let file = file?.path();
                if file.extension().is_some_and(|extension| extension == "md") {
                    pages.push(file);
                }
            }
        } else if path.is_file() {
            pages.push(path);
        }
    }
    pages.sort();
    Ok(pages)
}

/// The page with every quotation replaced by what `print` gives for its arguments.
fn requote(page: &str, print: impl Fn(&str) -> Result<String>) -> Result<String> {
    let mut fresh = String::with_capacity(page.len());
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        push(&mut fresh, line);
        let Some(args) = line
            .strip_prefix(MARK)
            .and_then(|rest| rest.strip_suffix(" -->"))
        else {
            continue;
        };
        let fence = lines.next().filter(|line| line.starts_with("```"));
        push(
            &mut fresh,
            fence.with_context(|| format!("no fenced block follows `{line}`"))?,
        );
        let end = lines.by_ref().find(|line| *line == "```");
        for line in print(args)?.lines() {
            push(&mut fresh, line.trim_end());
        }
        push(
            &mut fresh,
            end.with_context(|| format!("the block after `{line}` has no end"))?,
        );
    }
    Ok(fresh)
}

/// Appends one line.
fn push(page: &mut String, line: &str) {
    page.push_str(line);
    page.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotations_are_replaced_and_the_rest_is_kept() {
        let page = "a\n<!-- output of: tracer x --help -->\n```text\nold\nold\n```\nb\n";
        let fresh = requote(page, |args| Ok(format!("new {args}  \n"))).expect("well-formed");
        assert_eq!(
            fresh,
            "a\n<!-- output of: tracer x --help -->\n```text\nnew x --help\n```\nb\n"
        );
    }

    #[test]
    fn a_quotation_without_its_block_is_refused() {
        for page in [
            "<!-- output of: tracer x -->\n",
            "<!-- output of: tracer x -->\nno fence\n",
            "<!-- output of: tracer x -->\n```\nno end\n",
        ] {
            assert!(requote(page, |_| Ok(String::new())).is_err(), "{page}");
        }
    }
}
