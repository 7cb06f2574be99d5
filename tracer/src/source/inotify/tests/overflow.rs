//! The kernel's queue overflows: the loss is told, and the tree is right afterwards.

use std::fs;

use super::*;
use crate::event::LossReason;

/// Fills the kernel's queue with events that cannot be merged.
fn flood(root: &Path) {
    let limit: usize = fs::read_to_string("/proc/sys/fs/inotify/max_queued_events")
        .unwrap()
        .trim()
        .parse()
        .unwrap();
    for i in 0..limit / 2 + 10 {
        let path = root.join(format!("flood{}", i % 2));
        fs::File::create(&path).unwrap();
        fs::remove_file(&path).unwrap();
    }
}

const NAMES: [Op; 3] = [Op::Create, Op::Delete, Op::Rename];

fn losses(items: &[Item]) -> usize {
    items
        .iter()
        .filter(|item| matches!(item, Item::Loss(_)))
        .count()
}

#[test]
fn a_loss_is_told_in_its_place_and_the_tree_is_looked_at_again() {
    let mut bed = Bed::prepared(&NAMES, |root| {
        for dir in ["keep", "gone/deep", "renamed/deep", "swapped/deep"] {
            fs::create_dir_all(root.join(dir)).unwrap();
            fs::write(root.join(dir).join("f"), "").unwrap();
        }
        fs::write(root.join("file"), "").unwrap();
        fs::write(root.join("turned"), "").unwrap();
    });
    let before = tree(&bed.root());
    flood(&bed.root());
    // None of this is queued any more.
    fs::remove_dir_all(bed.at("gone")).unwrap();
    fs::remove_file(bed.at("file")).unwrap();
    fs::rename(bed.at("renamed"), bed.at("keep/moved")).unwrap();
    fs::rename(bed.at("swapped"), bed.at("old")).unwrap();
    fs::create_dir_all(bed.at("swapped/other")).unwrap();
    fs::remove_file(bed.at("turned")).unwrap();
    fs::create_dir_all(bed.at("turned/new")).unwrap();
    fs::write(bed.at("keep/g"), "").unwrap();
    bed.until("the loss", |items| losses(items) > 0);
    bed.sync();
    assert_eq!(losses(&bed.items), 1);
    let Some(Item::Loss(loss)) = bed.items.iter().find(|i| matches!(i, Item::Loss(_))) else {
        unreachable!()
    };
    assert_eq!(
        (loss.reason, loss.count, loss.cpu),
        (LossReason::QueueOverflow, None, None)
    );
    let mut copy = Copy {
        paths: before,
        ..Copy::default()
    };
    bed.items.iter().for_each(|item| copy.apply(item));
    assert_same(&copy.paths, &tree(&bed.root()));
    assert_eq!(copy.doubled, Vec::<Vec<u8>>::new());
    assert!(bed.lines().contains(&"delete /gone/deep/f *".to_owned()));
    assert_eq!(bed.source.sums().lost, [(LossReason::QueueOverflow, 1)]);
    bed.check_sums();
    // Everything that is there now is watched.
    bed.clear();
    let made = [
        "keep/moved/deep/x",
        "old/deep/x",
        "swapped/other/x",
        "turned/new/x",
    ];
    for path in made {
        fs::write(bed.at(path), "").unwrap();
    }
    bed.sync();
    assert_eq!(bed.lines(), made.map(|path| format!("create /{path}")));
}

/// Looking at a large tree makes events of its own: they must not fill the queue.
#[test]
fn a_tree_larger_than_the_queue() {
    const SIDE: usize = 135;
    let read = |name: &str| -> usize {
        let path = format!("/proc/sys/fs/inotify/{name}");
        fs::read_to_string(path).unwrap().trim().parse().unwrap()
    };
    if read("max_user_watches") < 2 * SIDE * SIDE {
        eprintln!("skipped: the limit of watches is too low");
        return;
    }
    assert!(
        SIDE * SIDE > read("max_queued_events"),
        "this test needs a larger tree"
    );
    let mut bed = Bed::prepared(&FILE_OPS, |root| {
        for i in 0..SIDE * SIDE {
            fs::create_dir_all(root.join(format!("{}/{}", i / SIDE, i % SIDE))).unwrap();
        }
    });
    bed.sync();
    assert_eq!(bed.lines(), Vec::<String>::new());
    flood(&bed.root());
    bed.until("the loss", |items| losses(items) > 0);
    bed.clear();
    fs::write(bed.at("1/2/f"), "").unwrap();
    bed.sync();
    assert_eq!(
        bed.lines(),
        ["create /1/2/f", "read /1/2/f", "close /1/2/f"]
    );
    bed.check_sums();
}

#[test]
fn a_root_that_went_during_the_loss_is_told_as_gone() {
    let mut bed = Bed::planned(
        |root| fs::create_dir_all(root.join("r/d")).unwrap(),
        |root| WatchPlan {
            ops: NAMES.into(),
            ..plan(&[&root.join("r")])
        },
    );
    flood(&bed.at("r"));
    fs::rename(bed.at("r"), bed.at("elsewhere")).unwrap();
    bed.until("the end of the root", |items| {
        items.iter().any(|i| line(i).ends_with("/r/ *"))
    });
    assert!(
        bed.lines()
            .ends_with(&["delete /r/d/ *".to_owned(), "delete /r/ *".to_owned()])
    );
    while !bed.source.ended() {
        bed.pump();
    }
    bed.check_sums();
}
