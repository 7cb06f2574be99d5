//! The manual pages that tracer writes, held against its help.

use std::{collections::BTreeSet, fs};

use tests::{Place, run_to_end, tracer_command};

/// What a command prints.
fn printed(args: &[&str]) -> String {
    let outcome = run_to_end(&mut tracer_command(args)).ended(0);
    String::from_utf8_lossy(&outcome.stdout).into_owned()
}

/// The page of a command, without what only a reader of pages needs.
fn page(command: &[&str]) -> String {
    let text = printed(&[&["man"], command].concat());
    text.replace("\\-", "-").replace("\\*(Aq", "'")
}

/// The commands that a help lists.
fn commands(help: &str) -> Vec<&str> {
    let list = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    list.take_while(|line| !line.is_empty())
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
        .collect()
}

/// The long options that a help describes.
fn options(help: &str) -> BTreeSet<&str> {
    let begins = |line: &&str| line.trim_start().starts_with('-') && line.starts_with("  ");
    let words = help.lines().filter(begins).flat_map(|line| {
        let left = line.trim_start().split("  ").next().unwrap_or_default();
        left.split([' ', ',', '=', '['])
            .filter(|word| word.starts_with("--"))
    });
    words.map(|word| word.trim_end_matches("...")).collect()
}

/// Every command, those below `rules` too, has a page with each of its options.
#[test]
fn a_page_has_every_option_of_the_help() {
    let whole = printed(&["--help"]);
    let mut all: Vec<Vec<&str>> = commands(&whole)
        .into_iter()
        .map(|name| vec![name])
        .collect();
    let below = printed(&["rules", "--help"]);
    all.extend(commands(&below).into_iter().map(|name| vec!["rules", name]));
    assert!(all.len() > 15, "{whole}");
    let others = [
        "ausearch",
        "aureport",
        "inotifywait",
        "inotifywatch",
        "strace",
    ];
    all.extend(others.map(|name| vec![name]));
    for command in &all {
        // `help` of the tools that have no --help; inotify-tools' help is no success.
        let outcome = run_to_end(&mut tracer_command([&command[..], &["--help"]].concat()));
        let help = String::from_utf8_lossy(&outcome.stdout).into_owned();
        let page = page(command);
        let options = options(&help);
        assert!(!options.is_empty(), "{command:?}: {outcome:?}");
        for option in options {
            assert!(page.contains(option), "{command:?}: {option} in {page}");
        }
        for heading in ["NAME", "SYNOPSIS", "\"EXIT STATUS\"", "\"SEE ALSO\""] {
            let heading = format!("\n.SH {heading}\n");
            assert!(page.contains(&heading), "{command:?}: {heading} in {page}");
        }
    }
}

/// Beside options, a page has the examples as they are, the exit codes of its command and no others,
/// variables, files, and other pages.
#[test]
fn a_page_has_more_than_options() {
    let text = page(&["search"]);
    for wanted in [
        ".SH EXAMPLES\n.nf\ntracer search -k passwd-changes -i  ",
        "no event was found",
        "TRACER_CONFIG",
        ".SH FILES\n",
        "tracer-records",
        "ausearch",
    ] {
        assert!(text.contains(wanted), "{wanted} in {text}");
    }
    assert!(!text.contains("is no recording"), "{text}");
    assert!(page(&["replay"]).contains("is no recording"));
}

/// All pages at once, each in the directory of its section.
#[test]
fn pages_of_all_commands() {
    let place = Place::new();
    let dir = place.path().to_str().expect("UTF-8");
    let _ = printed(&["man", "--dir", dir]);
    for (file, title) in [
        ("man1/tracer.1", ".TH TRACER 1 "),
        ("man1/tracer-rules-add.1", ".TH TRACER-RULES-ADD 1 "),
        ("man8/auditctl.8", ".TH AUDITCTL 8 "),
    ] {
        let text = fs::read_to_string(place.join(file)).expect(file);
        assert!(text.replace("\\-", "-").contains(title), "{text}");
    }
    let outcome = run_to_end(&mut tracer_command(["man", "nosuch"])).ended(2);
    assert!(
        outcome.stderr.contains("no command `nosuch`"),
        "{outcome:?}"
    );
    let outcome = run_to_end(&mut tracer_command(["man", "--dir", "/dev/null/x"])).ended(1);
    assert!(outcome.stderr.contains("/dev/null/x"), "{outcome:?}");
}
