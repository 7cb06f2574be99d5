//! Finds the console blocks of a page, with their marks and steps.

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use super::{Printed, volatile::Volatile};

/// What a reader sees where output goes on and is cut.
pub(super) const CUT: &str = "...";

/// A console block.
pub(super) struct Block {
    page: PathBuf,
    /// Number of its first line.
    line: usize,
    /// Shell commands that come first and are not shown.
    pub(super) before: String,
    /// Shell commands that run beside the first command that says it is ready.
    pub(super) meanwhile: String,
    /// Columns and lines of the terminal that its command draws on.
    pub(super) screen: Option<(u16, u16)>,
    pub(super) volatile: Volatile,
    pub(super) steps: Vec<Step>,
}

/// A command and what it prints.
#[derive(Clone, Default)]
pub(super) struct Step {
    page: PathBuf,
    /// Run by root (`#`), not by an ordinary user (`$`).
    pub(super) root: bool,
    pub(super) command: String,
    /// What it prints before it is interrupted, if it is.
    pub(super) output: Vec<String>,
    /// What it prints after `^C`.
    pub(super) after: Option<Vec<String>>,
    /// The lines of the page that hold its output.
    lines: std::ops::Range<usize>,
}

impl Step {
    /// Everything that it prints.
    pub(super) fn expected(&self) -> Vec<String> {
        let after = self.after.iter().flatten();
        self.output.iter().chain(after).cloned().collect()
    }

    /// A background command: `... &`
    pub(super) fn stays(&self) -> bool {
        self.command.ends_with('&')
    }
}

impl Block {
    /// `PAGE:LINE`
    pub(super) fn name(&self) -> String {
        format!("{}:{}", short(&self.page), self.line)
    }
}

fn short(page: &Path) -> String {
    let name = page.file_name().expect("a page has a name");
    name.to_string_lossy().into_owned()
}

/// All console blocks of a page, or everything that is wrong with their marks.
pub(super) fn blocks(page: &Path) -> Result<Vec<Block>, Vec<String>> {
    let text = fs::read_to_string(page).expect("a page");
    let lines: Vec<&str> = text.lines().collect();
    let (mut blocks, mut wrong) = (Vec::new(), Vec::new());
    let mut mark: Option<(usize, Vec<&str>)> = None;
    let mut at = 0;
    while at < lines.len() {
        let line = lines[at];
        let place = |what: String| format!("{}:{}: {what}", short(page), at + 1);
        if let Some(first) = line.strip_prefix("<!-- run") {
            let from = at;
            while !lines[at].ends_with("-->") && at + 1 < lines.len() {
                at += 1;
            }
            let first = first.strip_suffix("-->").unwrap_or(first);
            let mut keys = vec![first];
            keys.extend(lines.get(from + 1..at).unwrap_or_default());
            mark = Some((from, keys));
        } else if line.starts_with("```") {
            let end = lines[at + 1..].iter().position(|l| *l == "```");
            let Some(end) = end.map(|end| at + 1 + end) else {
                wrong.push(place("a block without an end".to_owned()));
                break;
            };
            match (line, mark.take()) {
                ("```console", Some((_, keys))) => match marked(page, at, &keys) {
                    Ok(mut block) => {
                        block.steps = steps(page, &lines, at + 1..end);
                        blocks.push(block);
                    }
                    Err(what) => wrong.push(place(what)),
                },
                ("```console", None) => wrong.push(place(
                    "a console block without a mark `<!-- run -->` in the line before it"
                        .to_owned(),
                )),
                (_, Some(_)) => wrong.push(place("a mark before a block of text".to_owned())),
                (_, None) => {}
            }
            at = end;
        } else if let Some((from, _)) = mark.take() {
            wrong.push(format!(
                "{}:{}: a mark without a block in the next line",
                short(page),
                from + 1
            ));
        }
        at += 1;
    }
    if wrong.is_empty() {
        Ok(blocks)
    } else {
        Err(wrong)
    }
}

/// A block as its mark has it, without steps.
fn marked(page: &Path, at: usize, keys: &[&str]) -> Result<Block, String> {
    let mut block = Block {
        page: page.to_owned(),
        line: at + 1,
        before: String::new(),
        meanwhile: String::new(),
        screen: None,
        volatile: Volatile::default(),
        steps: Vec::new(),
    };
    for key in keys
        .iter()
        .map(|key| key.trim())
        .filter(|key| !key.is_empty())
    {
        let Some((name, value)) = key.split_once(':') else {
            return Err(format!("`{key}` has no `:`"));
        };
        match name {
            "before" => writeln!(block.before, "{value}").expect("a string takes it"),
            "meanwhile" => writeln!(block.meanwhile, "{value}").expect("a string takes it"),
            "volatile" => block.volatile = Volatile::parse(value)?,
            "screen" => {
                let size = value.trim().split_once('x');
                let size = size.and_then(|(x, y)| Some((x.parse().ok()?, y.parse().ok()?)));
                block.screen = Some(size.ok_or_else(|| format!("`{value}` is no size"))?);
            }
            _ => {
                return Err(format!(
                    "`{name}` is none of before, meanwhile, screen, volatile"
                ));
            }
        }
    }
    Ok(block)
}

/// The commands of a block: a line with a prompt, and what follows it.
fn steps(page: &Path, lines: &[&str], range: std::ops::Range<usize>) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let mut goes_on = false;
    for at in range {
        let line = lines[at];
        let prompt = line.strip_prefix("# ").or_else(|| line.strip_prefix("$ "));
        match (prompt, steps.last_mut()) {
            (_, Some(step)) if goes_on => {
                step.command.push('\n');
                step.command.push_str(line.trim());
                step.lines = at + 1..at + 1;
            }
            (Some(command), _) => steps.push(Step {
                page: page.to_owned(),
                root: line.starts_with('#'),
                command: command.to_owned(),
                lines: at + 1..at + 1,
                ..Step::default()
            }),
            (None, Some(step)) => {
                step.lines.end = at + 1;
                match (&mut step.after, line) {
                    (after @ None, "^C") => *after = Some(Vec::new()),
                    (Some(after), _) => after.push(line.to_owned()),
                    (None, _) => step.output.push(line.to_owned()),
                }
            }
            (None, None) => steps.push(Step {
                command: format!("false # no prompt: {line}"),
                ..Step::default()
            }),
        }
        let command = steps.last().map_or("", |step| &step.command);
        let is_command = steps.last().is_some_and(|step| step.lines.is_empty());
        goes_on = is_command && ["|", "\\", "&&"].iter().any(|end| command.ends_with(end));
    }
    steps
}

/// Writes what was printed into the pages, where nothing was cut.
pub(super) fn rewrite(printed: &[Printed]) {
    let whole = |one: &&Printed| {
        let expected = one.step.expected();
        one.step.after.is_none() && !expected.iter().any(|line| line.contains(CUT))
    };
    let mut changes: Vec<_> = printed.iter().filter(whole).collect();
    // From the end, so that the numbers of lines before stay right.
    changes.sort_by_key(|one| std::cmp::Reverse(one.step.lines.start));
    for one in changes {
        let text = fs::read_to_string(&one.step.page).expect("a page");
        let mut lines: Vec<&str> = text.lines().collect();
        let new = one.lines.iter().map(|line| line.trim_end());
        lines.splice(one.step.lines.clone(), new);
        fs::write(&one.step.page, lines.join("\n") + "\n").expect("a page is writable");
    }
}

#[test]
fn marks_and_steps() {
    let place = tests::Place::new();
    let page = place.join("p.md");
    fs::write(
        &page,
        "<!-- run\nbefore: a --b\nvolatile: time, /x+/\n-->\n```console\n# one |\n    two\nout\n^C\nend\n$ three\n```\n\
         ```sh\nfree\n```\n",
    )
    .expect("writable");
    let blocks = blocks(&page).expect("right");
    let [block] = &blocks[..] else {
        panic!("one block");
    };
    assert_eq!(
        (block.name().as_str(), block.before.as_str()),
        ("p.md:5", " a --b\n")
    );
    let [one, three] = &block.steps[..] else {
        panic!("two steps");
    };
    assert_eq!((one.root, one.command.as_str()), (true, "one |\ntwo"));
    assert_eq!(
        (one.output.len(), one.after.as_ref().map(Vec::len)),
        (1, Some(1))
    );
    assert_eq!((three.root, three.expected().len()), (false, 0));
    for wrong in [
        "```console\n# x\n```\n",
        "<!-- run -->\ntext\n",
        "<!-- run -->\n\n```console\n# x\n```\n",
        "<!-- run\nvolatile: nosuch\n-->\n```console\n# x\n```\n",
        "<!-- run\nnosuch: a\n-->\n```console\n# x\n```\n",
        "<!-- run -->\n```console\n# x\n",
    ] {
        fs::write(&page, wrong).expect("writable");
        assert!(super::page::blocks(&page).is_err(), "{wrong}");
    }
}
