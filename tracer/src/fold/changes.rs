//! What a run did to files in the end (`--files-changed`): which it has made, changed and removed. A
//! file that was made and removed again is none of these.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    fs::File,
    io::{self, Write},
    os::unix::{ffi::OsStrExt, fs::MetadataExt},
    path::{Path, PathBuf},
};

use bytes::Bytes;

use super::Fold;
use crate::{
    calls::Op,
    event::{Event, Item, PathItem, PathRole},
    format::{c_quoted, json_string, shell_word},
};

/// Paths of which it is kept whether they were there, in order to know what a rename replaces.
const KNOWN_MAX: usize = 500_000;

/// How the list is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListAs {
    /// A word and a path a line.
    Text,
    /// A word, NUL, a path as it is, NUL.
    Null,
    /// One JSON object a line.
    Json,
}

/// What became of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Change {
    Created,
    Changed,
    /// Something was renamed to it, and nothing has told whether it was there before.
    CreatedOrChanged,
    Removed,
    /// Something was renamed to it and is gone, and nothing has told whether it was there before.
    RemovedOrNeverThere,
}

impl Change {
    fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Changed => "changed",
            Self::CreatedOrChanged => "created-or-changed",
            Self::Removed => "removed",
            Self::RemovedOrNeverThere => "removed-or-never-there",
        }
    }
}

/// What is known of a path.
#[derive(Clone, Debug)]
struct Entry {
    /// It was there before the run; `None`: nothing has told.
    before: Option<bool>,
    now: bool,
    is_dir: bool,
    /// It is what was there under another name before the run.
    from: Option<Bytes>,
}

impl Entry {
    fn change(&self) -> Option<Change> {
        Some(match (self.before, self.now) {
            (Some(false), false) => return None,
            (Some(false), true) => Change::Created,
            (Some(true), true) => Change::Changed,
            (None, true) => Change::CreatedOrChanged,
            (Some(true), false) => Change::Removed,
            (None, false) => Change::RemovedOrNeverThere,
        })
    }
}

/// The list.
pub struct Changes {
    list_as: ListAs,
    undo: Option<(PathBuf, File)>,
    /// What the run is called in the list of what to undo.
    subject: String,
    entries: BTreeMap<Bytes, Entry>,
    known: HashMap<Bytes, bool>,
    losses: bool,
    /// Status changes before this moment are not of the run (`st_ctime`, nanoseconds).
    start_ns: i128,
}

/// The clock of `st_ctime`, in nanoseconds, as a new file has it: it is that of the last tick, or a
/// little later, where somebody has looked at a time since (multigrain timestamps of Linux 6.13).
fn file_clock() -> i128 {
    let file = rustix::fs::memfd_create(c"clock", rustix::fs::MemfdFlags::CLOEXEC);
    if let Ok(stat) = file.and_then(rustix::fs::fstat) {
        return i128::from(stat.st_ctime) * 1_000_000_000 + i128::from(stat.st_ctime_nsec);
    }
    let now = rustix::time::clock_gettime(rustix::time::ClockId::RealtimeCoarse);
    i128::from(now.tv_sec) * 1_000_000_000 + i128::from(now.tv_nsec)
}

impl Changes {
    /// An empty list. `undo`: where to write what takes the changes back.
    pub fn new(list_as: ListAs, undo: Option<(PathBuf, File)>, subject: String) -> Self {
        Self {
            list_as,
            undo,
            subject,
            entries: BTreeMap::new(),
            known: HashMap::new(),
            losses: false,
            start_ns: file_clock(),
        }
    }

    fn event(&mut self, event: &Event) {
        let failed = event.call.as_ref().and_then(crate::event::Call::errno);
        match failed {
            Some(errno) => return self.learn_from_failure(event, errno),
            None if event.success() != Some(true) => return,
            None => {}
        }
        let is_dir = event.call.as_ref().is_some_and(|call| {
            let name = call.arch.name(call.nr);
            matches!(name, Some("mkdir" | "mkdirat" | "rmdir"))
        });
        let is_dir = is_dir || event.is_dir || removes_a_directory(event);
        match (event.op, &event.paths[..]) {
            (Op::Rename, [from, to]) => self.rename(event, from, to),
            (Op::Create, paths) => {
                // link(2) has the file first, which only gets one name more.
                let made = paths.iter().rev().find(|p| p.role != PathRole::Source);
                self.set(made, Some(false), true, is_dir);
            }
            (Op::Delete, [path, ..]) => self.set(Some(path), Some(true), false, is_dir),
            (Op::Write | Op::Attribute, paths) => {
                for path in paths {
                    self.set(Some(path), Some(true), true, directory(path));
                }
            }
            (_, paths) => paths.iter().for_each(|path| self.learn(path, true)),
        }
    }

    /// A call that fails also says something of what is there.
    fn learn_from_failure(&mut self, event: &Event, errno: i32) {
        let there = match errno {
            libc::ENOENT => false,
            libc::EEXIST => true,
            _ => return,
        };
        if let Some(path) = event.paths.last() {
            self.learn(path, there);
        }
    }

    fn learn(&mut self, path: &PathItem, there: bool) {
        if let Ok(path) = &path.resolved
            && self.known.len() < KNOWN_MAX
            && !self.entries.contains_key(path)
        {
            self.known.entry(path.clone()).or_insert(there);
        }
    }

    /// `before`: whether it was there before, if nothing else is known of it.
    fn set(&mut self, path: Option<&PathItem>, before: Option<bool>, now: bool, is_dir: bool) {
        let Some(Ok(path)) = path.filter(|path| counts(path)).map(|path| &path.resolved) else {
            return;
        };
        let entry = Entry {
            before,
            now,
            is_dir,
            from: None,
        };
        let kept = self.entries.entry(path.clone()).or_insert(entry);
        kept.now = now;
        kept.is_dir |= is_dir;
    }

    fn rename(&mut self, event: &Event, from: &PathItem, to: &PathItem) {
        let (Ok(old), Ok(new)) = (&from.resolved, &to.resolved) else {
            return;
        };
        let flags = event.call.as_ref().and_then(|call| {
            let is_newest = call.arch.name(call.nr) == Some("renameat2");
            call.args.ok().filter(|_| is_newest).map(|args| args[4])
        });
        let flags = flags.unwrap_or(0);
        if flags & u64::from(libc::RENAME_EXCHANGE) != 0 {
            self.set(Some(from), Some(true), true, directory(from));
            self.set(Some(to), Some(true), true, directory(to));
            return;
        }
        let known = if flags & u64::from(libc::RENAME_NOREPLACE) != 0 {
            Some(false)
        } else {
            self.known.get(new).copied()
        };
        let is_dir = directory(from) || directory(to) || event.is_dir;
        let moved = self.entries.get(old).cloned();
        self.set(Some(from), Some(true), false, is_dir);
        self.set(Some(to), known, true, is_dir);
        if let Some(entry) = self.entries.get_mut(new) {
            entry.from = match moved {
                None => Some(old.clone()),
                Some(moved) => moved
                    .from
                    .or((moved.before == Some(true)).then(|| old.clone())),
            };
        }
        self.rename_below(old, new);
    }

    /// What a directory that is renamed has in it goes with it.
    fn rename_below(&mut self, old: &Bytes, new: &Bytes) {
        let prefix = [old, &b"/"[..]].concat();
        let below: Vec<_> = self
            .entries
            .range(Bytes::from(prefix.clone())..)
            .take_while(|(path, _)| path.starts_with(&prefix))
            .map(|(path, entry)| (path.clone(), entry.clone()))
            .collect();
        for (path, entry) in below {
            let there = [new, &b"/"[..], &path[prefix.len()..]].concat();
            if entry.now {
                let moved = Entry {
                    before: Some(false),
                    ..entry.clone()
                };
                self.entries.insert(there.into(), moved);
            }
            if let Some(entry) = self.entries.get_mut(&path) {
                entry.now = false;
            }
        }
    }

    /// Asks of what is there now whether it is a directory: a call that renames does not say so.
    fn look_for_directories(&mut self) {
        let mut moved = Vec::new();
        for (path, entry) in &mut self.entries {
            let path = Path::new(std::ffi::OsStr::from_bytes(path));
            entry.is_dir |= entry.now && path.symlink_metadata().is_ok_and(|meta| meta.is_dir());
            moved.extend(entry.from.clone().filter(|_| entry.is_dir));
        }
        for from in moved {
            if let Some(entry) = self.entries.get_mut(&from) {
                entry.is_dir = true;
            }
        }
    }

    /// Every path with what became of it. Opened for writing and left as it was is no change.
    fn list(&self) -> impl DoubleEndedIterator<Item = (&Bytes, &Entry, Change)> {
        let list = self.entries.iter().filter_map(|(path, entry)| {
            let change = entry.change()?;
            Some((path, entry, change))
        });
        list.filter(|(path, _, change)| *change != Change::Changed || self.is_touched(path))
    }

    /// Has the file been changed since the run began? What cannot be asked is taken for it.
    fn is_touched(&self, path: &[u8]) -> bool {
        let path = Path::new(std::ffi::OsStr::from_bytes(path));
        path.symlink_metadata().map_or(true, |meta| {
            let ctime = i128::from(meta.ctime()) * 1_000_000_000 + i128::from(meta.ctime_nsec());
            ctime >= self.start_ns
        })
    }

    fn write(&self, out: &mut Vec<u8>) {
        for (path, entry, change) in self.list() {
            match self.list_as {
                ListAs::Text => {
                    let word = change.as_str();
                    out.extend_from_slice(format!("{word:<8} ").as_bytes());
                    c_quoted(out, path);
                    if entry.is_dir {
                        out.push(b'/');
                    }
                    if let Some(from) = &entry.from {
                        out.extend_from_slice(b" (was ");
                        c_quoted(out, from);
                        out.push(b')');
                    }
                    out.push(b'\n');
                }
                ListAs::Null => {
                    out.extend_from_slice(change.as_str().as_bytes());
                    out.push(0);
                    out.extend_from_slice(path);
                    out.push(0);
                }
                ListAs::Json => json(out, path, entry, change),
            }
        }
    }

    /// A script for sh(1) that takes back what can be taken back, the last things first.
    fn undo(&self) -> Vec<u8> {
        let mut out = Vec::new();
        let moved = self.moved();
        let mut line = |words: &str, paths: &[&Bytes]| {
            out.extend_from_slice(words.as_bytes());
            for path in paths {
                out.push(b' ');
                shell_word(&mut out, path);
            }
            out.push(b'\n');
        };
        for (path, entry, change) in self.list().rev() {
            match (change, &entry.from) {
                (Change::Created, Some(from)) => line("mv -n --", &[path, from]),
                (Change::Created, None) if entry.is_dir => line("rmdir --", &[path]),
                (Change::Created, None) => line("rm -f --", &[path]),
                (Change::Removed, _) if moved.contains(path) => {}
                _ => line(
                    &format!("# cannot be taken back: {}", change.as_str()),
                    &[path],
                ),
            }
        }
        let mut script = format!(
            "#!/bin/sh\n# Takes back what {} did to files. Look through it before you run it.\n",
            self.subject.escape_default()
        )
        .into_bytes();
        if self.losses {
            script.extend_from_slice(b"# Events were lost: there may be more.\n");
        }
        if memchr::memmem::find(&out, b"$'").is_some() {
            // Some sh(1) take `$'...'` for a name of its own.
            script.extend_from_slice(b"[ -n \"$BASH_VERSION\" ] || exec bash \"$0\"\n");
        }
        script.append(&mut out);
        script
    }

    /// What is there under another name, from which it can be moved back.
    fn moved(&self) -> HashSet<&Bytes> {
        let entries = self.entries.values();
        let back = entries.filter(|entry| entry.change() == Some(Change::Created));
        back.filter_map(|entry| entry.from.as_ref()).collect()
    }
}

/// Is it a file, directory or symlink on a disk? Devices, pipes and the kernel's own files are not
/// changed by being written.
fn counts(path: &PathItem) -> bool {
    let kind = path.file.as_ref().map(|file| file.mode & libc::S_IFMT);
    let is_kept =
        kind.is_none_or(|kind| matches!(kind, 0 | libc::S_IFREG | libc::S_IFDIR | libc::S_IFLNK));
    let is_kernels = path.resolved.as_ref().is_ok_and(|path| {
        [&b"/proc/"[..], b"/sys/"]
            .iter()
            .any(|dir| path.starts_with(dir))
            || !path.starts_with(b"/")
    });
    is_kept && !is_kernels
}

fn directory(path: &PathItem) -> bool {
    let mode = path.file.as_ref().map(|file| file.mode & libc::S_IFMT);
    mode == Some(libc::S_IFDIR)
}

/// unlinkat(2) with `AT_REMOVEDIR`.
fn removes_a_directory(event: &Event) -> bool {
    event.call.as_ref().is_some_and(|call| {
        let flag = libc::AT_REMOVEDIR as u64;
        call.arch.name(call.nr) == Some("unlinkat")
            && call.args.is_ok_and(|args| args[2] & flag != 0)
    })
}

/// `{"type":"file","change":"created","path":"/x","is_dir":false}`
fn json(out: &mut Vec<u8>, path: &[u8], entry: &Entry, change: Change) {
    out.extend_from_slice(b"{\"type\":\"file\",\"change\":\"");
    out.extend_from_slice(change.as_str().as_bytes());
    out.extend_from_slice(b"\",\"path\":");
    if !json_string(out, path) {
        hex(out, "path_hex", path);
    }
    out.extend_from_slice(format!(",\"is_dir\":{}", entry.is_dir).as_bytes());
    if let Some(from) = &entry.from {
        out.extend_from_slice(b",\"from\":");
        if !json_string(out, from) {
            hex(out, "from_hex", from);
        }
    }
    out.extend_from_slice(b"}\n");
}

/// The bytes of what is no UTF-8.
fn hex(out: &mut Vec<u8>, key: &str, bytes: &[u8]) {
    out.extend_from_slice(format!(",\"{key}\":\"").as_bytes());
    for byte in bytes {
        out.extend_from_slice(format!("{byte:02x}").as_bytes());
    }
    out.push(b'"');
}

impl Fold for Changes {
    fn item(&mut self, item: &Item) {
        match item {
            Item::Event(event) => self.event(event),
            Item::Loss(_) => self.losses = true,
        }
    }

    fn writes_to(&self) -> Option<&str> {
        self.undo.as_ref().and_then(|(path, _)| path.to_str())
    }

    fn finish(&mut self, out: &mut Vec<u8>) -> io::Result<()> {
        self.look_for_directories();
        self.write(out);
        if self.losses && self.list_as == ListAs::Text {
            out.extend_from_slice(b"--- events were lost: there may be more ---\n");
        }
        let script = self.undo.is_some().then(|| self.undo());
        match (&mut self.undo, script) {
            (Some((_, file)), Some(script)) => file.write_all(&script),
            _ => Ok(()),
        }
    }
}
