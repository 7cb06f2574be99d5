//! Process ids in pid namespaces (`pid_namespaces(7)`): a process has a number in its own namespace and
//! in each one above. Of interest are three: the tracer's own, in which it is asked and answers; that
//! of the mounted `/proc`, in which processes are looked up; and the initial one, in which the
//! kernel counts.

use std::{
    fmt::Display,
    fs::{self, File},
    io,
    os::fd::{AsRawFd, FromRawFd},
    os::unix::fs::MetadataExt,
    path::Path,
};

/// Inode number of the initial pid namespace (`PROC_PID_INIT_INO` of `linux/proc_ns.h`).
const INITIAL: u64 = 0xEFFF_FFFC;

/// `PIDFD_THREAD` of `linux/pidfd.h`.
const PIDFD_THREAD: u32 = libc::O_EXCL.unsigned_abs();

/// The name of the command of a process or thread, by its number in the tracer's own namespace.
pub fn command_of(id: u32) -> Option<Vec<u8>> {
    let id = Procfs::here().number_of(id)?;
    let mut name = fs::read(format!("/proc/{id}/comm")).ok()?;
    name.pop_if(|end| *end == b'\n');
    Some(name)
}

/// A process or thread as `/proc/ID/stat` (proc(5)) has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stat {
    /// The name of its command.
    pub command: Vec<u8>,
    /// What `/proc` calls its parent; 0: it has none there.
    pub parent: u32,
    /// When it was started, in clock ticks since boot: a reused id has another start.
    pub start: u64,
}

/// What `/proc` calls this, as it is now; `None`: it has ended.
pub fn stat(id: u32) -> Option<Stat> {
    let stat = fs::read(format!("/proc/{id}/stat")).ok()?;
    // The command name is in parentheses and may itself hold one.
    let (from, to) = (
        stat.iter().position(|b| *b == b'(')? + 1,
        stat.iter().rposition(|b| *b == b')')?,
    );
    let after = std::str::from_utf8(&stat[to + 1..]).ok()?;
    let mut fields = after.split_whitespace();
    // Fields 3 (state), 4 (ppid), 20 (num_threads) and 22 (starttime).
    let has_ended = matches!(fields.next()?, "Z" | "X");
    let parent = fields.next()?.parse().ok()?;
    // The first thread of a process may have ended before the others.
    let threads: u32 = fields.nth(15)?.parse().ok()?;
    if has_ended && threads <= 1 {
        return None;
    }
    Some(Stat {
        command: stat.get(from..to)?.to_vec(),
        parent,
        start: fields.nth(1)?.parse().ok()?,
    })
}

/// Every process that `/proc` shows, as it calls it.
pub fn processes() -> impl Iterator<Item = u32> {
    ids(Path::new("/proc"))
}

/// The threads of a process.
pub fn threads(process: u32) -> impl Iterator<Item = u32> {
    ids(Path::new(&format!("/proc/{process}/task")))
}

/// Entries of a directory that are numbers.
fn ids(directory: &Path) -> impl Iterator<Item = u32> + use<> {
    let entries = fs::read_dir(directory).into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok())
}

/// A process by its numbers in the tracer's own namespace.
#[derive(Clone, Debug)]
pub struct Running {
    /// Its own.
    pub id: u32,
    /// Its parent, where that has a number there.
    pub parent: Option<u32>,
    /// The name of its command.
    pub command: Vec<u8>,
}

/// Every process of the tracer's own namespace that `/proc` shows.
pub fn running() -> impl Iterator<Item = Running> {
    let procfs = Procfs::here();
    processes().filter_map(move |id| {
        let Stat {
            command, parent, ..
        } = stat(id)?;
        Some(Running {
            id: procfs.own_number_of(id)?,
            parent: procfs.own_number_of(parent).filter(|parent| *parent != 0),
            command,
        })
    })
}

/// `/proc/ID/status` (`proc_pid_status(5)`). The name in it may be of any bytes.
fn status(id: impl Display) -> Option<String> {
    let status = fs::read(format!("/proc/{id}/status")).ok()?;
    Some(String::from_utf8_lossy(&status).into_owned())
}

/// The process of a thread, or the process itself, as `/proc` calls both.
pub fn leader(id: u32) -> Option<u32> {
    let status = status(id)?;
    let line = status.lines().find_map(|line| line.strip_prefix("Tgid:"));
    line?.trim().parse().ok()
}

/// The namespace of the mounted `/proc`, as seen from the tracer's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Procfs {
    /// It is the tracer's own.
    Own,
    /// It is so many above the tracer's own.
    Above(u32),
    /// It does not show the tracer: it is not mounted, or that of another namespace.
    Hidden,
}

impl Procfs {
    /// That of `/proc`. `NSpid` of `/proc/self/status` has the tracer's number in that namespace, and
    /// in each one on the way down to its own.
    pub fn here() -> Self {
        match numbers(&status("self").unwrap_or_default()).len() {
            0 => Self::Hidden,
            1 => Self::Own,
            more => Self::Above(more as u32 - 1),
        }
    }

    /// What `/proc` calls a process or thread that has this number in the tracer's own namespace.
    pub fn number_of(self, id: u32) -> Option<u32> {
        match self {
            Self::Own => Some(id),
            Self::Above(_) => number_of_pidfd(id),
            Self::Hidden => None,
        }
    }

    /// The number in the tracer's own namespace of what `/proc` calls this.
    pub fn own_number_of(self, id: u32) -> Option<u32> {
        match self {
            Self::Own => Some(id),
            Self::Above(above) => numbers(&status(id)?).get(above as usize).copied(),
            Self::Hidden => None,
        }
    }

    /// What it calls a process with these numbers in the tracer's own namespace, `level` below the
    /// initial one, and in that.
    pub fn number_of_either(self, level: u32, own: Option<u32>, host: u32) -> Option<u32> {
        match self {
            Self::Own => own,
            Self::Above(above) if above == level => Some(host),
            Self::Above(_) => own.and_then(number_of_pidfd),
            Self::Hidden => None,
        }
    }
}

/// The tracer's own pid namespace by its inode number; `None` where `/proc` does not tell.
pub fn namespace() -> Option<u64> {
    fs::metadata("/proc/self/ns/pid").ok().map(|ns| ns.ino())
}

/// Is this the initial pid namespace?
pub fn is_initial(namespace: u64) -> bool {
    namespace == INITIAL
}

/// The number of a process or thread in its own namespace, by what `/proc` calls it.
pub fn innermost(id: u32) -> Option<u32> {
    numbers(&status(id)?).last().copied()
}

/// `NSpid` of a `status` (`proc_pid_status(5)`).
fn numbers(status: &str) -> Vec<u32> {
    let line = status.lines().find_map(|line| line.strip_prefix("NSpid:"));
    let words = line.into_iter().flat_map(str::split_whitespace);
    words.map_while(|word| word.parse().ok()).collect()
}

/// What `/proc` calls a process of the tracer's namespace, by `Pid` in the `fdinfo` of a pidfd
/// (`pidfd_open(2)`).
fn number_of_pidfd(id: u32) -> Option<u32> {
    let open = |flags: u32| {
        // SAFETY: the call takes two integers and returns a new descriptor or -1.
        let fd = unsafe { libc::syscall(libc::SYS_pidfd_open, id, flags) };
        if fd < 0 {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: the descriptor is new, and nobody else has it.
        Ok(unsafe { File::from_raw_fd(fd as i32) })
    };
    // A single thread since Linux 6.9.
    let pidfd = open(0).or_else(|_| open(PIDFD_THREAD)).ok()?;
    let info = fs::read_to_string(format!("/proc/self/fdinfo/{}", pidfd.as_raw_fd())).ok()?;
    let number = info.lines().find_map(|line| line.strip_prefix("Pid:"))?;
    // -1: it has ended; 0: it is in no namespace below that of `/proc`.
    number.trim().parse().ok().filter(|number| *number != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_of_a_status() {
        let rows: [(&str, &[u32]); 4] = [
            ("Name:\tx\nNSpid:\t4711\t12\t1\nUid:\t0\n", &[4711, 12, 1]),
            ("NSpid:\t7\n", &[7]),
            ("NSpid:\n", &[]),
            ("Name:\tx\n", &[]),
        ];
        for (status, wanted) in rows {
            assert_eq!(numbers(status), wanted, "{status}");
        }
    }

    #[test]
    fn this_process_has_a_parent_a_start_and_a_leader() {
        let own = stat(std::process::id()).unwrap();
        assert_eq!(own.parent, std::os::unix::process::parent_id());
        assert!(own.start > 0);
        assert_eq!(stat(u32::MAX), None);
        // SAFETY: the call takes nothing and always succeeds.
        let thread = unsafe { libc::gettid() }.unsigned_abs();
        assert_eq!(leader(thread), Some(std::process::id()));
        assert_eq!(leader(u32::MAX), None);
    }

    #[test]
    fn what_proc_calls_a_process() {
        let id = std::process::id();
        assert_eq!(Procfs::Own.number_of(id), Some(id));
        assert_eq!(Procfs::Hidden.number_of(id), None);
        // This one is in the namespace of `/proc` here, whichever way it is asked.
        let here = Procfs::here()
            .number_of(id)
            .expect("/proc shows this process");
        assert_eq!(number_of_pidfd(id), Some(here));
        assert_eq!(number_of_pidfd(u32::MAX), None);
        let rows = [
            (Procfs::Own, Some(5), Some(5)),
            (Procfs::Own, None, None),
            (Procfs::Above(2), None, Some(700)),
            (Procfs::Hidden, Some(5), None),
        ];
        for (procfs, own, wanted) in rows {
            assert_eq!(procfs.number_of_either(2, own, 700), wanted, "{procfs:?}");
        }
    }
}
