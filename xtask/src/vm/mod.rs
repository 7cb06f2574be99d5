//! `cargo xtask vm`: the integration tests on other kernels, each booted in a throw-away virtual
//! machine whose whole system is in its memory.
//!
//! There is no second set of tests for this: what runs there are the test programs of the package
//! `tests`, with the release build of tracer. Times measured in there say nothing.

use std::{collections::BTreeSet, fmt::Write as _, path::PathBuf, process::Command};

use anyhow::{Context as _, Result, bail};

use crate::{
    args::VmArgs,
    build::{self, Profile},
    dist,
    machine::Machine,
    setup, shell,
};

mod guest;
mod initramfs;
mod kernels;

pub(crate) use kernels::system;

use guest::{Guest, Outcome};
use initramfs::Tree;
use kernels::Kernel;

/// What the host needs for it.
const PACKAGES: &[&str] = &["busybox-static", "binutils"];
/// What a person does, in shell.
const TRIAL: &str = include_str!("trial.sh");
/// Where the programs lie in the guest: tests look for the fixture above their own directory.
const HOME: &str = "/tracer";
/// The modules of tests that run by default: every family of calls, every shape of paths and names,
/// every filter, a watch, `io_uring` and the report on the machine.
const SUITES: &[&str] = &[
    "families", "shapes", "names", "filters", "watch", "io_uring", "doctor",
];

/// `cargo xtask vm`.
pub(crate) fn command(args: &VmArgs) -> Result<()> {
    let machine = args.machine.map_or_else(Machine::here, Ok)?;
    setup::install(PACKAGES)?;
    setup::install(&[match machine {
        Machine::X86_64 => "qemu-system-x86",
        Machine::Aarch64 => "qemu-system-arm",
    }])?;
    let mut dir = shell::target_dir()?.join("vm");
    if !machine.is_here() {
        dir.push(machine.name());
    }
    let series = if args.kernels.is_empty() {
        kernels::SERIES.map(str::to_owned).to_vec()
    } else {
        args.kernels.clone()
    };
    let kernels = kernels::fetch(&dir, machine, &series)?;
    let tree = if machine.is_here() {
        let mut tree = Tree::new(None)?;
        add_programs(&mut tree, args)?;
        tree
    } else {
        let mut tree = Tree::new(Some(&system(&dir, machine)?))?;
        add_tracer(&mut tree, args, machine)?;
        tree
    };
    let (script, suites) = match (args.run.is_empty(), machine.is_here()) {
        (true, true) => (script(&args.suites())?, args.suites()),
        (true, false) => (script(&[])? + TRIAL, Vec::new()),
        (false, _) => (args.run.join(" "), Vec::new()),
    };
    let mut rows = Vec::new();
    for kernel in &kernels {
        let guest = Guest {
            machine,
            kernel,
            tree: &tree,
            seconds: args.timeout,
        };
        let outcome = guest.run(&script)?;
        if suites.is_empty() {
            println!("{}", outcome.said);
        }
        rows.push(Row::of(kernel, &outcome, &suites));
    }
    print_table(&rows, &suites);
    if rows.iter().all(|row| row.good) {
        Ok(())
    } else {
        bail!("not every kernel did everything")
    }
}

impl VmArgs {
    fn suites(&self) -> Vec<&str> {
        if self.test.is_empty() {
            SUITES.to_vec()
        } else {
            self.test.iter().map(String::as_str).collect()
        }
    }

    /// The test programs that have the suites.
    fn programs(&self) -> Result<BTreeSet<String>> {
        self.suites().into_iter().map(program_of).collect()
    }
}

/// tracer, built for another machine.
fn add_tracer(tree: &mut Tree, args: &VmArgs, machine: Machine) -> Result<()> {
    let program = match &args.tracer {
        Some(file) => file.clone(),
        None => dist::binary(machine)?,
    };
    let staging = tempfile::tempdir()?;
    let stripped = staging.path().join("tracer");
    std::fs::copy(&program, &stripped).with_context(|| program.display().to_string())?;
    shell::run(&mut machine.strip(&stripped))?;
    tree.program(&stripped, &format!("{HOME}/tracer"))
}

/// tracer, the fixture and the test programs, without their debug information.
fn add_programs(tree: &mut Tree, args: &VmArgs) -> Result<()> {
    let tracer = match &args.tracer {
        Some(file) => file.clone(),
        None => build::tracer(Profile::Release)?,
    };
    let staging = tempfile::tempdir()?;
    let mut add = |program: PathBuf, name: &str| -> Result<()> {
        let stripped = staging.path().join("stripped");
        shell::run(Command::new("strip").arg("-o").arg(&stripped).arg(&program))?;
        tree.program(&stripped, &format!("{HOME}/{name}"))
    };
    add(tracer, "tracer")?;
    let (fixture, suites) = test_programs()?;
    add(fixture, "fixture")?;
    for name in args.programs()? {
        let (_, program) = suites
            .iter()
            .find(|(suite, _)| *suite == name)
            .with_context(|| format!("the package `tests` has no program {name}"))?;
        add(program.clone(), &format!("deps/{name}"))?;
    }
    Ok(())
}

/// The test program that a module of tests is in: the directory of its file.
fn program_of(suite: &str) -> Result<String> {
    let tests = shell::root().join("tests/tests");
    let file = format!("{suite}.rs");
    for entry in std::fs::read_dir(&tests)? {
        let dir = entry?;
        if dir.path().join(&file).is_file() {
            return Ok(dir.file_name().to_string_lossy().into_owned());
        }
    }
    bail!("no test program has a module {suite}: there is no tests/tests/*/{file}")
}

/// Builds the package `tests`: the fixture, and each test program with its name.
fn test_programs() -> Result<(PathBuf, Vec<(String, PathBuf)>)> {
    let messages = shell::output(shell::cargo().args([
        "test",
        "--no-run",
        "--package",
        "tests",
        "--message-format",
        "json",
        "--quiet",
    ]))?;
    let (mut fixture, mut suites) = (None, Vec::new());
    for line in messages.lines() {
        let message: serde_json::Value =
            serde_json::from_str(line).context("cargo's message is not JSON")?;
        let Some(program) = message["executable"].as_str() else {
            continue;
        };
        let name = message["target"]["name"].as_str().unwrap_or_default();
        match message["target"]["kind"][0].as_str() {
            // Its own tests are a program of the same name.
            Some("bin") if message["profile"]["test"] == false => {
                fixture = Some(PathBuf::from(program));
            }
            Some("test") => suites.push((name.to_owned(), PathBuf::from(program))),
            _ => {}
        }
    }
    Ok((fixture.context("cargo built no fixture")?, suites))
}

/// What the guest does: reports on the machine, loads everything and asks the verifier how much
/// it looked at, runs the tests.
fn script(suites: &[&str]) -> Result<String> {
    let mut script = String::from(
        "tracer doctor\n\
         for what in 'watch /etc' 'trace -e all'; do\n\
         tracer $what -o /dev/null 2>/tmp/said &\n\
         pid=$!\n\
         until grep -q ready /tmp/said || ! kill -0 $pid 2>/dev/null; do usleep 10000; done\n\
         grep -s -H verified_insns /proc/$pid/fdinfo/* | sed \"s,.*:,verified: ${what%% *},\"\n\
         kill -INT $pid; wait $pid\n\
         done\n",
    );
    // tracer raises the limit for itself; the tests' own question to the kernel does not.
    script += "ulimit -l unlimited\n";
    for suite in suites {
        let program = program_of(suite)?;
        let _ = writeln!(
            script,
            "echo '## {suite}'\n\
             deps/{program} {suite}:: --test-threads=2 2>&1; echo \"## {suite} $?\""
        );
    }
    Ok(script)
}

/// What came of one kernel.
struct Row {
    release: String,
    good: bool,
    cells: Vec<String>,
}

impl Row {
    fn of(kernel: &Kernel, outcome: &Outcome, suites: &[&str]) -> Self {
        let said = &outcome.said;
        let mut good = outcome.status == Ok(0);
        let verified = |what: &str| {
            let lead = format!("verified: {what}");
            let counts = said
                .lines()
                .filter_map(|line| line.strip_prefix(&lead)?.trim().parse::<u64>().ok());
            counts
                .max()
                .map_or("not shown".to_owned(), |n| n.to_string())
        };
        let mut cells = vec![match &outcome.status {
            Ok(_) => format!("{} s", outcome.seconds),
            Err(why) => why.clone(),
        }];
        if !suites.is_empty() {
            let ebpf = said.lines().find_map(|line| line.strip_prefix("eBPF "));
            cells.push(
                ebpf.and_then(|rest| {
                    rest.split("  ")
                        .map(str::trim)
                        .find(|word| !word.is_empty())
                })
                .unwrap_or("?")
                .to_owned(),
            );
            cells.extend([verified("watch"), verified("trace")]);
        }
        for suite in suites {
            let passed = said.contains(&format!("## {suite} 0\n"));
            good &= passed;
            cells.push(tally(said, suite).unwrap_or_else(|| "did not run".to_owned()));
            if !passed {
                eprintln!("{}: {suite}:\n{}", kernel.series, section(said, suite));
            }
        }
        if outcome.status != Ok(0) {
            eprintln!(
                "{}: said:\n{said}\nconsole:\n{}",
                kernel.series, outcome.console
            );
        }
        Self {
            release: kernel.release.clone(),
            good,
            cells,
        }
    }
}

/// What a suite said.
fn section<'a>(said: &'a str, suite: &str) -> &'a str {
    let lead = format!("## {suite}\n");
    let text = said.find(&lead).map_or("", |at| &said[at + lead.len()..]);
    text.split("\n## ").next().unwrap_or(text)
}

/// `23 passed; 0 failed` of a suite.
fn tally(said: &str, suite: &str) -> Option<String> {
    let line = section(said, suite)
        .lines()
        .find_map(|line| line.strip_prefix("test result: "))?;
    let counts: Vec<_> = line
        .split(['.', ';'])
        .map(str::trim)
        .filter(|part| part.ends_with("passed") || part.ends_with("failed"))
        .collect();
    Some(counts.join(", "))
}

fn print_table(rows: &[Row], suites: &[&str]) {
    let mut titles = vec!["whole run"];
    if !suites.is_empty() {
        titles.extend(["eBPF", "verified: watch", "verified: trace -e all"]);
        titles.extend(suites);
    }
    println!("| Kernel | {} |", titles.join(" | "));
    println!("|{}", "---|".repeat(titles.len() + 1));
    for row in rows {
        println!("| {} | {} |", row.release, row.cells.join(" | "));
    }
}
