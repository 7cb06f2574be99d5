//! Renames and their halves, and trees that grow faster than they can be watched.

use std::{fs, path::Path, thread};

use super::*;

fn outside() -> (TempDir, PathBuf) {
    let dir = TempDir::new().unwrap();
    let path = dir.path().canonicalize().unwrap();
    (dir, path)
}

const NAMES: [Op; 3] = [Op::Create, Op::Delete, Op::Rename];

#[test]
fn moved_out_is_a_rename_without_an_end_and_ends_the_watches() {
    let (_kept, out) = outside();
    let mut bed = Bed::prepared(&NAMES, |root| {
        fs::create_dir_all(root.join("d/e")).unwrap();
        fs::write(root.join("f"), "").unwrap();
    });
    fs::rename(bed.at("d"), out.join("d")).unwrap();
    fs::write(out.join("d/e/unseen"), "").unwrap();
    fs::rename(bed.at("f"), out.join("f")).unwrap();
    bed.sync();
    assert_eq!(bed.lines(), ["rename <- /d/", "rename <- /f"]);
    fs::write(out.join("d/e/unseen too"), "").unwrap();
    bed.sync();
    assert_eq!(bed.lines().len(), 2);
    bed.check_sums();
}

#[test]
fn moved_in_is_a_rename_without_a_beginning_and_is_listed() {
    let (_kept, out) = outside();
    fs::create_dir_all(out.join("d/e")).unwrap();
    fs::write(out.join("d/e/f"), "").unwrap();
    let mut bed = Bed::new(&NAMES);
    fs::rename(out.join("d"), bed.at("d")).unwrap();
    bed.sync();
    assert_eq!(
        bed.lines(),
        ["rename -> /d/", "create /d/e/ *", "create /d/e/f *"]
    );
    bed.clear();
    fs::write(bed.at("d/e/g"), "").unwrap();
    bed.sync();
    assert_eq!(bed.lines(), ["create /d/e/g"]);
}

#[test]
fn out_and_in_again_under_the_same_name() {
    let (_kept, out) = outside();
    let mut bed = Bed::prepared(&NAMES, |root| fs::create_dir(root.join("d")).unwrap());
    fs::write(bed.at("d/f"), "").unwrap();
    fs::rename(bed.at("d"), out.join("d")).unwrap();
    fs::rename(out.join("d"), bed.at("d")).unwrap();
    bed.sync();
    fs::write(bed.at("d/g"), "").unwrap();
    bed.sync();
    let told = [
        "create /d/f",
        "rename <- /d/",
        "rename -> /d/",
        "create /d/f *",
        "create /d/g",
    ];
    assert_eq!(bed.lines(), told);
}

#[test]
fn exchanged_names() {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    let mut bed = Bed::prepared(&NAMES, |root| {
        for name in ["a", "b"] {
            fs::create_dir_all(root.join(name).join(format!("in-{name}"))).unwrap();
            fs::write(root.join(format!("f{name}")), "").unwrap();
        }
    });
    let mut copy = Copy {
        paths: tree(&bed.root()),
        ..Copy::default()
    };
    for (a, b) in [("a", "b"), ("fa", "fb"), ("a", "fa")] {
        renameat_with(CWD, bed.at(a), CWD, bed.at(b), RenameFlags::EXCHANGE).unwrap();
    }
    fs::write(bed.at("b/in-a/new"), "").unwrap();
    bed.sync();
    let told = [
        "rename /a/ -> /b/",
        "rename /b/ -> /a/",
        "rename /fa -> /fb",
        "rename /fb -> /fa",
        "rename /a/ -> /fa/",
        "rename /fa -> /a",
        "create /b/in-a/new",
    ];
    assert_eq!(bed.lines(), told);
    bed.items.iter().for_each(|item| copy.apply(item));
    assert_same(&copy.paths, &tree(&bed.root()));
    bed.clear();
    fs::write(bed.at("fa/in-b/later"), "").unwrap();
    bed.sync();
    assert_eq!(bed.lines(), ["create /fa/in-b/later"]);
}

#[test]
fn exchanged_for_something_elsewhere() {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    let (_kept, out) = outside();
    let mut bed = Bed::prepared(&NAMES, |root| {
        fs::create_dir_all(root.join("d/in")).unwrap();
        fs::write(root.join("f"), "").unwrap();
    });
    fs::create_dir_all(out.join("d/new")).unwrap();
    fs::write(out.join("f"), "").unwrap();
    for name in ["d", "f"] {
        let flags = RenameFlags::EXCHANGE;
        renameat_with(CWD, out.join(name), CWD, bed.at(name), flags).unwrap();
    }
    bed.sync();
    let told = [
        "rename <- /d/",
        "rename -> /d/",
        "create /d/new/ *",
        "rename <- /f",
        "rename -> /f",
    ];
    assert_eq!(bed.lines(), told);
    fs::write(out.join("d/in/unseen"), "").unwrap();
    fs::write(bed.at("d/new/seen"), "").unwrap();
    bed.clear();
    bed.sync();
    assert_eq!(bed.lines(), ["create /d/new/seen"]);
    bed.check_sums();
}

#[test]
fn there_and_back_is_no_exchange() {
    let mut bed = Bed::prepared(&NAMES, |root| {
        for name in ["fa", "fb"] {
            fs::write(root.join(name), "").unwrap();
        }
        for name in ["da/in", "db"] {
            fs::create_dir_all(root.join(name)).unwrap();
        }
    });
    let mut copy = Copy {
        paths: tree(&bed.root()),
        ..Copy::default()
    };
    for (a, b) in [("fa", "fb"), ("fb", "fa"), ("da", "db"), ("db", "da")] {
        fs::rename(bed.at(a), bed.at(b)).unwrap();
    }
    bed.sync();
    let told = [
        "rename /fa -> /fb",
        "rename /fb -> /fa",
        "rename /da/ -> /db/",
        "rename /db/ -> /da/",
    ];
    assert_eq!(bed.lines(), told);
    bed.items.iter().for_each(|item| copy.apply(item));
    assert_same(&copy.paths, &tree(&bed.root()));
    bed.clear();
    fs::write(bed.at("da/in/later"), "").unwrap();
    bed.sync();
    assert_eq!(bed.lines(), ["create /da/in/later"]);
}

#[test]
fn a_chain_of_renames_read_late() {
    let mut bed = Bed::prepared(&NAMES, |root| {
        fs::create_dir_all(root.join("a/deep")).unwrap();
    });
    fs::rename(bed.at("a"), bed.at("b")).unwrap();
    fs::create_dir(bed.at("a")).unwrap();
    fs::write(bed.at("a/new"), "").unwrap();
    fs::rename(bed.at("b"), bed.at("c")).unwrap();
    fs::rename(bed.at("a"), bed.at("b")).unwrap();
    fs::rename(bed.at("c"), bed.at("b/c")).unwrap();
    let mut copy = Copy {
        paths: [b"a".to_vec(), b"a/deep".to_vec()].into(),
        ..Copy::default()
    };
    let root = bed.root();
    copy.paths = copy
        .paths
        .iter()
        .map(|p| [root.as_os_str().as_bytes(), b"/", p].concat())
        .collect();
    bed.sync();
    bed.items.iter().for_each(|item| copy.apply(item));
    assert_same(&copy.paths, &tree(&root));
    bed.clear();
    fs::write(bed.at("b/c/deep/f"), "").unwrap();
    fs::write(bed.at("b/g"), "").unwrap();
    bed.sync();
    assert_eq!(bed.lines(), ["create /b/c/deep/f", "create /b/g"]);
}

/// Makes a tree as fast as it can: every directory has files and directories.
fn grow(at: &Path, depth: u32, width: u32) {
    for i in 0..width {
        fs::write(at.join(format!("f{i}")), "").unwrap();
        if depth > 0 {
            let below = at.join(format!("d{i}"));
            fs::create_dir(&below).unwrap();
            grow(&below, depth - 1, width);
        }
    }
}

#[test]
fn a_tree_that_grows_while_it_is_watched_is_complete() {
    let mut bed = Bed::new(&[Op::Create, Op::Delete]);
    let root = bed.root();
    let worker = thread::spawn(move || {
        for i in 0..8 {
            let deep: PathBuf = std::iter::repeat_n("deep", 40).collect();
            fs::create_dir_all(root.join(format!("{i}")).join(&deep)).unwrap();
            fs::write(root.join(format!("{i}")).join(&deep).join("f"), "").unwrap();
            grow(&root.join(format!("{i}")), 3, 5);
        }
    });
    while !worker.is_finished() {
        bed.pump();
    }
    worker.join().unwrap();
    bed.sync();
    let copy = Copy::of(&bed.items);
    assert_same(&copy.paths, &tree(&bed.root()));
    assert_eq!(copy.doubled, Vec::<Vec<u8>>::new());
    assert!(bed.events().all(|event| event.op == Op::Create));
    bed.check_sums();
}

#[test]
fn a_tree_deeper_than_a_path_may_be_long() {
    let mut bed = Bed::new(&[Op::Create, Op::Delete]);
    let name = "n".repeat(200);
    let mut at = rustix::fs::open(bed.root(), rustix::fs::OFlags::PATH, 0.into()).unwrap();
    for _ in 0..30 {
        rustix::fs::mkdirat(&at, &*name, 0o755.into()).unwrap();
        at = rustix::fs::openat(&at, &*name, rustix::fs::OFlags::PATH, 0.into()).unwrap();
        bed.pump();
    }
    rustix::fs::mkdirat(&at, "last", 0o755.into()).unwrap();
    bed.sync();
    let last = bed.events().last().unwrap().paths[0]
        .resolved
        .clone()
        .unwrap();
    assert!(
        last.len() > 6000 && last.ends_with(b"/last"),
        "{}",
        last.len()
    );
    assert_eq!(bed.events().count(), 31);
}

#[test]
fn unpacked_beside_and_renamed_into_place() {
    for _ in 0..20 {
        let mut bed = Bed::new(&NAMES);
        let root = bed.root();
        let worker = thread::spawn(move || {
            for i in 0..10 {
                grow(
                    &fs::create_dir(root.join("tmp"))
                        .map(|()| root.join("tmp"))
                        .unwrap(),
                    2,
                    3,
                );
                fs::rename(root.join("tmp"), root.join(format!("final{i}"))).unwrap();
            }
        });
        while !worker.is_finished() {
            bed.pump();
        }
        worker.join().unwrap();
        bed.sync();
        assert_same(&Copy::of(&bed.items).paths, &tree(&bed.root()));
        bed.check_sums();
    }
}

#[test]
fn finish_hands_on_what_waits_and_waits_for_no_other_half() {
    let (_kept, out) = outside();
    let mut bed = Bed::prepared(&NAMES, |root| fs::write(root.join("f"), "").unwrap());
    fs::rename(bed.at("f"), out.join("f")).unwrap();
    fs::create_dir_all(bed.at("a/b")).unwrap();
    let items = &mut bed.items;
    bed.source.finish(&mut |item| items.push(item)).unwrap();
    assert_eq!(
        bed.lines(),
        ["rename <- /f", "create /a/", "create /a/b/ *"]
    );
    bed.check_sums();
}
