//! What `--files-changed` tells of files that change their names, and what its script brings back:
//! each script is run, and the tree is compared with what it was before.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use tests::{Place, require_ebpf, run_to_end, tracer_command};

/// Every name below a directory; what a file holds, `None` for a directory.
type Tree = BTreeMap<PathBuf, Option<String>>;

fn tree(root: &Path) -> Tree {
    let mut tree = Tree::new();
    let mut dirs = vec![root.to_owned()];
    while let Some(dir) = dirs.pop() {
        for entry in fs::read_dir(&dir).expect("a directory") {
            let path = entry.expect("an entry").path();
            let name = path.strip_prefix(root).expect("below").to_owned();
            let is_dir = path.symlink_metadata().expect("it is there").is_dir();
            let text = (!is_dir).then(|| fs::read_to_string(&path).expect("a file"));
            tree.insert(name, text);
            if is_dir {
                dirs.push(path);
            }
        }
    }
    tree
}

/// A run in a directory of its own, and what it was there before.
struct Run {
    place: Place,
    out: Place,
    before: Tree,
    list: Vec<String>,
}

impl Run {
    /// `a`, `b` and `d/` with `x` and `y` are there before.
    fn of(command: &[&str]) -> Self {
        let (place, out) = (Place::new(), Place::new());
        fs::create_dir(place.join("d")).expect("a directory");
        for name in ["a", "b", "d/x", "d/y"] {
            fs::write(place.join(name), name).expect("a file");
        }
        let before = tree(place.path());
        let list = out.join("list");
        let mut run = tracer_command(["trace", "-q", "--files-changed", "-o"]);
        run.arg(&list).arg("--undo").arg(out.join("undo"));
        run.arg("--").args(command).current_dir(place.path());
        let _ = run_to_end(&mut run).ended(0);
        let root = format!("{}/", place.path().display());
        let list = fs::read_to_string(&list).expect("a list");
        let list = list.replace(&root, "");
        let list = list.lines().map(str::to_owned).collect();
        Self {
            place,
            out,
            before,
            list,
        }
    }

    fn script(&self) -> String {
        fs::read_to_string(self.out.join("undo")).expect("a script")
    }

    fn undo(&self) -> Output {
        let script = self.out.join("undo");
        Command::new("sh").arg(script).output().expect("sh runs")
    }

    /// The script brings back what was there before.
    fn is_taken_back(&self) {
        assert!(self.undo().status.success());
        assert_eq!(tree(self.place.path()), self.before, "{}", self.script());
    }
}

const EXCHANGE: &str = "python3 -c 'import ctypes; \
                        exit(ctypes.CDLL(None).renameat2(-100, b\"a\", -100, b\"d\", 2))'";

/// What was moved is moved back, whatever has come in its place.
#[test]
fn all_is_as_before() {
    if !require_ebpf() {
        return;
    }
    for (script, wanted) in [
        (
            "ln b new; rm b",
            &["removed  b", "created  new (was b)"][..],
        ),
        (
            "mv a x; ln x y; rm x",
            &["removed  a", "created  y (was a)"],
        ),
        (
            "ln b one; ln b two; rm b",
            &["removed  b", "created  one (was b)", "created  two (was b)"],
        ),
        ("ln b more", &["created  more"]),
        (
            "mv b c; echo new > b",
            &["changed  b", "created  c (was b)"],
        ),
        (
            "mv d e; mkdir d; echo > d/new; echo > d/x",
            &[
                "changed  d/",
                "created  d/new",
                "changed  d/x",
                "created  e/ (was d)",
            ],
        ),
        (
            "mv a t; mv b a; mv t b",
            &["changed  a (was b)", "changed  b (was a)"],
        ),
        (EXCHANGE, &["changed  a/ (was d)", "changed  d (was a)"]),
        (
            "mkdir n; mv a n/a; mv d n/d; echo > n/d/more",
            &[
                "removed  a",
                "removed  d/",
                "created  n/",
                "created  n/a (was a)",
                "created  n/d/ (was d)",
                "created  n/d/more",
            ],
        ),
        (
            "mv d/x q; mv d e",
            &[
                "removed  d/",
                "removed  d/x",
                "created  e/ (was d)",
                "created  q (was d/x)",
            ],
        ),
        (
            "mkdir p; mv d p/d; mv p d",
            &["changed  d/", "created  d/d/ (was d)"],
        ),
        (
            "mv d e; mkdir d; mv e/x d/z",
            &[
                "changed  d/",
                "removed  d/x",
                "created  d/z (was d/x)",
                "created  e/ (was d)",
            ],
        ),
        ("mv a b1; mv b1 a; mv d e; mv e d", &[]),
    ] {
        let run = Run::of(&["sh", "-c", script]);
        assert_eq!(run.list, wanted, "{script}");
        let undone = run.undo();
        let text = run.script();
        assert!(undone.status.success(), "{script}: {undone:?}\n{text}");
        assert!(!text.contains("cannot"), "{script}: {text}");
        assert_eq!(tree(run.place.path()), run.before, "{script}: {text}");
    }
}

/// What cannot be brought back is said, and nothing is lost on the way.
#[test]
fn what_is_left() {
    if !require_ebpf() {
        return;
    }
    for (script, wanted, left, after) in [
        (
            "mv b c; echo more >> c",
            &["removed  b", "created  c (was b, and changed)"][..],
            &["changed b"][..],
            &[("b", Some("bmore\n"))][..],
        ),
        (
            "cp -a d d2; rm -rf d; mv d2 d",
            &["changed  d/", "changed  d/x", "changed  d/y"],
            &["changed d/y", "changed d/x", "changed d"],
            &[],
        ),
        (
            "rm -rf d; echo > d",
            &["changed  d", "removed  d/x", "removed  d/y"],
            &["removed d/y", "removed d/x", "changed d"],
            &[("d", Some("\n")), ("d/x", None), ("d/y", None)],
        ),
        (
            "mkdir n; mv d/x n; rm -r d",
            &[
                "removed  d/",
                "removed  d/x",
                "removed  d/y",
                "created  n/",
                "created  n/x (was d/x)",
            ],
            &[
                "created n/x",
                "created n",
                "removed d/y",
                "removed d/x",
                "removed d",
            ],
            &[("n/x", Some("d/x"))],
        ),
    ] {
        let run = Run::of(&["sh", "-c", script]);
        assert_eq!(run.list, wanted, "{script}");
        let undone = run.undo();
        let text = run.script();
        assert!(undone.status.success(), "{script}: {undone:?}\n{text}");
        let root = format!("{}/", run.place.path().display());
        let said: Vec<_> = text
            .lines()
            .filter_map(|line| line.strip_prefix("# cannot be taken back: "))
            .map(|line| line.replace(&root, ""))
            .collect();
        assert_eq!(said, left, "{script}: {text}");
        for (name, holds) in after {
            let file = fs::read_to_string(run.place.join(name)).ok();
            assert_eq!(file.as_deref(), *holds, "{script}: {name}");
        }
        // Of what held what it held, nothing is gone.
        for name in ["a", "b", "d/x", "d/y"] {
            let held = |holds: &str| holds.starts_with(name);
            let is_removed = wanted
                .iter()
                .any(|line| *line == format!("removed  {name}"));
            let is_there = tree(run.place.path()).values().flatten().any(|t| held(t));
            assert!(is_there || is_removed, "{script}: {name}");
        }
    }
}

/// A step that cannot be done is told, and the others are done.
#[test]
fn what_came_since_stays() {
    if !require_ebpf() {
        return;
    }
    let run = Run::of(&["sh", "-c", "mv b c; mv a a2"]);
    fs::write(run.place.join("b"), "since").expect("a file");
    let undone = run.undo();
    assert_eq!(undone.status.code(), Some(1), "{undone:?}");
    let said = String::from_utf8_lossy(&undone.stderr);
    assert!(
        said.contains("/c is not moved back: ") && said.contains("/b is there"),
        "{said}"
    );
    for (name, holds) in [("a", "a"), ("b", "since"), ("c", "b")] {
        let file = fs::read_to_string(run.place.join(name)).expect("a file");
        assert_eq!(file, holds, "{name}");
    }
}

/// A file without a name is no file of the list; one that gets a name is.
#[test]
fn files_without_a_name() {
    if !require_ebpf() {
        return;
    }
    let script = "\
import os
f = os.open('gone', os.O_CREAT | os.O_RDWR); os.unlink('gone')
g = os.open('/dev/fd/%d' % f, os.O_RDWR); os.write(g, b'x'); os.fchmod(g, 0o600)
f = os.open('.', os.O_TMPFILE | os.O_RDWR); os.write(f, b'x')
f = os.open('.', os.O_TMPFILE | os.O_RDWR)
os.link('/proc/self/fd/%d' % f, 'linked', dst_dir_fd=os.open('.', 0), follow_symlinks=True)";
    let run = Run::of(&["python3", "-c", script]);
    assert_eq!(run.list, ["created  linked"]);
    run.is_taken_back();
}

/// The same name in another mount namespace may be another file.
#[test]
fn another_mount_namespace() {
    if !require_ebpf() {
        return;
    }
    let script = "unshare -m sh -c 'mount -t tmpfs x d; echo 2 > d/x; echo > d/new'; echo > here";
    let run = Run::of(&["sh", "-c", script]);
    let wanted = [
        "created  here",
        "created  d/new (in another mount namespace)",
        "created  d/x (in another mount namespace)",
    ];
    assert_eq!(run.list, wanted);
    run.is_taken_back();
}

/// What was on a mount that is gone is not what has its name now.
#[test]
fn a_mount_that_is_gone() {
    if !require_ebpf() {
        return;
    }
    let script = "mount -t tmpfs x d && echo 2 > d/x; echo > d/new; mv d/new d/y; umount d";
    let run = Run::of(&["sh", "-c", script]);
    assert!(
        run.list.iter().all(|line| line.contains("-or-")),
        "{:?}",
        run.list
    );
    run.is_taken_back();
}
