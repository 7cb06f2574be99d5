//! What comes and goes below what is watched while fanotify tells beside the calls.

use std::{
    fs,
    os::unix::{ffi::OsStrExt, fs::MetadataExt, net::UnixListener},
    path::{Path, PathBuf},
    process::Command,
};

use nix::sys::inotify::{AddWatchFlags, InitFlags, Inotify};
use tests::{Daemon, Place, Tracer, require_ebpf, require_root, tracer_command, until};

/// A file system of its own at a directory.
struct Mounted {
    at: PathBuf,
    /// Tells when the file system has ended, which is when nobody holds it any more.
    end: Inotify,
}

impl Mounted {
    fn new(at: &Path) -> Self {
        run("mount", &["-t", "tmpfs", "tmpfs"], at);
        let end = Inotify::init(InitFlags::IN_NONBLOCK).expect("inotify");
        // The kernel tells the end of every file system that has a watch (inotify(7)).
        let any = AddWatchFlags::IN_ATTRIB;
        end.add_watch(at, any).expect("watched");
        Self {
            at: at.to_owned(),
            end,
        }
    }

    /// Unmounts it, and waits for the end of the file system.
    fn ends(self) {
        // Refused while anybody, another tracer too, looks a name up there.
        until("it is unmounted", || {
            let output = Command::new("umount").arg(&self.at).output();
            output.expect("it runs").status.success()
        });
        until("the file system has ended", || {
            let told = self.end.read_events().unwrap_or_default();
            told.iter()
                .any(|event| event.mask.contains(AddWatchFlags::IN_UNMOUNT))
        });
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(&self.at).output();
    }
}

fn run(program: &str, args: &[&str], at: &Path) {
    let output = Command::new(program).args(args).arg(at).output();
    let output = output.expect("it runs");
    assert!(output.status.success(), "{program} {args:?}: {output:?}");
}

/// Has a process a mark of fanotify(7) on the file system of a directory? `/proc` lists them.
fn is_marked(pid: u32, at: &Path) -> bool {
    let device = fs::metadata(at).expect("it is there").dev();
    let number = libc::major(device) << 20 | libc::minor(device);
    let mark = format!("fanotify sdev:{number:x} ");
    let infos = fs::read_dir(format!("/proc/{pid}/fdinfo")).expect("it runs");
    infos.flatten().any(|info| {
        let text = fs::read_to_string(info.path()).unwrap_or_default();
        text.lines().any(|line| line.starts_with(&mark))
    })
}

/// Has a process something of the file system at a directory open?
fn is_held(pid: u32, at: &Path) -> bool {
    let device = fs::metadata(at).expect("it is there").dev();
    let open = fs::read_dir(format!("/proc/{pid}/fd")).expect("it runs");
    let is_on_it = |path: PathBuf| fs::metadata(path).is_ok_and(|file| file.dev() == device);
    open.flatten().any(|entry| is_on_it(entry.path()))
}

/// A file system that is mounted below a watched directory is seen into, ends when it is unmounted, and the next one
/// at its place is seen into, too.
#[test]
fn a_file_system_below_what_is_watched() {
    if !require_ebpf() || !require_root() {
        return;
    }
    let place = Place::new();
    let (tree, at) = (place.dir("tree"), place.dir("tree/mounted"));
    let mut command = tracer_command(["watch", "--backend", "ebpf", "--format", "json"]);
    let tracer = Tracer::spawn(command.arg(&tree)).ready();
    for name in ["first", "second"] {
        let mounted = Mounted::new(&at);
        until("it is marked", || is_marked(tracer.pid(), &at));
        // No call tells it.
        let socket = at.join(name);
        let bytes = socket.as_os_str().as_bytes().to_vec();
        drop(UnixListener::bind(&socket).expect("bound"));
        tracer.wait_for("the name of the socket", |r| r.is_about(&bytes));
        mounted.ends();
    }
    let _ = tracer.stop().ended(0);
}

/// A file system that a rule is about is let go with the rule.
#[test]
fn a_file_system_of_a_rule_that_is_removed() {
    require_root();
    if !require_ebpf() {
        return;
    }
    let daemon = Daemon::prepare("-w HERE/watched -p wa -k w\n", "");
    let at = daemon.place().dir("mounted");
    let mounted = Mounted::new(&at);
    let daemon = daemon.run();
    let pid = daemon.tracer().pid();
    assert!(!is_marked(pid, &at), "no rule is about it");
    let added = daemon.auditctl("-w HERE/mounted -p wa -k m");
    assert!(added.status.success(), "{added:?}");
    assert!(is_marked(pid, &at), "a rule is about it");
    fs::create_dir(at.join("made")).expect("made");
    until("it is logged", || {
        fs::read_to_string(daemon.log_path()).is_ok_and(|log| log.contains("/made\""))
    });
    let removed = daemon.auditctl("-W HERE/mounted -p wa -k m");
    assert!(removed.status.success(), "{removed:?}");
    assert!(!is_marked(pid, &at), "no rule is about it any more");
    until("nobody holds it", || !is_held(pid, &at));
    mounted.ends();
}
