//! What programs looked for and did not find (`--missing`): a source around another one.
//!
//! Calls about files that end with `ENOENT` or `ENOTDIR` pass, each path once for a process. What the
//! libraries below a program look for on its behalf does not: locales, the loader's own files. A
//! library or a command is looked for in one directory after another: that is one search, which is
//! told only if it ends without success. In which directories a program looks for commands it decides
//! itself: what was asked for by its whole name belongs to the search if a command of that name is
//! found next.

use std::{
    collections::{HashMap, HashSet},
    ffi::OsStr,
    os::{fd::BorrowedFd, unix::ffi::OsStrExt},
    path::Path,
    time::{Duration, Instant},
};

use bytes::Bytes;

use super::{Source, Sums};
use crate::{
    event::{Backend, Event, Item, Op, Pid},
    rules::Rule,
};

/// A search is over when its process has asked for nothing more of it for so long.
const PAUSE: Duration = Duration::from_millis(200);

/// Paths of one process that are kept in order to tell each once. Beyond, they are told again.
const KEPT: usize = 10_000;

/// Places of one search that are kept until it ends.
const PERHAPS: usize = 100;

/// Where the loader and shells look for commands where nothing else is said.
const COMMANDS: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// A search that has found nothing so far.
struct Search {
    name: Bytes,
    /// Of a search for a library or a command, the last place.
    last: Option<Box<Event>>,
    /// What only success shows to belong to it.
    perhaps: Vec<Event>,
    /// A file of that name that was asked of: it is a command if somebody runs it now.
    found: Option<Bytes>,
    at: Instant,
}

/// The source.
pub struct Missing {
    inner: Box<dyn Source>,
    rule: Rule,
    /// Directories of commands.
    commands: HashSet<Vec<u8>>,
    searches: HashMap<Pid, Search>,
    told: HashMap<Pid, HashSet<Bytes>>,
    dropped: u64,
}

impl Missing {
    /// `path`: the variable `PATH` of those who look for commands.
    pub fn new(inner: Box<dyn Source>, rule: Rule, path: &OsStr) -> Self {
        let of_path = path.as_bytes().split(|b| *b == b':');
        let usual = COMMANDS.as_bytes().split(|b| *b == b':');
        let commands = of_path.chain(usual).filter(|dir| !dir.is_empty());
        Self {
            inner,
            rule,
            commands: commands.map(<[u8]>::to_vec).collect(),
            searches: HashMap::new(),
            told: HashMap::new(),
            dropped: 0,
        }
    }

    fn judge(&mut self, event: Box<Event>, take: &mut dyn FnMut(Item)) {
        // Counted where all others are.
        if self.rule.rejects(&event).is_some() {
            return take(Item::Event(event));
        }
        let Some((pid, path)) = about(&event) else {
            self.dropped += 1;
            return;
        };
        let name = name_of(&path);
        if !is_miss(&event) {
            self.dropped += 1;
            self.find(pid, &path, &event);
        } else if is_noise(&path) || (self.looks_for_library(pid) && is_loaders(name)) {
            self.dropped += 1;
        } else if self.is_searched(&path) || event.op == Op::Execute {
            let search = self.search(pid, path.slice_ref(name), take);
            if search.last.replace(event).is_some() {
                self.dropped += 1;
            }
        } else if asks_of_a_file(&event) && path.starts_with(b"/") {
            let search = self.search(pid, path.slice_ref(name), take);
            search.perhaps.push(*event);
        } else {
            self.tell(pid, event, take);
        }
    }

    /// The search of a process for this name, which goes on or begins.
    fn search(&mut self, pid: Pid, name: Bytes, take: &mut dyn FnMut(Item)) -> &mut Search {
        if let Some(before) = self.searches.remove(&pid) {
            let goes_on = before.name == name && before.found.is_none();
            if goes_on && before.perhaps.len() < PERHAPS {
                self.searches.insert(pid, before);
            } else {
                self.tell_search(pid, before, take);
            }
        }
        let search = self.searches.entry(pid).or_insert_with(|| Search {
            name,
            last: None,
            perhaps: Vec::new(),
            found: None,
            at: Instant::now(),
        });
        search.at = Instant::now();
        search
    }

    /// Something was found: is it what was looked for?
    fn find(&mut self, pid: Pid, path: &Bytes, event: &Event) {
        let asked = event.paths.first().and_then(|path| path.requested.as_ref());
        // A symlink leads to another name.
        let asked = asked.and_then(|asked| asked.as_ref().ok()).unwrap_or(path);
        if event.op == Op::Execute {
            // A shell looks for it, and its child runs it.
            let is_run = |search: &Search| {
                let found = search.found.as_ref();
                found.is_some_and(|found| found == path || found == asked)
            };
            let run = self.searches.extract_if(|_, search| is_run(search));
            self.dropped += run
                .map(|(_, search)| search.perhaps.len() as u64)
                .sum::<u64>();
        }
        let is_command =
            event.op == Op::Execute || self.is_searched(path) || self.is_searched(asked);
        let Some(search) = self.searches.get_mut(&pid) else {
            return;
        };
        let name = &search.name[..];
        if name != name_of(path) && name != name_of(asked) {
            return;
        }
        self.dropped += u64::from(search.last.take().is_some());
        if is_command || search.perhaps.is_empty() {
            self.dropped += search.perhaps.len() as u64;
            self.searches.remove(&pid);
        } else {
            search.found = Some(path.clone());
            search.at = Instant::now();
        }
    }

    fn tell_search(&mut self, pid: Pid, search: Search, take: &mut dyn FnMut(Item)) {
        for event in search.perhaps.into_iter().map(Box::new).chain(search.last) {
            self.tell(pid, event, take);
        }
    }

    /// Is a library being looked for?
    fn looks_for_library(&self, pid: Pid) -> bool {
        (self.searches.get(&pid)).is_some_and(|search| is_library(&search.name))
    }

    /// Is it one of several places for a library or a command?
    fn is_searched(&self, path: &[u8]) -> bool {
        let dir = Path::new(OsStr::from_bytes(path)).parent();
        let dir = dir.map_or(&b""[..], |dir| dir.as_os_str().as_bytes());
        is_library(name_of(path)) || self.commands.contains(dir)
    }

    /// Tells it, unless it is known.
    fn tell(&mut self, pid: Pid, event: Box<Event>, take: &mut dyn FnMut(Item)) {
        let told = self.told.entry(pid).or_default();
        let path = about(&event).map(|(_, path)| path).unwrap_or_default();
        if told.contains(&path) {
            self.dropped += 1;
            return;
        }
        if told.len() < KEPT {
            told.insert(path);
        }
        take(Item::Event(event));
    }

    fn pass(&mut self, item: Item, take: &mut dyn FnMut(Item)) {
        match item {
            Item::Event(event) => self.judge(event, take),
            Item::Loss(_) => take(item),
        }
    }

    /// Tells the searches that nobody goes on with.
    fn give_up(&mut self, pause: Duration, take: &mut dyn FnMut(Item)) {
        let over = |search: &Search| search.at.elapsed() >= pause;
        let over: Vec<_> = self.searches.iter().filter(|(_, s)| over(s)).collect();
        let mut over: Vec<_> = over.into_iter().map(|(pid, s)| (s.at, *pid)).collect();
        over.sort();
        for (_, pid) in over {
            if let Some(search) = self.searches.remove(&pid) {
                self.tell_search(pid, search, take);
            }
        }
    }
}

/// A call that only asks of a file: shells and their like look for a command with it.
fn asks_of_a_file(event: &Event) -> bool {
    const CALLS: [&str; 10] = [
        "stat",
        "lstat",
        "stat64",
        "lstat64",
        "newfstatat",
        "fstatat64",
        "statx",
        "access",
        "faccessat",
        "faccessat2",
    ];
    let name = event.call.as_ref().and_then(|call| call.arch.name(call.nr));
    name.is_some_and(|name| CALLS.contains(&name))
}

/// Whose event it is, and the path that it is about.
fn about(event: &Event) -> Option<(Pid, Bytes)> {
    let pid = event.actor.as_ref().ok()?.pid;
    let path = event.paths.first()?;
    let asked = path.requested.as_ref().and_then(|name| name.as_ref().ok());
    let path = path.resolved.as_ref().ok().or(asked)?;
    Some((pid, path.clone()))
}

fn is_miss(event: &Event) -> bool {
    let errno = event.call.as_ref().and_then(crate::event::Call::errno);
    matches!(errno, Some(libc::ENOENT | libc::ENOTDIR))
}

fn name_of(path: &[u8]) -> &[u8] {
    path.rsplit(|b| *b == b'/').next().unwrap_or(path)
}

/// `libz.so`, `libz.so.1`.
fn is_library(name: &[u8]) -> bool {
    name.ends_with(b".so") || memchr::memmem::find(name, b".so.").is_some()
}

/// Directories for kinds of processors, which loaders of glibc before 2.37 try in each directory.
fn is_loaders(name: &[u8]) -> bool {
    const NAMES: [&[u8]; 6] = [
        b"x86_64",
        b"avx512_1",
        b"xeon_phi",
        b"i686",
        b"i586",
        b"atomics",
    ];
    NAMES.contains(&name)
}

/// What the C library, gettext and the loader look for by themselves.
fn is_noise(path: &[u8]) -> bool {
    const DIRECTORIES: [&[u8]; 6] = [
        b"/locale/",
        b"/locale-langpack/",
        b"/gconv/",
        b"/glibc-hwcaps/",
        b"/tls/",
        b"/haswell/",
    ];
    const NAMES: [&[u8]; 9] = [
        b"locale",
        b"locale-archive",
        b"locale.alias",
        b"charset.alias",
        b"gconv",
        b"gconv-modules.cache",
        b"glibc-hwcaps",
        b"tls",
        b"haswell",
    ];
    // libselinux looks for SELinux in each program that is linked with it.
    const SELINUX: [&[u8]; 3] = [b"/sys/fs/selinux", b"/selinux", b"/etc/selinux/config"];
    let name = name_of(path);
    let is_configuration = path.starts_with(b"/etc/ld.so.") || path.starts_with(b"/etc/ld-musl-");
    is_configuration
        || SELINUX.contains(&path)
        || name.ends_with(b".mo")
        || NAMES.contains(&name)
        || DIRECTORIES
            .iter()
            .any(|dir| memchr::memmem::find(path, dir).is_some())
}

impl Source for Missing {
    fn backend(&self) -> Backend {
        self.inner.backend()
    }

    fn backends(&self) -> Vec<Backend> {
        self.inner.backends()
    }

    fn fd(&self) -> BorrowedFd<'_> {
        self.inner.fd()
    }

    fn longest_sleep(&self) -> Duration {
        let longest = self.inner.longest_sleep();
        if self.searches.is_empty() {
            longest
        } else {
            longest.min(PAUSE)
        }
    }

    fn read(&mut self, take: &mut dyn FnMut(Item)) -> anyhow::Result<usize> {
        let mut got = Vec::new();
        let n = self.inner.read(&mut |item| got.push(item))?;
        for item in got {
            self.pass(item, take);
        }
        self.give_up(PAUSE, take);
        Ok(n)
    }

    fn finish(&mut self, take: &mut dyn FnMut(Item)) -> anyhow::Result<()> {
        let mut got = Vec::new();
        self.inner.finish(&mut |item| got.push(item))?;
        for item in got {
            self.pass(item, take);
        }
        self.give_up(Duration::ZERO, take);
        Ok(())
    }

    fn sums(&self) -> Sums {
        let mut sums = self.inner.sums();
        sums.delivered = sums.delivered.saturating_sub(self.dropped);
        sums.filtered.push(("found".into(), self.dropped));
        sums
    }

    fn take_warnings(&mut self) -> Vec<String> {
        self.inner.take_warnings()
    }

    fn ended(&mut self) -> bool {
        self.inner.ended()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn noise() {
        for (path, wanted) in [
            ("/usr/share/locale/de/LC_MESSAGES/coreutils.mo", true),
            ("/usr/lib/locale/locale-archive", true),
            ("/usr/lib/x86_64-linux-gnu/gconv/gconv-modules.cache", true),
            ("/etc/ld.so.preload", true),
            ("/etc/selinux/config", true),
            ("/etc/selinux/other", false),
            ("/lib/x86_64-linux-gnu/glibc-hwcaps/x86-64-v3", true),
            ("/home/ana/app.conf", false),
            ("/usr/share/app/locales.json", false),
        ] {
            assert_eq!(is_noise(path.as_bytes()), wanted, "{path}");
        }
        for (name, wanted) in [("libz.so.1", true), ("x.so", true), ("so.conf", false)] {
            assert_eq!(is_library(name.as_bytes()), wanted, "{name}");
        }
    }
}
