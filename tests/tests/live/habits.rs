//! What is said where something cannot be: in words of this program, and never nothing.

use std::{fs, os::unix::fs::symlink, process::Command};

use tests::{Place, require_ebpf, run_to_end, tracer, tracer_command};

/// Words of libraries that say nothing to who typed an option.
const FOREIGN: [&str; 8] = [
    "friendly duration format",
    "invalid digit found",
    "invalid float literal",
    "number too large to fit",
    "is not in ",
    "use '-- -",
    "regex parse error",
    "error parsing glob",
];

/// Wrong values are refused in words that say what would be right.
#[test]
fn errors_in_our_words() {
    for (args, words) in [
        (&["trace", "--duration", "soon"][..], "such as 10s"),
        (&["watch", "--timeout", "soon", "/"], "such as 10s"),
        (&["watch", "--coalesce", "1x", "/"], "such as 10s"),
        (&["sync", "--window", "soon", "a", "b"], "such as 10s"),
        (&["trace", "--count", "many"], "1 or more"),
        (&["trace", "--count", "-1"], "1 or more"),
        (&["watch", "-n", "0", "/"], "1 or more"),
        (&["trace", "-s", "much", "ls"], "0 or more"),
        (&["trace", "-s", "-1", "ls"], "0 or more"),
        (&["trace", "-a", "x", "ls"], "0 or more"),
        (&["trace", "--max-processes", "0"], "from 1 to 4194304"),
        (
            &["watch", "--exec", "true", "--jobs", "100000", "/"],
            "from 1 to 65535",
        ),
        (&["trace", "--buffer", "huge"], "such as 16M"),
        (&["trace", "-p", "0"], "expected a number from 1 on"),
        (&["trace", "-p", "3,x"], "`x` is no process id"),
        (&["top", "--batch", "-n", "x"], "1 or more"),
        (&["top", "--rows", "x"], "0 or more"),
        (&["diff", "-U", "x", "a", "b"], "0 or more"),
        (
            &["watch", "--include-regex", "a(", "/"],
            "no regular expression: unclosed group",
        ),
        (&["watch", "--exclude", "[a", "/"], "no pattern: "),
        (&["trace", "--comm", "[a"], "no pattern: "),
        (
            &["trace", "--backend", "inotify"],
            "unexpected argument '--backend'",
        ),
        (&["watch", "--pid", "3", "/"], "unexpected argument '--pid'"),
        (&["doctor", "-x"], "unexpected argument '-x'"),
    ] {
        let outcome = run_to_end(&mut tracer_command(args));
        assert_ne!(outcome.code(), 0, "{args:?}");
        assert!(outcome.stderr.contains(words), "{args:?}: {outcome:?}");
        for foreign in FOREIGN {
            assert!(!outcome.stderr.contains(foreign), "{args:?}: {outcome:?}");
        }
    }
}

/// Who types a command or an option of trace behind tracer itself is told the whole line.
#[test]
fn what_tracer_itself_does_not_take() {
    let place = Place::new();
    let here = place.path().display().to_string();
    for (args, line) in [
        (&["ls", "-l"][..], "tracer trace ls -l"),
        (&["/bin/sh", "-c", "a b"], "tracer trace /bin/sh -c 'a b'"),
        (&["-p", "1"], "tracer trace -p 1"),
        (&["-fe", "open", "ls"], "tracer trace -fe open ls"),
        (&["--follow", "ls"], "tracer trace --follow ls"),
        (&["--gitignore", "src"], "tracer watch --gitignore src"),
        (&[&*here], &*format!("tracer watch {here}")),
    ] {
        let outcome = run_to_end(&mut tracer_command(args)).ended(2);
        let told = outcome.complaints();
        let told = told.iter().any(|said| said.ends_with(&format!(": {line}")));
        assert!(told, "{args:?}: {outcome:?}");
    }
    let outcome = run_to_end(&mut tracer_command(["wach"])).ended(2);
    assert!(outcome.stderr.contains("'watch'"), "{outcome:?}");
    let outcome = run_to_end(&mut tracer_command(["--nosuch"])).ended(2);
    assert!(!outcome.stderr.contains("tip:"), "{outcome:?}");
}

/// What strace has and trace does not offer is said by trace, and by no other command.
#[test]
fn reasons_of_strace_are_for_trace() {
    for (option, why) in [
        ("-k", "strace -k"),
        ("-i", "strace -i"),
        ("-D", "in the background"),
        ("-d", "doctor"),
        ("--debug", "doctor"),
    ] {
        let trace = run_to_end(&mut tracer_command(["trace", option, "ls"])).ended(2);
        let tip = format!("tip: {option} is not offered: ");
        assert!(
            trace.stderr.contains(&tip) && trace.stderr.contains(why),
            "{trace:?}"
        );
        for command in ["watch", "top", "daemon", "sync", "doctor", "diff"] {
            let outcome = run_to_end(&mut tracer_command([command, option]));
            assert!(
                !outcome.stderr.contains("not offered"),
                "{command}: {outcome:?}"
            );
        }
    }
}

/// A failure says what failed, why, and what to do, behind the program's name.
#[test]
fn failures_say_what_to_do() {
    let place = Place::new();
    let at = |name: &str| place.join(name).to_str().expect("UTF-8").to_owned();
    fs::write(at("file"), "").expect("written");
    let (dir, file, none) = (at("."), at("file"), at("none"));
    fs::write(place.join("auditctl"), "").expect("written");
    for (args, code, words) in [
        (
            &["daemon", "-c", &none][..],
            2,
            &[
                "the daemon was not started: cannot read the configuration ",
                "No such file",
                "--config and TRACER_CONFIG name another",
            ][..],
        ),
        (&["daemon", "-c", &dir], 2, &["name the file in it"]),
        (&["status", "-c", &none], 2, &["--config and TRACER_CONFIG"]),
        (
            &["watch", "-o", &dir, &file],
            1,
            &["cannot write to ", "name a file in it"],
        ),
        (
            &["install-links", &none],
            5,
            &["there is no directory ", "mkdir -p "],
        ),
        (
            &["install-links", &file],
            5,
            &["is no directory: name the directory"],
        ),
        (
            &["install-links", &dir],
            5,
            &[
                "auditctl: ",
                "there is a file that is no link: remove it first",
            ],
        ),
    ] {
        let outcome = run_to_end(&mut tracer_command(args)).ended(code);
        assert!(
            outcome.stderr.starts_with("tracer: "),
            "{args:?}: {outcome:?}"
        );
        for words in words {
            assert!(outcome.stderr.contains(words), "{args:?}: {outcome:?}");
        }
    }
    // The others are there.
    assert!(place.join("ausearch").is_symlink());
}

/// What would not do what it says is refused, or said.
#[test]
fn nothing_is_accepted_in_silence() {
    if !require_ebpf() {
        return;
    }
    for option in ["--comm", "--exe", "--uid", "--gid"] {
        let mut run = tracer_command(["trace", "--follow", option, "0", "--duration", "0.1"]);
        let outcome = run_to_end(&mut run).ended(2);
        assert!(outcome.stderr.contains("leave --follow out"), "{outcome:?}");
    }
    let mut run = tracer_command(["trace", "--max-processes", "5", "--duration", "0.1"]);
    let outcome = run_to_end(&mut run).ended(2);
    let said = "--max-processes is for --pid and a command";
    assert!(outcome.stderr.contains(said), "{outcome:?}");
    let place = Place::new();
    let none = place.join("none");
    let mut run = tracer_command(["trace", "--duration", "0.1", "--path"]);
    let outcome = run_to_end(run.arg(&none)).ended(0);
    let said = format!("{} does not exist yet", none.display());
    assert!(outcome.stderr.contains(&said), "{outcome:?}");
}

/// What matches nothing, or everything, is refused with what does.
#[test]
fn patterns_that_match_nothing() {
    for (args, words) in [
        (&["trace", "--exe", "*bin/ls"][..], "use `**/*bin/ls`"),
        (&["trace", "--exe", "bin/ls"], "use `**/bin/ls`"),
        (&["trace", "--exe", ""], "the pattern is empty"),
        (&["trace", "--path", "sub/*.c"], "use `**/sub/*.c`"),
        (&["trace", "--path", ""], "the path is empty"),
        (&["watch", "--exclude", "", "/"], "the pattern is empty"),
        (&["watch", "--exclude", "tmp/*", "/"], "use `**/tmp/*`"),
        (&["watch", "--include", "./*.c", "/"], "use `**/*.c`"),
        (&["watch", "--include", "", "/"], "the pattern is empty"),
        (
            &["watch", "--exclude-regex", "", "/"],
            "the expression is empty",
        ),
        (&["watch", "--format", "%Q", "/"], "`%Q` stands for nothing"),
        (
            &["trace", "--format", "%Q", "ls"],
            "`%Q` stands for nothing",
        ),
        (&["top", "--exclude", "a/*"], "use `**/a/*`"),
    ] {
        let outcome = run_to_end(&mut tracer_command(args)).ended(2);
        assert!(outcome.stderr.contains(words), "{args:?}: {outcome:?}");
    }
}

/// What means something else under strace, or took what was meant as the command.
#[test]
fn a_command_and_options_of_strace() {
    for (args, words) in [
        (&["trace", "-u", "0", "true"][..], "--user root runs it"),
        (&["trace", "-E", "true"], "-E NAME=VALUE true"),
        (
            &["trace", "-E", "A=b"],
            "are about a command, and none is given",
        ),
        (
            &["trace", "-e", "trace=%files", "true"],
            "did you mean `%file`?",
        ),
    ] {
        let outcome = run_to_end(&mut tracer_command(args)).ended(2);
        assert!(outcome.stderr.contains(words), "{args:?}: {outcome:?}");
    }
}

/// Scripts read the first line of `strace -V`.
#[test]
fn the_version_of_strace() {
    let place = Place::new();
    let strace = place.join("strace");
    symlink(tracer(), &strace).expect("a link");
    for option in ["-V", "--version"] {
        let outcome = run_to_end(Command::new(&strace).arg(option)).ended(0);
        let text = String::from_utf8_lossy(&outcome.stdout).into_owned();
        let version = text
            .lines()
            .next()
            .and_then(|line| line.strip_prefix("strace -- version "));
        assert_eq!(version, Some(env!("CARGO_PKG_VERSION")), "{text}");
    }
}

/// The help of a command says nothing of what only another one has.
#[test]
fn help_is_about_its_command() {
    let outcome = run_to_end(&mut tracer_command(["watch", "--help"])).ended(0);
    let text = String::from_utf8_lossy(&outcome.stdout).into_owned();
    for word in ["strace", "--pid", "traced", "tasks"] {
        assert!(!text.contains(word), "{word}: {text}");
    }
}

/// A tree of a process has its children, without being asked to follow them.
#[test]
fn a_tree_of_a_process() {
    if !require_ebpf() {
        return;
    }
    let mut parent = Command::new("sh")
        .args(["-c", "read go; sh -c 'exit 7'; exit 0"])
        .stdin(std::process::Stdio::piped())
        .spawn()
        .expect("sh runs");
    let pid = parent.id().to_string();
    let tracer = tests::Tracer::start(["trace", "--pid", &pid, "--tree"]);
    drop(parent.stdin.take());
    let outcome = tracer.wait().ended(0);
    let _ = parent.wait();
    let text = String::from_utf8_lossy(&outcome.stdout).into_owned();
    assert!(text.contains("exited with 7"), "{text}");
}

/// `tracer help X --help` is the help of X.
#[test]
fn help_of_a_command() {
    for (args, words) in [
        (&["help", "trace", "--help"][..], "tracer trace"),
        (&["help", "watch"], "tracer watch"),
        (&["help", "rules", "add", "--help"], "tracer rules add"),
        (&["help", "search", "--help"], "--success"),
        (&["help", "strace"], "--columns"),
        (&["help", "--help"], "Usage: tracer"),
        (&["help"], "Usage: tracer"),
    ] {
        let outcome = run_to_end(&mut tracer_command(args)).ended(0);
        let text = String::from_utf8_lossy(&outcome.stdout).into_owned();
        assert!(text.contains(words), "{args:?}: {text}");
    }
    let outcome = run_to_end(&mut tracer_command(["help", "nosuch"])).ended(2);
    assert!(outcome.stderr.contains("nosuch"), "{outcome:?}");
}

/// The right links are no failure; others are, unless they may be replaced.
#[test]
fn links_that_are_there() {
    let place = Place::new();
    let dir = place.path().to_str().expect("UTF-8");
    let install = |more: &[&str]| {
        let args = [&["install-links", dir], more].concat();
        run_to_end(&mut tracer_command(args))
    };
    let first = install(&[]).ended(0);
    let again = install(&[]).ended(0);
    assert_eq!(first.stdout, again.stdout);
    let to = fs::canonicalize(place.join("strace")).expect("a link");
    assert_eq!(to, fs::canonicalize(tracer()).expect("a program"));
    fs::remove_file(place.join("strace")).expect("it is there");
    symlink("/bin/false", place.join("strace")).expect("a link");
    let outcome = install(&[]).ended(5);
    assert!(outcome.stderr.contains("--force"), "{outcome:?}");
    let _ = install(&["--force"]).ended(0);
    fs::remove_file(place.join("strace")).expect("it is there");
    fs::write(place.join("strace"), "mine").expect("a file");
    let _ = install(&["--force"]).ended(5);
    assert_eq!(fs::read(place.join("strace")).expect("a file"), b"mine");
}

/// What a shell is told when the last word is to be completed.
fn completed(words: &[&str]) -> Vec<String> {
    let mut command = tracer_command(["--"]);
    command
        .args(words)
        .env("COMPLETE", "bash")
        .env("_CLAP_COMPLETE_INDEX", (words.len() - 1).to_string())
        .env("_CLAP_IFS", "\n")
        .env("_CLAP_COMPLETE_COMP_TYPE", "9")
        .env("_CLAP_COMPLETE_SPACE", "false")
        .env("TRACER_CONFIG", "/does/not/exist");
    let outcome = run_to_end(&mut command).ended(0);
    let text = String::from_utf8_lossy(&outcome.stdout).into_owned();
    text.lines().map(str::to_owned).collect()
}

/// Completions know values.
#[test]
fn completions_know_values() {
    for (words, wanted) in [
        (&["tra"][..], "trace"),
        (&["trace", "--files"], "--files-changed"),
        (&["trace", "--op", "re"], "rename"),
        (&["trace", "--op", "read,de"], "read,delete"),
        (&["watch", "--op", "wr"], "write"),
        (&["watch", "-e", "close_w"], "close_write"),
        (&["trace", "-e", "opena"], "openat"),
        (&["trace", "-fe", "openat", "unsh"], "unshare"),
        (&["trace", "-o", "out", "--", "unsh"], "unshare"),
        (&["trace", "-q", "ls", "/de"], "/dev/"),
        (
            &["trace", "-e", "trace=openat,%ne"],
            "trace=openat,%network",
        ),
        (&["trace", "-e", "status=fa"], "status=failed"),
        (&["trace", "--signal", "US"], "USR1"),
        (&["trace", "--decode-fds=so"], "--decode-fds=socket"),
        (&["trace", "--format", "js"], "json"),
        (&["trace", "--color", "ne"], "never"),
        (&["top", "--by", "pr"], "programs"),
        (&["rules", "add", "-F", "su"], "success="),
        (&["rules", "add", "-S", "opena"], "openat"),
        (&["rules", "add", "-a", "alw"], "always,exit"),
        (&["report", "--au"], "--auth"),
        (&["search", "--suc"], "--success"),
        (&["search", "--format", "js"], "json"),
        (&["completions", "ba"], "bash"),
    ] {
        let found = completed(&[&["tracer"], words].concat());
        assert!(
            found.iter().any(|word| word == wanted),
            "{words:?}: {found:?}"
        );
    }
}

/// Under each of the other names, as a program and behind tracer's, completions are those of the
/// tool.
#[test]
fn completions_know_the_other_names() {
    for (words, wanted) in [
        (&["strace", "--fol"][..], "--follow"),
        (&["strace", "-f", "-o", "out", "unsh"], "unshare"),
        (&["/usr/bin/strace", "-f", "-e", "opena"], "openat"),
        (&["inotifywait", "--recu"], "--recursive"),
        (&["inotifywait", "-m", "-e", "close_w"], "close_write"),
        (&["inotifywatch", "--event", "attr"], "attrib"),
        (&["ausearch", "--suc"], "--success"),
        (&["ausearch", "--success", "y"], "yes"),
        (&["aureport", "--au"], "--auth"),
        (&["auditctl", "-a", "alw"], "always,exit"),
        (&["auditctl", "-w", "/etc", "-p", "w"], "wa"),
        (&["auditctl", "--reset-l"], "--reset-lost"),
    ] {
        for before in [&[][..], &["tracer"]] {
            let words = [before, words].concat();
            if words[0] == "tracer" && words[1].contains('/') {
                continue;
            }
            let found = completed(&words);
            assert!(
                found.iter().any(|word| word == wanted),
                "{words:?}: {found:?}"
            );
            let of_tracer = |word: &String| word == "watch" || word == "doctor";
            assert!(!found.iter().any(of_tracer), "{words:?}: {found:?}");
        }
    }
}

/// A shell that has read the script of another name asks tracer, and not what has that name.
#[test]
fn a_shell_completes_the_other_names() {
    let place = Place::new();
    symlink(tracer(), place.join("tracer")).expect("a link");
    for (name, words, wanted) in [
        ("strace", "-e opena", "openat"),
        ("inotifywait", "-m -e close_w", "close_write"),
        ("auditctl", "-a alw", "always,exit"),
    ] {
        tests::script(&place.join(name), "touch ran");
        let script = format!(
            "PATH=.:$PATH; source <(tracer completions bash {name}); set -- {name} {words}; \
             COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); COMP_TYPE=9; \
             $(complete -p {name} | sed 's/.*-F \\([^ ]*\\) .*/\\1/') {name} \"${{!#}}\"; \
             printf '%s\\n' \"${{COMPREPLY[@]}}\""
        );
        let shell = Command::new("bash")
            .args(["--norc", "-c", &script])
            .current_dir(place.path())
            .env("TRACER_CONFIG", "/does/not/exist")
            .output();
        let output = shell.expect("bash runs");
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(text.lines().any(|line| line == wanted), "{output:?}");
        assert!(!place.join("ran").exists(), "{name} was run");
    }
}

/// The scripts say how to install them, and a shell takes them.
#[test]
fn completions_say_how_to_install_them() {
    for (arguments, words) in [
        ("bash", "~/.local/share/bash-completion/completions/tracer"),
        ("zsh", "_tracer"),
        ("fish", "~/.config/fish/completions/tracer.fish"),
        (
            "bash strace",
            "tracer completions bash strace > ~/.local/share/bash-completion/completions/strace",
        ),
        ("zsh ausearch", "_ausearch"),
        ("fish auditctl", "~/.config/fish/completions/auditctl.fish"),
    ] {
        let command = ["completions"].into_iter().chain(arguments.split(' '));
        let outcome = run_to_end(&mut tracer_command(command)).ended(0);
        let text = String::from_utf8_lossy(&outcome.stdout).into_owned();
        let note = text.lines().find(|line| line.starts_with("# To install: "));
        assert!(note.is_some_and(|note| note.contains(words)), "{text}");
        if arguments.starts_with("bash") {
            let place = Place::new();
            fs::write(place.join("script"), &text).expect("a file");
            let shell = Command::new("bash")
                .arg("-n")
                .arg(place.join("script"))
                .status();
            assert!(shell.expect("bash runs").success(), "{text}");
        }
    }
}

/// Who reports a fault can say what it is a fault of.
#[test]
fn the_version_says_all() {
    let outcome = run_to_end(&mut tracer_command(["--version"])).ended(0);
    let text = String::from_utf8_lossy(&outcome.stdout).into_owned();
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines[0], format!("tracer {}", env!("CARGO_PKG_VERSION")));
    for title in ["commit: ", "features: ", "kernel ABI: "] {
        let line = lines.iter().find_map(|line| line.strip_prefix(title));
        assert!(line.is_some_and(|line| !line.trim().is_empty()), "{text}");
    }
    let short = run_to_end(&mut tracer_command(["-V"])).ended(0);
    assert_eq!(String::from_utf8_lossy(&short.stdout).lines().count(), 1);
}
