//! What the ignore files in watched trees leave out, as git has it: `.gitignore` and `.ignore` of
//! every directory from the top of the repository down, `.git/info/exclude`, and `.git` itself. The
//! patterns are the crate `ignore`'s.

use std::{
    collections::HashMap,
    ffi::OsStr,
    os::unix::ffi::OsStrExt,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use ignore::{
    Match,
    gitignore::{Gitignore, GitignoreBuilder},
};

/// Names of ignore files; of two that contradict each other the last one counts.
const FILES: [&str; 2] = [".gitignore", ".ignore"];

/// Directories whose files are remembered; they are read again when there are more.
const REMEMBERED: usize = 16 * 1024;

/// The ignore files of some trees. They are read when they are needed, and again when they have
/// changed.
#[derive(Debug)]
pub struct IgnoreFiles {
    /// The tops: of the repository that a watched directory is in, else that directory.
    tops: Vec<PathBuf>,
    known: Mutex<HashMap<PathBuf, Arc<Gitignore>>>,
}

impl IgnoreFiles {
    /// Those that are in force at and below these paths.
    pub fn of(roots: &[PathBuf]) -> Self {
        let top = |root: &PathBuf| {
            let above = root.ancestors().find(|dir| dir.join(".git").exists());
            above.unwrap_or(root).to_owned()
        };
        Self {
            tops: roots.iter().map(top).collect(),
            known: Mutex::default(),
        }
    }

    /// Is this absolute path left out, or a directory above it?
    pub fn leaves_out(&self, path: &[u8], is_dir: bool) -> bool {
        let path = Path::new(OsStr::from_bytes(path));
        if path
            .file_name()
            .is_some_and(|name| FILES.iter().any(|file| name == *file))
        {
            self.forget(path);
        }
        let tops = self.tops.iter().filter(|top| path.starts_with(top));
        // The innermost repository is the one that counts.
        let Some(top) = tops.max_by_key(|top| top.as_os_str().len()) else {
            return false;
        };
        let mut down: Vec<_> = path
            .ancestors()
            .take_while(|dir| *dir != top.as_path())
            .collect();
        down.reverse();
        down.into_iter()
            .any(|at| self.names(top, at, is_dir || at != path))
    }

    /// Do the files name this path itself?
    fn names(&self, top: &Path, path: &Path, is_dir: bool) -> bool {
        if path.file_name() == Some(OsStr::new(".git")) {
            return true;
        }
        let above = path.ancestors().skip(1);
        for dir in above {
            match self.files_of(dir).matched(path, is_dir) {
                Match::Ignore(_) => return true,
                Match::Whitelist(_) => return false,
                Match::None if dir == top => return false,
                Match::None => {}
            }
        }
        false
    }

    fn files_of(&self, dir: &Path) -> Arc<Gitignore> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = known.get(dir) {
            return Arc::clone(found);
        }
        if known.len() >= REMEMBERED {
            known.clear();
        }
        let mut builder = GitignoreBuilder::new(dir);
        for file in [".git/info/exclude"].iter().chain(&FILES) {
            let file = dir.join(file);
            if file.is_file() {
                // A line that is no pattern is left out, as git does.
                let _ = builder.add(file);
            }
        }
        let found = Arc::new(builder.build().unwrap_or_else(|_| Gitignore::empty()));
        known.insert(dir.to_owned(), Arc::clone(&found));
        found
    }

    /// The file at this path may have changed.
    fn forget(&self, file: &Path) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(dir) = file.parent() {
            known.remove(dir);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn as_git_has_it() {
        let temp = tempfile::tempdir().expect("a directory");
        let at = |name: &str| temp.path().join(name);
        for dir in [".git/info", "src/deep", "target"] {
            fs::create_dir_all(at(dir)).expect("made");
        }
        fs::write(at(".gitignore"), "*.o\ntarget/\n/top\n").expect("written");
        fs::write(at(".git/info/exclude"), "private\n").expect("written");
        fs::write(at("src/.gitignore"), "!keep.o\n[\n").expect("written");
        let files = IgnoreFiles::of(&[at("src"), at("target")]);
        let leaves_out =
            |name: &str, is_dir| files.leaves_out(at(name).as_os_str().as_bytes(), is_dir);
        for (name, is_dir, wanted) in [
            ("src/a.o", false, true),
            ("src/keep.o", false, false),
            ("src/deep/keep.o", false, false),
            ("src/deep/x.o", false, true),
            ("src/a.c", false, false),
            ("target", true, true),
            ("target", false, false),
            ("target/x/y", false, true),
            ("src/top", false, false),
            ("top", false, true),
            ("src/private", false, true),
            (".git/index", false, true),
            ("src", true, false),
        ] {
            assert_eq!(leaves_out(name, is_dir), wanted, "{name}");
        }
        assert!(!files.leaves_out(b"/elsewhere.o", false));
        // The event that tells the change comes by.
        fs::write(at("src/.gitignore"), "*.c\n").expect("written");
        assert!(!leaves_out("src/.gitignore", false));
        assert!(leaves_out("src/a.c", false) && leaves_out("src/keep.o", false));
    }
}
