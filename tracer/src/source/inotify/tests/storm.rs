//! Anything at once: a reader's copy of the tree must be the tree in the end.

use std::{fs, thread};

use super::*;

/// A small generator of numbers (xorshift), so that a failing seed can be run again.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % n
    }

    fn path(&mut self, root: &Path) -> PathBuf {
        let mut path = root.to_path_buf();
        for _ in 0..=self.below(4) {
            path.push(["a", "b", "c"][self.below(3) as usize]);
        }
        path
    }
}

/// Does one random thing, which may fail.
fn act(dice: &mut Dice, root: &Path, out: &Path) {
    let path = dice.path(root);
    let _ = match dice.below(12) {
        0..=3 => fs::create_dir_all(path),
        4..=5 => fs::write(path.with_extension("f"), ""),
        6..=7 => fs::rename(path, dice.path(root)),
        8 => fs::rename(path, out.join(format!("{}", dice.below(3)))),
        9 => fs::rename(out.join(format!("{}", dice.below(3))), path),
        10 => fs::remove_dir_all(path),
        _ => {
            let (flags, other) = (rustix::fs::RenameFlags::EXCHANGE, dice.path(root));
            let cwd = rustix::fs::CWD;
            rustix::fs::renameat_with(cwd, path, cwd, other, flags).map_err(Into::into)
        }
    };
}

fn storm(seed: u64, workers: u64, acts: u32) {
    let outside = TempDir::new().unwrap();
    let mut bed = Bed::new(&[Op::Create, Op::Delete, Op::Rename]);
    let mut handles = Vec::new();
    for worker in 0..workers {
        let (root, out) = (bed.root(), outside.path().to_path_buf());
        let mut dice = Dice((seed + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ ((worker << 32) | 1));
        handles.push(thread::spawn(move || {
            (0..acts).for_each(|_| act(&mut dice, &root, &out));
        }));
    }
    while handles.iter().any(|handle| !handle.is_finished()) {
        bed.pump();
    }
    for handle in handles {
        handle.join().unwrap();
    }
    bed.sync();
    bed.check_sums();
    let copy = Copy::of(&bed.items);
    let there = tree(&bed.root());
    if copy.paths != there {
        for line in bed.lines() {
            eprintln!("{line}");
        }
        eprintln!("seed {seed}");
    }
    assert_same(&copy.paths, &there);
    still_watched(&mut bed);
}

/// A file made in each directory must be told.
fn still_watched(bed: &mut Bed) {
    bed.clear();
    let root = bed.root();
    let mut dirs = vec![root.clone()];
    dirs.extend(
        tree(&root)
            .into_iter()
            .map(|p| PathBuf::from(OsStr::from_bytes(&p))),
    );
    dirs.retain(|path| path.is_dir());
    for dir in &dirs {
        fs::write(dir.join("probe"), "").unwrap();
    }
    bed.sync();
    let told: BTreeSet<_> = bed.lines().into_iter().collect();
    let wanted: BTreeSet<_> = dirs
        .iter()
        .map(|dir| format!("create {}/probe", dir.display()).replace(root.to_str().unwrap(), ""))
        .collect();
    assert_eq!(told, wanted);
}

#[test]
fn one_writer() {
    (0..30).for_each(|seed| storm(seed, 1, 300));
}

#[test]
fn two_writers() {
    (0..30).for_each(|seed| storm(seed, 2, 300));
}
