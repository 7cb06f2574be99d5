//! Which file takes names from which, over all crates of the workspace.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use anyhow::{Context as _, Result};

use super::{facts::Facts, tokens::Source};

/// A crate: its name in paths, and the folder of its sources.
pub(crate) struct Crate {
    name: String,
    folder: String,
    is_library: bool,
}

impl Crate {
    /// The crates whose packages have these manifests.
    pub(crate) fn all(root: &Path, files: &[String]) -> Result<Vec<Self>> {
        let manifests = files.iter().filter_map(|file| {
            let folder = file.strip_suffix("Cargo.toml")?;
            (!folder.is_empty()).then_some((file, folder))
        });
        let mut crates = Vec::new();
        for (file, folder) in manifests {
            let text = fs::read_to_string(root.join(file))?;
            let name = text
                .lines()
                .find_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"'))
                .with_context(|| format!("{file} names no package"))?;
            crates.push(Self {
                name: name.replace('-', "_"),
                is_library: files.contains(&format!("{folder}src/lib.rs")),
                folder: format!("{folder}src/"),
            });
        }
        Ok(crates)
    }
}

/// A file of the house.
pub(crate) struct File {
    /// From the workspace on.
    pub(crate) path: String,
    /// All its lines.
    pub(crate) lines: usize,
    /// Lines with code.
    pub(crate) code_lines: usize,
    /// Lines of doc comments.
    pub(crate) doc_lines: usize,
    /// What it says.
    pub(crate) facts: Facts,
    /// Only tests have it.
    pub(crate) is_test: bool,
}

impl File {
    /// Reads one.
    pub(crate) fn read(root: &Path, path: &str) -> Result<Self> {
        let text = fs::read_to_string(root.join(path)).with_context(|| path.to_owned())?;
        let source = Source::read(&text);
        Ok(Self {
            path: path.to_owned(),
            lines: text.lines().count(),
            code_lines: source.code_lines,
            doc_lines: source.doc_lines,
            facts: Facts::of(&source),
            is_test: false,
        })
    }
}

/// A module: the index of its crate, and its names from there.
type Module = (usize, Vec<String>);

/// The files with their places in crates.
pub(crate) struct House {
    /// Every file by hand.
    pub(crate) files: Vec<File>,
    crates: Vec<Crate>,
    modules: BTreeMap<Module, usize>,
    places: Vec<Option<Module>>,
}

/// How many hands a name may go through.
const HANDS: usize = 12;

impl House {
    /// Puts the files into their places.
    pub(crate) fn new(crates: Vec<Crate>, files: Vec<File>) -> Self {
        let places: Vec<_> = files
            .iter()
            .map(|file| place(&crates, &file.path))
            .collect();
        let modules = places
            .iter()
            .enumerate()
            .filter_map(|(i, place)| Some((place.clone()?, i)))
            .collect();
        let mut house = Self {
            files,
            crates,
            modules,
            places,
        };
        house.mark_tests();
        house
    }

    /// A module for tests makes all below it one; so do folders `tests` and `fuzz`.
    fn mark_tests(&mut self) {
        let mut tests: Vec<Module> = Vec::new();
        for (i, file) in self.files.iter().enumerate() {
            if let Some((krate, names)) = &self.places[i] {
                for name in &file.facts.test_modules {
                    let mut names = names.clone();
                    names.push(name.clone());
                    tests.push((*krate, names));
                }
            }
        }
        for (file, place) in self.files.iter_mut().zip(&self.places) {
            let is_below = |folder: &str| format!("/{}", file.path).contains(folder);
            file.is_test = is_below("/tests/")
                || is_below("/fuzz/")
                || place.as_ref().is_some_and(|(krate, names)| {
                    let below = |(k, test): &Module| k == krate && names.starts_with(test);
                    tests.iter().any(below)
                });
        }
    }

    /// Which files each file takes names from: tests, and what is only handed on, left out.
    pub(crate) fn uses(&self) -> Vec<BTreeSet<usize>> {
        (0..self.files.len())
            .map(|i| {
                let mut uses = self.uses_of(i);
                uses.remove(&i);
                uses.retain(|used| !self.files[*used].is_test);
                uses
            })
            .collect()
    }

    fn uses_of(&self, i: usize) -> BTreeSet<usize> {
        let mut uses = BTreeSet::new();
        let (Some(place), facts) = (&self.places[i], &self.files[i].facts) else {
            return uses;
        };
        if self.files[i].is_test {
            return uses;
        }
        let firsts: BTreeSet<&String> = facts.said.iter().map(|path| &path[0]).collect();
        for path in &facts.said {
            uses.extend(self.find(place, path, HANDS));
        }
        for (name, path) in &facts.bound {
            let is_said = firsts.contains(name);
            if !is_said && !facts.handed_on.contains(name) {
                uses.extend(self.find(place, path, HANDS));
            }
        }
        for glob in &facts.globs {
            for name in &firsts {
                let mut path = glob.clone();
                path.push((*name).clone());
                uses.extend(self.find_exactly(place, &path, HANDS));
            }
        }
        uses
    }

    /// The file that has what a path means at a place.
    fn find(&self, place: &Module, path: &[String], hands: usize) -> Option<usize> {
        let hands = hands.checked_sub(1)?;
        let (start, rest) = self.start(place, path)?;
        self.walk(&start, rest, hands, false)
    }

    /// The same, for a name that may be none of the module's.
    fn find_exactly(&self, place: &Module, path: &[String], hands: usize) -> Option<usize> {
        let hands = hands.checked_sub(1)?;
        let (start, rest) = self.start(place, path)?;
        self.walk(&start, rest, hands, true)
    }

    /// The module that a path starts from.
    fn start<'a>(&self, place: &Module, path: &'a [String]) -> Option<(Module, &'a [String])> {
        let (first, rest) = path.split_first()?;
        let (krate, names) = place;
        match first.as_str() {
            // As in `pub(crate)`.
            "crate" | "self" | "super" if rest.is_empty() => return None,
            "crate" => return Some(((*krate, Vec::new()), rest)),
            "self" => return Some((place.clone(), rest)),
            "super" => {
                let (_, above) = names.split_last()?;
                let above = (*krate, above.to_vec());
                return match rest.first() {
                    Some(next) if next == "super" => self.start(&above, rest),
                    _ => Some((above, rest)),
                };
            }
            _ => {}
        }
        let other = self.crates.iter().position(|krate| krate.name == *first);
        if let (Some(i), [_, ..]) = (other, rest) {
            return Some(((i, Vec::new()), rest));
        }
        let facts = &self.files[*self.modules.get(place)?].facts;
        let is_known =
            facts.bound.contains_key(first) || (!rest.is_empty() && facts.modules.contains(first));
        is_known.then(|| (place.clone(), path))
    }

    /// Follows a path from a module down.
    fn walk(&self, from: &Module, path: &[String], hands: usize, exactly: bool) -> Option<usize> {
        let file = *self.modules.get(from)?;
        let Some((name, rest)) = path.split_first() else {
            return Some(file);
        };
        let facts = &self.files[file].facts;
        let mut below = from.clone();
        below.1.push(name.clone());
        if self.modules.contains_key(&below) {
            return self.walk(&below, rest, hands, exactly);
        }
        if let Some(bound) = facts.bound.get(name) {
            if bound.len() == 1 && bound[0] == *name {
                return None;
            }
            let mut bound = bound.clone();
            bound.extend_from_slice(rest);
            return self.find(from, &bound, hands);
        }
        if facts.defined.contains(name) {
            return Some(file);
        }
        for glob in &facts.globs {
            let mut path = glob.clone();
            path.push(name.clone());
            if let Some(found) = self.find_exactly(from, &path, hands) {
                return Some(found);
            }
        }
        (!exactly).then_some(file)
    }
}

/// Where a file stands in its crate.
fn place(crates: &[Crate], path: &str) -> Option<Module> {
    let (krate, rest) = crates
        .iter()
        .enumerate()
        .find_map(|(i, krate)| Some((i, path.strip_prefix(krate.folder.as_str())?)))?;
    let mut names: Vec<String> = rest
        .strip_suffix(".rs")?
        .split('/')
        .map(str::to_owned)
        .collect();
    // A program beside a library of the same package is a crate of its own, which nobody names.
    let is_beside = names == ["main"] && crates[krate].is_library;
    if matches!(names.last()?.as_str(), "mod" | "lib" | "main") && !is_beside {
        names.pop();
    }
    Some((krate, names))
}

/// The circles: each a set of files that take names from each other, two or more.
pub(crate) fn circles(uses: &[BTreeSet<usize>]) -> Vec<Vec<usize>> {
    let reach: Vec<BTreeSet<usize>> = (0..uses.len()).map(|i| reached(uses, i)).collect();
    let mut circles = Vec::new();
    let mut placed = BTreeSet::new();
    for i in 0..uses.len() {
        if placed.contains(&i) || !reach[i].contains(&i) {
            continue;
        }
        let circle: Vec<usize> = reach[i]
            .iter()
            .copied()
            .filter(|other| reach[*other].contains(&i))
            .collect();
        placed.extend(circle.iter().copied());
        if circle.len() > 1 {
            circles.push(circle);
        }
    }
    circles
}

/// All that one reaches.
fn reached(uses: &[BTreeSet<usize>], from: usize) -> BTreeSet<usize> {
    let mut reached = BTreeSet::new();
    let mut next: Vec<usize> = uses[from].iter().copied().collect();
    while let Some(i) = next.pop() {
        if reached.insert(i) {
            next.extend(uses[i].iter().copied());
        }
    }
    reached
}

#[cfg(test)]
mod tests {
    use super::*;

    fn house(files: &[(&str, &str)]) -> House {
        let crates = [("one", "one/src/"), ("two", "two/src/")].map(|(name, folder)| Crate {
            name: name.to_owned(),
            folder: folder.to_owned(),
            is_library: true,
        });
        let files = files.iter().map(|(path, text)| {
            let source = Source::read(text);
            File {
                path: (*path).to_owned(),
                lines: 0,
                code_lines: 0,
                doc_lines: 0,
                facts: Facts::of(&source),
                is_test: false,
            }
        });
        House::new(crates.into(), files.collect())
    }

    fn uses(house: &House) -> Vec<Vec<usize>> {
        let sets = house.uses();
        sets.into_iter().map(|s| s.into_iter().collect()).collect()
    }

    #[test]
    fn a_name_is_of_the_file_that_defines_it() {
        let house = house(&[
            ("one/src/lib.rs", "mod a; mod b; #[cfg(test)] mod tests;"),
            (
                "one/src/a/mod.rs",
                "mod deep; pub use deep::Thing; pub(crate) mod prelude;",
            ),
            (
                "one/src/a/deep.rs",
                "pub struct Thing; fn x() { super::super::b::y() }",
            ),
            ("one/src/a/prelude.rs", "pub use super::deep::*;"),
            (
                "one/src/b.rs",
                "use crate::a; pub fn y() { a::Thing::new() }",
            ),
            ("one/src/tests.rs", "use crate::b::y;"),
            (
                "two/src/main.rs",
                "use one::a::prelude::*; fn main() { Thing; }",
            ),
        ]);
        let uses = uses(&house);
        assert_eq!(
            uses,
            [vec![], vec![], vec![4], vec![], vec![2], vec![], vec![2]]
        );
        assert_eq!(circles(&house.uses()), [vec![2, 4]]);
    }
}
