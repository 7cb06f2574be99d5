//! Programs that give who runs them more rights: those with a set-user-id or set-group-id bit, or with file
//! capabilities, on the local file systems where these are honoured.

use std::{
    collections::BTreeSet,
    fmt::Write as _,
    os::unix::{ffi::OsStrExt as _, fs::MetadataExt as _},
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
};

use walkdir::{DirEntry, WalkDir};

use crate::{
    enrich::mounts::{self, Mount},
    words::counted,
};

/// File systems of other machines, and those that hold no programs. What a name of these begins with
/// (`nfs4`, `fuse.sshfs`) is meant, too.
const NOT_LOCAL: &[&str] = &[
    "9p",
    "afs",
    "autofs",
    "binfmt_misc",
    "bpf",
    "ceph",
    "cgroup",
    "cifs",
    "configfs",
    "coda",
    "debugfs",
    "devpts",
    "efivarfs",
    "fuse.",
    "fusectl",
    "gfs2",
    "glusterfs",
    "hugetlbfs",
    "lustre",
    "mqueue",
    "ncpfs",
    "nfs",
    "nsfs",
    "proc",
    "pstore",
    "rpc_pipefs",
    "securityfs",
    "selinuxfs",
    "smb",
    "sysfs",
    "tracefs",
];
/// Where the capabilities of a file are.
const CAPABILITIES: &str = "security.capability";

/// A search for such programs, and how far it is.
#[derive(Debug, Default)]
pub struct Search {
    files: AtomicU64,
    found: AtomicU64,
}

/// What a search came to.
#[derive(Debug, Default)]
struct Found {
    programs: BTreeSet<PathBuf>,
    /// Directories that could not be read.
    unread: u64,
}

impl Search {
    /// How far it is, in words.
    pub fn progress(&self) -> String {
        let files = self.files.load(Ordering::Relaxed);
        let found = self.found.load(Ordering::Relaxed);
        format!(
            "looking for privileged programs: {}, {found} found",
            counted(files, "file")
        )
    }

    /// A rule for each program that is found: who has logged in runs it.
    pub(super) fn rules(&self) -> String {
        let mut found = Found::default();
        let text = std::fs::read("/proc/thread-self/mountinfo").unwrap_or_default();
        for mount in local(mounts::parse(&text), Mount::is_seen) {
            self.below(
                Path::new(std::ffi::OsStr::from_bytes(&mount.point)),
                &mut found,
            );
        }
        written(&found)
    }

    /// The programs of one file system.
    fn below(&self, root: &Path, found: &mut Found) {
        for entry in WalkDir::new(root).same_file_system(true) {
            match entry {
                Ok(entry) => {
                    self.files.fetch_add(1, Ordering::Relaxed);
                    if is_privileged(&entry) {
                        self.found.fetch_add(1, Ordering::Relaxed);
                        found.programs.insert(entry.into_path());
                    }
                }
                // What goes while it is looked for is no program any more.
                Err(error) if is_gone(&error) => {}
                Err(_) => found.unread += 1,
            }
        }
    }
}

fn is_gone(error: &walkdir::Error) -> bool {
    let kind = error.io_error().map(std::io::Error::kind);
    kind == Some(std::io::ErrorKind::NotFound)
}

fn is_privileged(entry: &DirEntry) -> bool {
    if !entry.file_type().is_file() {
        return false;
    }
    let Ok(status) = entry.metadata() else {
        return false;
    };
    let mode = status.mode();
    // Without the right to run it, the bit of the group has another meaning (mandatory locks).
    let is_set =
        mode & libc::S_ISUID != 0 || mode & libc::S_ISGID != 0 && mode & libc::S_IXGRP != 0;
    mode & 0o111 != 0 && (is_set || has_capabilities(entry.path()))
}

fn has_capabilities(path: &Path) -> bool {
    let mut value = [0; 64];
    rustix::fs::lgetxattr(path, CAPABILITIES, &mut value).is_ok_and(|size| size > 0)
}

/// The mounts that hold programs of this machine, each part of a file system once.
fn local(mounts: Vec<Mount>, is_seen: impl Fn(&Mount) -> bool) -> Vec<Mount> {
    let holds = |mount: &Mount| {
        let is_other = |name: &&str| mount.kind.starts_with(*name);
        !mount.nosuid && !NOT_LOCAL.iter().any(is_other) && is_seen(mount)
    };
    let mut wanted: Vec<Mount> = mounts.into_iter().filter(holds).collect();
    // A directory comes before those below it.
    wanted.sort_by_key(|mount| mount.root.len());
    let mut out: Vec<Mount> = Vec::new();
    for mount in wanted {
        let root = |mount: &Mount| PathBuf::from(std::ffi::OsStr::from_bytes(&mount.root));
        let is_there = out
            .iter()
            .any(|other| other.device == mount.device && root(&mount).starts_with(root(other)));
        if !is_there {
            out.push(mount);
        }
    }
    out
}

/// The rules of what was found.
fn written(found: &Found) -> String {
    let mut out = String::from(
        "# Privileged programs of this machine: with a set-user-id or set-group-id bit, or with file capabilities. Made \
         by\n# `tracer rules preset`: make it again when programs were installed.\n",
    );
    if found.unread > 0 {
        let unread = counted(found.unread, "directory");
        // Writing into a string does not fail.
        let _ = writeln!(out, "# {unread} could not be read: run it as root.");
    }
    for program in &found.programs {
        if let Some(name) = program.to_str().filter(|name| can_stand(name)) {
            let name = name.replace(' ', "\\ ");
            let _ = writeln!(
                out,
                "-a always,exit -F path={name} -F perm=x -F auid>=1000 -F auid!=unset -F key=privileged"
            );
        } else {
            let name = program.to_string_lossy();
            let name = name.escape_debug();
            let _ = writeln!(out, "# its name cannot stand in a rule: \"{name}\"");
        }
    }
    out
}

/// Can a rule name it? A backslash before a space would be read as a part of it, and behind the name there is one.
fn can_stand(name: &str) -> bool {
    !name.contains(|c: char| c.is_control() || c.is_whitespace() && c != ' ')
        && !name.contains("\\ ")
        && !name.ends_with('\\')
}

#[cfg(test)]
mod tests {
    use std::{fs, os::unix::fs::PermissionsExt as _};

    use super::*;
    use crate::rules::parse;

    #[test]
    fn bits_on_what_can_be_run() {
        let dir = tempfile::tempdir().unwrap();
        for (name, mode) in [
            ("user", 0o4755),
            ("group", 0o2755),
            ("two words", 0o4711),
            ("locks", 0o2745),
            ("no program", 0o4644),
            ("plain", 0o755),
        ] {
            let path = dir.path().join(name);
            fs::write(&path, "x").unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        }
        fs::create_dir(dir.path().join("dir")).unwrap();
        fs::set_permissions(dir.path().join("dir"), fs::Permissions::from_mode(0o2755)).unwrap();
        let (search, mut found) = (Search::default(), Found::default());
        search.below(dir.path(), &mut found);
        let names: Vec<_> = found
            .programs
            .iter()
            .map(|path| path.strip_prefix(dir.path()).unwrap().to_str().unwrap())
            .collect();
        assert_eq!(names, ["group", "two words", "user"]);
        assert_eq!(
            search.progress(),
            "looking for privileged programs: 8 files, 3 found"
        );
        let rules = written(&found);
        let rules: Vec<_> = rules.lines().filter(|l| l.starts_with('-')).collect();
        assert_eq!(rules.len(), 3, "{rules:?}");
        for line in rules {
            parse::line(line, None).unwrap_or_else(|error| panic!("{error}"));
        }
    }

    #[test]
    fn a_name_that_no_rule_can_hold_is_told() {
        let found = Found {
            programs: ["/a\nb", "/c d", "/e\\ f", "/g\\"]
                .map(PathBuf::from)
                .into(),
            unread: 2,
        };
        let text = written(&found);
        let lines: Vec<_> = text.lines().skip(2).collect();
        assert_eq!(lines.len(), 5, "{text}");
        assert!(lines[0].starts_with("# 2 directories could not be read"));
        assert_eq!(lines[1], "# its name cannot stand in a rule: \"/a\\nb\"");
        assert!(lines[2].starts_with("-a always,exit -F path=/c\\ d -F"));
        assert!(lines[3].starts_with("# its name"));
        assert!(lines[4].starts_with("# its name"));
    }

    #[test]
    fn each_file_system_of_the_machine_once() {
        let text = b"1 0 8:1 / / rw - ext4 /dev/sda1 rw\n\
            2 1 8:1 /srv /mnt/srv rw - ext4 /dev/sda1 rw\n\
            3 1 0:5 / /proc rw - proc proc rw\n\
            4 1 8:2 / /home rw,nosuid - ext4 /dev/sda2 rw\n\
            5 1 8:3 /b /b rw - xfs /dev/sda3 rw\n\
            6 1 8:3 /a /a rw - xfs /dev/sda3 rw\n\
            7 1 0:9 / /net rw - nfs4 other:/ rw\n\
            8 1 0:10 / /ssh rw - fuse.sshfs other rw\n\
            9 1 8:4 / /usb rw - fuseblk /dev/sdb1 rw\n\
            10 1 8:5 / /covered rw - ext4 /dev/sda5 rw\n\
            11 1 8:5 / /again rw - ext4 /dev/sda5 rw\n";
        let is_seen = |mount: &Mount| mount.point != b"/covered";
        let points = local(mounts::parse(text), is_seen);
        let points = points.into_iter().map(|m| m.point);
        let points: Vec<_> = points.map(|p| String::from_utf8(p).unwrap()).collect();
        assert_eq!(points, ["/", "/usb", "/again", "/b", "/a"]);
    }
}
