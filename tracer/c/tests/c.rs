//! Programs in C, compiled and run.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// This package's directory.
fn package() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The directory in which `libtracer.so` is, under the name that the linker asks for, and the one under which a
/// program does.
fn library(at: &Path) {
    let own = std::env::current_exe().unwrap();
    let built = own.with_file_name("libtracer_c.so");
    assert!(
        built.exists(),
        "{} is built with the tests",
        built.display()
    );
    for name in ["libtracer.so", "libtracer.so.0"] {
        std::os::unix::fs::symlink(&built, at.join(name)).unwrap();
    }
}

/// A program of `examples`, compiled as its users do.
fn compiled(name: &str, at: &Path) -> Command {
    let program = at.join(name);
    let flags = ["-std=c11", "-Wall", "-Wextra", "-Wpedantic", "-Werror"];
    let cc = Command::new("cc")
        .args(flags)
        .arg("-I")
        .arg(package().join("include"))
        .arg("-o")
        .arg(&program)
        .arg(package().join("examples").join(name).with_extension("c"))
        .arg("-L")
        .arg(at)
        .arg("-ltracer")
        .output()
        .unwrap();
    assert!(
        cc.status.success(),
        "{}",
        String::from_utf8_lossy(&cc.stderr)
    );
    let mut command = Command::new(program);
    command.env("LD_LIBRARY_PATH", at);
    command
}

fn place() -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let at = dir.path().canonicalize().unwrap();
    library(&at);
    (dir, at)
}

#[test]
fn the_header_is_that_of_the_source() {
    let config = cbindgen::Config::from_file(package().join("cbindgen.toml")).unwrap();
    let builder = cbindgen::Builder::new().with_config(config);
    let builder = builder.with_src(package().join("src/lib.rs"));
    let mut made = Vec::new();
    builder.generate().unwrap().write(&mut made);
    let made = String::from_utf8(made).unwrap();
    let header = package().join("include/tracer.h");
    if std::env::var_os("BLESS").is_some() {
        fs::write(&header, &made).unwrap();
    }
    let known = fs::read_to_string(&header).unwrap_or_default();
    let first = made
        .lines()
        .find(|line| !known.lines().any(|known| known == *line));
    assert!(
        known == made,
        "BLESS=1 writes it anew; the first line that is new: {first:?}"
    );
}

#[test]
fn a_watch() {
    let (_dir, at) = place();
    let watched = at.join("watched");
    fs::create_dir(&watched).unwrap();
    let mut program = compiled("who_writes", &at)
        .arg(&watched)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(program.stdout.take().unwrap())
        .lines()
        .map(Result::unwrap);
    assert_eq!(lines.next().unwrap(), "ready");
    let script = "echo > f; rm f; echo > stop";
    let done = Command::new("sh")
        .args(["-c", script])
        .current_dir(&watched)
        .status();
    assert!(done.unwrap().success());
    let lines: Vec<String> = lines.collect();
    let deleted = format!("delete {}", watched.join("f").display());
    assert!(
        lines
            .iter()
            .any(|line| line.starts_with("rm[") && line.ends_with(&deleted)),
        "{lines:?}"
    );
    assert!(program.wait().unwrap().success());

    let none = compiled("who_writes", &at)
        .arg(at.join("none"))
        .output()
        .unwrap();
    assert_eq!(none.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&none.stderr).contains("none: No such file"));
}

#[test]
fn a_command_by_poll() {
    let (_dir, at) = place();
    let script = "cat /dev/null; exit 7";
    let out = compiled("calls_of_command", &at)
        .args(["sh", "-c", script])
        .output()
        .unwrap();
    assert_eq!(
        out.status.code(),
        Some(7),
        "{}",
        String::from_utf8_lossy(&out.stderr)
    );
    let text = String::from_utf8(out.stdout).unwrap();
    assert!(
        text.lines()
            .all(|line| line.starts_with("{\"type\":\"event\"") && line.ends_with('}'))
    );
    assert!(text.contains("\"requested\":\"/dev/null\""), "{text}");
    let none = compiled("calls_of_command", &at).output().unwrap();
    assert_eq!(none.status.code(), Some(2));
    assert_eq!(
        String::from_utf8_lossy(&none.stderr),
        "the command has no words\n"
    );
}

#[test]
fn a_log() {
    let (_dir, at) = place();
    let log = at.join("audit.log");
    let line = |serial: u32, key: &str| {
        format!(
            "type=SYSCALL msg=audit(1700000000.000:{serial}): arch=c000003e syscall=257 success=no exit=-2 key=\"{key}\"\n"
        )
    };
    fs::write(&log, [line(1, "a"), line(2, "b"), line(3, "a")].concat()).unwrap();
    let out = compiled("search_log", &at)
        .arg(&log)
        .arg("key == \"a\" and not success")
        .output()
        .unwrap();
    let text = String::from_utf8(out.stdout).unwrap();
    assert_eq!(
        text,
        [line(1, "a"), line(3, "a"), "2 events\n".to_owned()].concat()
    );
    let wrong = compiled("search_log", &at)
        .arg(&log)
        .arg("kay == \"a\"")
        .output()
        .unwrap();
    assert_eq!(wrong.status.code(), Some(1));
    assert!(
        String::from_utf8_lossy(&wrong.stderr).contains("kay"),
        "{wrong:?}"
    );
}
