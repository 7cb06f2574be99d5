//! `search` and `report` are the audit tools under other names: the same outputs as the real
//! ausearch and aureport 3.0.9 gave on a real log (`tests/golden/audit-reference`), but for what
//! docs/audit-tools.md says.

use std::{
    collections::{BTreeMap, BTreeSet},
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
    let at_descriptors = AtDescriptors::of(&fs::read_to_string(&log).unwrap());
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
        if let Some(line) = difference(file, [&expected, &found], &log, &at_descriptors) {
            wrong.push(format!("{file}: {line}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The first line that differs without a reason.
fn difference(
    file: &str,
    [expected, found]: [&[u8]; 2],
    log: &Path,
    at_descriptors: &AtDescriptors,
) -> Option<String> {
    let lines =
        |text: &[u8]| -> Vec<Vec<u8>> { text.split(|b| *b == b'\n').map(<[u8]>::to_vec).collect() };
    let (expected, found) = (lines(expected), lines(found));
    if expected.len() != found.len() {
        return Some(format!("{} lines and not {}", found.len(), expected.len()));
    }
    let serials = Serials::of(file, &expected[0]);
    (0..expected.len()).find_map(|n| {
        let (wanted, got) = (&expected[n], &found[n]);
        let told = |line: &[u8]| {
            let text = explained(line, log.to_str().unwrap());
            at_descriptors.without_directory(text, &serials.of_line(n, line))
        };
        let same = wanted == got || told(wanted) == told(got);
        (!same).then(|| format!("\n  {}\nand not\n  {}", show(got), show(wanted)))
    })
}

/// Where a line of an output says which event it is about.
enum Serials {
    /// Each line is one event, in the order of the log.
    Lines,
    /// This column.
    Column(usize),
    /// The last word.
    Last,
}

/// Which event a line is about.
enum About {
    Nth(usize),
    Serial(String),
}

impl Serials {
    fn of(file: &str, head: &[u8]) -> Self {
        let head = String::from_utf8_lossy(head);
        let column = head.split(',').position(|name| name == "SERIAL_NUM");
        match column {
            Some(column) => Self::Column(column),
            None if file == "ausearch/format-text.txt" => Self::Lines,
            None => Self::Last,
        }
    }

    fn of_line(&self, n: usize, line: &[u8]) -> About {
        let line = String::from_utf8_lossy(line);
        let word = match self {
            Self::Lines => return About::Nth(n),
            Self::Column(column) => line.split(',').nth(*column),
            Self::Last => line.rsplit(' ').next(),
        };
        About::Serial(word.unwrap_or_default().to_owned())
    }
}

/// Events whose names are relative to a descriptor, by the arguments of their calls: ausearch puts the
/// working directory in front of these, too.
struct AtDescriptors {
    /// Serial numbers of all events, in the order of the log.
    order: Vec<String>,
    /// Serial number, and what is relative to a descriptor.
    names: BTreeMap<String, AtDescriptor>,
    /// Names of all other events.
    others: BTreeSet<String>,
}

/// Names of one such event.
struct AtDescriptor {
    /// Of two names, the new one is relative to a descriptor.
    new: bool,
    /// Of two names, the old one is; or the only one.
    old: bool,
    names: Vec<String>,
}

impl AtDescriptors {
    const AT_FDCWD: &str = "ffffff9c";
    const DIRECTORY: &str = "/srv/suites/w";

    fn of(log: &str) -> Self {
        let mut all = Self {
            order: Vec::new(),
            names: BTreeMap::new(),
            others: BTreeSet::new(),
        };
        for line in log.lines() {
            let head = line.split_once("):").expect("a head").0;
            let serial = head.rsplit(':').next().expect("a serial number").to_owned();
            let field = |name: &str| {
                let value = line.split(' ').find_map(|word| word.strip_prefix(name));
                value.unwrap_or_default()
            };
            if all.order.last() != Some(&serial) {
                all.order.push(serial.clone());
            }
            if line.starts_with("type=SYSCALL") && field("arch=") == "c000003e" {
                // Of those with two directories, old and new one; then openat and mkdirat to fchmodat,
                // utimensat, execveat, openat2, fchmodat2.
                let (old, new) = match field("syscall=") {
                    "266" => (None, Some("a1=")),
                    "264" | "265" | "316" => (Some("a0="), Some("a2=")),
                    "257" | "258" | "259" | "260" | "261" | "262" | "263" | "268" | "269"
                    | "280" | "322" | "437" | "452" => (Some("a0="), Some("a0=")),
                    _ => (None, None),
                };
                let is_other = |name| !field(name).ends_with(Self::AT_FDCWD);
                let (old, new) = (old.is_some_and(is_other), new.is_some_and(is_other));
                if old || new {
                    let names = Vec::new();
                    all.names.insert(serial, AtDescriptor { new, old, names });
                }
                continue;
            }
            let name = field("name=").trim_matches('"').to_owned();
            if !line.starts_with("type=PATH") || name.starts_with('/') {
                continue;
            }
            let is_new = field("nametype=") == "CREATE";
            match all.names.get_mut(&serial) {
                Some(event) if if is_new { event.new } else { event.old } => event.names.push(name),
                _ => {
                    all.others.insert(name);
                }
            }
        }
        all
    }

    /// A line of such an event without the working directory in front of its names. A sum, which is about
    /// no event, where all events that have the name are such.
    fn without_directory(&self, mut text: String, about: &About) -> String {
        let serial = match about {
            About::Nth(n) => self.order.get(*n),
            About::Serial(serial) => Some(serial),
        };
        if let Some(event) = serial.and_then(|serial| self.names.get(serial)) {
            for name in &event.names {
                text = Self::without(&text, name);
            }
        } else if text.split_whitespace().count() == 2 {
            for name in self.names.values().flat_map(|event| &event.names) {
                if !self.others.contains(name) {
                    text = Self::without(&text, name);
                }
            }
        }
        text
    }

    fn without(text: &str, name: &str) -> String {
        let text = text.replace(&format!("{}/{name}", Self::DIRECTORY), name);
        // With the dots taken out.
        match name.strip_prefix("../") {
            Some(rest) => text.replace(&format!("/srv/suites/{rest}"), name),
            None => text,
        }
    }
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

/// What a file can be.
const KINDS: [&str; 5] = ["file", "directory", "symlink", "fifo", "character-device"];

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
    // 3.0.9 says what a file became only where another one had that name.
    if let Some((what, (_, how))) = text
        .split_once(" to ")
        .and_then(|(what, rest)| Some((what, rest.split_once(" using ")?)))
        && what.contains(" renamed ")
    {
        text = format!("{what} using {how}");
    }
    let mut columns: Vec<_> = text.split(',').collect();
    if let Some(action) = columns.iter().position(|column| *column == "renamed")
        && let Some(second) = columns.get_mut(action + 4)
        && !KINDS.contains(second)
    {
        *second = "";
        text = columns.join(",");
    }
    // Columns are quoted, and what was opened is told by its mode.
    if text.starts_with(",SYSCALL,") {
        text = text
            .replace("\"\"", "\"")
            .replace(",\"/", ",/")
            .replace("\",", ",");
        for kind in KINDS {
            text = text.replace(&format!(",{kind},"), ",*,");
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
