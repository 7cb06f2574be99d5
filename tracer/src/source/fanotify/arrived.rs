//! What is in a directory that was moved into the tree: it is told as the inotify source tells it,
//! as found ([`Event::synthesised`]), each name once.

use std::{collections::HashSet, ffi::OsStr, os::unix::ffi::OsStrExt, path::Path};

use walkdir::WalkDir;

use super::{Fanotify, record::Record, tell::Places};
use crate::{
    calls::Op,
    event::{Backend, Item},
    source::found::created,
};

/// Names that a listing has told, as long as the kernel may tell them, too.
#[derive(Debug, Default)]
pub(super) struct Arrived {
    paths: HashSet<Vec<u8>>,
    /// So many pending records are from before the listing ended.
    records: usize,
}

impl Arrived {
    /// One pending record is being told.
    pub(super) fn next_record(&mut self) {
        self.records = self.records.saturating_sub(1);
        if self.records == 0 && !self.paths.is_empty() {
            self.paths = HashSet::new();
        }
    }

    /// Was the creation of this name told?
    pub(super) fn has_told(&mut self, path: &[u8]) -> bool {
        !self.paths.is_empty() && self.paths.remove(path)
    }
}

impl Fanotify {
    /// Tells what is in a directory, when this record is its move into the tree. Returns how many
    /// events that were.
    pub(super) fn moved_in(
        &mut self,
        take: &mut dyn FnMut(Item),
        record: &Record,
        places: &Places,
    ) -> anyhow::Result<usize> {
        let from_outside = places.old.as_ref().is_some_and(|old| old.refused.is_some());
        let Some(Ok(top)) = places
            .new
            .as_ref()
            .filter(|new| new.refused.is_none())
            .map(|new| &new.path)
        else {
            return Ok(0);
        };
        let is_dir = record.has(libc::FAN_ONDIR) && record.has(libc::FAN_RENAME);
        let is_wanted = self.plan.recursive && self.plan.ops.contains(&Op::Create);
        if !from_outside || !is_dir || !is_wanted || !self.plan.enters(top) {
            return Ok(0);
        }
        let found = self.list(top);
        for (path, is_dir) in &found {
            self.sums.seen += 1;
            self.sums.delivered += 1;
            let event = created(Backend::Fanotify, record.time, path, *is_dir);
            take(Item::Event(Box::new(event)));
        }
        // Whatever was made in it before it was listed has been queued by now.
        self.fill()?;
        let told = found.len();
        self.arrived
            .paths
            .extend(found.into_iter().map(|(path, _)| path));
        self.arrived.records = self.pending.len() + 1;
        Ok(told)
    }

    /// Everything of interest below a directory, and whether it is a directory.
    fn list(&self, top: &[u8]) -> Vec<(Vec<u8>, bool)> {
        let top = Path::new(OsStr::from_bytes(top));
        let mut found = Vec::new();
        let mut walk = WalkDir::new(top).min_depth(1).into_iter();
        while let Some(entry) = walk.next() {
            // What cannot be read, or is gone already, is not known to be there.
            let Ok(entry) = entry else { continue };
            let path = entry.path().as_os_str().as_bytes().to_vec();
            let is_dir = entry.file_type().is_dir();
            let is_excluded = self.plan.excludes(&path);
            if is_dir && (is_excluded || !self.plan.enters(&path)) {
                walk.skip_current_dir();
            }
            if !is_excluded {
                found.push((path, is_dir));
            }
        }
        found
    }
}
