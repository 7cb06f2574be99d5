//! What a manual page has beside what clap tells: examples and notes, exit codes, variables of the
//! environment, files, and other pages.

use clap::Command;
use clap_mangen::roff::{Roff, bold, italic, roman};

use super::complete::TRACER;
use crate::{
    cli::names,
    daemon::config::{self, Config},
};

/// The page whose table the exit codes are taken from.
const EXIT_CODES: &str = include_str!("../../../../docs/exit-codes.md");

/// Exit codes of the other names, where their help has none.
const OF_OTHER_NAMES: &[(&str, &[(&str, &str)])] = &[
    (
        "auditctl",
        &[("0", "done"), ("1", "no options"), ("255", "it failed")],
    ),
    (
        "aureport",
        &[("0", "done"), ("1", "the list is empty, or it failed")],
    ),
    (
        "ausearch",
        &[
            ("0", "events were found"),
            ("1", "none were, or it failed"),
            (
                "10, 11, 12",
                "--checkpoint: its log is gone, the file cannot be used, its event is gone",
            ),
        ],
    ),
    (
        "strace",
        &[
            ("1", "it failed"),
            (
                "other",
                "the command's own status; killed by a signal: strace ends by the same signal",
            ),
        ],
    ),
];

/// Who reads the daemon's configuration.
const OF_DAEMON: &[&str] = &[
    "auditctl", "aureport", "ausearch", "daemon", "message", "report", "rules", "search", "status",
    "verify",
];

/// Variables of the environment, what they do, and for which commands.
const VARIABLES: &[(&str, &str, &[&str])] = &[
    (
        config::VARIABLE,
        "The configuration file of the daemon.",
        OF_DAEMON,
    ),
    (
        "NO_COLOR",
        "Not empty: no colour, unless an option asks for it.",
        &["diff", "replay", "strace", "top", "trace", "watch"],
    ),
    (
        "PATH",
        "Where the command is looked for.",
        &["strace", "trace"],
    ),
    ("RSYNC_RSH", "What rsync connects by.", &["sync"]),
    (
        "XDG_STATE_HOME",
        "Where an ordinary user's queues are kept, below tracer/sync.",
        &["sync"],
    ),
];

/// Pages about the same, for each command.
const SEE: &[(&str, &[&str])] = &[
    (
        "auditctl",
        &["tracer-daemon(1)", "tracer-rules(1)", "tracer-rules(7)"],
    ),
    ("aureport", &["tracer-report(1)", "tracer-records(5)"]),
    ("ausearch", &["tracer-search(1)", "tracer-records(5)"]),
    (
        "daemon",
        &[
            "tracer-rules(1)",
            "tracer-status(1)",
            "tracer-message(1)",
            "tracer-rules(7)",
            "auditd(8)",
        ],
    ),
    ("diff", &["tracer-trace(1)", "tracer-replay(1)"]),
    ("inotifywait", &["tracer-watch(1)", "inotify(7)"]),
    ("inotifywatch", &["tracer-top(1)", "inotify(7)"]),
    ("message", &["tracer-daemon(1)"]),
    (
        "replay",
        &["tracer-trace(1)", "tracer-diff(1)", "tracer-records(5)"],
    ),
    (
        "report",
        &["tracer-search(1)", "tracer-records(5)", "aureport(8)"],
    ),
    (
        "rules",
        &["tracer-daemon(1)", "tracer-rules(7)", "auditctl(8)"],
    ),
    (
        "search",
        &[
            "tracer-report(1)",
            "tracer-verify(1)",
            "tracer-records(5)",
            "ausearch(8)",
        ],
    ),
    ("status", &["tracer-daemon(1)"]),
    ("strace", &["tracer-trace(1)"]),
    ("sync", &["rsync(1)"]),
    (
        "trace",
        &[
            "tracer-replay(1)",
            "tracer-diff(1)",
            "tracer-records(5)",
            "strace(1)",
        ],
    ),
    ("verify", &["tracer-daemon(1)", "tracer-search(1)"]),
    (
        "watch",
        &["tracer-top(1)", "tracer-records(5)", "inotifywait(1)"],
    ),
];

/// Names of tools for root alone.
const OF_ROOT: &[&str] = &["auditctl", "aureport", "ausearch"];

/// The section of the manual that a page is in.
pub(super) fn number(name: &str) -> &'static str {
    if OF_ROOT.contains(&name) { "8" } else { "1" }
}

/// `rules` of `tracer-rules-add`; another name for tracer is its own.
pub(super) fn tool(name: &str) -> &str {
    match name.split_once('-') {
        Some((TRACER, rest)) => rest.split('-').next().unwrap_or(rest),
        _ => name,
    }
}

/// A table of options, as the audit tools have them.
pub(super) fn options(roff: &mut Roff, rows: &[(String, &str)]) {
    roff.control("SH", ["OPTIONS"]);
    for (left, right) in rows {
        entry(roff, left, right);
    }
}

/// What a term is.
fn entry(roff: &mut Roff, term: &str, text: &str) {
    roff.control("TP", []);
    roff.text([bold(term)]);
    roff.text([roman(text)]);
}

/// Lines as they are.
pub(super) fn verbatim<'a>(
    roff: &mut Roff,
    heading: &str,
    lines: impl IntoIterator<Item = &'a str>,
) {
    roff.control("SH", [heading]);
    as_it_is(roff, lines);
}

fn as_it_is<'a>(roff: &mut Roff, lines: impl IntoIterator<Item = &'a str>) {
    roff.control("nf", []);
    for line in lines {
        roff.text([roman(line)]);
    }
    roff.control("fi", []);
}

/// What stands below the options in the help: `Examples:` and its like are headings, lines that are
/// indented stay as they are, and all else is text.
pub(super) fn after_help(roff: &mut Roff, text: &str) {
    let mut noted = false;
    for paragraph in text.trim().split("\n\n") {
        let (first, rest) = paragraph.split_once('\n').unwrap_or((paragraph, ""));
        if let Some(codes) = paragraph.strip_prefix("Exit status: ") {
            roff.control("SH", ["EXIT STATUS"]);
            roff.text([roman(codes)]);
            continue;
        }
        let heading = first.strip_suffix(':').filter(|words| !words.contains(' '));
        if let Some(heading) = heading {
            verbatim(roff, &heading.to_uppercase(), rest.lines().map(dedented));
            noted = false;
            continue;
        }
        if !paragraph.is_empty() {
            if noted {
                roff.control("PP", []);
            } else {
                roff.control("SH", ["NOTES"]);
            }
            noted = true;
            paragraph_of(roff, paragraph);
        }
    }
}

/// Text, and what is indented in it.
fn paragraph_of(roff: &mut Roff, paragraph: &str) {
    let lines: Vec<_> = paragraph.lines().collect();
    for chunk in lines.chunk_by(|one, next| one.starts_with(' ') == next.starts_with(' ')) {
        if chunk[0].starts_with(' ') {
            as_it_is(roff, chunk.iter().copied().map(dedented));
        } else {
            roff.text([roman(chunk.join(" "))]);
        }
    }
}

fn dedented(line: &str) -> &str {
    line.strip_prefix("  ").unwrap_or(line)
}

/// Exit codes, environment, files and other pages.
pub(super) fn of_command(roff: &mut Roff, name: &str, command: &Command) {
    let tool = tool(name);
    let is_other_name = names::all().any(|other| other == name);
    if !is_other_name {
        roff.control("SH", ["EXIT STATUS"]);
        for (code, means) in exit_codes(tool) {
            entry(roff, code, &means);
        }
    } else if let Some((_, codes)) = OF_OTHER_NAMES.iter().find(|(other, _)| *other == name) {
        roff.control("SH", ["EXIT STATUS"]);
        for (code, means) in *codes {
            entry(roff, code, means);
        }
    }
    let variables = VARIABLES.iter().filter(|(.., of)| of.contains(&tool));
    entries(
        roff,
        "ENVIRONMENT",
        variables.map(|(name, does, _)| (*name, *does)),
    );
    if OF_DAEMON.contains(&tool) {
        let settings = Config::default();
        let paths = [
            (
                config::DEFAULT_PATH.to_owned(),
                "configuration of the daemon",
            ),
            (
                config::DEFAULT_RULES.to_owned(),
                "files of rules, NAME.rules",
            ),
            (settings.log_file.display().to_string(), "the log"),
            (
                settings.control_socket.display().to_string(),
                "where the daemon is asked",
            ),
        ];
        let paths = paths.iter().map(|(path, is)| (path.as_str(), *is));
        entries(roff, "FILES", paths);
    }
    see_also(roff, name, command);
}

fn entries<'a>(roff: &mut Roff, heading: &str, entries: impl Iterator<Item = (&'a str, &'a str)>) {
    for (at, (term, text)) in entries.enumerate() {
        if at == 0 {
            roff.control("SH", [heading]);
        }
        entry(roff, term, text);
    }
}

/// The codes that a command can end with: rows of the page that begin with the names of commands are
/// about these.
fn exit_codes(tool: &str) -> impl Iterator<Item = (&'static str, String)> {
    let rows = EXIT_CODES
        .lines()
        .skip_while(|line| !line.starts_with("|--"));
    let rows = rows.skip(1).take_while(|line| line.starts_with('|'));
    rows.filter_map(move |row| {
        let mut cells = row.trim_matches('|').split(" | ").map(str::trim);
        let (code, means) = (cells.next()?, cells.next()?);
        let about = means.split_once(": ").map_or("", |(about, _)| about);
        let mut commands = about.split('`').skip(1).step_by(2);
        let is_meant = !means.starts_with('`')
            || commands.any(|command| command.split(' ').next() == Some(tool));
        is_meant.then(|| (code, means.replace('`', "")))
    })
}

fn see_also(roff: &mut Roff, name: &str, command: &Command) {
    let pages = SEE.iter().find(|(of, _)| *of == tool(name));
    let mut pages: Vec<String> = pages
        .map_or(&[][..], |(_, pages)| pages)
        .iter()
        .map(|page| (*page).to_owned())
        .collect();
    if name == TRACER {
        let below = command
            .get_subcommands()
            .filter(|below| !below.is_hide_set());
        pages.extend(below.map(|below| format!("{TRACER}-{}(1)", below.get_name())));
        pages.extend(["tracer-records(5)", "tracer-rules(7)"].map(str::to_owned));
    } else {
        pages.insert(0, format!("{TRACER}(1)"));
    }
    roff.control("SH", ["SEE ALSO"]);
    let mut line = Vec::new();
    for (at, page) in pages.iter().enumerate() {
        let (page, section) = page.split_at(page.len() - "(1)".len());
        if at > 0 {
            line.push(roman(", "));
        }
        line.extend([bold(page), roman(section)]);
    }
    roff.text(line);
    roff.control("PP", []);
    roff.text([
        roman("Pages about everything: "),
        italic("/usr/share/doc/tracer"),
        roman("."),
    ]);
}
