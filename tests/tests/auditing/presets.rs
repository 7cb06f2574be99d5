//! `tracer rules preset`: rules that are there already, on the real kernel.

use std::{
    fs::{self, File},
    path::Path,
    process::{Command, Output, Stdio},
};

use nix::{
    mount::{MntFlags, umount2},
    sched::{CloneFlags, unshare},
};
use tests::{Daemon, packaged_rules, require_root, tracer_command};

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

/// Asks the daemon, which does it.
fn done(daemon: &Daemon, args: &[&str]) -> String {
    let output = daemon.ask(args);
    assert!(output.status.success(), "{args:?}: {}", said(&output));
    said(&output)
}

/// Opens a file of the machine to write, and writes nothing.
fn open_to_write(path: &str) {
    // What it comes to is told in any case.
    let _ = File::options().append(true).open(path);
}

/// Runs a command as one who has logged in as user 1000.
fn as_user(command: &str) {
    let script = format!("echo 1000 > /proc/self/loginuid && {command}");
    let mut shell = Command::new("sh");
    shell.args(["-c", &script]).stdout(Stdio::null());
    let status = shell.status().expect("sh runs");
    assert!(status.success(), "{command}");
}

/// What a preset is for.
type Deed = fn(&Path);

const DEEDS: &[(&str, &str, Deed)] = &[
    ("identity", "identity", |_| open_to_write("/etc/passwd")),
    ("identity", "actions", |_| as_user("su --help")),
    ("etc", "config-change", |_| open_to_write("/etc/passwd")),
    ("logins", "logins", |_| open_to_write("/etc/login.defs")),
    ("modules", "module-unload", |_| {
        // SAFETY: the name is a string that ends with NUL; there is no such module.
        unsafe { libc::syscall(libc::SYS_delete_module, c"no-such-module".as_ptr(), 0) };
    }),
    ("modules", "mounts", |here| {
        umount2(here, MntFlags::empty()).expect_err("nothing is mounted there");
    }),
    ("deletion", "delete", |here| {
        fs::write(here.join("gone"), "").expect("write");
        as_user(&format!("rm {}/gone", here.display()));
    }),
    ("privileged", "privileged", |_| as_user("su --help")),
    ("containers", "container-config", |_| {
        unshare(CloneFlags::empty()).expect("nothing is asked for");
    }),
    ("containers", "container-escape", |_| {
        open_to_write("/proc/sys/kernel/core_pattern");
    }),
];

#[test]
fn each_tells_what_it_is_for_under_its_key() {
    require_root();
    let daemon = Daemon::start("", "");
    let mut loaded = "";
    for (preset, key, deed) in DEEDS {
        if *preset != loaded {
            done(&daemon, &["rules", "delete", "--all"]);
            let told = done(&daemon, &["rules", "preset", "load", preset]);
            assert!(
                told.contains(" in force: ") && told.contains(" added"),
                "{told}"
            );
            loaded = preset;
        }
        deed(daemon.place().path());
        let message = format!("after {preset} {key}");
        done(&daemon, &["message", &message]);
        daemon.wait_logged(&message);
        let log = daemon.log();
        let told = log.calls(&format!("key=\"{key}\""));
        assert!(!told.is_empty(), "{preset} {key}: {}", log.text);
    }
}

#[test]
fn twice_is_once() {
    require_root();
    let daemon = Daemon::start("-w /etc/modules -p wa -k modules\n", "");
    done(&daemon, &["rules", "preset", "load", "modules", "deletion"]);
    let once = done(&daemon, &["rules", "list"]);
    let again = done(&daemon, &["rules", "preset", "load", "deletion", "modules"]);
    assert!(again.ends_with("rules in force: as before\n"), "{again}");
    assert_eq!(done(&daemon, &["rules", "list"]), once);
    // Behind what is in force, in the order of their files.
    let keys: Vec<_> = once.lines().map(|l| l.rsplit([' ', '=']).next()).collect();
    assert_eq!(keys[..3], [Some("modules"), Some("delete"), Some("delete")]);
    assert_eq!(keys.last(), Some(&Some("mounts")));
}

#[test]
fn what_is_shown_is_right() {
    require_root();
    let list = tracer_command(["rules", "preset", "list", "--json"]).output();
    let list = list.expect("tracer runs");
    let mut names = Vec::new();
    for line in said(&list).lines() {
        let preset: serde_json::Value = serde_json::from_str(line).expect(line);
        names.extend(preset["name"].as_str().map(str::to_owned));
    }
    assert_eq!(names.len(), 10, "{names:?}");
    let daemon = Daemon::prepare("", "");
    for name in [
        "identity",
        "etc",
        "logins",
        "modules",
        "deletion",
        "containers",
    ] {
        assert!(names.iter().any(|known| known == name), "{names:?}");
        daemon.write_rules(&done(&daemon, &["rules", "preset", "show", name]));
        let told = done(&daemon, &["rules", "check"]);
        assert!(told.contains("no mistakes"), "{name}: {told}");
    }
}

#[test]
fn a_name_that_is_not_known() {
    let output = tracer_command(["rules", "preset", "load", "idntity"])
        .output()
        .expect("tracer runs");
    assert_eq!(output.status.code(), Some(2));
    let told = said(&output);
    assert!(told.contains("did you mean `identity`?"), "{told}");
}

#[test]
fn all_or_nothing() {
    require_root();
    let daemon = Daemon::start("-w HERE/watched -p wa -k here\n", "");
    let before = done(&daemon, &["rules", "list"]);
    let dir = daemon.place().dir("packaged");
    let rules = "-w /etc/passwd -p wa -k x\n-a always,exit -S opnat -k y\n";
    fs::write(dir.join("30-stig.rules"), rules).expect("write");
    let packaged = format!("--packaged={}", dir.display());
    for (args, wanted) in [
        (
            &["rules", "preset", "load", "deletion", "stig", &packaged][..],
            "30-stig.rules:2:19: unknown system call `opnat`",
        ),
        (
            &["rules", "preset", "load", "deletion", "ospp", &packaged],
            "there are no rules of ospp in ",
        ),
    ] {
        let output = daemon.ask(args);
        assert!(!output.status.success(), "{args:?}");
        assert!(said(&output).contains(wanted), "{}", said(&output));
        assert_eq!(done(&daemon, &["rules", "list"]), before);
    }
    let locked = daemon.auditctl("-e 2");
    assert!(locked.status.success(), "{}", said(&locked));
    let output = daemon.ask(&["rules", "preset", "load", "deletion"]);
    assert!(said(&output).contains("locked (-e 2)"), "{}", said(&output));
    assert_eq!(done(&daemon, &["rules", "list"]), before);
}

#[test]
fn as_files() {
    require_root();
    let daemon = Daemon::start("-w HERE/watched -p wa -k here\n", "");
    let load = ["rules", "preset", "load", "--file", "modules", "deletion"];
    let told = done(&daemon, &load);
    let file = |name: &str| daemon.place().join("rules.d").join(name);
    for name in ["30-deletion.rules", "30-modules.rules"] {
        assert!(told.contains(&file(name).display().to_string()), "{told}");
        assert!(file(name).is_file(), "{name}");
    }
    assert_eq!(done(&daemon, &["rules", "list"]).lines().count(), 1);
    done(&daemon, &["rules", "load"]);
    let list = done(&daemon, &["rules", "list"]);
    let keys = |key: &str| list.lines().filter(|l| l.ends_with(key)).count();
    assert_eq!((keys(" here"), keys("=delete")), (1, 2), "{list}");
    assert!(keys("=mounts") > 1, "{list}");
    assert!(done(&daemon, &load).contains("there already"));
    // What somebody has changed stays, unless it is asked for.
    fs::write(file("30-modules.rules"), "# mine\n").expect("write");
    fs::remove_file(file("30-deletion.rules")).expect("remove");
    let output = daemon.ask(&load);
    assert_eq!(output.status.code(), Some(5), "{}", said(&output));
    assert!(said(&output).contains("30-modules.rules is there, and is another one"));
    assert!(!file("30-deletion.rules").exists());
    // Nor is anything written that the daemon would not take.
    daemon.write_rules("-w /etc/modules -p wa -k modules\n");
    let force = [&load[..], &["--force"]].concat();
    let output = daemon.ask(&force);
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert!(said(&output).contains("there is such a rule already"));
    assert_eq!(
        fs::read_to_string(file("30-modules.rules")).expect("it is there"),
        "# mine\n"
    );
    daemon.write_rules("");
    done(&daemon, &force);
    let count = || {
        let files = fs::read_dir(daemon.place().join("rules.d")).expect("a directory");
        files.count()
    };
    assert_eq!(count(), 3);
    // Where one of them cannot take its place, what was there stays.
    fs::write(file("30-deletion.rules"), "# mine\n").expect("write");
    fs::remove_file(file("30-modules.rules")).expect("remove");
    fs::create_dir(file("30-modules.rules")).expect("mkdir");
    let output = daemon.ask(&force);
    assert!(!output.status.success());
    assert!(
        said(&output).contains("30-modules.rules"),
        "{}",
        said(&output)
    );
    assert_eq!(
        fs::read_to_string(file("30-deletion.rules")).expect("it is there"),
        "# mine\n"
    );
    assert_eq!(count(), 3);
}

#[test]
fn packaged_rules_as_they_are() {
    require_root();
    let daemon = Daemon::start("", "");
    let dir = daemon.place().dir("packaged");
    let packaged = format!("--packaged={}", dir.display());
    for (preset, file) in [
        ("stig", "30-stig.rules"),
        ("pci-dss", "30-pci-dss-v31.rules"),
        ("ospp", "30-ospp-v42.rules"),
    ] {
        let text = packaged_rules(file);
        fs::write(dir.join(file), &text).expect("write");
        let shown = done(&daemon, &["rules", "preset", "show", preset, &packaged]);
        assert_eq!(shown, text);
        done(&daemon, &["rules", "delete", "--all"]);
        let told = said(&daemon.ask(&["rules", "preset", "load", preset, &packaged]));
        let left_out = told.matches("left out: ").count();
        let rules = text.lines().filter(|line| line.starts_with('-')).count();
        let list = done(&daemon, &["rules", "list"]);
        assert_eq!(list.lines().count(), rules - left_out, "{told}{list}");
        assert!(list.lines().count() > 15, "{told}");
    }
}
