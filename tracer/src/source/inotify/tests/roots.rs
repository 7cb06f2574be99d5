//! Roots that are files, that are below each other, and that go.

use std::fs;

use super::*;

const NAMES: [Op; 4] = [Op::Create, Op::Delete, Op::Rename, Op::Close];

fn files(names: &'static [&'static str]) -> Bed {
    Bed::planned(
        |root| {
            for name in names {
                fs::write(root.join(name), "").unwrap();
            }
        },
        |root| {
            let roots: Vec<_> = names.iter().map(|name| root.join(name)).collect();
            let roots: Vec<&Path> = roots.iter().map(PathBuf::as_path).collect();
            WatchPlan {
                ops: NAMES.into(),
                ..plan(&roots)
            }
        },
    )
}

fn until_ended(bed: &mut Bed) {
    let deadline = Instant::now() + LONG;
    while !bed.source.ended() {
        assert!(Instant::now() < deadline, "never ended: {:?}", bed.lines());
        bed.pump();
    }
}

#[test]
fn a_deleted_directory_ends_the_watch() {
    let mut bed = Bed::planned(
        |root| fs::create_dir_all(root.join("r/d")).unwrap(),
        |root| WatchPlan {
            ops: NAMES.into(),
            ..plan(&[&root.join("r")])
        },
    );
    assert!(!bed.source.ended());
    fs::remove_dir_all(bed.at("r")).unwrap();
    until_ended(&mut bed);
    assert_eq!(bed.lines(), ["delete /r/d/", "delete /r/"]);
    bed.check_sums();
}

#[test]
fn a_renamed_directory_ends_the_watch() {
    let mut bed = Bed::planned(
        |root| fs::create_dir_all(root.join("r/d")).unwrap(),
        |root| WatchPlan {
            ops: NAMES.into(),
            ..plan(&[&root.join("r")])
        },
    );
    fs::rename(bed.at("r"), bed.at("s")).unwrap();
    fs::write(bed.at("s/d/f"), "").unwrap();
    until_ended(&mut bed);
    assert_eq!(bed.lines().last().unwrap(), "rename <- /r/");
    bed.check_sums();
}

#[test]
fn a_directory_that_goes_with_one_above_it_ends_the_watch() {
    let mut bed = Bed::planned(
        |root| fs::create_dir_all(root.join("up/r")).unwrap(),
        |root| WatchPlan {
            ops: NAMES.into(),
            ..plan(&[&root.join("up/r")])
        },
    );
    fs::rename(bed.at("up"), bed.at("away")).unwrap();
    until_ended(&mut bed);
    assert_eq!(bed.lines(), ["delete /up/r/ *"]);
}

#[test]
fn a_deleted_directory_in_which_somebody_is_ends_the_watch() {
    let mut bed = Bed::planned(
        |root| fs::create_dir_all(root.join("r")).unwrap(),
        |root| WatchPlan {
            ops: NAMES.into(),
            ..plan(&[&root.join("r")])
        },
    );
    let held = fs::File::open(bed.at("r")).unwrap();
    fs::remove_dir(bed.at("r")).unwrap();
    until_ended(&mut bed);
    drop(held);
    assert_eq!(bed.lines(), ["delete /r/ *"]);
}

#[test]
fn the_watch_ends_with_the_last_root() {
    let mut bed = Bed::planned(
        |root| {
            fs::create_dir(root.join("a")).unwrap();
            fs::create_dir(root.join("b")).unwrap();
        },
        |root| WatchPlan {
            ops: NAMES.into(),
            ..plan(&[&root.join("a"), &root.join("b")])
        },
    );
    fs::remove_dir(bed.at("a")).unwrap();
    bed.until("the first root", |items| items.len() == 1);
    assert!(!bed.source.ended());
    fs::rename(bed.at("b"), bed.at("c")).unwrap();
    until_ended(&mut bed);
    assert_eq!(bed.lines(), ["delete /a/", "rename <- /b/"]);
}

fn until_told(bed: &mut Bed, told: &str) {
    let (op, rest) = told.split_once(' ').unwrap_or(("", told));
    bed.until(told, |items| {
        let mut lines = items.iter().map(line);
        lines.any(|line| line.starts_with(op) && line.ends_with(rest))
    });
}

#[test]
fn a_directory_in_the_place_of_a_root_is_watched() {
    let mut bed = Bed::planned(
        |root| {
            fs::create_dir_all(root.join("r/d")).unwrap();
            fs::create_dir_all(root.join("new/e")).unwrap();
        },
        |root| WatchPlan {
            ops: NAMES.into(),
            ..plan(&[&root.join("r")])
        },
    );
    fs::rename(bed.at("r"), bed.at("old")).unwrap();
    fs::rename(bed.at("new"), bed.at("r")).unwrap();
    until_told(&mut bed, "create /r/e/ *");
    let warnings = bed.source.take_warnings();
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    assert!(
        warnings[0].contains("is another directory now"),
        "{warnings:?}"
    );
    fs::write(bed.at("old/d/unseen"), "").unwrap();
    fs::write(bed.at("r/e/f"), "").unwrap();
    until_told(&mut bed, "close /r/e/f");
    let told = [
        "rename <- /r/",
        "create /r/ *",
        "create /r/e/ *",
        "create /r/e/f",
        "close /r/e/f",
    ];
    assert_eq!(bed.lines(), told);
    bed.clear();
    // Removed and made again.
    fs::remove_dir_all(bed.at("r")).unwrap();
    fs::create_dir(bed.at("r")).unwrap();
    until_told(&mut bed, "create /r/ *");
    assert!(!bed.source.ended());
    fs::write(bed.at("r/g"), "").unwrap();
    until_told(&mut bed, "close /r/g");
    bed.check_sums();
    fs::remove_dir_all(bed.at("r")).unwrap();
    until_ended(&mut bed);
    let warnings = bed.source.take_warnings();
    let last = warnings.last().unwrap();
    assert!(last.ends_with("is not there any more"), "{warnings:?}");
}

#[test]
fn a_root_whose_directory_was_replaced_is_found_again() {
    let mut bed = Bed::planned(
        |root| {
            for name in ["up/r", "new/r"] {
                fs::create_dir_all(root.join(name)).unwrap();
            }
            for name in ["up/f", "new/f"] {
                fs::write(root.join(name), "").unwrap();
            }
        },
        |root| WatchPlan {
            ops: NAMES.into(),
            ..plan(&[&root.join("up/r"), &root.join("up/f")])
        },
    );
    fs::rename(bed.at("up"), bed.at("old")).unwrap();
    fs::rename(bed.at("new"), bed.at("up")).unwrap();
    until_told(&mut bed, "create /up/r/ *");
    until_told(&mut bed, "create /up/f *");
    fs::write(bed.at("up/r/g"), "").unwrap();
    until_told(&mut bed, "close /up/r/g");
    fs::write(bed.at("up/f"), "x").unwrap();
    until_told(&mut bed, "close /up/f");
    assert!(!bed.source.ended());
    bed.check_sums();
}

#[test]
fn a_root_that_comes_back_late_is_watched_while_another_is_there() {
    let mut bed = Bed::planned(
        |root| {
            fs::create_dir(root.join("a")).unwrap();
            fs::create_dir(root.join("b")).unwrap();
        },
        |root| WatchPlan {
            ops: NAMES.into(),
            ..plan(&[&root.join("a"), &root.join("b")])
        },
    );
    fs::remove_dir(bed.at("a")).unwrap();
    let mut said = Vec::new();
    while said.is_empty() {
        bed.pump();
        said = bed.source.take_warnings();
    }
    assert!(said[0].contains("as soon as it is seen"), "{said:?}");
    assert!(!bed.source.ended());
    fs::create_dir(bed.at("a")).unwrap();
    until_told(&mut bed, "create /a/ *");
    fs::write(bed.at("a/f"), "").unwrap();
    until_told(&mut bed, "close /a/f");
}

#[test]
fn a_file_replaced_by_a_rename_stays_watched() {
    let mut bed = files(&["f"]);
    for _ in 0..3 {
        fs::write(bed.at("f.new"), "x").unwrap();
        fs::rename(bed.at("f.new"), bed.at("f")).unwrap();
    }
    fs::write(bed.at("f"), "y").unwrap();
    bed.until("the last write", |items| items.len() >= 4);
    let told = [
        "rename /f.new -> /f",
        "rename /f.new -> /f",
        "rename /f.new -> /f",
        "close /f",
    ];
    assert_eq!(bed.lines(), told);
    assert!(!bed.source.ended());
    bed.check_sums();
    fs::remove_file(bed.at("f")).unwrap();
    until_ended(&mut bed);
    assert_eq!(bed.lines().last().unwrap(), "delete /f");
}

#[test]
fn a_file_made_again_stays_watched() {
    let mut bed = files(&["f", "g"]);
    fs::rename(bed.at("f"), bed.at("f.1")).unwrap();
    fs::remove_file(bed.at("g")).unwrap();
    fs::write(bed.at("f"), "").unwrap();
    bed.until("the new file", |items| items.len() >= 4);
    let told = ["rename /f -> /f.1", "delete /g", "create /f", "close /f"];
    assert_eq!(bed.lines(), told);
    fs::remove_file(bed.at("f")).unwrap();
    until_ended(&mut bed);
}

#[test]
fn a_file_goes_with_its_directory() {
    let mut bed = Bed::planned(
        |root| {
            fs::create_dir(root.join("d")).unwrap();
            fs::write(root.join("d/f"), "").unwrap();
        },
        |root| WatchPlan {
            ops: NAMES.into(),
            ..plan(&[&root.join("d/f")])
        },
    );
    fs::rename(bed.at("d"), bed.at("e")).unwrap();
    until_ended(&mut bed);
    assert_eq!(bed.lines(), ["delete /d/f *"]);
}

#[test]
fn roots_below_each_other_are_told_once() {
    let mut bed = Bed::planned(
        |root| {
            fs::create_dir_all(root.join("d/e")).unwrap();
            fs::write(root.join("d/f"), "").unwrap();
        },
        |root| {
            let roots = [&root.join("d/f"), &root.join("d/e"), root, root];
            WatchPlan {
                ops: NAMES.into(),
                ..plan(&roots.map(|r| r as &Path))
            }
        },
    );
    fs::write(bed.at("d/f"), "").unwrap();
    fs::write(bed.at("d/e/g"), "").unwrap();
    bed.sync();
    assert_eq!(bed.lines(), ["close /d/f", "create /d/e/g", "close /d/e/g"]);
}

#[test]
fn a_root_moved_below_another_one_is_followed() {
    let mut bed = Bed::planned(
        |root| {
            fs::create_dir_all(root.join("a")).unwrap();
            fs::create_dir_all(root.join("b/c")).unwrap();
        },
        |root| WatchPlan {
            ops: NAMES.into(),
            ..plan(&[&root.join("a"), &root.join("b")])
        },
    );
    fs::rename(bed.at("b"), bed.at("a/b")).unwrap();
    bed.until("the listing", |items| {
        items.iter().any(|i| line(i).contains("/a/b/c"))
    });
    fs::write(bed.at("a/b/c/f"), "").unwrap();
    bed.until("the file", |items| {
        items.iter().any(|i| line(i).contains("close"))
    });
    let told = [
        "rename -> /a/b/",
        "rename <- /b/ *",
        "create /a/b/c/ *",
        "create /a/b/c/f",
        "close /a/b/c/f",
    ];
    assert_eq!(bed.lines(), told);
    bed.check_sums();
}

#[test]
fn refused_plans() {
    let dir = TempDir::new().unwrap();
    let missing = Inotify::open(&plan(&[&dir.path().join("none")]))
        .unwrap_err()
        .to_string();
    assert!(
        missing.contains("none") && missing.contains("no such file"),
        "{missing}"
    );
    let empty = Inotify::open(&plan(&[])).unwrap_err().to_string();
    assert!(empty.contains("nothing to watch"), "{empty}");
}
