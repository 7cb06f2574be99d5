//! `search` and `report` are the audit tools under other names: the same outputs as the real
//! ausearch and aureport 3.0.9 gave on a real log (`tests/golden/audit-reference`), but for what
//! docs/audit-tools.md says.

use std::{
    fmt::Write as _,
    fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    process::Command,
};

use tests::{require_root, show, tracer};

/// Files that differ as a whole, and why.
const OTHER: &[(&str, &str)] = &[
    ("ausearch/help.txt", "our own help"),
    ("ausearch/version.txt", "our own version"),
    (
        "ausearch/e-EACCES-name.txt",
        "the name of an error is taken for the negative result",
    ),
    (
        "ausearch/ul-unset.txt",
        "unset is a login user that can be asked for",
    ),
    (
        "ausearch/session-unset.txt",
        "unset is a session that can be asked for",
    ),
    ("aureport/help.txt", "our own help"),
    ("aureport/bad.txt", "a mistake is told without the help"),
    ("aureport/two.txt", "a mistake is told without the help"),
    (
        "aureport/long-netio.txt",
        "a mistake is told without the help",
    ),
    (
        "aureport/long-nodes.txt",
        "a mistake is told without the help",
    ),
    (
        "aureport/long-responses.txt",
        "a mistake is told without the help",
    ),
    ("aureport/mo.txt", "a mistake is told without the help"),
    ("aureport/mo-i.txt", "a mistake is told without the help"),
    (
        "aureport/mo-summary.txt",
        "a mistake is told without the help",
    ),
    (
        "aureport/mo-summary-i.txt",
        "a mistake is told without the help",
    ),
    (
        "aureport/t-summary.txt",
        "refused before the title is printed",
    ),
    (
        "aureport/t-summary-i.txt",
        "refused before the title is printed",
    ),
    (
        "aureport/tty-summary.txt",
        "refused before the title is printed",
    ),
    (
        "aureport/tty-summary-i.txt",
        "refused before the title is printed",
    ),
    ("aureport/version.txt", "our own version"),
    ("aureport/v.txt", "our own version"),
    ("aureport/v-i.txt", "our own version"),
    ("aureport/v-summary.txt", "our own version"),
    ("aureport/v-summary-i.txt", "our own version"),
    ("aureport/u.txt", "the uid of DAEMON_END is not overlooked"),
    (
        "aureport/u-i.txt",
        "the uid of DAEMON_END is not overlooked",
    ),
    (
        "aureport/long-user.txt",
        "the uid of DAEMON_END is not overlooked",
    ),
];

fn golden() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("golden/audit-reference")
}

/// A directory with the links that `tracer install-links` makes.
fn links(dir: &Path) -> PathBuf {
    let made = Command::new(tracer())
        .arg("install-links")
        .arg(dir)
        .output()
        .unwrap();
    assert!(made.status.success(), "{made:?}");
    for name in ["ausearch", "aureport"] {
        assert!(dir.join(name).is_symlink(), "{made:?}");
    }
    dir.to_owned()
}

/// Users and groups of the machine that the reference was made on: ids of its log are told by name.
const ACCOUNTS: [(&str, &str); 2] = [
    (
        "passwd",
        "root:x:0:0:root:/root:/bin/bash\n\
         nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n\
         cloudsdk:x:1000:1000::/home/cloudsdk:/bin/bash\n",
    ),
    ("group", "root:x:0:\nnogroup:x:65534:\ncloudsdk:x:1000:\n"),
];

/// Makes every output of the reference with other programs, in a mount namespace with those users.
fn outputs(dir: &Path, log: &Path, out: &Path, programs: &Path) {
    const SCRIPT: &str = "cd \"$1\" && shift && \
        mount --bind passwd /etc/passwd && mount --bind group /etc/group && exec bash \"$@\"";
    for (name, text) in ACCOUNTS {
        fs::write(dir.join(name), text).unwrap();
    }
    let script = golden().join("outputs.sh");
    let status = Command::new("unshare")
        .args(["--mount", "sh", "-c", SCRIPT, "sh"])
        .args([dir, &script, log, out, programs])
        .status()
        .unwrap();
    assert!(status.success());
}

/// Exit status by file.
fn statuses(index: &Path) -> Vec<(String, String)> {
    let text = fs::read_to_string(index).unwrap();
    text.lines()
        .map(|line| {
            let mut words = line.split('\t');
            let mut word = || words.next().expect("three columns").to_owned();
            (word(), word())
        })
        .collect()
}

#[test]
fn the_outputs_of_the_real_tools() {
    if !require_root() {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let programs = links(dir.path());
    let out = dir.path().join("out");
    // Under this name, as the reports of times print it.
    let log = dir.path().join("LOG");
    symlink(golden().join("audit.log"), &log).unwrap();
    outputs(dir.path(), &log, &out, &programs);
    let mut wrong = Vec::new();
    let wanted = statuses(&golden().join("INDEX.tsv"));
    assert_eq!(wanted.len(), 234, "every output of the reference");
    for ((file, status), (made, got)) in wanted.iter().zip(statuses(&out.join("INDEX.tsv"))) {
        assert_eq!(*file, made);
        let other = OTHER.iter().find(|(name, _)| name == file);
        let expected = fs::read(golden().join(file)).unwrap();
        let found = fs::read(out.join(file)).unwrap();
        if let Some((_, why)) = other {
            assert_ne!(expected, found, "{file} does not differ any more: {why}");
            continue;
        }
        if *status != got {
            wrong.push(format!("{file}: exit status {got} and not {status}"));
        }
        if let Some(line) = difference(&expected, &found, log.to_str().unwrap()) {
            wrong.push(format!("{file}: {line}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The first line that differs without a reason.
fn difference(expected: &[u8], found: &[u8], log: &str) -> Option<String> {
    let lines =
        |text: &[u8]| -> Vec<Vec<u8>> { text.split(|b| *b == b'\n').map(<[u8]>::to_vec).collect() };
    let (expected, found) = (lines(expected), lines(found));
    if expected.len() != found.len() {
        return Some(format!("{} lines and not {}", found.len(), expected.len()));
    }
    expected.iter().zip(&found).find_map(|(wanted, got)| {
        let same = wanted == got || explained(wanted, log) == explained(got, log);
        (!same).then(|| format!("\n  {}\nand not\n  {}", show(got), show(wanted)))
    })
}

/// Calls whose arguments 3.0.9 has no words for, or wrong ones.
const OTHER_WORDS: [&str; 7] = [
    "clone",
    "openat",
    "unlinkat",
    "mknodat",
    "symlinkat",
    "fchownat",
    "fchmodat2",
];

/// A line without what differs for a reason that docs/audit-tools.md gives.
fn explained(line: &[u8], log: &str) -> String {
    // What drives a terminal is escaped, and so is what is no UTF-8.
    let mut text = String::new();
    for chunk in line.strip_suffix(b"\x1d").unwrap_or(line).utf8_chunks() {
        text.push_str(&chunk.valid().replace('\x7f', "\\177"));
        for byte in chunk.invalid() {
            let _ = write!(text, "\\{byte:03o}");
        }
    }
    let mut text = text.replace(log, "LOG");
    // A call that is newer than the real tools.
    for (number, name) in [
        ("syscall=unknown-syscall(452)", "syscall=fchmodat2"),
        ("a0=0xffffff9c", "a0=AT_FDCWD"),
        ("a2=0x1b4", "a2=0664"),
        (" unknown-syscall(452) ", " fchmodat2 "),
        ("  unknown-syscall(452)", "  fchmodat2"),
        (" unknown-syscall\\(452\\) ", " fchmodat2 "),
    ] {
        text = text.replace(number, name);
    }
    if text.contains("comm=op19 ") {
        text = text.replace("syscall=unknown-syscall\\(452\\)", "syscall=fchmodat2");
    }
    // A name that is relative to a descriptor.
    text = text
        .replace("/srv/suites/w/../c1", "../c1")
        .replace("/srv/suites/c1", "../c1")
        .replace("/srv/suites/w/rel-in-dir", "rel-in-dir")
        .replace("/srv/suites/w/rel2", "rel2")
        .replace("/srv/suites/w/sd", "sd")
        .replace("/srv/suites/w/w/", "w/");
    // rm -r and find go down by descriptors, too.
    for program in ["/usr/bin/rm", "/usr/bin/find"] {
        if text.ends_with(program) || text.contains(&format!("{program},")) {
            text = text.replace("/srv/suites/w/", "");
        }
    }
    // 3.0.9 reads octal digits as hexadecimal.
    if text.contains("type=OPENAT2") && text.contains(" : ") {
        return String::from("what openat2(2) was asked for");
    }
    // Arguments that have other words in the kernel's source, which tests/golden/audit-forms has.
    let call = text
        .split("syscall=")
        .nth(1)
        .and_then(|rest| rest.split(' ').next());
    if call.is_some_and(|call| OTHER_WORDS.contains(&call)) {
        let words = text.split(' ').filter(|word| {
            let number = word.strip_prefix('a').and_then(|rest| rest.split_once('='));
            !number.is_some_and(|(number, _)| matches!(number, "0" | "1" | "2" | "3"))
        });
        text = words.collect::<Vec<_>>().join(" ");
    }
    // The user and group of a chown are names.
    if text.contains("chown ") || text.contains("changed-file-ownership-of") {
        let words = text.split([' ', ',']).filter(|word| {
            !["a1=", "a2="].iter().any(|name| word.starts_with(name))
                && !matches!(*word, "0x0" | "root" | "0x3e8" | "cloudsdk")
        });
        text = words.collect::<Vec<_>>().join(" ");
    }
    // Columns are quoted, and what was opened is told by its mode.
    if text.starts_with(",SYSCALL,") {
        text = text
            .replace("\"\"", "\"")
            .replace(",\"/", ",/")
            .replace("\",", ",");
        for kind in [
            ",file,",
            ",directory,",
            ",symlink,",
            ",fifo,",
            ",character-device,",
        ] {
            text = text.replace(kind, ",*,");
        }
        if text.contains(",4477,") {
            return String::from("a call that is newer than the real tools");
        }
    }
    if text.contains("triggered-audit-rule") || text.contains("changed-file-permissions-of") {
        return String::from("a call that is newer than the real tools");
    }
    text
}
