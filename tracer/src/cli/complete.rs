//! Completions: what a shell is told when a word is to be completed, values included, and how to
//! install them. The shell asks this program itself, so that it also hears of the daemon's rules.

use std::{collections::BTreeSet, ffi::OsStr, fmt::Write as _, io::Write as _};

use clap::CommandFactory;
use clap_complete::{
    CompleteEnv, Shell,
    engine::{CompletionCandidate, PathCompleter, ValueCompleter},
    env::Shells,
};

use super::{
    args::Cli, ask::DaemonPlace, audit, exit::Failure, inotify_tools, names, parse, started, strace,
};
use crate::{
    calls::{CallSet, Op},
    daemon::sockets::Request,
    decode::Descriptors,
    rules::{SignalSet, Status, field::Field, preset::PRESETS},
};

/// The name of the program itself.
pub(super) const TRACER: &str = "tracer";

/// Answers a shell, if one asks (`COMPLETE`), and ends the program then.
pub(super) fn answer() {
    if std::env::var_os("COMPLETE").is_none() {
        return;
    }
    let words: Vec<String> = std::env::args_os()
        .skip_while(|word| word != "--")
        .skip(1)
        .map(|word| word.to_string_lossy().into_owned())
        .collect();
    let index = std::env::var("_CLAP_COMPLETE_INDEX").ok();
    let index = index.and_then(|index| index.parse().ok());
    let index = index.unwrap_or(words.len().saturating_sub(1));
    let found = of_audit_tools(&words, index).or_else(|| of_command(&words, index));
    if let Some(candidates) = found {
        let separator = std::env::var("_CLAP_IFS").unwrap_or_else(|_| "\n".to_owned());
        let _ = std::io::stdout().write_all(candidates.join(&separator).as_bytes());
        std::process::exit(0);
    }
    let called = words.first().and_then(|word| names::of(word.as_ref()));
    CompleteEnv::with_factory(|| command(called)).complete();
}

/// The command line of the program that is called so; tracer's has the others in it.
fn command(called: Option<&'static str>) -> clap::Command {
    called.and_then(known).unwrap_or_else(|| {
        let others = names::all().map(|name| alone(name).hide(true));
        Cli::command().subcommands(others)
    })
}

/// The command line of another name, as far as clap knows it.
pub(super) fn alone(name: &'static str) -> clap::Command {
    known(name).unwrap_or_else(|| clap::Command::new(name))
}

fn known(name: &str) -> Option<clap::Command> {
    Some(match name {
        "inotifywait" => inotify_tools::wait_command(),
        "inotifywatch" => inotify_tools::watch_command(),
        "strace" => strace::command(),
        _ => return None,
    })
}

/// The script that a shell reads once for the command of this name, with how to install it at its top.
pub(super) fn script(shell: Shell, of: &str) -> Result<Vec<u8>, Failure> {
    let (name, place) = match shell {
        Shell::Bash => (
            "bash",
            format!("> ~/.local/share/bash-completion/completions/{of}"),
        ),
        Shell::Zsh => (
            "zsh",
            format!("> DIR/_{of}, with a DIR of $fpath; then start a new shell"),
        ),
        Shell::Fish => ("fish", format!("> ~/.config/fish/completions/{of}.fish")),
        Shell::Elvish => ("elvish", ">> ~/.config/elvish/rc.elv".to_owned()),
        Shell::PowerShell => ("powershell", ">> $PROFILE".to_owned()),
        _ => return Err(Failure::usage("there are no completions for this shell")),
    };
    let shells = Shells::builtins();
    let Some(completer) = shells.completer(name) else {
        return Err(Failure::usage("there are no completions for this shell"));
    };
    let mut script = Vec::new();
    // What has another of its names may be the tool itself, which would run what is only typed.
    completer.write_registration("COMPLETE", of, of, TRACER, &mut script)?;
    // zsh wants `#compdef` in the first line.
    let text = String::from_utf8_lossy(&script);
    let (first, rest) = text.split_once('\n').unwrap_or((&text, ""));
    let arguments = if of == TRACER {
        name.to_owned()
    } else {
        format!("{name} {of}")
    };
    let note = format!("# To install: tracer completions {arguments} {place}\n");
    Ok(if first.starts_with("#compdef") {
        format!("{first}\n{note}{rest}").into_bytes()
    } else {
        format!("{note}{text}").into_bytes()
    })
}

/// Completes the last of several values with commas between them. `sets`: words that may stand
/// before, with `=` behind them, each with its own values.
fn lists(current: &OsStr, words: &[String]) -> Vec<CompletionCandidate> {
    let Some(current) = current.to_str() else {
        return Vec::new();
    };
    let done = current.rfind([',', '=', '!']).map_or(0, |at| at + 1);
    let (before, begun) = current.split_at(done);
    let fitting = words.iter().filter(|word| word.starts_with(begun));
    fitting
        .map(|word| CompletionCandidate::new(format!("{before}{word}")))
        .collect()
}

fn strings<'a>(words: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    words.into_iter().map(str::to_owned).collect()
}

/// `--op` of trace.
pub(super) fn ops(current: &OsStr) -> Vec<CompletionCandidate> {
    let ops = Op::ALL.into_iter().filter(|op| *op != Op::Close);
    lists(current, &strings(ops.map(Op::as_str)))
}

/// `--op` of watch.
pub(super) fn watch_ops(current: &OsStr) -> Vec<CompletionCandidate> {
    lists(current, &strings(parse::WATCH_OPS.map(Op::as_str)))
}

/// `--event` of watch.
pub(super) fn events(current: &OsStr) -> Vec<CompletionCandidate> {
    lists(current, &crate::event::notice::known_names())
}

/// Names of presets.
pub(super) fn presets(current: &OsStr) -> Vec<CompletionCandidate> {
    lists(current, &strings(PRESETS.iter().map(|preset| preset.name)))
}

/// `--format`.
pub(super) fn formats(current: &OsStr) -> Vec<CompletionCandidate> {
    lists(
        current,
        &strings(parse::FORMATS.iter().map(|(name, _)| *name)),
    )
}

/// `-e`: calls and sets of calls; behind `status=` and its like, their words.
pub(super) fn expressions(current: &OsStr) -> Vec<CompletionCandidate> {
    let text = current.to_string_lossy();
    let words = match text.split_once('=').map(|(name, _)| name) {
        Some("status") => statuses(),
        Some("signal") => signals(),
        Some("quiet") => strings(["attach", "exit", "all", "none"]),
        Some("decode-fds") => strings(Descriptors::words().chain(["all", "none"])),
        Some(_) => strings(CallSet::known_words()),
        None => {
            let prefixes = ["trace=", "status=", "signal=", "quiet=", "decode-fds="];
            strings(CallSet::known_words().chain(prefixes))
        }
    };
    lists(current, &words)
}

fn statuses() -> Vec<String> {
    let words = Status::ALL.iter().map(|(_, word)| *word);
    strings(words.chain(["all", "none"]))
}

fn signals() -> Vec<String> {
    strings(SignalSet::known_names())
}

/// `--status`.
pub(super) fn status(current: &OsStr) -> Vec<CompletionCandidate> {
    lists(current, &statuses())
}

/// `--signal`.
pub(super) fn signal(current: &OsStr) -> Vec<CompletionCandidate> {
    lists(current, &signals())
}

/// `--decode-fds`.
pub(super) fn descriptors(current: &OsStr) -> Vec<CompletionCandidate> {
    lists(
        current,
        &strings(Descriptors::words().chain(["all", "none"])),
    )
}

/// Keys of the rules that are in force; none where nobody can be asked.
pub(super) fn keys(current: &OsStr) -> Vec<CompletionCandidate> {
    lists(current, &keys_in_force())
}

fn keys_in_force() -> Vec<String> {
    let place = DaemonPlace {
        config: std::env::var_os("TRACER_CONFIG").map(Into::into),
    };
    let Ok(answer) = place.ask(&Request::Auditctl(vec!["-l".to_owned()])) else {
        return Vec::new();
    };
    let mut keys: Vec<String> = Vec::new();
    for line in &answer.out {
        let words: Vec<_> = line.split_whitespace().collect();
        for (at, word) in words.iter().enumerate() {
            let key = match (*word, words.get(at + 1)) {
                ("-k", Some(key)) => Some(*key),
                (word, _) => word.strip_prefix("key="),
            };
            keys.extend(key.map(str::to_owned));
        }
    }
    keys.sort();
    keys.dedup();
    keys
}

/// Completions of what takes the options of the audit tools, which clap does not know: the rules of
/// `rules add`, `search` and `report`.
fn of_audit_tools(words: &[String], index: usize) -> Option<Vec<String>> {
    let word = |at: usize| words.get(at).map(String::as_str);
    let current = word(index).unwrap_or_default();
    let before = index.checked_sub(1).and_then(word).unwrap_or_default();
    let called = names::of(word(0)?.as_ref());
    let (tool, at) = match called {
        Some(tool) => (tool, 0),
        None => (word(1)?, 1),
    };
    let all = match (tool, word(2)) {
        ("search" | "ausearch", _) if index > at => match before {
            "-k" | "--key" => keys_in_force(),
            "--format" => strings(audit::search::FORMATS.iter().copied()),
            "-sv" | "--success" => strings(["yes", "no"]),
            _ => strings(audit::search::names()),
        },
        ("report" | "aureport", _) if index > at => strings(audit::report::names()),
        ("rules", Some("add" | "delete")) if index > 2 => {
            of_rules(before).unwrap_or_else(|| strings(RULE_OPTIONS))
        }
        ("auditctl", _) if index > at => of_rules(before)
            .unwrap_or_else(|| strings(RULE_OPTIONS.into_iter().chain(CONTROL_OPTIONS))),
        _ => return None,
    };
    let fitting = all.into_iter().filter(|value| value.starts_with(current));
    Some(fitting.collect())
}

/// Completions of a command that is traced: its name, then files, as bash has them by itself.
fn of_command(words: &[String], index: usize) -> Option<Vec<String>> {
    let called = names::of(words.first()?.as_ref());
    let (mut options, from) = match (called, words.get(1).map(String::as_str)) {
        (Some("strace"), _) => (strace::command(), 1),
        (None, Some("strace")) => (strace::command(), 2),
        (None, Some("trace")) => (Cli::command().find_subcommand("trace")?.clone(), 2),
        _ => return None,
    };
    options.build();
    let current = words.get(index)?;
    let begins = begin_of_command(&options, words.get(from..index)?).map(|at| from + at);
    let files = || {
        let found = PathCompleter::any().complete(OsStr::new(current));
        let texts = found.iter().map(|file| file.get_value().to_string_lossy());
        texts.map(std::borrow::Cow::into_owned).collect()
    };
    match begins? {
        at if at < index => Some(files()),
        _ if current.starts_with('-') => None,
        _ if current.contains('/') => Some(files()),
        _ => Some(programs(current)),
    }
}

/// Where the command begins in these words, or right behind them; not where an option wants a value.
fn begin_of_command(options: &clap::Command, words: &[String]) -> Option<usize> {
    let wants_value =
        |arg: &clap::Arg| arg.get_action().takes_values() && !arg.is_require_equals_set();
    let mut at = 0;
    while let Some(word) = words.get(at) {
        at += 1;
        let mut letters = word.strip_prefix('-').unwrap_or_default().chars();
        let wants = if word == "--" {
            return Some(at);
        } else if let Some(long) = word.strip_prefix("--") {
            let mut all = options.get_arguments();
            all.find(|arg| {
                let names = arg.get_long_and_visible_aliases().unwrap_or_default();
                names.contains(&long) && wants_value(arg)
            })
            .is_some()
        } else if word.len() > 1 && word.starts_with('-') {
            let of = |letter| {
                options
                    .get_arguments()
                    .find(|arg| arg.get_short() == Some(letter))
            };
            let valued = letters.find(|letter| of(*letter).is_some_and(wants_value));
            valued.is_some() && letters.as_str().is_empty()
        } else {
            return Some(at - 1);
        };
        if wants {
            if at == words.len() {
                return None;
            }
            at += 1;
        }
    }
    Some(at)
}

/// The programs in `PATH` whose names begin so.
fn programs(begun: &str) -> Vec<String> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let entries = std::env::split_paths(&path).filter_map(|dir| dir.read_dir().ok());
    let named = entries.flatten().filter_map(|entry| {
        let entry = entry.ok()?;
        let name = entry.file_name().into_string().ok()?;
        let is_one = name.starts_with(begun) && started::is_program(&entry.path());
        is_one.then_some(name)
    });
    named.collect::<BTreeSet<_>>().into_iter().collect()
}

/// Options that rules are made of.
const RULE_OPTIONS: [&str; 11] = [
    "-a", "-A", "-d", "-D", "-w", "-W", "-S", "-F", "-C", "-p", "-k",
];

/// What else auditctl takes.
const CONTROL_OPTIONS: [&str; 17] = [
    "-b",
    "-c",
    "-e",
    "-f",
    "-h",
    "-i",
    "-l",
    "-m",
    "-r",
    "-R",
    "-s",
    "-t",
    "-v",
    "--backlog_wait_time",
    "--reset-lost",
    "--reset_backlog_wait_time_actual",
    "--signal",
];

/// What may follow an option of a rule.
fn of_rules(option: &str) -> Option<Vec<String>> {
    Some(match option {
        "-F" | "-C" => Field::ALL
            .iter()
            .map(|field| format!("{}=", field.as_str()))
            .collect(),
        "-S" => strings(CallSet::known_calls()),
        "-a" | "-A" | "-d" => strings([
            "always,exit",
            "never,exit",
            "always,exclude",
            "never,exclude",
            "always,filesystem",
            "never,filesystem",
        ]),
        "-p" => strings(["r", "w", "x", "a", "wa", "rwxa"]),
        "-k" => keys_in_force(),
        // Files and texts, which the shell may know.
        "-w" | "-W" | "-R" | "-m" => Vec::new(),
        _ => return None,
    })
}

/// What `--version` says.
pub(super) fn version() -> &'static str {
    use std::sync::LazyLock;
    static TEXT: LazyLock<String> = LazyLock::new(|| {
        let mut text = String::from(env!("CARGO_PKG_VERSION"));
        let (last, name) = CallSet::newest_call();
        let _ = write!(
            text,
            "\ncommit:     {}\nfeatures:   eBPF, fanotify, inotify, io_uring, audit logs, recordings \
             (version {}), rsync\nkernel ABI: {}; Linux 5.10 or newer with BTF for eBPF; system calls \
             up to {last} ({name})",
            env!("TRACER_COMMIT"),
            crate::recording::VERSION,
            ABI,
        );
        text
    });
    &TEXT
}

#[cfg(target_arch = "x86_64")]
const ABI: &str = "x86_64, with calls of i386 and x32 programs";
#[cfg(not(target_arch = "x86_64"))]
const ABI: &str = std::env::consts::ARCH;
