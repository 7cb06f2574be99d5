//! What trees were like at a moment: kept in a file, and found out anew.
//!
//! The file is JSON lines compressed with zstd: a head, then one line for each file, and a last
//! one with their number, without which it is cut short.

use std::{
    collections::BTreeMap,
    ffi::OsStr,
    fs::File,
    io::{self, BufRead, BufReader, BufWriter, Write},
    os::unix::{ffi::OsStrExt, fs::MetadataExt},
    path::Path,
};

use serde::{Deserialize, Serialize};
use walkdir::WalkDir;

use crate::source::WatchPlan;

/// The version of the form.
const VERSION: u32 = 1;

/// The first line.
#[derive(Serialize, Deserialize)]
struct Head {
    tracer_snapshot: u32,
    roots: Vec<String>,
}

/// What is known of a file: inode(7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Meta {
    pub(super) dev: u64,
    pub(super) ino: u64,
    pub(super) mode: u32,
    pub(super) uid: u32,
    pub(super) gid: u32,
    pub(super) size: u64,
    /// Nanoseconds since 1970; no later than the year 2554.
    pub(super) mtime: i64,
    /// Likewise.
    pub(super) ctime: i64,
}

impl Meta {
    pub(super) fn is_dir(&self) -> bool {
        self.mode & libc::S_IFMT == libc::S_IFDIR
    }

    /// Which file it is, whatever it is called.
    pub(super) fn id(&self) -> (u64, u64) {
        (self.dev, self.ino)
    }

    fn of(meta: &std::fs::Metadata) -> Self {
        let ns = |seconds: i64, ns: i64| seconds.saturating_mul(1_000_000_000).saturating_add(ns);
        Self {
            dev: meta.dev(),
            ino: meta.ino(),
            mode: meta.mode(),
            uid: meta.uid(),
            gid: meta.gid(),
            size: meta.size(),
            mtime: ns(meta.mtime(), meta.mtime_nsec()),
            ctime: ns(meta.ctime(), meta.ctime_nsec()),
        }
    }
}

/// A line.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Entry {
    /// The last one.
    End { files: usize },
    /// A name that is UTF-8.
    Text {
        path: String,
        #[serde(flatten)]
        meta: Meta,
    },
    /// Any other, byte by byte.
    Bytes {
        bytes: Vec<u8>,
        #[serde(flatten)]
        meta: Meta,
    },
}

/// Trees at a moment, by absolute path.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Snapshot {
    pub(super) files: BTreeMap<Vec<u8>, Meta>,
}

impl Snapshot {
    /// What the trees of a plan are like now. What cannot be looked at is told to `warn` and is
    /// not in it.
    pub fn take(plan: &WatchPlan, warn: &mut dyn FnMut(String)) -> Self {
        let mut files = BTreeMap::new();
        for root in &plan.roots {
            let depth = if plan.recursive { usize::MAX } else { 1 };
            let walk = WalkDir::new(root).max_depth(depth).into_iter();
            let entered = walk.filter_entry(|entry| {
                let path = entry.path().as_os_str().as_bytes();
                !plan.excludes(path) && (!entry.file_type().is_dir() || plan.enters(path))
            });
            for entry in entered {
                let found = entry.and_then(|entry| Ok((entry.metadata()?, entry.into_path())));
                match found {
                    Ok((meta, path)) => {
                        let path = path.into_os_string().into_encoded_bytes();
                        files.insert(path, Meta::of(&meta));
                    }
                    // Gone while we looked: it is not there.
                    Err(error) if is_gone(&error) => {}
                    Err(error) => warn(format!("not in the snapshot: {error}")),
                }
            }
        }
        Self { files }
    }

    /// Writes it to a file, which is replaced as a whole.
    pub fn write(&self, to: &Path, plan: &WatchPlan) -> io::Result<()> {
        let dir = match to.parent() {
            Some(dir) if !dir.as_os_str().is_empty() => dir,
            _ => Path::new("."),
        };
        let mut file = tempfile::NamedTempFile::new_in(dir)?;
        let mut out = BufWriter::new(zstd::Encoder::new(&mut file, 3)?);
        let roots = plan.roots.iter().map(|root| root.display().to_string());
        let head = Head {
            tracer_snapshot: VERSION,
            roots: roots.collect(),
        };
        line(&mut out, &head)?;
        for (path, meta) in &self.files {
            let entry = match std::str::from_utf8(path) {
                Ok(path) => Entry::Text {
                    path: path.to_owned(),
                    meta: *meta,
                },
                Err(_) => Entry::Bytes {
                    bytes: path.clone(),
                    meta: *meta,
                },
            };
            line(&mut out, &entry)?;
        }
        let files = self.files.len();
        line(&mut out, &Entry::End { files })?;
        out.into_inner()?.finish()?;
        file.as_file().sync_all()?;
        file.persist(to)?;
        Ok(())
    }

    /// Reads one; an error where it is no snapshot, or not a whole one.
    pub fn read(from: &Path) -> io::Result<Self> {
        let bad = |why: &str| io::Error::new(io::ErrorKind::InvalidData, why.to_owned());
        let mut lines = BufReader::new(zstd::Decoder::new(File::open(from)?)?).lines();
        let no_snapshot = || bad("it is no snapshot of tracer's");
        let first = lines.next().ok_or_else(no_snapshot)?;
        let first = first.map_err(|_| no_snapshot())?;
        let head: Head = serde_json::from_str(&first).map_err(|_| no_snapshot())?;
        if head.tracer_snapshot != VERSION {
            return Err(bad("a newer tracer has written it"));
        }
        let mut files = BTreeMap::new();
        for line in lines {
            let line = line.map_err(|_| bad("it is cut short"))?;
            match serde_json::from_str(&line) {
                Ok(Entry::Text { path, meta }) => drop(files.insert(path.into_bytes(), meta)),
                Ok(Entry::Bytes { bytes, meta }) => drop(files.insert(bytes, meta)),
                Ok(Entry::End { files: number }) if number == files.len() => {
                    return Ok(Self { files });
                }
                _ => return Err(bad("a line of it is broken")),
            }
        }
        Err(bad("it is cut short"))
    }
}

fn line(out: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *out, value)?;
    out.write_all(b"\n")
}

fn is_gone(error: &walkdir::Error) -> bool {
    let kind = error.io_error().map(io::Error::kind);
    kind == Some(io::ErrorKind::NotFound)
        && error
            .path()
            .is_some_and(|path| !OsStr::is_empty(path.as_os_str()))
}
