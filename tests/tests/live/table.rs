//! The table of calls: its header, how it fits a terminal, what it says of arguments.

use std::{fs, io::Read, process::Stdio};

use tests::{Place, Record, Tracer, require_ebpf, run_to_end, terminal, tracer_command};

/// What a command prints of its calls on a terminal.
fn printed(columns: u16, locale: &str, options: &[&str], command: &[&str]) -> String {
    let (slave, mut master) = terminal(columns);
    let mut run = tracer_command(["trace", "-q", "--color", "never", "--format", "text"]);
    run.args(options)
        .args(command)
        .env("LC_ALL", locale)
        .env_remove("LD_LIBRARY_PATH")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(slave);
    let mut child = run.spawn().expect("it starts");
    // The last descriptor of the terminal in this process.
    drop(run);
    let mut text = Vec::new();
    // EIO: nobody has the terminal any more.
    let _ = master.read_to_end(&mut text);
    let _ = child.wait().expect("it ends");
    String::from_utf8_lossy(&text).replace('\r', "")
}

/// No line is wider than the terminal, and what was cut has a mark.
#[test]
fn it_fits_the_terminal() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    let mut dir = place.path().to_owned();
    for part in 0..12 {
        dir = dir.join(format!("a-directory-with-a-long-name-{part}"));
    }
    fs::create_dir_all(&dir).expect("directories");
    let (file, other) = (dir.join("first-file"), dir.join("other-file"));
    fs::write(&file, "x").expect("a file");
    let [file, other] = [&file, &other].map(|path| path.to_str().expect("UTF-8"));
    let script = "mv \"$0\" \"$1\" 2>/dev/null; cat \"$0\" \"$1\" 2>/dev/null";
    let calls = ["-e", "openat,renameat2,execve"];
    for columns in [80, 100, 132, 200] {
        for (locale, mark) in [("C.UTF-8", "…"), ("C", "...")] {
            let command = ["sh", "-c", script, file, other];
            let text = printed(columns, locale, &calls, &command);
            fs::rename(other, file).expect("it was renamed");
            for line in text.lines() {
                let width = line.chars().count();
                assert!(width <= columns.into(), "{width} of {columns}: {line}");
            }
            let opened: Vec<_> = text.lines().filter(|l| l.contains("-file")).collect();
            assert!(opened.len() >= 2, "{columns}: {text}");
            for line in opened {
                assert!(line.contains(mark), "cut without a mark: {line}");
            }
        }
    }
    // Not on a terminal, all is there.
    let whole = tracer_command([
        "trace", "-q", "--format", "text", "-e", "openat", "cat", file,
    ]);
    let outcome = run_to_end(&mut { whole }).ended(0);
    assert!(outcome.stderr.contains(file), "{outcome:?}");
}

/// The header comes first, once.
#[test]
fn it_has_a_header() {
    if !require_ebpf() {
        return;
    }
    let run = tracer_command(["trace", "-q", "--format", "text", "-e", "execve", "true"]);
    let outcome = run_to_end(&mut { run }).ended(0);
    let first = outcome.stderr.lines().next().expect("a line");
    let titles: Vec<_> = first.split_whitespace().collect();
    let wanted = [
        "TIME", "PID", "USER", "COMMAND", "CALL", "RESULT", "PATH", "AND", "DETAILS",
    ];
    assert_eq!(titles, wanted);
    assert_eq!(outcome.stderr.matches("RESULT").count(), 1, "{outcome:?}");
}

/// A path stands in a line once.
#[test]
fn a_path_is_said_once() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    let file = place.file("file");
    let file = file.to_str().expect("UTF-8");
    let script = format!("test -r {file}; cat {file}; chmod 600 {file}; ln -s {file} {file}.link");
    let mut run = tracer_command(["trace", "-q", "--format", "text", "-e", "%file,!execve"]);
    let outcome = run_to_end(run.args(["sh", "-c", &script]));
    let lines = outcome.stderr.lines().filter(|line| line.contains(file));
    let mut seen = 0;
    for line in lines.filter(|line| !line.contains(".link")) {
        assert_eq!(line.matches(file).count(), 1, "{line}");
        seen += 1;
    }
    assert!(seen >= 3, "{outcome:?}");
}

/// What only a trace of processes showed: structures and strings, in the table and in JSON.
#[test]
fn the_whole_machine_is_decoded() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    let path = place.join("no-socket");
    let calls = "connect,socket,prctl";
    let connect = || {
        let error = std::os::unix::net::UnixStream::connect(&path);
        assert!(error.is_err(), "something listens there");
        let port = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = port.local_addr().expect("an address");
        drop(port);
        let _ = std::net::TcpStream::connect(address);
        address.port()
    };
    let unix = format!("{{sa_family=AF_UNIX, sun_path=\"{}\"}}", path.display());
    let internet = |port: u16| {
        format!("{{sa_family=AF_INET, sin_port=htons({port}), sin_addr=inet_addr(\"127.0.0.1\")}}")
    };
    let tracer = Tracer::start(["trace", "-e", calls, "--format", "json"]);
    let port = connect();
    let wanted = [unix.clone(), internet(port)];
    let pid = u64::from(std::process::id());
    let is_there = |record: &Record, wanted: &str| {
        let decoded = record
            .get("decoded")
            .as_array()
            .cloned()
            .unwrap_or_default();
        record.pid() == pid && decoded.iter().any(|argument| argument == wanted)
    };
    for wanted in &wanted {
        tracer.wait_for(wanted, |record| is_there(record, wanted));
    }
    let _ = tracer.stop().ended(0);
    let tracer = Tracer::start(["trace", "-e", calls]);
    let port = connect();
    for wanted in [unix, internet(port)] {
        tracer.wait_output(&wanted);
    }
    let outcome = tracer.stop().ended(0);
    let text = String::from_utf8_lossy(&outcome.stdout).into_owned();
    let line = text
        .lines()
        .find(|line| line.contains("htons("))
        .expect("a line");
    assert!(line.contains(" connect "), "{line}");
    assert!(line.contains("ECONNREFUSED"), "{line}");
}
