//! The script that takes a run back (`--undo`): what the run has made is removed, what it has moved is
//! moved back. What was there before is never removed, and what it held cannot be brought back.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use bytes::Bytes;

use super::{
    Change, Told,
    names::{Id, Names, Origin, Was, ancestors},
};
use crate::format::shell_word;

/// Where a file stands whose place another one needs that cannot leave before it.
const ASIDE: &[u8] = b".before-undo";

/// A script for sh(1). `list`: what became of the names.
pub(super) fn script(names: &Names, list: &[Told<'_>], subject: &str, losses: bool) -> Vec<u8> {
    let steps = Undo::new(names, list).run();
    let mut script = format!(
        "#!/bin/sh\n# Takes back what {} did to files. Look through it before you run it.\n",
        subject.escape_default()
    )
    .into_bytes();
    if losses {
        script.extend_from_slice(b"# Events were lost: there may be more.\n");
    }
    if memchr::memmem::find(&steps, b"$'").is_some() {
        // Some sh(1) take `$'...'` for a name of its own.
        script.extend_from_slice(b"[ -n \"$BASH_VERSION\" ] || exec bash \"$0\"\n");
    }
    if memchr::memmem::find(&steps, MOVE.as_bytes()).is_some() {
        script.extend_from_slice(MOVE_BACK.as_bytes());
    }
    script.extend_from_slice(&steps);
    script.extend_from_slice(b"exit $failed\n");
    script
}

const MOVE: &str = "move_back ";
/// Moves nothing over what has come since, and says so.
const MOVE_BACK: &str = "\
move_back() {
    if [ -e \"$2\" ] || [ -L \"$2\" ]; then
        echo \"$1 is not moved back: $2 is there\" >&2
        return 1
    fi
    mv -T -- \"$1\" \"$2\"
}
";

/// Files that are to be moved back, and from where.
type Moves = BTreeMap<Id, Bytes>;

/// The names as the run has left them.
struct Left<'a> {
    names: &'a Names,
    of: HashMap<Id, Vec<&'a Bytes>>,
    list: &'a [Told<'a>],
}

impl Left<'_> {
    /// What can be moved back: what has a name now of which it is known what it was.
    fn moves(&self) -> Moves {
        let mut moves = Moves::new();
        let was: HashMap<_, _> = (self.list.iter().map(|told| (told.path, told.was))).collect();
        for told in self.list.iter().filter(|told| told.was != Was::Unknown) {
            let Some((id, home)) = told.is.zip(told.from) else {
                continue;
            };
            let is_better = |before: &Bytes| was.get(before) != Some(&Was::NotThere);
            let is_in_place = self.names.is_in_place(told.path, home);
            if !is_in_place && moves.get(&id).is_none_or(is_better) {
                moves.insert(id, told.path.clone());
            }
        }
        loop {
            let is_lost = |(id, from): &(&Id, &Bytes)| {
                let is_free = match was.get(from) {
                    Some(Was::There(other)) => other != *id && self.comes_back(&moves, *other),
                    was => was == Some(&Was::NotThere),
                };
                !is_free || !self.has_directory(&moves, **id)
            };
            let lost: Vec<_> = moves.iter().filter(is_lost).map(|(id, _)| *id).collect();
            if lost.is_empty() {
                return moves;
            }
            for id in lost {
                moves.remove(&id);
            }
        }
    }

    /// Is it where it was, or will it be, by itself or with its directory?
    fn comes_back(&self, moves: &Moves, id: Id) -> bool {
        let Origin::Before(home) = &self.names.files[id].origin else {
            return false;
        };
        if self.names.is_home(id) || moves.contains_key(&id) {
            return true;
        }
        self.of.get(&id).is_some_and(|all| {
            all.iter().any(|path| {
                let holder = ancestors(path).find_map(|dir| self.names.is(dir));
                self.names.is_in_place(path, home)
                    && holder.is_some_and(|dir| self.comes_back(moves, dir))
            })
        })
    }

    /// Are the directories there, in the end, that it was in?
    fn has_directory(&self, moves: &Moves, id: Id) -> bool {
        let Origin::Before(home) = &self.names.files[id].origin else {
            return false;
        };
        ancestors(home).all(|dir| match self.names.before.get(dir) {
            Some(Was::There(dir)) => self.comes_back(moves, *dir),
            was => was.is_none(),
        })
    }

    /// Was nothing there, or does what was there come back?
    fn is_to_go(&self, moves: &Moves, told: &Told<'_>) -> bool {
        match told.was {
            Was::NotThere => true,
            Was::There(old) => told.is != Some(old) && self.comes_back(moves, old),
            Was::Unknown => false,
        }
    }
}

/// The steps, as they are found by doing them to the names.
struct Undo<'a> {
    names: Names,
    list: &'a [Told<'a>],
    /// What is not to stay.
    to_go: Vec<&'a Told<'a>>,
    moves: Moves,
    /// Directories that the run has made and that are to go.
    directories: BTreeSet<Id>,
    /// Names that a file has got beside its old one.
    more_names: BTreeMap<Bytes, Id>,
    /// Files that do not hold what they held.
    rewritten: BTreeSet<Id>,
    moved_aside: BTreeSet<Id>,
    out: Vec<u8>,
}

impl<'a> Undo<'a> {
    fn new(names: &Names, list: &'a [Told<'a>]) -> Self {
        let is_rewritten = |told: &&Told<'_>| {
            told.is_rewritten || told.is.is_some_and(|id| told.was == Was::There(id))
        };
        let rewritten = list.iter().filter(is_rewritten);
        let left = Left {
            names,
            of: names.names_of(),
            list,
        };
        let moves = left.moves();
        let to_go = list.iter().filter(|told| left.is_to_go(&moves, told));
        Self {
            to_go: to_go.collect(),
            moves,
            names: names.clone(),
            list,
            directories: BTreeSet::new(),
            more_names: BTreeMap::new(),
            rewritten: rewritten.filter_map(|told| told.is).collect(),
            moved_aside: BTreeSet::new(),
            out: b"failed=0\n".to_vec(),
        }
    }

    fn run(mut self) -> Vec<u8> {
        for told in std::mem::take(&mut self.to_go).iter().rev() {
            self.take_off(told);
        }
        while self.remove_directories()
            || self.remove_names()
            || self.move_files()
            || self.move_aside()
        {}
        for told in self.list.iter().rev() {
            self.regret(told);
        }
        self.out
    }

    /// Removes a file that the run has made; what else is to go waits for its turn.
    fn take_off(&mut self, told: &Told<'_>) {
        let Some(id) = told.is else { return };
        match self.names.files[id].origin {
            Origin::Made if told.is_dir => {
                self.directories.insert(id);
            }
            Origin::Made => self.remove("rm -f --", told.path),
            Origin::Before(_) if self.moves.get(&id) != Some(told.path) && !told.is_dir => {
                self.more_names.insert(told.path.clone(), id);
            }
            Origin::Before(_) | Origin::Nameless | Origin::Unknown => {}
        }
    }

    fn remove_directories(&mut self) -> bool {
        let names = self.names.names_of();
        let of_made = |id: &Id| names.get(id).map(|names| (names[0].clone(), *id));
        let mut made: Vec<_> = self.directories.iter().filter_map(of_made).collect();
        made.sort();
        let mut any = false;
        for (path, id) in made.into_iter().rev() {
            if self.names.is_empty(&path) {
                self.directories.remove(&id);
                self.remove("rmdir --", &path);
                any = true;
            }
        }
        any
    }

    fn remove_names(&mut self) -> bool {
        let is_safe = |(_, id): &(&Bytes, &Id)| self.names.is_home(**id);
        let ready = self.more_names.iter().rev().filter(is_safe);
        let ready: Vec<_> = ready.map(|(path, _)| path.clone()).collect();
        for path in &ready {
            self.more_names.remove(path);
            if self.names.is(path).is_some() {
                self.remove("rm -f --", path);
            }
        }
        !ready.is_empty()
    }

    fn move_files(&mut self) -> bool {
        let waiting: Vec<_> = self.moves.keys().copied().collect();
        let before = waiting.len();
        for id in waiting {
            let way = self.way(id);
            let Some((from, home)) = way.filter(|(_, home)| self.names.is(home).is_none()) else {
                continue;
            };
            self.step(MOVE.trim_end(), &[&from, &home]);
            self.names.rename(&from, &home, None, false);
            self.moves.remove(&id);
        }
        self.moves.len() < before
    }

    /// Moves one out of the way of others: of a file whose place it has, of a directory that is to go.
    fn move_aside(&mut self) -> bool {
        let waiting: Vec<_> = self.moves.keys().copied().collect();
        for id in waiting {
            let Some((from, _)) = self.at(id) else {
                continue;
            };
            let made = ancestors(&from).filter(|dir| {
                let id = self.names.is(dir);
                id.is_some_and(|id| self.directories.contains(&id))
            });
            let base = made.last().unwrap_or(&from);
            let aside = [base, ASIDE, self.moved_aside.len().to_string().as_bytes()].concat();
            let aside = Bytes::from(aside);
            if self.names.is(&aside).is_some() || !self.moved_aside.insert(id) {
                continue;
            }
            self.step(MOVE.trim_end(), &[&from, &aside]);
            self.names.rename(&from, &aside, Some(false), false);
            self.moves.insert(id, aside);
            return true;
        }
        false
    }

    /// From where to where a file is to be moved; `None`: the directory where it was is not back.
    fn way(&self, id: Id) -> Option<(Bytes, Bytes)> {
        let (from, home) = self.at(id)?;
        (self.names.origin(&home).as_ref() == Some(&home)).then_some((from, home))
    }

    /// Where a file is, and where it was.
    fn at(&self, id: Id) -> Option<(Bytes, Bytes)> {
        let Origin::Before(home) = &self.names.files[id].origin else {
            return None;
        };
        let from = &self.moves[&id];
        if self.names.is(from) == Some(id) {
            return Some((from.clone(), home.clone()));
        }
        // Its directory was moved.
        let mut now = self.names.now.iter();
        let (from, _) = now.find(|(_, is)| **is == Some(id))?;
        Some((from.clone(), home.clone()))
    }

    fn remove(&mut self, words: &str, path: &Bytes) {
        self.step(words, &[path]);
        self.names.remove(path);
    }

    fn step(&mut self, words: &str, paths: &[&Bytes]) {
        self.line(words, paths);
        self.out.truncate(self.out.len() - 1);
        self.out.extend_from_slice(b" || failed=1\n");
    }

    fn line(&mut self, words: &str, paths: &[&Bytes]) {
        self.out.extend_from_slice(words.as_bytes());
        for path in paths {
            self.out.push(b' ');
            shell_word(&mut self.out, path);
        }
        self.out.push(b'\n');
    }

    /// Says what is not as it was.
    fn regret(&mut self, told: &Told<'_>) {
        let change = match told.was {
            Was::NotThere if self.names.is(told.path).is_none() => return,
            Was::NotThere | Was::Unknown => told.change,
            Was::There(id) if !self.names.is_home(id) => told.change,
            Was::There(id) if self.rewritten.contains(&id) => Change::Changed,
            Was::There(_) => return,
        };
        let words = format!("# cannot be taken back: {}", change.as_str());
        self.line(&words, &[told.path]);
    }
}
