//! `--timeline`: the page of a run, read as an XML reader reads it.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
};

use tests::{Place, require_ebpf, run_to_end, tracer_command};

/// Runs a command with a timeline of this name; the page.
fn timeline(name: &str, options: &[&str], command: &[&str]) -> String {
    let place = Place::new();
    let page = place.join(name);
    let mut run = tracer_command(["trace", "-o", "/dev/null", "--timeline"]);
    let outcome = run_to_end(run.arg(&page).args(options).arg("--").args(command));
    let sums = outcome.sums();
    assert_eq!(sums.seen, sums.written + sums.filtered, "{outcome:?}");
    fs::read_to_string(&page).expect("a page")
}

/// Everything under the pointer, as python's XML reader understands the drawing.
fn titles(page: &str) -> Vec<String> {
    let (from, to) = (page.find("<svg").expect("a drawing"), page.rfind("</svg>"));
    let place = Place::new();
    let file = place.join("drawing.svg");
    fs::write(&file, &page[from..to.expect("its end") + 6]).expect("writable");
    let script = "import sys, xml.etree.ElementTree as x, json\n\
                  n = '{http://www.w3.org/2000/svg}'\n\
                  t = x.parse(sys.argv[1])\n\
                  assert {e.tag for e in t.iter()} <= {n + k for k in \
                  'svg style g rect line text tspan title'.split()}, 'other elements'\n\
                  print(json.dumps([e.text for e in t.iter(n + 'title')]))";
    let out = python(script, &file);
    serde_json::from_str(&out).expect("JSON")
}

fn python(script: &str, file: &Path) -> String {
    let mut python = Command::new("python3");
    let out = python
        .args(["-c", script])
        .arg(file)
        .stderr(Stdio::inherit());
    let out = out.output().expect("python3");
    assert!(out.status.success(), "the drawing is not well-formed");
    String::from_utf8(out.stdout).expect("UTF-8")
}

#[test]
fn processes_slow_calls_and_ends() {
    if !require_ebpf() {
        return;
    }
    let script = "sleep 0.2; sh -c 'kill -KILL $$'; exec true";
    for name in ["page.html", "page.svg"] {
        let page = timeline(name, &[], &["sh", "-c", script]);
        let titles = titles(&page);
        let has = |parts: &[&str]| {
            let all = |title: &&String| parts.iter().all(|part| title.contains(part));
            let found = titles.iter().find(all);
            assert!(found.is_some(), "{name}: no {parts:?} in {titles:#?}");
        };
        has(&["exec sleep 0.2"]);
        has(&["exec true"]);
        has(&[
            "clock_nanosleep(CLOCK_REALTIME, 0, {tv_sec=0, tv_nsec=200000000}",
            "\n20",
        ]);
        has(&["sh -c 'kill -KILL $$'\n", ", killed by SIGKILL"]);
        has(&["sleep 0.2\n", ", exited with 0"]);
        for foreign in [
            "http://www.w3.org/2000/svg",
            "https://",
            "src=",
            "href=",
            "@import",
            "url(",
        ] {
            let wanted = usize::from(foreign.ends_with("svg"));
            assert_eq!(page.matches(foreign).count(), wanted, "{name}: {foreign}");
        }
    }
}

/// Names with any bytes stay text.
#[test]
fn hostile_names_are_text() {
    if !require_ebpf() {
        return;
    }
    let hostile = "</title></svg><script>alert(1)</script>]]>&\"'\u{202e}\x1b[2J\x01\u{fffe}";
    for name in ["page.html", "page.svg"] {
        let page = timeline(name, &["-s", "200"], &["cat", hostile, "/dev/null"]);
        // The page's own script moves and zooms the drawing; a drawing alone has none.
        let scripts = usize::from(name == "page.html");
        assert_eq!(page.matches("<script").count(), scripts, "{page}");
        assert!(!page.contains("<script>alert"), "{page}");
        let drives = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
        assert!(!page.contains(drives), "{name}");
        let titles = titles(&page);
        let opened = titles
            .iter()
            .find(|title| title.contains("openat(AT_FDCWD, \"</title>"));
        assert!(
            opened.is_some_and(|title| title.contains("= -1 ENOENT")),
            "{titles:#?}"
        );
    }
}

/// With `-c` the events are needed all the same; and a tree beside it has no other processes.
#[test]
fn beside_a_summary_and_a_tree() {
    if !require_ebpf() {
        return;
    }
    for option in ["-c", "-C", "--tree"] {
        let page = timeline("page.svg", &[option], &["sleep", "0.1"]);
        let titles = titles(&page);
        assert!(
            titles.iter().any(|t| t.contains("clock_nanosleep(")),
            "{option}: {titles:#?}"
        );
    }
}

#[test]
fn a_file_that_cannot_be_is_refused_before_the_command_runs() {
    let place = Place::new();
    let made = place.join("made");
    for (name, code, said) in [
        ("page.png", 2, "must end with .html or .svg"),
        ("no/such/page.svg", 1, "there is no directory"),
    ] {
        let mut run = tracer_command(["trace", "--timeline"]);
        run.arg(place.join(name)).args(["--", "touch"]).arg(&made);
        let outcome = run_to_end(&mut run);
        if code == 1 && !require_ebpf() {
            continue;
        }
        assert_eq!(outcome.status.code(), Some(code), "{outcome:?}");
        assert!(outcome.stderr.contains(said), "{outcome:?}");
        assert!(!made.exists(), "{name}");
    }
}
