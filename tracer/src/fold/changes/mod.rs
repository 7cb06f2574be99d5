//! What a run did to files in the end (`--files-changed`): which it has made, changed and removed. A
//! file that was made and removed again is none of these.

mod names;
mod undo;

use std::{
    collections::{BTreeMap, HashMap},
    fs::File,
    io::{self, Write},
    os::unix::fs::MetadataExt,
    path::PathBuf,
    time::{Duration, SystemTime},
};

use bytes::Bytes;
use names::{Id, Names, Origin, Touch, Was, os};

use super::Fold;
use crate::{
    calls::Op,
    event::{Event, Item, PathItem, PathRole},
    format::{c_quoted, json_string},
};

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

impl Change {
    fn of(was: Was, is: Option<Id>) -> Option<Self> {
        Some(match (was, is) {
            (Was::NotThere, None) => return None,
            (Was::NotThere, Some(_)) => Self::Created,
            (Was::There(_), Some(_)) => Self::Changed,
            (Was::Unknown, Some(_)) => Self::CreatedOrChanged,
            (Was::There(_), None) => Self::Removed,
            (Was::Unknown, None) => Self::RemovedOrNeverThere,
        })
    }
}

/// A line of the list.
struct Told<'a> {
    path: &'a Bytes,
    change: Change,
    was: Was,
    is: Option<Id>,
    is_dir: bool,
    /// The name before the run of what is there, where it has another one now.
    from: Option<&'a Bytes>,
    /// That was changed, too.
    is_rewritten: bool,
    elsewhere: Option<u32>,
}

/// The list.
pub struct Changes {
    list_as: ListAs,
    undo: Option<(PathBuf, File)>,
    /// What the run is called in the list of what to undo.
    subject: String,
    names: Names,
    /// Of other mount namespaces, by their numbers.
    elsewhere: BTreeMap<u32, Names>,
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
            names: Names::default(),
            elsewhere: BTreeMap::new(),
            losses: false,
            start_ns: file_clock(),
        }
    }

    /// The names that an event is about: a process in another mount namespace may see other files
    /// under the same names.
    fn names(&mut self, event: &Event) -> &mut Names {
        match event.actor.as_ref().ok().and_then(|actor| actor.mnt_ns) {
            None => &mut self.names,
            Some(number) => {
                let names = self.elsewhere.entry(number).or_default();
                names.elsewhere = Some(number);
                names
            }
        }
    }

    /// Asks of what is there now whether it is a directory, which a call that renames does not say, and
    /// whether what had no name when it was linked was made in this run.
    fn look(&mut self) {
        let start = u64::try_from(self.start_ns).ok().map(Duration::from_nanos);
        let start = start.and_then(|start| SystemTime::UNIX_EPOCH.checked_add(start));
        for (path, id) in &self.names.now {
            let Some(file) = id.map(|id| &mut self.names.files[id]) else {
                continue;
            };
            let Ok(meta) = os(path).symlink_metadata() else {
                continue;
            };
            file.is_dir = meta.is_dir();
            let is_new = meta.created().is_ok_and(|born| Some(born) >= start);
            if file.origin == Origin::Nameless && is_new {
                file.origin = Origin::Made;
            }
        }
    }

    /// Every path of a mount namespace with what became of it, and no line for what was left as it was.
    fn list<'a>(&self, names: &'a Names, of: &HashMap<Id, Vec<&'a Bytes>>) -> Vec<Told<'a>> {
        let tell = |path| self.tell(names, of, path);
        names.paths().into_iter().filter_map(tell).collect()
    }

    fn tell<'a>(
        &self,
        names: &'a Names,
        of: &HashMap<Id, Vec<&'a Bytes>>,
        path: &'a Bytes,
    ) -> Option<Told<'a>> {
        let (was, is) = (names.was(path, of), names.is(path));
        let change = Change::of(was, is)?;
        let is_rewritten = |id| {
            let name = of.get(&id).and_then(|names| names.first());
            name.is_some_and(|name| self.is_rewritten(names, id, name))
        };
        let home = |id: Id| match &names.files[id].origin {
            Origin::Before(home) => Some(home),
            _ => None,
        };
        // What went with its directory, which is told, is where it was.
        let is_in_place =
            |id: Id, name: &Bytes| home(id).is_some_and(|home| names.is_in_place(name, home));
        let stays = match (was, is) {
            (_, Some(id)) => is_in_place(id, path).then_some(id),
            (Was::There(id), None) if home(id) == Some(path) => {
                let at = of.get(&id).into_iter().flatten();
                at.copied().any(|name| is_in_place(id, name)).then_some(id)
            }
            _ => None,
        };
        if stays.is_some_and(|id| !is_rewritten(id)) {
            return None;
        }
        let behind = match was {
            _ if is.is_some() => is,
            Was::There(id) => Some(id),
            Was::NotThere | Was::Unknown => None,
        };
        let from = is.and_then(|id| Some((id, home(id)?)));
        let from = from.filter(|(id, home)| names.is(home) != Some(*id));
        Some(Told {
            path,
            change,
            was,
            is,
            is_dir: behind.is_some_and(|id| names.files[id].is_dir),
            from: from.map(|(_, home)| home),
            is_rewritten: from.is_some_and(|(id, _)| is_rewritten(id)),
            elsewhere: names.elsewhere,
        })
    }

    /// Has what the file holds or its attributes been changed since the run began? What cannot be asked
    /// is taken for it.
    fn is_rewritten(&self, names: &Names, id: Id, path: &Bytes) -> bool {
        let file = &names.files[id];
        if file.touch == Touch::Nothing {
            return false;
        }
        if names.elsewhere.is_some() {
            return true;
        }
        let since = |seconds: i64, ns: i64| {
            i128::from(seconds) * 1_000_000_000 + i128::from(ns) >= self.start_ns
        };
        os(path).symlink_metadata().map_or(true, |meta| {
            // A new name is a change of the status, too.
            let by_status = file.touch == Touch::Attributes || !file.renamed;
            since(meta.mtime(), meta.mtime_nsec())
                || by_status && since(meta.ctime(), meta.ctime_nsec())
        })
    }

    fn write(&self, out: &mut Vec<u8>, list: &[Told<'_>]) {
        for told in list {
            match self.list_as {
                ListAs::Text => text(out, told),
                ListAs::Null => {
                    out.extend_from_slice(told.change.as_str().as_bytes());
                    if told.elsewhere.is_some() {
                        out.extend_from_slice(b"-elsewhere");
                    }
                    out.push(0);
                    out.extend_from_slice(told.path);
                    out.push(0);
                }
                ListAs::Json => json(out, told),
            }
        }
    }
}

/// What an event says of names.
fn event(names: &mut Names, event: &Event) {
    let failed = event.call.as_ref().and_then(crate::event::Call::errno);
    match failed {
        Some(errno) => return learn_from_failure(names, event, errno),
        None if event.success() != Some(true) => return,
        None => {}
    }
    let is_dir = event.call.as_ref().is_some_and(|call| {
        let name = call.arch.name(call.nr);
        matches!(name, Some("mkdir" | "mkdirat" | "rmdir"))
    });
    let is_dir = is_dir || event.is_dir || removes_a_directory(event);
    match (event.op, &event.paths[..]) {
        (Op::Rename, [from, to]) => rename(names, event, from, to),
        (Op::Create, paths) => {
            let made = paths.iter().rev().find(|p| p.role != PathRole::Source);
            let Some(made) = made.filter(|path| !path.deleted).and_then(name) else {
                return;
            };
            match paths.iter().find(|path| path.role == PathRole::Source) {
                Some(file) => names.link(name(file).filter(|_| !file.deleted), made),
                None => names.create(made, is_dir),
            }
        }
        (Op::Delete, [path, ..]) => {
            if let Some(path) = name(path) {
                names.delete(path, is_dir);
            }
        }
        (Op::Write | Op::Attribute, paths) => {
            let touch = match event.op {
                Op::Attribute => Touch::Attributes,
                _ => Touch::Written,
            };
            // A file that is changed through a descriptor may have no name any more.
            for path in paths.iter().filter(|path| !path.deleted) {
                if let Some(file) = name(path) {
                    names.change(file, touch, directory(path));
                }
            }
        }
        (Op::Mount, paths) if names.elsewhere.is_none() && mounts(event) => {
            paths
                .iter()
                .filter_map(name)
                .for_each(|path| names.mount(path));
        }
        (_, paths) => {
            for path in paths.iter().filter(|path| !path.deleted) {
                if let Some(path) = name(path) {
                    names.learn(path, true);
                }
            }
        }
    }
}

/// Does the call change what a name leads to?
fn mounts(event: &Event) -> bool {
    let name = event.call.as_ref().and_then(|call| call.arch.name(call.nr));
    matches!(
        name,
        Some("mount" | "umount" | "umount2" | "oldumount" | "move_mount" | "pivot_root")
    )
}

/// A call that fails also says something of what is there.
fn learn_from_failure(names: &mut Names, event: &Event, errno: i32) {
    let there = match errno {
        libc::ENOENT => false,
        libc::EEXIST => true,
        _ => return,
    };
    if let Some(path) = event.paths.last().and_then(name) {
        names.learn(path, there);
    }
}

fn rename(names: &mut Names, event: &Event, from: &PathItem, to: &PathItem) {
    let (Some(old), Some(new)) = (name(from), name(to)) else {
        return;
    };
    let flags = event.call.as_ref().and_then(|call| {
        let is_newest = call.arch.name(call.nr) == Some("renameat2");
        call.args.ok().filter(|_| is_newest).map(|args| args[4])
    });
    let has = |flag: u32| flags.is_some_and(|flags| flags & u64::from(flag) != 0);
    if has(libc::RENAME_EXCHANGE) {
        names.exchange(old, new);
        return;
    }
    let was = has(libc::RENAME_NOREPLACE).then_some(false);
    let is_dir = directory(from) || directory(to) || event.is_dir;
    names.rename(old, new, was, is_dir);
}

/// The name of what can be changed on a disk.
fn name(path: &PathItem) -> Option<&Bytes> {
    path.resolved.as_ref().ok().filter(|_| counts(path))
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

/// `created  /x (was /y, and changed)`
fn text(out: &mut Vec<u8>, told: &Told<'_>) {
    let word = told.change.as_str();
    out.extend_from_slice(format!("{word:<8} ").as_bytes());
    c_quoted(out, told.path);
    if told.is_dir {
        out.push(b'/');
    }
    if let Some(from) = told.from {
        out.extend_from_slice(b" (was ");
        c_quoted(out, from);
        if told.is_rewritten {
            out.extend_from_slice(b", and changed");
        }
        out.push(b')');
    }
    if told.elsewhere.is_some() {
        out.extend_from_slice(b" (in another mount namespace)");
    }
    out.push(b'\n');
}

/// `{"type":"file","change":"created","path":"/x","is_dir":false}`
fn json(out: &mut Vec<u8>, told: &Told<'_>) {
    out.extend_from_slice(b"{\"type\":\"file\",\"change\":\"");
    out.extend_from_slice(told.change.as_str().as_bytes());
    out.extend_from_slice(b"\",\"path\":");
    if !json_string(out, told.path) {
        hex(out, "path_hex", told.path);
    }
    out.extend_from_slice(format!(",\"is_dir\":{}", told.is_dir).as_bytes());
    if let Some(from) = told.from {
        out.extend_from_slice(b",\"from\":");
        if !json_string(out, from) {
            hex(out, "from_hex", from);
        }
        let is_rewritten = told.is_rewritten;
        out.extend_from_slice(format!(",\"from_changed\":{is_rewritten}").as_bytes());
    }
    if let Some(number) = told.elsewhere {
        out.extend_from_slice(format!(",\"mnt_ns\":{number}").as_bytes());
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
            Item::Event(happened) => event(self.names(happened), happened),
            Item::Loss(_) => self.losses = true,
        }
    }

    fn writes_to(&self) -> Option<&str> {
        self.undo.as_ref().and_then(|(path, _)| path.to_str())
    }

    fn finish(&mut self, out: &mut Vec<u8>) -> io::Result<()> {
        self.look();
        let of = self.names.names_of();
        let here = self.list(&self.names, &of);
        self.write(out, &here);
        for names in self.elsewhere.values() {
            self.write(out, &self.list(names, &names.names_of()));
        }
        if self.losses && self.list_as == ListAs::Text {
            out.extend_from_slice(b"--- events were lost: there may be more ---\n");
        }
        let Some((_, file)) = &self.undo else {
            return Ok(());
        };
        let script = undo::script(&self.names, &here, &self.subject, self.losses);
        let mut file = file;
        file.write_all(&script)
    }
}
