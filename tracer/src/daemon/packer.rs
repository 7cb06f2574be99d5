//! Packs segments that were rotated away, one after the other, in a thread of its own that has the least
//! priority. What it makes appears under its name as a whole, or not at all.

use std::{
    fs::{self, File},
    io,
    os::unix::fs::{MetadataExt, PermissionsExt},
    path::{Path, PathBuf},
    sync::mpsc::{Receiver, SyncSender, sync_channel},
    thread,
};

use super::tell;
use crate::{
    query::history,
    source::replay::ReplayError,
    source::replay::naming::{Names, ending, packed, rotated},
};

/// Wakes the thread; it ends when there is none of these any more.
pub(super) type Waker = SyncSender<()>;

/// Packs what there is, and after each wake-up what is new.
pub(super) fn start(log: PathBuf, names: Names) -> Waker {
    let (waker, woken) = sync_channel(1);
    let packer = Packer { log, names };
    thread::spawn(move || packer.run(&woken));
    // What an earlier daemon has left.
    let _ = waker.try_send(());
    waker
}

struct Packer {
    log: PathBuf,
    names: Names,
}

impl Packer {
    fn run(&self, woken: &Receiver<()>) {
        // Of this thread alone: nobody waits for it.
        let _ = rustix::process::setpriority_process(None, 19);
        for () in woken {
            while let Some((segment, file)) = self.next() {
                if let Err(error) = self.pack(&segment, file) {
                    let name = segment.display();
                    tell(&format!("cannot pack {name}, it stays as it is: {error}"));
                    let (new, index) = self.new_names();
                    let _ = fs::remove_file(new);
                    let _ = fs::remove_file(index);
                    break;
                }
            }
        }
    }

    /// The oldest segment that is not packed, open: it may get another name at any time.
    fn next(&self) -> Option<(PathBuf, File)> {
        let _names = self.names.hold();
        let segment = rotated(&self.log)
            .filter(|segment| segment.exists())
            .last()?;
        let file = File::open(&segment).ok()?;
        Some((segment, file))
    }

    /// What is not whole yet, and no segment.
    fn new_names(&self) -> (PathBuf, PathBuf) {
        packed(&ending(&self.log, ".new"))
    }

    fn pack(&self, segment: &Path, file: File) -> Result<(), ReplayError> {
        let failed = ReplayError::Output;
        let status = file.metadata().map_err(failed)?;
        let (new, index) = self.new_names();
        history::pack_to(segment, file, &new, &index)?;
        for file in [&new, &index] {
            let mode = fs::Permissions::from_mode(status.mode() & 0o777);
            fs::set_permissions(file, mode).map_err(failed)?;
        }
        self.publish((status.dev(), status.ino()), &new, &index)
            .map_err(failed)
    }

    /// Puts what was made in the place of the segment, which may have another number by now, or be gone.
    fn publish(&self, identity: (u64, u64), new: &Path, index: &Path) -> io::Result<()> {
        let _names = self.names.hold();
        let is_it = |segment: &PathBuf| {
            fs::metadata(segment).is_ok_and(|status| (status.dev(), status.ino()) == identity)
        };
        let Some(segment) = rotated(&self.log).find(is_it) else {
            fs::remove_file(new)?;
            return fs::remove_file(index);
        };
        let (packed, sidecar) = packed(&segment);
        fs::rename(index, sidecar)?;
        fs::rename(new, packed)?;
        fs::remove_file(segment)
    }
}
