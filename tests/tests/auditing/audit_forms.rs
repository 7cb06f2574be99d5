//! Small logs of the forms that kernels, daemons and programs have written from RHEL 5 on, of other
//! machines too: what each of the commands below says about each of them is stored beside it.
//!
//! `NAME.out` is what tracer says; `BLESS=1` writes it anew. `NAME.differs` is where the real
//! ausearch and aureport say something else, by version: [`how_the_real_tools_differ`] writes it.
//! `reasons.tsv` says why, in the words of docs/audit-tools.md.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use tests::tracer;

/// What is asked of every log.
const COMMANDS: [&str; 62] = [
    "ausearch",
    "ausearch -i",
    "ausearch --raw",
    "ausearch --format text",
    "ausearch --format csv --extra-keys --extra-labels --extra-obj2 --extra-time",
    "ausearch -m PROCTITLE,USER_LOGIN,SOFTWARE_UPDATE,URINGOP,OPENAT2,DM_CTRL,MMAP,BPF -i",
    "ausearch -m 1112,1138,1327,1336,1337,1338 --raw",
    "ausearch -m USER_MAC_CONFIG_CHANGE,LANDLOCK_ACCESS --raw",
    "ausearch -sv yes --raw",
    "ausearch -sv no --raw",
    "ausearch -ui 0 --raw",
    "ausearch -ui root --raw",
    "ausearch -ul 1000 --raw",
    "ausearch -ul -1 --raw",
    "ausearch -ua ana --raw",
    "ausearch -ue 0 --raw",
    "ausearch -gi 0 --raw",
    "ausearch -p 4242 --raw",
    "ausearch -pp 4000 --raw",
    "ausearch -x /usr/bin/c --raw",
    "ausearch -x sleep --raw",
    "ausearch -c c -i",
    "ausearch -f /srv --raw",
    "ausearch -f shadow --raw",
    "ausearch -w -f f1 --raw",
    "ausearch -k ex -i",
    "ausearch -hn 192.0.2.7 --raw",
    "ausearch -tm pts0 --raw",
    "ausearch -e -13 --raw",
    "ausearch --session 7 --raw",
    "ausearch -sc openat -i",
    "ausearch -sc execve --arch ppc64le --raw",
    "ausearch --arch s390x --raw",
    "ausearch -n web1.example.org --raw",
    "ausearch -vm centos:7 --raw",
    "ausearch -o shadow_t --raw",
    "ausearch -su httpd_t --raw",
    "ausearch --just-one -i",
    "ausearch -te 11/14/23 23:59:59 --raw",
    "ausearch -ts 11/15/23 00:00:00 --raw",
    "aureport",
    "aureport --failed",
    "aureport -a",
    "aureport -a --summary",
    "aureport -au",
    "aureport --comm -i",
    "aureport -c -i",
    "aureport -e -i",
    "aureport -e --summary -i",
    "aureport -e -te 11/14/23 23:59:59",
    "aureport -f -i",
    "aureport -f --summary",
    "aureport -h -i",
    "aureport -k",
    "aureport -l -i",
    "aureport -m",
    "aureport -ma -i",
    "aureport -n",
    "aureport -p",
    "aureport -s -i",
    "aureport -u -i",
    "aureport -x --summary",
];

fn golden() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("golden/audit-forms")
}

/// Names of the logs.
fn logs() -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(golden())
        .unwrap()
        .filter_map(|entry| {
            let path = entry.unwrap().path();
            let is_log = path.extension().is_some_and(|ending| ending == "log");
            is_log.then(|| path.file_stem().unwrap().to_string_lossy().into_owned())
        })
        .collect();
    names.sort();
    names
}

/// What a command prints, and how it ends, with users of this file.
fn ours(line: &str, log: &Path) -> String {
    let mut words = line.split(' ');
    let tool = words.next().expect("a tool");
    let mut command = Command::new(tracer());
    command.arg(match tool {
        "ausearch" => "search",
        _ => "report",
    });
    command
        .args(words)
        .arg("--passwd")
        .arg(golden().join("passwd"));
    said(command.arg("-if").arg(log))
}

fn said(command: &mut Command) -> String {
    let output = command
        .env("LC_ALL", "C")
        .env("TZ", "UTC")
        .output()
        .unwrap();
    let mut text = String::from_utf8_lossy(&output.stdout).into_owned();
    if output.status.code() != Some(0) {
        let _ = writeln!(text, "(exit {})", output.status.code().unwrap_or(-1));
    }
    text
}

/// What every command says about each of these logs, on as many threads as there are CPUs.
fn all_outputs(names: &[String]) -> Vec<(String, String)> {
    let next = std::sync::atomic::AtomicUsize::new(0);
    let work = || {
        let mut made = Vec::new();
        while let Some(name) = names.get(next.fetch_add(1, std::sync::atomic::Ordering::Relaxed)) {
            let log = golden().join(name).with_extension("log");
            let mut text = String::new();
            for line in COMMANDS {
                let _ = write!(text, "$ {line}\n{}", ours(line, &log));
            }
            made.push((name.clone(), text));
        }
        made
    };
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        threads
            .into_iter()
            .flat_map(|thread| thread.join().unwrap())
            .collect()
    })
}

#[test]
fn every_command_on_every_form() {
    let bless = std::env::var_os("BLESS").is_some();
    let names = logs();
    assert!(names.len() >= 52, "the logs are there: {names:?}");
    let mut wrong = Vec::new();
    for (name, text) in all_outputs(&names) {
        let log = golden().join(&name).with_extension("log");
        let path = log.with_extension("out");
        if bless {
            fs::write(&path, &text).unwrap();
        } else if fs::read_to_string(&path).unwrap_or_default() != text {
            let wanted = fs::read_to_string(&path).unwrap_or_default();
            wrong.push(format!("{name}:\n{}", difference(&wanted, &text)));
        }
    }
    assert!(
        wrong.is_empty(),
        "not as stored (BLESS=1 accepts):\n{}",
        wrong.join("\n")
    );
}

/// Why a log's differences are there: `NAME<TAB>reason; reason`.
fn reasons() -> BTreeMap<String, Vec<String>> {
    let text = fs::read_to_string(golden().join("reasons.tsv")).unwrap();
    text.lines()
        .map(|line| {
            let (name, why) = line.split_once('\t').expect("two columns");
            let why = why.split("; ").map(str::to_owned).collect();
            (name.to_owned(), why)
        })
        .collect()
}

#[test]
fn every_difference_has_its_reason_in_the_docs() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/audit-tools.md");
    let docs = fs::read_to_string(docs).unwrap();
    let reasons = reasons();
    for name in logs() {
        let differs = golden().join(&name).with_extension("differs");
        assert_eq!(
            differs.exists(),
            reasons.contains_key(&name),
            "{name}: differences and reasons"
        );
        for reason in reasons.get(&name).into_iter().flatten() {
            let row = format!("| {reason}: ");
            assert!(
                docs.contains(&row),
                "{name}: docs/audit-tools.md has no `{row}`"
            );
        }
    }
}

/// Lines that only one of two outputs has.
fn difference(real: &str, ours: &str) -> String {
    let count = |text: &str| {
        let mut counts = BTreeMap::new();
        for line in text.lines() {
            *counts.entry(line.to_owned()).or_insert(0_i32) += 1;
        }
        counts
    };
    let (real_counts, our_counts) = (count(real), count(ours));
    let mut text = String::new();
    for (mark, from, other) in [
        ('-', &real_counts, &our_counts),
        ('+', &our_counts, &real_counts),
    ] {
        for (line, n) in from {
            if *n > other.get(line).copied().unwrap_or_default() {
                let _ = writeln!(text, "{mark}{line}");
            }
        }
    }
    text
}

/// What real tools of a directory print of each command, as root: users are those of the file.
fn theirs(dir: &str, log: &Path) -> Vec<String> {
    const SCRIPT: &str = "mount --bind passwd /etc/passwd && mount --bind group /etc/group || exit; \
        dir=$1; log=$2; shift 2; for line; do $dir/$line -if \"$log\"; code=$?; \
        [ $code = 0 ] || echo \"(exit $code)\"; printf '\\000'; done";
    let output = Command::new("unshare")
        .args(["-m", "sh", "-c", SCRIPT, "sh", dir])
        .arg(log)
        .args(COMMANDS)
        .current_dir(golden())
        .env("LC_ALL", "C")
        .env("TZ", "UTC")
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    let mut said: Vec<_> = text.split('\0').map(str::to_owned).collect();
    assert_eq!(said.pop().as_deref(), Some(""), "{output:?}");
    said
}

/// Compares with real tools: `AUDIT_TOOLS="3.0.9=/DIRECTORY 4.2.1=/DIRECTORY"`, and only these logs:
/// `AUDIT_LOGS="NAME NAME"`.
#[test]
#[ignore = "needs real tools of several versions; writes the stored differences"]
fn how_the_real_tools_differ() {
    let tools = std::env::var("AUDIT_TOOLS").expect("AUDIT_TOOLS says where they are");
    let only = std::env::var("AUDIT_LOGS");
    let golden = golden();
    for name in logs() {
        let is_meant = |only: &String| only.split(' ').any(|meant| meant == name);
        if !only.as_ref().is_ok_and(is_meant) && only.is_ok() {
            continue;
        }
        let log = golden.join(&name).with_extension("log");
        let versions = tools.split(' ').filter_map(|tool| tool.split_once('='));
        let versions: Vec<_> = versions.map(|(v, dir)| (v, theirs(dir, &log))).collect();
        let mut all = String::new();
        for (n, line) in COMMANDS.iter().enumerate() {
            let ours = ours(line, &log).replace('\u{1d}', "");
            for (version, theirs) in &versions {
                assert_eq!(theirs.len(), COMMANDS.len());
                // The separator that ausearch adds to a raw record is told once, in the docs.
                let text = difference(&theirs[n].replace('\u{1d}', ""), &ours);
                if !text.is_empty() {
                    let _ = write!(all, "$ {line}  # {version}\n{text}");
                }
            }
        }
        let path = log.with_extension("differs");
        if all.is_empty() {
            let _ = fs::remove_file(path);
        } else {
            fs::write(path, all).unwrap();
        }
    }
}
