//! A scenario played under `tracer trace -- COMMAND`, with both sides of the story.

use std::{path::Path, process::Command};

use crate::{
    Account, Fixture, Outcome, Place, Record, Tracer, differences, fixture, run_to_end,
    tracer_command,
};

/// Every system call that the fixture accounts for, as `-e` takes it.
pub const COVERED: &str = "\
    open,openat,openat2,creat,\
    unlink,unlinkat,rmdir,rename,renameat,renameat2,link,linkat,symlink,symlinkat,\
    mkdir,mkdirat,mknod,mknodat,truncate,ftruncate,\
    chmod,fchmod,fchmodat,fchmodat2,chown,fchown,lchown,fchownat,chown32,\
    setxattr,lsetxattr,fsetxattr,removexattr,lremovexattr,fremovexattr,setxattrat,removexattrat,\
    utimensat,utime,utimes,futimesat,\
    execve,execveat,fork,vfork,clone,clone3,exit,exit_group,\
    chdir,fchdir,chroot,mount,umount2,pivot_root,ptrace,kill,tkill,tgkill,\
    setuid,setgid,setreuid,setregid,setresuid,setresgid,setfsuid,setfsgid,setgroups,setuid32,\
    init_module,finit_module,delete_module,bpf";

/// What the fixture says it did, and what was recorded.
pub struct Scene {
    /// The fixture's side.
    pub account: Account,
    /// The tracer's side.
    pub outcome: Outcome,
    /// Where it was played.
    pub place: Place,
}

impl Scene {
    fn hold_against_each_other(&self) {
        let failed = self
            .account
            .ends
            .iter()
            .find(|end| end.status.is_some_and(|s| s == 98 || s == 99));
        assert!(
            failed.is_none(),
            "the fixture could not do what it should: {failed:?}"
        );
        let mut found = differences(&self.account, &self.outcome.records, fixture());
        found.extend(self.outcome.records.iter().flat_map(Record::problems));
        assert!(
            found.is_empty(),
            "{} differences:\n{}",
            found.len(),
            found.join("\n")
        );
    }
}

/// Plays a scenario as a traced command and holds both sides against each other.
///
/// # Panics
/// When they differ.
pub fn play(scenario: &str) -> Scene {
    let scene = play_with(scenario, &["-e", COVERED, "--format", "json"]);
    scene.hold_against_each_other();
    scene
}

/// Plays a scenario as a traced command, with these options of `tracer trace`. Records go to a
/// file outside of the scenario's directory.
///
/// # Panics
/// When it does not end with 0.
pub fn play_with(scenario: &str, options: &[&str]) -> Scene {
    let (place, log) = (Place::new(), Place::new());
    let file = log.join("records");
    let mut command = tracer_command(["trace"]);
    command.args(options).arg("-o").arg(&file).arg("--");
    let outcome = run_scene(&mut command, scenario, place.path()).ended(0);
    let json = options.contains(&"json");
    let outcome = if json {
        outcome.with_file(&file).conserved()
    } else {
        outcome
    };
    let account = Account::read(&outcome.stdout);
    let text = std::fs::read(&file).unwrap_or_default();
    let outcome = if json {
        outcome
    } else {
        Outcome {
            stdout: text,
            ..outcome
        }
    };
    Scene {
        account,
        outcome,
        place,
    }
}

/// Plays a scenario in a process that is traced by its id, and that is still there when the
/// tracer has told everything: what can only be asked of a living process can be asked.
///
/// # Panics
/// When both sides differ.
pub fn play_held(scenario: &str) -> Scene {
    let place = Place::new();
    let mut fixture = Fixture::start(scenario, place.path(), &[]);
    let pid = fixture.pid().to_string();
    let tracer = Tracer::start([
        "trace", "--pid", &pid, "--follow", "-e", COVERED, "--format", "json",
    ]);
    fixture.go();
    fixture.done();
    let outcome = tracer.stop().ended(0).conserved();
    let account = Account::read(&fixture.end());
    let scene = Scene {
        account,
        outcome,
        place,
    };
    scene.hold_against_each_other();
    scene
}

fn run_scene(command: &mut Command, scenario: &str, dir: &Path) -> Outcome {
    run_to_end(command.arg(fixture()).arg(scenario).arg(dir))
}
