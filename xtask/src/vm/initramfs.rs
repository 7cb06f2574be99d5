//! The guest's whole system: busybox, some programs with their shared libraries, a few files,
//! as a cpio archive in the kernel's form (`Documentation/driver-api/early-userspace`).

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result};

use crate::shell;

const BUSYBOX: &str = "/bin/busybox";
const DIRECTORY: u32 = 0o040_755;
const PROGRAM: u32 = 0o100_755;
const FILE: u32 = 0o100_644;
const SYMLINK: u32 = 0o120_777;
const DEVICE: u32 = 0o020_666;

/// Files by their absolute path in the guest.
#[derive(Clone)]
pub(super) struct Tree(BTreeMap<String, Node>);

#[derive(Clone)]
struct Node {
    mode: u32,
    content: Vec<u8>,
    /// Major and minor number of a device.
    device: (u32, u32),
}

impl Tree {
    /// busybox with all its names, the users that the tests know, and what a system needs.
    /// Where a `system` of another machine is given, from there.
    pub(super) fn new(system: Option<&Path>) -> Result<Self> {
        let mut tree = Self(BTreeMap::new());
        for dir in ["proc", "sys", "tmp", "run", "root", "var"] {
            tree.add(&format!("/{dir}"), DIRECTORY, Vec::new());
        }
        match system {
            Some(system) => {
                tree.program(&system.join(&BUSYBOX[1..]), BUSYBOX)?;
                tree.libraries(&system.join("lib"))?;
            }
            None => tree.program(Path::new(BUSYBOX), BUSYBOX)?,
        }
        // The other one is of the same release.
        for applet in shell::output(Command::new(BUSYBOX).arg("--list"))?.lines() {
            if applet != "busybox" {
                tree.add(&format!("/bin/{applet}"), SYMLINK, BUSYBOX.into());
            }
        }
        tree.add("/usr/bin", SYMLINK, "/bin".into());
        tree.add(
            "/etc/passwd",
            FILE,
            "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/sh\n".into(),
        );
        tree.add("/etc/group", FILE, "root:x:0:\nnogroup:x:65534:\n".into());
        // The kernel gives init its descriptors before init can mount devtmpfs.
        for (name, device) in [("console", (5, 1)), ("null", (1, 3))] {
            tree.add(&format!("/dev/{name}"), DEVICE, Vec::new());
            if let Some(node) = tree.0.get_mut(&format!("/dev/{name}")) {
                node.device = device;
            }
        }
        Ok(tree)
    }

    /// A program of the host, with its shared libraries and their loader.
    pub(super) fn program(&mut self, program: &Path, at: &str) -> Result<()> {
        let read =
            |path: &Path| fs::read(path).with_context(|| format!("cannot read {}", path.display()));
        self.add(at, PROGRAM, read(program)?);
        // A static program has none, and ldd fails.
        let listed = Command::new("ldd").arg(program).output()?;
        for word in String::from_utf8_lossy(&listed.stdout).split_whitespace() {
            if word.starts_with('/') && !self.0.contains_key(word) {
                self.add(word, PROGRAM, read(&PathBuf::from(word))?);
            }
        }
        Ok(())
    }

    /// All shared libraries of another machine, and their loader where programs look for it.
    fn libraries(&mut self, dir: &Path) -> Result<()> {
        for entry in shell::below(dir)?.into_iter().filter(|path| path.is_file()) {
            let name = entry.file_name().unwrap_or_default().to_string_lossy();
            let content = fs::read(&entry).with_context(|| entry.display().to_string())?;
            let below = entry.strip_prefix(dir)?.display().to_string();
            if name.starts_with("ld-linux") {
                self.add(&format!("/lib/{name}"), PROGRAM, content.clone());
            }
            self.add(&format!("/lib/{below}"), PROGRAM, content);
        }
        Ok(())
    }

    /// A text file that can be run.
    pub(super) fn script(&mut self, at: &str, text: &str) {
        self.add(at, PROGRAM, text.into());
    }

    fn add(&mut self, at: &str, mode: u32, content: Vec<u8>) {
        let mut parents = at;
        while let Some((parent, _)) = parents.rsplit_once('/').filter(|(p, _)| !p.is_empty()) {
            self.0.entry(parent.to_owned()).or_insert(Node {
                mode: DIRECTORY,
                content: Vec::new(),
                device: (0, 0),
            });
            parents = parent;
        }
        let node = Node {
            mode,
            content,
            device: (0, 0),
        };
        self.0.insert(at.to_owned(), node);
    }

    /// The archive, in the form `newc`; a directory comes before what is in it.
    pub(super) fn archive(&self) -> Vec<u8> {
        let mut out = Vec::new();
        for (inode, (path, node)) in (1..).zip(&self.0) {
            entry(&mut out, inode, &path[1..], node);
        }
        let end = Node {
            mode: 0,
            content: Vec::new(),
            device: (0, 0),
        };
        entry(&mut out, 0, "TRAILER!!!", &end);
        out
    }
}

/// Header, name and content, each padded to four bytes.
fn entry(out: &mut Vec<u8>, inode: u32, name: &str, node: &Node) {
    out.extend_from_slice(b"070701");
    let (major, minor) = node.device;
    let (size, name_size) = (node.content.len() as u32, name.len() as u32 + 1);
    // inode, mode, uid, gid, links, time, size, device, device of a device file, name, checksum
    for field in [
        inode, node.mode, 0, 0, 1, 0, size, 0, 0, major, minor, name_size, 0,
    ] {
        out.extend_from_slice(format!("{field:08X}").as_bytes());
    }
    out.extend_from_slice(name.as_bytes());
    out.push(0);
    out.resize(out.len().next_multiple_of(4), 0);
    out.extend_from_slice(&node.content);
    out.resize(out.len().next_multiple_of(4), 0);
}
