//! What trees were like at a moment: kept in a file, and found out anew.
//!
//! The file is JSON lines compressed with zstd: a head, then one line for each file, and a last
//! one with their number, without which it is cut short.

use std::{
    collections::{BTreeMap, BTreeSet},
    ffi::OsStr,
    fs::File,
    io::{self, BufRead, BufReader, BufWriter, Write},
    os::unix::{
        ffi::OsStrExt,
        fs::{MetadataExt, OpenOptionsExt},
    },
    path::Path,
    sync::atomic::Ordering,
    time::SystemTime,
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
    recursive: bool,
    /// Patterns of what was left out.
    left_out: Vec<String>,
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
    /// Likewise: when it was made, where the file system knows it (`stx_btime` of statx(2)).
    pub(super) btime: Option<i64>,
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
            btime: meta
                .created()
                .ok()
                .and_then(|at| at.duration_since(SystemTime::UNIX_EPOCH).ok())
                .and_then(|at| i64::try_from(at.as_nanos()).ok()),
        }
    }
}

/// A line.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Entry {
    /// The last one.
    End { files: usize },
    /// A directory that could not be read.
    Unread { unread: Vec<u8> },
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
    /// What is in these is not known.
    pub(super) unread: BTreeSet<Vec<u8>>,
    pub(super) recursive: bool,
    pub(super) left_out: Vec<String>,
}

impl Snapshot {
    /// What the trees of a plan are like now. What cannot be looked at is told to `warn`.
    /// `left_out`: the patterns of the plan, as they were given.
    pub fn take(plan: &WatchPlan, left_out: Vec<String>, warn: &mut dyn FnMut(String)) -> Self {
        let (mut files, mut unread) = (BTreeMap::new(), BTreeSet::new());
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
                        if meta.is_dir() {
                            plan.looked_at.fetch_add(1, Ordering::Relaxed);
                        }
                        let path = path.into_os_string().into_encoded_bytes();
                        files.insert(path, Meta::of(&meta));
                    }
                    // Gone while we looked: it is not there.
                    Err(error) if is_gone(&error) => {}
                    Err(error) => {
                        warn(format!("not compared: {error}"));
                        let path = error.path().unwrap_or(root);
                        unread.insert(path.as_os_str().as_bytes().to_vec());
                    }
                }
            }
        }
        Self {
            files,
            unread,
            recursive: plan.recursive,
            left_out,
        }
    }

    /// Only what belongs to a plan. An error where it does not have everything that does.
    pub fn only(mut self, plan: &WatchPlan, left_out: &[String]) -> Result<Self, String> {
        let bytes = |root: &Path| root.as_os_str().as_bytes().to_vec();
        for root in &plan.roots {
            if !self.files.contains_key(&bytes(root)) {
                return Err(format!("it does not have {}", root.display()));
            }
        }
        if plan.recursive && !self.recursive {
            return Err("it was taken with --no-recursive".to_owned());
        }
        if let Some(pattern) = self.left_out.iter().find(|p| !left_out.contains(p)) {
            return Err(format!("it was taken without what matches {pattern}"));
        }
        let roots: Vec<_> = plan.roots.iter().map(|root| bytes(root)).collect();
        self.files.retain(|path, meta| {
            roots
                .iter()
                .any(|root| is_of(plan, root, path, meta.is_dir()))
        });
        Ok(self)
    }

    /// Writes it to a file, which is replaced as a whole.
    pub fn write(&self, to: &Path) -> io::Result<()> {
        let dir = match to.parent() {
            Some(dir) if !dir.as_os_str().is_empty() => dir,
            _ => Path::new("."),
        };
        // Opened here: what goes wrong is not about a name that nobody has heard of.
        let mut how = File::options();
        how.read(true).write(true).create_new(true).mode(0o600);
        let mut file = tempfile::Builder::new().make_in(dir, |path| how.open(path))?;
        let mut out = BufWriter::new(zstd::Encoder::new(&mut file, 3)?);
        let head = Head {
            tracer_snapshot: VERSION,
            recursive: self.recursive,
            left_out: self.left_out.clone(),
        };
        line(&mut out, &head)?;
        for unread in &self.unread {
            let unread = unread.clone();
            line(&mut out, &Entry::Unread { unread })?;
        }
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
        let mut this = Self {
            recursive: head.recursive,
            left_out: head.left_out,
            ..Self::default()
        };
        let files = &mut this.files;
        for line in lines {
            let line = line.map_err(|_| bad("it is cut short"))?;
            match serde_json::from_str(&line) {
                Ok(Entry::Text { path, meta }) => drop(files.insert(path.into_bytes(), meta)),
                Ok(Entry::Bytes { bytes, meta }) => drop(files.insert(bytes, meta)),
                Ok(Entry::Unread { unread }) => drop(this.unread.insert(unread)),
                Ok(Entry::End { files: number }) if number == files.len() => return Ok(this),
                _ => return Err(bad("a line of it is broken")),
            }
        }
        Err(bad("it is cut short"))
    }
}

/// Does a path belong to a root of a plan?
fn is_of(plan: &WatchPlan, root: &[u8], path: &[u8], is_dir: bool) -> bool {
    let root = root.strip_suffix(b"/").unwrap_or(root);
    let Some(tail) = path.strip_prefix(root) else {
        return false;
    };
    if !(tail.is_empty() || tail[0] == b'/')
        || (!plan.recursive && memchr::memchr_iter(b'/', tail).nth(1).is_some())
    {
        return false;
    }
    // The directories on the way, and itself.
    let ends = memchr::memchr_iter(b'/', tail).skip(1).map(|at| (at, true));
    ends.chain([(tail.len(), is_dir)]).all(|(end, is_dir)| {
        let path = &path[..root.len() + end];
        !plan.excludes(path) && (!is_dir || plan.enters(path))
    })
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
