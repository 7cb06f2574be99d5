//! Questions about files: what was not found, what was changed in the end.

use std::{
    collections::BTreeSet,
    fs,
    os::unix::fs::{MetadataExt, symlink},
    process::Command,
};

use serde_json::Value;
use tests::{Place, require_ebpf, run_to_end, tracer_command};

/// What a program itself looked for, and nothing of what its libraries did.
#[test]
fn missing() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    fs::create_dir(place.join("bin")).expect("a directory");
    tests::script(&place.join("bin/found-there"), "exit 0");
    fs::write(place.join("there"), "x").expect("a file");
    let script = "cat there not-there dir/none; cat not-there; found-there; never-there; date; \
                  : < /etc/hostname/x; exit 3";
    let mut run = tracer_command(["trace", "-q", "--missing", "--format", "json", "sh", "-c"]);
    let path = format!(
        "{}:/usr/bin:/bin:/nowhere:{}",
        place.join("x").display(),
        place.join("bin").display()
    );
    run.arg(script)
        .current_dir(place.path())
        .env("PATH", path)
        .env("LANG", "de_DE.UTF-8")
        .env_remove("LC_ALL");
    let outcome = run_to_end(&mut run);
    let paths: BTreeSet<String> = outcome
        .records
        .iter()
        .map(|record| {
            let path = &record.get("paths")[0];
            let path = path["path"].as_str().unwrap_or_default();
            path.replace(&format!("{}/", place.path().display()), "")
        })
        .collect();
    for wanted in ["not-there", "dir/none", "/etc/hostname/x"] {
        assert!(paths.contains(wanted), "{wanted} is not in {paths:?}");
    }
    // The search that failed is told once, the one that succeeded is not.
    let searches = paths
        .iter()
        .filter(|path| path.ends_with("never-there"))
        .count();
    assert_eq!(searches, 1, "{paths:?}");
    for noise in [
        "found-there",
        "locale",
        "ld.so.",
        ".so",
        "LC_",
        "/date",
        "/cat",
    ] {
        let found: Vec<_> = paths.iter().filter(|path| path.contains(noise)).collect();
        assert!(found.is_empty(), "{noise}: {found:?}");
    }
    let sums = tracer_command(["trace", "--missing", "--format", "json", "cat", "/none/x"]);
    let _ = run_to_end(&mut { sums }).ended(1).conserved();
}

/// A search that ends well is none of the list, wherever the program has its directories from.
#[test]
fn found_in_the_end() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    for dir in ["one", "two", "bin"] {
        fs::create_dir(place.join(dir)).expect("a directory");
    }
    tests::script(&place.join("bin/its-name"), "exit 0");
    symlink("its-name", place.join("bin/other-name")).expect("a link");
    let first = "PATH=$PWD/one:$PWD/two:$PATH:$PWD/bin; export PATH; exec env sh second";
    tests::script(&place.join("first"), first);
    let second = "its-name; env other-name; other-name; stat $PWD/one/not-there";
    tests::script(&place.join("second"), second);
    let mut run = tracer_command(["trace", "-q", "--missing", "--format", "json"]);
    run.args(["env", "sh", "first"]);
    let outcome = run_to_end(run.current_dir(place.path()).env("LC_ALL", "C")).ended(1);
    let paths = outcome.records.iter().map(|record| {
        let path = record.get("paths")[0]["path"].as_str();
        path.unwrap_or_default().to_owned()
    });
    let root = place.path().display().to_string();
    let paths: Vec<_> = paths.filter(|path| path.starts_with(&root)).collect();
    assert_eq!(paths, [format!("{root}/one/not-there")], "{outcome:?}");
}

/// `--op` of a trace.
#[test]
fn operations() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    let script = "echo x > made; cat made; mv made moved; rm moved; mkdir dir; true";
    for (ops, wanted) in [
        ("delete", &["delete"][..]),
        ("create,rename", &["create", "rename"]),
        ("execute", &["execute"]),
        ("read", &["read"]),
    ] {
        let mut run = tracer_command(["trace", "-q", "--format", "json", "--op", ops]);
        let run = run.args(["sh", "-c", script]).current_dir(place.path());
        let outcome = run_to_end(run).ended(0);
        let seen: BTreeSet<_> = outcome.records.iter().map(tests::Record::op).collect();
        assert_eq!(seen, wanted.iter().copied().collect(), "{outcome:?}");
        let _ = fs::remove_dir(place.join("dir"));
    }
    let wrong = tracer_command(["trace", "--op", "touch", "true"]);
    let outcome = run_to_end(&mut { wrong }).ended(2);
    assert!(outcome.stderr.contains("attribute"), "{outcome:?}");
}

/// What a script does to files in [`stage`], with what must come of it.
const SCRIPT: &str = "\
    echo new > made; mkdir -p deep/er; echo x > deep/er/file; ln -s made link; ln old hard; \
    echo more >> old; chmod 600 mode; rm gone; echo t > temp; rm temp; \
    echo n > part; mv part replaced; mv away back; rmdir empty; \
    echo same > /dev/null; : >> untouched; exit 4";

/// Files that are there before.
fn stage(place: &Place) {
    for name in ["old", "mode", "gone", "replaced", "away", "untouched"] {
        fs::write(place.join(name), name).expect("a file");
    }
    fs::create_dir(place.join("empty")).expect("a directory");
    symlink("old", place.join("to-old")).expect("a link");
    // Until the clock of files has moved on: they are older than whatever comes now.
    let ctime = |name: &str| {
        let meta = fs::metadata(place.join(name)).expect("it is there");
        (meta.ctime(), meta.ctime_nsec())
    };
    let before = ctime("empty");
    let clock = Place::new();
    while {
        fs::write(clock.join("now"), "").expect("a file");
        let now = fs::metadata(clock.join("now")).expect("it is there");
        (now.ctime(), now.ctime_nsec()) <= before
    } {}
}

/// What changes there.
const CHANGES: [(&str, &str); 13] = [
    ("created", "back"),
    ("created", "deep"),
    ("created", "deep/er"),
    ("created", "deep/er/file"),
    ("created", "hard"),
    ("created", "link"),
    ("created", "made"),
    ("changed", "mode"),
    ("changed", "old"),
    ("changed", "replaced"),
    ("removed", "away"),
    ("removed", "empty"),
    ("removed", "gone"),
];

/// An installer's list of files.
#[test]
fn files_changed() {
    if !require_ebpf() {
        return;
    }
    for format in ["text", "null", "json"] {
        let place = Place::new();
        stage(&place);
        // Files that were there before the run are older than it.
        let out = Place::new();
        let (list, undo) = (out.join("list"), out.join("undo"));
        let mut run = tracer_command(["trace", "-q", "--files-changed", "-o"]);
        run.arg(&list).arg("--undo").arg(&undo);
        match format {
            "null" => run.arg("-0"),
            _ => run.args(["--format", format]),
        };
        let script = format!("cd {} && {SCRIPT}", place.path().display());
        let _ = run_to_end(run.args(["--", "sh", "-c", &script])).ended(4);
        let text = fs::read_to_string(&list).expect("a list");
        let mut told: Vec<(String, String)> = match format {
            "text" => text.lines().map(of_line).collect(),
            "null" => of_null(&text),
            _ => text.lines().map(of_json).collect(),
        };
        for (_, path) in &mut told {
            let root = format!("{}/", place.path().display());
            *path = path.strip_prefix(&root).expect("nothing else").to_owned();
        }
        told.sort();
        let mut wanted = CHANGES.map(|(word, path)| (word.to_owned(), path.to_owned()));
        wanted.sort();
        // Nothing says whether `replaced` was there, and it is said so, unless mv has asked.
        for (word, path) in &mut told {
            if path == "replaced" && word == "created-or-changed" {
                "changed".clone_into(word);
            }
        }
        told.sort();
        assert_eq!(told, wanted, "{format}: {text}");
        let undone = Command::new("sh").arg(&undo).output().expect("sh runs");
        assert!(undone.status.success(), "{undone:?}");
        for (path, there) in [
            ("made", false),
            ("deep", false),
            ("link", false),
            ("away", true),
        ] {
            assert_eq!(place.join(path).exists(), there, "{path} after the undo");
        }
        let script = fs::read_to_string(&undo).expect("a script");
        for path in ["old", "gone", "replaced"] {
            let line = script
                .lines()
                .find(|line| line.ends_with(&format!("/{path}")));
            let line = line.unwrap_or_else(|| panic!("{path} is not in {script}"));
            assert!(line.starts_with("# cannot be taken back"), "{line}");
        }
    }
}

/// Whatever sh(1) is, what a script takes back is gone.
#[test]
fn odd_names_are_taken_back() {
    if !require_ebpf() {
        return;
    }
    let (place, out) = (Place::new(), Place::new());
    let undo = out.join("undo");
    let names = ["it's", "a\nb", "a\tb", "$HOME `x`", "-rf", "\u{e9}\\"];
    let mut run = tracer_command(["trace", "-q", "--files-changed", "-o", "/dev/null"]);
    run.arg("--undo").arg(&undo).current_dir(place.path());
    let _ = run_to_end(run.args(["--", "touch", "--"]).args(names)).ended(0);
    for name in names {
        assert!(place.join(name).exists(), "{name:?}");
    }
    let undone = Command::new("sh").arg(&undo).output().expect("sh runs");
    assert!(undone.status.success(), "{undone:?}");
    for name in names {
        assert!(!place.join(name).exists(), "{name:?}");
    }
}

/// Names that went from one file to another: what is a directory, what may never have been there,
/// and what no script brings back.
#[test]
fn files_renamed() {
    if !require_ebpf() {
        return;
    }
    let (place, out) = (Place::new(), Place::new());
    for name in ["one", "two"] {
        fs::write(place.join(name), name).expect("a file");
    }
    fs::create_dir(place.join("dir")).expect("a directory");
    let (list, undo) = (out.join("list"), out.join("undo"));
    let script = "import os; os.rename('one', 'two'); os.rename('dir', 'other'); \
                  open('temp', 'w').close(); os.rename('temp', 'gone'); os.unlink('gone')";
    let mut run = tracer_command(["trace", "-q", "--files-changed", "--format", "json", "-o"]);
    run.arg(&list).arg("--undo").arg(&undo);
    run.args(["python3", "-c", script])
        .current_dir(place.path());
    let _ = run_to_end(&mut run).ended(0);
    let text = fs::read_to_string(&list).expect("a list");
    let told: Vec<_> = text
        .lines()
        .map(|line| {
            let value: Value = serde_json::from_str(line).expect("an object");
            let (word, path) = of_json(line);
            let name = path.rsplit('/').next().expect("a name").to_owned();
            (name, word, value["is_dir"] == true)
        })
        .collect();
    let wanted = [
        ("dir", "removed", true),
        ("gone", "removed-or-never-there", false),
        ("one", "removed", false),
        ("other", "created", true),
        ("two", "created-or-changed", false),
    ]
    .map(|(name, word, is_dir)| (name.to_owned(), word.to_owned(), is_dir));
    // Nobody asked whether the directory's new name was there.
    let told: Vec<_> = told
        .into_iter()
        .map(|(name, word, is_dir)| match (&*name, &*word) {
            ("other", "created-or-changed") => (name, "created".to_owned(), is_dir),
            _ => (name, word, is_dir),
        })
        .collect();
    assert_eq!(told, wanted, "{text}");
    let script = fs::read_to_string(&undo).expect("a script");
    for (word, name) in [("removed", "one"), ("created-or-changed", "two")] {
        let path = place.join(name);
        let line = format!("# cannot be taken back: {word} {}\n", path.display());
        assert!(script.contains(&line), "{line}{script}");
    }
}

/// `created  /path/`
fn of_line(line: &str) -> (String, String) {
    let (word, path) = line.split_once(' ').expect("a word and a path");
    let path = path.trim_start().split(" (was ").next().unwrap_or_default();
    (word.to_owned(), path.trim_end_matches('/').to_owned())
}

fn of_null(text: &str) -> Vec<(String, String)> {
    let words: Vec<_> = text.split_terminator('\0').map(str::to_owned).collect();
    words
        .chunks(2)
        .map(|two| (two[0].clone(), two[1].clone()))
        .collect()
}

fn of_json(line: &str) -> (String, String) {
    let value: Value = serde_json::from_str(line).expect("an object");
    let word = |key: &str| value[key].as_str().expect("a word").to_owned();
    assert_eq!(word("type"), "file");
    (word("change"), word("path"))
}
