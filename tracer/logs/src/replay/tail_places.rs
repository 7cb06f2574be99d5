//! Where the text of a log that is followed stands in its files: after a rotation it is of several, and of
//! lines that are too long it has not all.

use std::{
    collections::VecDeque,
    path::{Path, PathBuf},
};

/// From a place of the text on, it is that of a file from an offset on.
#[derive(Debug)]
struct Begin {
    /// Less than 0 where the text before is gone.
    at: i64,
    file: PathBuf,
    offset: u64,
}

impl Begin {
    fn offset_of(&self, at: i64) -> u64 {
        self.offset.saturating_add_signed(at - self.at)
    }
}

/// Where the parts of a text come from.
#[derive(Debug, Default)]
pub(super) struct Places(VecDeque<Begin>);

impl Places {
    /// From this place of the text on, it is from here.
    pub(super) fn begin(&mut self, at: usize, file: &Path, offset: u64) {
        let at = at as i64;
        let last = self.0.back();
        if last.is_some_and(|last| last.file == file && last.offset_of(at) == offset) {
            return;
        }
        // Of what nothing came.
        if self.0.back().is_some_and(|last| last.at == at) {
            self.0.pop_back();
        }
        self.0.push_back(Begin {
            at,
            file: file.to_owned(),
            offset,
        });
    }

    /// So much of the text, from its beginning, is gone.
    pub(super) fn forget(&mut self, bytes: usize) {
        for begin in &mut self.0 {
            begin.at -= bytes as i64;
        }
        while self.0.get(1).is_some_and(|second| second.at <= 0) {
            self.0.pop_front();
        }
    }

    /// The file and the offset of a place of the text.
    pub(super) fn of(&self, at: u64) -> Option<(&Path, u64)> {
        let at = at as i64;
        let begin = self.0.iter().rfind(|begin| begin.at <= at)?;
        Some((&begin.file, begin.offset_of(at)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_several_files() {
        let (a, b) = (Path::new("a"), Path::new("b"));
        let mut places = Places::default();
        places.begin(0, a, 100);
        places.begin(10, a, 110);
        // Of a line something was left out.
        places.begin(20, a, 500);
        places.begin(30, b, 0);
        for (at, wanted) in [
            (0, (a, 100)),
            (19, (a, 119)),
            (20, (a, 500)),
            (29, (a, 509)),
            (31, (b, 1)),
        ] {
            assert_eq!(places.of(at), Some(wanted), "{at}");
        }
        places.forget(25);
        for (at, wanted) in [(0, (a, 505)), (4, (a, 509)), (5, (b, 0))] {
            assert_eq!(places.of(at), Some(wanted), "{at}");
        }
        assert_eq!(places.0.len(), 2);
    }
}
