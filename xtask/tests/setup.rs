//! `cargo xtask setup` on a made-up machine that lacks something: what it says, in which order, and
//! what it starts.

use std::{fs, os::unix::fs::PermissionsExt, path::Path, process::Command};

/// Programs that only write down how they were called.
struct Machine(tempfile::TempDir);

/// What `setup` said, and the calls of programs.
struct Outcome {
    said: String,
    calls: Vec<String>,
}

impl Machine {
    /// With rustup, whose compiler is of this release of LLVM and has no core for BPF, and with an apt
    /// that has no package.
    fn new(llvm: &str) -> Self {
        let machine = Self(tempfile::tempdir().expect("a directory"));
        fs::create_dir(machine.path().join("sysroot")).expect("mkdir");
        let sysroot = machine.path().join("sysroot").display().to_string();
        machine.program(
            "rustup",
            &format!(
                "case \"$*\" in
                 *'run stable rustc --print sysroot') echo {sysroot};;
                 *'run stable rustc -vV') echo 'LLVM version: {llvm}.1.0';;
                 *) exit 1;;
                 esac"
            ),
        );
        machine.program("apt-cache", "exit 100");
        machine.program(
            "apt-get",
            "case \"$*\" in *update) exit 0;; *) exit 1;; esac",
        );
        // Root needs neither; who is not root calls it.
        machine.program("env", "exec /usr/bin/env \"$@\"");
        machine.program("sudo", "shift; exec \"$@\"");
        machine
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn program(&self, name: &str, body: &str) {
        let bin = self.path().join("bin");
        fs::create_dir_all(&bin).expect("mkdir");
        let calls = self.path().join("calls").display().to_string();
        let text = format!("#!/bin/sh\necho \"{name} $*\" >> {calls}\n{body}\n");
        fs::write(bin.join(name), text).expect("write");
        fs::set_permissions(bin.join(name), fs::Permissions::from_mode(0o755)).expect("chmod");
    }

    /// Runs it; it cannot succeed.
    fn setup(&self) -> Outcome {
        let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
            .arg("setup")
            .env_clear()
            .env("PATH", self.path().join("bin"))
            .env("HOME", self.path())
            .output()
            .expect("xtask runs");
        let said = String::from_utf8(output.stderr).expect("UTF-8");
        assert_eq!(output.status.code(), Some(1), "{said}");
        let calls = fs::read_to_string(self.path().join("calls")).expect("programs were called");
        let calls = calls.lines().filter(|call| !call.starts_with("env "));
        Outcome {
            said,
            calls: calls.map(str::to_owned).collect(),
        }
    }
}

/// Where no way is open, nothing is downloaded, and every way is said with what is in it.
#[test]
fn nothing_is_downloaded_where_no_way_is_open() {
    let outcome = Machine::new("25").setup();
    for why in [
        "reads what LLVM 21 to 23 write, not LLVM 25",
        "apt has no package rustc-web",
    ] {
        assert!(outcome.said.contains(why), "{why}: {}", outcome.said);
    }
    assert!(
        outcome.said.contains("docs/building.md"),
        "{}",
        outcome.said
    );
    for call in &outcome.calls {
        let asks = ["rustup run ", "apt-cache show ", "sudo "]
            .iter()
            .any(|start| call.starts_with(start));
        let is_list = call.starts_with("apt-get ") && call.ends_with(" update");
        assert!(asks || is_list, "{call} in {:?}", outcome.calls);
    }
}

/// What is about to be installed, why and how large it is comes first; a way that fails leaves nothing.
#[test]
fn what_why_and_how_large_comes_before_it_is_done() {
    let outcome = Machine::new("22").setup();
    let at = |text: &str| {
        let at = outcome.said.find(text);
        at.unwrap_or_else(|| panic!("{text} is not in {}", outcome.said))
    };
    let announced = at("adding rust-src");
    assert!(at("the kernel side needs Rust's core library for BPF") < announced);
    assert!(announced < at("4 MB to download, 85 MB on disk"));
    let begun = at("+ rustup component add rust-src");
    assert!(at("4 MB to download, 85 MB on disk") < begun);
    assert!(begun < at("this did not work"));
    let called = |what: &str| outcome.calls.iter().position(|call| call.contains(what));
    let (added, removed) = (called("component add"), called("component remove rust-src"));
    assert!(added.is_some() && added < removed, "{:?}", outcome.calls);
    assert!(called("nightly").is_none_or(|at| outcome.calls[at].contains("run nightly")));
    assert!(called("toolchain install").is_none(), "{:?}", outcome.calls);
}
