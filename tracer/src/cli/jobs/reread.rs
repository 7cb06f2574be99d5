//! Programs that read the words of a command once more: shells, what gives its words to a shell,
//! splitters, interpreters. What is filled in there would become a part of a program.

use std::{ffi::OsStr, path::Path};

use super::template::{PATHS, places};

/// Shells whose `-c` is followed by a program.
const SHELLS: [&str; 11] = [
    "sh", "bash", "rbash", "dash", "ash", "zsh", "ksh", "mksh", "csh", "tcsh", "fish",
];

/// What starts a shell for the program behind its `-c`, which may stand behind other words.
const STARTERS: [&str; 4] = ["su", "runuser", "script", "flock"];

/// Put their words together for a shell at the other end.
const REMOTE: [&str; 12] = [
    "ssh",
    "slogin",
    "autossh",
    "rsh",
    "remsh",
    "mosh",
    "pssh",
    "parallel-ssh",
    "pdsh",
    "dsh",
    "clush",
    "adb",
];

/// Interpreters, their options that are followed by a program, and those with a word of their own.
const INTERPRETERS: [(&str, &[&str], &[&str]); 8] = [
    ("python", &["c"], &["W", "X", "m"]),
    ("pypy", &["c"], &["W", "X", "m"]),
    ("perl", &["e", "E"], &["I", "M", "m"]),
    ("ruby", &["e"], &["C", "I", "r"]),
    ("node", &["e", "p", "eval", "print"], &["r", "require"]),
    ("nodejs", &["e", "p", "eval", "print"], &["r", "require"]),
    ("php", &["r"], &["c", "d"]),
    ("lua", &["e"], &["l"]),
];

/// Start the program that stands behind their own options.
const WRAPPERS: [&str; 44] = [
    "busybox",
    "chroot",
    "chrt",
    "docker",
    "doas",
    "env",
    "find",
    "flock",
    "ionice",
    "ip",
    "kubectl",
    "lxc",
    "lxc-attach",
    "ltrace",
    "machinectl",
    "nerdctl",
    "nice",
    "nohup",
    "nsenter",
    "numactl",
    "oc",
    "parallel",
    "perf",
    "pkexec",
    "podman",
    "prlimit",
    "runuser",
    "script",
    "setpriv",
    "setsid",
    "sshpass",
    "stdbuf",
    "strace",
    "su",
    "sudo",
    "systemd-cat",
    "systemd-inhibit",
    "systemd-run",
    "taskset",
    "time",
    "timeout",
    "toybox",
    "unshare",
    "xargs",
];

/// Who would read a place once more.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Reader {
    /// A shell, as a part of its program.
    Shell,
    /// A shell at the other end of this program.
    Remote(String),
    /// A shell that this program gives its words to, and how it gives them to none.
    Local(String, &'static str),
    /// This option of env(1), which makes words of it.
    Splitter,
    /// This interpreter, as a part of its program.
    Interpreter(String),
    /// make(1), which looks for variables and functions in it.
    Make,
}

/// The first place that would be read once more: why that is refused, and what to do.
pub(super) fn refusal(words: &[String]) -> Option<String> {
    let (reader, place) = first(words)?;
    let variable = format!(
        "\"$TRACER_{}\"",
        place.trim_matches(['{', '}']).to_uppercase()
    );
    let arguments = if place == PATHS { "$@" } else { "$1" };
    Some(match reader {
        Reader::Shell => format!(
            "`{place}` would become part of the shell's program, and a file name could run \
             anything: pass it as an argument, as in --exec 'sh -c \"gzip \\\"{arguments}\\\"\" sh \
             {place}', or use {variable}"
        ),
        Reader::Remote(name) => format!(
            "`{place}` would be read by a shell at the other end of {name}, and a file name could \
             run anything there: send it as data, as in --exec 'sh -c \"printf \\\"%s\\0\\\" \
             \\\"{arguments}\\\" | {name} HOST xargs -0 gzip --\" sh {place}'"
        ),
        Reader::Local(name, instead) => format!(
            "`{place}` would be read by a shell, to which {name} gives its words, and a file name \
             could run anything: pass it {instead}"
        ),
        Reader::Splitter => format!(
            "`{place}` would be split into words by env -S, and a file name could add some: put it \
             behind what is split, as in --exec 'env -S \"gzip -k\" {place}'"
        ),
        Reader::Interpreter(name) => format!(
            "`{place}` would become part of the program that {name} runs, and a file name could do \
             anything: pass it as an argument behind the program, or take {} from the environment",
            variable.trim_matches(['"', '$'])
        ),
        Reader::Make => format!(
            "make would look for variables and functions in `{place}`, and a file name could run \
             anything: write \"$${}\" in the makefile, which a shell takes from its environment",
            variable.trim_matches(['"', '$'])
        ),
    })
}

/// Does the command hold a program for a shell or an interpreter?
pub(super) fn is_for_others(words: &[String]) -> bool {
    shell_program(words).is_some()
        || commands(words).any(|at| read_again(base(&words[at]), &words[at + 1..]).is_some())
}

/// The first place that would be read once more.
fn first(words: &[String]) -> Option<(Reader, String)> {
    let place_in = |word: &str| places(word).next().map(|(_, place)| place.to_owned());
    let any = |words: &[String]| words.iter().find_map(|word| place_in(word));
    if let Some(at) = commands(words).find(|at| base(&words[*at]) == "env") {
        let options = Options::of(&words[at + 1..], &["S", "split-string", "u", "C", "unset"]);
        if let Some(text) = options.value(&["S", "split-string"]) {
            if let Some(place) = place_in(text) {
                return Some((Reader::Splitter, place));
            }
            let mut all = shell_words::split(text).unwrap_or_default();
            all.extend_from_slice(options.rest);
            return first(&all);
        }
    }
    if let Some(place) = shell_program(words).and_then(place_in) {
        return Some((Reader::Shell, place));
    }
    commands(words).find_map(|at| {
        let (reader, read) = read_again(base(&words[at]), &words[at + 1..])?;
        Some((reader, any(&read)?))
    })
}

/// Which of its words a program reads once more, and how.
fn read_again(name: &str, rest: &[String]) -> Option<(Reader, Vec<String>)> {
    let to_the_shell = |instead| Reader::Local(name.to_owned(), instead);
    if REMOTE.contains(&name) {
        return Some((Reader::Remote(name.to_owned()), rest.to_vec()));
    }
    if let Some((known, program, valued)) = interpreter(name) {
        let options = Options::of(rest, &[*program, *valued].concat());
        let texts = options.values(program).map(str::to_owned).collect();
        return Some((Reader::Interpreter((*known).to_owned()), texts));
    }
    match name {
        "watch" => {
            let options = Options::of(rest, &["n", "q", "interval", "equexit"]);
            let is_executed = options.has(&["x", "exec"]);
            (!is_executed).then(|| (to_the_shell("with `watch -x`"), options.rest.to_vec()))
        }
        "parallel" => {
            let is_quoted = rest.iter().any(|word| word == "-q" || word == "--quote");
            let own = rest.iter().take_while(|word| !word.starts_with(":::"));
            let instead = "behind `:::`, or with `parallel -q`";
            (!is_quoted).then(|| (to_the_shell(instead), own.cloned().collect()))
        }
        "tmux" => Some((to_the_shell("without tmux"), rest.to_vec())),
        "sudo" => {
            let options = Options::of(rest, &["u", "g", "h", "p", "C", "D", "R", "r", "t", "T"]);
            let by_shell = options.has(&["s", "i", "shell", "login"]);
            by_shell.then(|| (to_the_shell("without -i and -s"), options.rest.to_vec()))
        }
        "make" | "gmake" => {
            let set = rest.iter().filter(|word| word.contains('='));
            Some((Reader::Make, set.cloned().collect()))
        }
        "awk" | "gawk" | "mawk" | "nawk" => {
            let options = Options::of(rest, &["F", "f", "v", "e", "assign"]);
            let program = options.rest.first().filter(|_| !options.has(&["f"]));
            let program = program.into_iter().cloned().collect();
            Some((Reader::Interpreter(name.to_owned()), program))
        }
        _ => None,
    }
}

/// An interpreter, whichever version (`python3.13`).
fn interpreter(
    name: &str,
) -> Option<&'static (
    &'static str,
    &'static [&'static str],
    &'static [&'static str],
)> {
    let bare = name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    INTERPRETERS.iter().find(|(known, ..)| *known == bare)
}

/// Where a program may be called: at the beginning, or behind one that starts others.
fn commands(words: &[String]) -> impl Iterator<Item = usize> {
    let starts = words
        .first()
        .is_some_and(|first| WRAPPERS.contains(&base(first)));
    0..if starts {
        words.len()
    } else {
        words.len().min(1)
    }
}

/// A program without its directory.
fn base(word: &str) -> &str {
    Path::new(word)
        .file_name()
        .and_then(OsStr::to_str)
        .unwrap_or_default()
}

/// The options in front of a program's other words.
struct Options<'a> {
    all: Vec<(String, Option<&'a str>)>,
    rest: &'a [String],
}

impl<'a> Options<'a> {
    /// As `getopt_long(3)` takes them; `valued` are those with a value.
    fn of(words: &'a [String], valued: &[&str]) -> Self {
        let (mut all, mut rest) = (Vec::new(), words);
        while let Some((word, behind)) = rest.split_first() {
            let Some(letters) = word.strip_prefix('-').filter(|letters| !letters.is_empty()) else {
                break;
            };
            rest = behind;
            if letters == "-" {
                break;
            }
            let mut next = || {
                let (value, behind) = rest.split_first()?;
                rest = behind;
                Some(value.as_str())
            };
            if let Some(long) = letters.strip_prefix('-') {
                let (name, value) = match long.split_once('=') {
                    Some((name, value)) => (name, Some(value)),
                    None if valued.contains(&long) => (long, next()),
                    None => (long, None),
                };
                all.push((name.to_owned(), value));
                continue;
            }
            for (at, letter) in letters.char_indices() {
                let name = letter.to_string();
                if !valued.contains(&name.as_str()) {
                    all.push((name, None));
                    continue;
                }
                let own = &letters[at + letter.len_utf8()..];
                let value = if own.is_empty() { next() } else { Some(own) };
                all.push((name, value));
                break;
            }
        }
        Self { all, rest }
    }

    fn has(&self, names: &[&str]) -> bool {
        self.all
            .iter()
            .any(|(name, _)| names.contains(&name.as_str()))
    }

    fn values(&self, names: &[&str]) -> impl Iterator<Item = &'a str> {
        let asked = |name: &String| names.contains(&name.as_str());
        let all = self.all.iter().filter(move |(name, _)| asked(name));
        all.filter_map(|(_, value)| *value)
    }

    fn value(&self, names: &[&str]) -> Option<&'a str> {
        self.values(names).next()
    }
}

/// The program of a shell that is called with `-c`.
fn shell_program(words: &[String]) -> Option<&str> {
    let is_one_of = |names: &[&str], word: &str| names.contains(&base(word));
    // It may stand behind env, nice, sudo and their like.
    let mut rest = words.iter().map(String::as_str);
    let first = rest.find(|word| is_one_of(&SHELLS, word) || is_one_of(&STARTERS, word))?;
    let mut is_anywhere = is_one_of(&STARTERS, first);
    let mut is_program = false;
    while let Some(word) = rest.next() {
        if is_anywhere && is_one_of(&SHELLS, word) {
            is_anywhere = false;
            continue;
        }
        // Other options may stand between it and the program, some with a word of their own.
        match word.strip_prefix(['-', '+']) {
            None if is_program => return Some(word),
            None | Some("" | "-") if is_anywhere => {}
            None => return None,
            Some("" | "-") => return rest.next().filter(|_| is_program),
            Some(long) if long.starts_with('-') => match long.split_once('=') {
                Some(("-command" | "-init-command", program)) => return Some(program),
                None if matches!(long, "-command" | "-init-command") => return rest.next(),
                None if matches!(long, "-rcfile" | "-init-file") => drop(rest.next()),
                _ => {}
            },
            Some(letters) => {
                is_program |= word.starts_with('-') && letters.contains(['c', 'C']);
                for _ in letters.matches(['o', 'O']) {
                    rest.next();
                }
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> Option<String> {
        refusal(&shell_words::split(text).expect("it is a command"))
    }

    #[test]
    fn what_would_become_a_part_of_a_program() {
        for (text, wanted) in [
            ("sh -c 'gzip {path}'", "\"$TRACER_PATH\""),
            ("nice -n 5 /bin/bash -euc 'a; b {paths}'", "$TRACER_PATHS"),
            ("bash -c -e 'b {user}'", "$TRACER_USER"),
            ("bash -eo pipefail -c 'a {path} | b'", "$TRACER_PATH"),
            ("bash -c -o pipefail +O extglob -- 'b {op}'", "$TRACER_OP"),
            ("bash --rcfile x -c 'b {path}'", "$TRACER_PATH"),
            ("fish --command='b {path}'", "$TRACER_PATH"),
            ("su -c 'b {path}' ana", "$TRACER_PATH"),
            ("su - ana --command 'b {path}'", "$TRACER_PATH"),
            ("su ana -s /bin/bash -c 'b {path}'", "$TRACER_PATH"),
            ("flock /x bash -ec 'b {path}'", "$TRACER_PATH"),
            ("sudo -u ana sh -c 'b {path}'", "$TRACER_PATH"),
            ("docker exec -i box sh -c 'b {path}'", "$TRACER_PATH"),
            (
                "podman run --rm box /bin/bash -lc 'b {path}'",
                "$TRACER_PATH",
            ),
            ("kubectl exec pod -- sh -c 'b {path}'", "$TRACER_PATH"),
            ("xargs -a list -I% sh -c 'b % {path}'", "$TRACER_PATH"),
            ("find /x -exec sh -c 'b {path}' ;", "$TRACER_PATH"),
            ("env -S 'sh -c' 'b {path}'", "$TRACER_PATH"),
            ("env -S 'gzip {path}'", "env -S \"gzip -k\" {path}"),
            ("/usr/bin/env -iS'gzip {path}'", "split into words"),
            (
                "nice env -u X --split-string='gzip {path}'",
                "split into words",
            ),
            ("ssh host rm {path}", "ssh HOST xargs -0"),
            ("ssh host 'rm -- \"{path}\"'", "at the other end of ssh"),
            ("timeout 5 rsh host rm {paths}", "rsh HOST xargs -0"),
            ("sshpass -e /usr/bin/ssh h rm {path}", "at the other end"),
            ("watch -n 1 wc {path}", "`watch -x`"),
            ("parallel gzip {path} ::: -1 -9", "`:::`"),
            ("tmux new-window 'vi {path}'", "without tmux"),
            ("sudo -iu ana gzip {path}", "without -i and -s"),
            ("sudo --shell gzip {path}", "without -i and -s"),
            ("sudo -u ana ssh h rm {path}", "at the other end"),
            (
                "python3.13 -uc 'f(\"{path}\")'",
                "part of the program that python runs",
            ),
            ("python3 -W ignore -c 'f(\"{path}\")'", "TRACER_PATH from"),
            ("perl -ne 'f(\"{path}\")'", "that perl runs"),
            ("node --eval 'f(\"{path}\")'", "that node runs"),
            ("awk -v x=1 '/{user}/ {print}'", "that awk runs"),
            ("make -C /x FILE={path}", "$$TRACER_PATH"),
        ] {
            let why = refused(text).unwrap_or_else(|| panic!("taken: {text}"));
            assert!(why.contains(wanted), "{text}: {why}");
        }
    }

    #[test]
    fn what_is_said_to_do_instead_is_taken() {
        for text in [
            "sh -c 'gzip {paths}'",
            "ssh host rm {path}",
            "rsh host rm {paths}",
            "env -S 'gzip {path}'",
        ] {
            let why = refused(text).expect("it is refused");
            let (_, instead) = why.split_once("--exec '").expect("an example");
            let (instead, _) = instead.split_once('\'').expect("it is quoted");
            assert_eq!(refused(instead), None, "{why}");
        }
    }

    #[test]
    fn what_stays_an_argument() {
        for text in [
            "awk '{print $1}' {path}",
            "awk -f program {path}",
            "sh -c 'echo ${path} {a,b}' sh {path}",
            "sh ./script -c {path}",
            "bash -eo pipefail ./script -c {path}",
            "flock /x gzip {path}",
            "ncat -c {path}",
            "env -S 'gzip -k' {path}",
            "env X={path} gzip",
            "sh -c 'printf \"%s\\0\" \"$1\" | ssh HOST xargs -0 gzip --' sh {path}",
            "cp {path} /srv/ssh",
            "cp /srv/watch {path}",
            "grep ssh {path}",
            "watch -n 1 -x wc {path}",
            "parallel -q gzip {path} ::: -1",
            "parallel gzip ::: {paths}",
            "sudo -u ana gzip -s {path}",
            "docker exec box gzip {path}",
            "python3 convert.py -c {path}",
            "perl -ne 'print' {path}",
            "make -C {path}",
            "xargs -a {path} rm",
        ] {
            assert_eq!(refused(text), None, "{text}");
        }
    }
}
