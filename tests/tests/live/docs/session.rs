//! Runs the commands of a block in one shell, as a reader would: what needs company gets it when
//! it says that it is ready, what ends with `^C` is interrupted when it has printed what is
//! shown.
//!
//! `/srv`, `/etc/tracer`, `/var/log/tracer`, `/run/tracer` and `/usr/local` are directories of
//! the block's own: the page says them, and the commands get the real ones.

use std::{
    fmt::Write as _,
    fs::{self, File},
    io::Write as _,
    os::unix::{
        fs::{MetadataExt as _, chown},
        process::CommandExt as _,
    },
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{LazyLock, OnceLock},
    time::{Duration, Instant},
};

use nix::{
    sys::signal::{Signal, kill, killpg},
    unistd::Pid,
};
use regex::{Captures, Regex};
use tests::{Heard, NOBODY, PATIENCE, Place, Waited, public_copy, tracer};

use super::page::{Block, Step};

/// What the shell prints when a command has ended; no command of a page prints this byte.
const END: &str = "\u{1}end\n";
const START: &str = "\u{1}start ";

/// Paths of the pages that are the block's own.
static OWN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(^|[^\w./-])(/srv|/etc/tracer|/var/log/tracer|/run/tracer|/usr/local)\b")
        .expect("a regular expression")
});

/// A program says that it is ready: tracer's line, and inotifywait's.
static READY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?m)^tracer: .*\bready\b.*\n|^Watches established\.\n")
        .expect("a regular expression")
});

/// A shell with a script says more than one at a prompt, which says `Killed`.
static ENDED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^bash: line \d+: +\d+ (Killed|Terminated|Aborted|Interrupt)\b.*")
        .expect("a regular expression")
});

/// What each step printed.
pub(super) fn run(block: &Block) -> Result<Vec<Vec<String>>, String> {
    let mut session = Session::start(block);
    let mut meanwhile = Some(session.here(&block.meanwhile)).filter(|text| !text.is_empty());
    let outputs = block.steps.iter().map(|step| {
        session.step(step, block, &mut meanwhile)?;
        // A screen has been compared.
        let printed = session.take();
        Ok(if block.screen.is_some() {
            step.expected()
        } else {
            printed
        })
    });
    let outputs = outputs.collect::<Result<Vec<_>, String>>()?;
    match meanwhile {
        Some(_) => Err("nothing said that it is ready, so that `meanwhile` was not run".to_owned()),
        None => Ok(outputs),
    }
}

struct Session {
    place: tempfile::TempDir,
    shell: Child,
    heard: Heard,
    /// Bytes of what was heard that belong to earlier steps.
    done: usize,
    /// A line here lets the shell go on.
    control: File,
    /// Where `before` has led to.
    cwd: PathBuf,
    /// What earlier commands left running.
    running: Vec<i32>,
}

impl Session {
    fn start(block: &Block) -> Self {
        let place = prepare();
        let control = place.path().join("control");
        let stat = nix::sys::stat::Mode::S_IRWXU;
        nix::unistd::mkfifo(&control, stat).expect("a FIFO");
        let (reader, writer) = std::io::pipe().expect("a pipe");
        let usr = place.path().join("usr/local");
        let path = std::env::var("PATH").unwrap_or_default();
        let shell = Command::new("bash")
            .args(["-c", &script(block, place.path())])
            .current_dir(place.path().join("srv"))
            .env_remove("TERM")
            .env("PATH", format!("{0}/bin:{0}/sbin:{path}", usr.display()))
            .env("HOME", place.path().join("home"))
            // cargo's own: what the loader looks for in it is in no page.
            .env_remove("LD_LIBRARY_PATH")
            .env_remove("LC_ALL")
            .env_remove("LANG")
            .env("LC_CTYPE", "C.UTF-8")
            .env("GOLDEN", concat!(env!("CARGO_MANIFEST_DIR"), "/golden"))
            .env("TRACER_CONFIG", place.path().join("etc/tracer/tracer.toml"))
            .stdin(Stdio::null())
            .stdout(writer.try_clone().expect("a descriptor"))
            .stderr(writer)
            .process_group(0)
            .spawn()
            .expect("bash runs");
        let heard = Heard::default();
        heard.listen(reader);
        // For reading, too: it opens at once, and stays open whatever the shell does.
        let control = File::options().read(true).write(true).open(control);
        let mut session = Self {
            place,
            shell,
            heard,
            done: 0,
            control: control.expect("the FIFO"),
            cwd: PathBuf::new(),
            running: Vec::new(),
        };
        session.heard.wait_for(|said| {
            String::from_utf8_lossy(said).contains(START) && said.ends_with(b"\n")
        });
        let said = session.said();
        if let Some((before, cwd)) = said.split_once(START) {
            session.cwd = cwd.lines().next().unwrap_or_default().into();
            session.done = before.len() + START.len() + session.cwd.as_os_str().len() + 1;
        }
        session
    }

    /// A text of the page with the block's own directories.
    fn here(&self, text: &str) -> String {
        here(text, self.place.path())
    }

    fn said(&self) -> String {
        let said = self.heard.take();
        String::from_utf8_lossy(&said[self.done.min(said.len())..]).into_owned()
    }

    /// What the step printed, as the page would have it.
    fn lines(&self) -> Vec<String> {
        self.as_page(&self.said())
    }

    /// What was printed, as the page would have it.
    fn as_page(&self, said: &str) -> Vec<String> {
        let place = self.place.path().display().to_string();
        let said = said.replace(END, "").replace(&place, "");
        said.lines()
            .map(|line| ENDED.replace(line, "$1").into_owned())
            .collect()
    }

    /// The step's output; what follows belongs to the next.
    fn take(&mut self) -> Vec<String> {
        let lines = self.lines();
        self.done = self.heard.take().len();
        let _ = self.control.write_all(b"\n");
        lines
    }

    fn step(
        &mut self,
        step: &Step,
        block: &Block,
        meanwhile: &mut Option<String>,
    ) -> Result<(), String> {
        let done = self.done;
        let tail =
            |said: &[u8]| String::from_utf8_lossy(&said[done.min(said.len())..]).into_owned();
        if let Some(script) = meanwhile.take() {
            let heard = self.heard.wait_for(|said| {
                let said = tail(said);
                said.contains(END) || READY.is_match(&said)
            });
            if heard == Waited::Found && READY.is_match(&self.said()) {
                self.beside(&script)?;
            } else {
                *meanwhile = Some(script);
            }
        }
        let is_printed = |said: &[u8]| {
            block
                .volatile
                .same(&step.output, &self.as_page(&tail(said)))
        };
        let has_ended = |said: &[u8]| tail(said).contains(END);
        if let Some(size) = block.screen {
            return self.screen(step, block, size);
        }
        let waited = if step.stays() {
            let waited = self.heard.wait_for(is_printed);
            self.running = tracers(self.shell.id() as i32);
            waited
        } else {
            if step.after.is_some() {
                self.heard
                    .wait_for(|said| is_printed(said) || has_ended(said));
                self.interrupt();
            }
            self.heard.wait_for(has_ended)
        };
        match waited {
            Waited::Found => Ok(()),
            how => Err(format!(
                "`{}`: {how:?}; it printed\n{}",
                step.command,
                block.volatile.shown(&self.lines())
            )),
        }
    }

    /// Waits until the command has drawn on its terminal what the page shows.
    fn screen(&self, step: &Step, block: &Block, (x, y): (u16, u16)) -> Result<(), String> {
        let socket = self.place.path().join("tmux");
        let tmux = |args: &[&str]| {
            let tmux = Command::new("tmux")
                .args(["-f/dev/null", "-S"])
                .arg(&socket)
                .args(args)
                .current_dir(&self.cwd)
                .env("LC_ALL", "C.UTF-8")
                .env("TERM", "xterm-256color")
                .output();
            String::from_utf8_lossy(&tmux.expect("tmux runs").stdout).into_owned()
        };
        let command = format!("{}; cat", self.here(&step.command));
        let command = command.replacen("tracer", &program().display().to_string(), 1);
        let (x, y) = (x.to_string(), y.to_string());
        tmux(&["new-session", "-d", "-x", &x, "-y", &y, &command]);
        let place = self.place.path().display().to_string();
        let end = Instant::now() + PATIENCE;
        let result = loop {
            let shown = tmux(&["capture-pane", "-p"]).replace(&place, "");
            let lines: Vec<_> = shown.trim_end().lines().map(str::to_owned).collect();
            if block.volatile.same(&step.output, &lines) {
                break Ok(());
            }
            std::thread::sleep(Duration::from_millis(50));
            if Instant::now() > end {
                break Err(format!("`{}`: it shows\n{shown}", step.command));
            }
        };
        tmux(&["kill-server"]);
        result
    }

    /// Runs what happens beside a command, to its end.
    fn beside(&self, script: &str) -> Result<(), String> {
        let out = Command::new("bash")
            .args(["-ec", script])
            .current_dir(&self.cwd)
            .stdin(Stdio::null())
            .output()
            .expect("bash runs");
        if out.status.success() {
            Ok(())
        } else {
            Err(format!(
                "meanwhile: {}",
                String::from_utf8_lossy(&out.stderr)
            ))
        }
    }

    /// Ctrl-C for the tracers of this step.
    fn interrupt(&self) {
        for pid in tracers(self.shell.id() as i32) {
            if !self.running.contains(&pid) {
                // It may have ended by itself.
                let _ = kill(Pid::from_raw(pid), Signal::SIGINT);
            }
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let group = Pid::from_raw(self.shell.id() as i32);
        let _ = killpg(group, Signal::SIGTERM);
        self.heard.wait_for(|_| false);
        let _ = killpg(group, Signal::SIGKILL);
        let _ = self.shell.wait();
    }
}

/// The directories of a block.
fn prepare() -> tempfile::TempDir {
    // Short, because strings of calls are cut to a length.
    let place = tempfile::Builder::new().prefix("d").rand_bytes(4).tempdir();
    let place = place.expect("a temporary directory");
    let path = place.path();
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    fs::set_permissions(path, mode).expect("chmod");
    for dir in [
        "srv",
        "home",
        "etc/tracer/rules.d",
        "var/log/tracer",
        "run/tracer",
    ] {
        fs::create_dir_all(path.join(dir)).expect("a directory");
    }
    for dir in ["usr/local/bin", "usr/local/sbin"] {
        fs::create_dir_all(path.join(dir)).expect("a directory");
    }
    chown(path.join("home"), Some(NOBODY), Some(NOBODY)).expect("chown");
    fs::hard_link(program(), path.join("usr/local/bin/tracer")).expect("a link");
    let mut toml = "buffer = \"16M\"\nspace_left = 0\n".to_owned();
    for (key, value) in [
        ("rules", "etc/tracer/rules.d"),
        ("log_file", "var/log/tracer/audit.log"),
        ("control_socket", "run/tracer/control.sock"),
        ("message_socket", "run/tracer/message.sock"),
    ] {
        writeln!(toml, "{key} = \"{}/{value}\"", path.display()).expect("a string takes it");
    }
    fs::write(path.join("etc/tracer/tracer.toml"), toml).expect("tracer.toml");
    place
}

/// tracer where every user may run it. It is the same file, if that can be: a tracer knows others by their file, and tells
/// nothing of what they look up.
fn program() -> &'static Path {
    static COPY: OnceLock<(Place, PathBuf)> = OnceLock::new();
    let copy = COPY.get_or_init(|| {
        let place = Place::new();
        let path = place.join("tracer");
        let is_public = fs::metadata(tracer()).is_ok_and(|it| it.mode() & 0o005 == 0o005);
        if !is_public || fs::hard_link(tracer(), &path).is_err() {
            public_copy(tracer(), &path);
        }
        (place, path)
    });
    &copy.1
}

/// The shell's script.
fn script(block: &Block, place: &Path) -> String {
    let mut script = format!(
        "exec 9<>{}/control\nset -e\n{}\nset +e\nprintf '\\001start %s\\n' \"$PWD\"\n",
        place.display(),
        here(&block.before, place)
    );
    for step in &block.steps {
        let drawn = "true".to_owned();
        let command = here(block.screen.map_or(&step.command, |_| &drawn), place);
        let command = if step.root {
            command
        } else {
            let quoted = command.replace('\'', r"'\''");
            format!("setpriv --reuid={NOBODY} --regid={NOBODY} --clear-groups bash -c '{quoted}'")
        };
        writeln!(
            script,
            "{command}\ns=$?; printf '\\001end\\n'; read -r _ <&9; (exit $s)"
        )
        .expect("a string takes it");
    }
    script
}

fn here(text: &str, place: &Path) -> String {
    let own = |found: &Captures| format!("{}{}{}", &found[1], place.display(), &found[2]);
    OWN.replace_all(text, own).into_owned()
}

/// Processes below this one that run tracer.
fn tracers(parent: i32) -> Vec<i32> {
    let program = fs::metadata(program()).expect("it is there").ino();
    let children = fs::read_to_string(format!("/proc/{parent}/task/{parent}/children"));
    let children = children.unwrap_or_default();
    let mut found = Vec::new();
    for pid in children
        .split_whitespace()
        .filter_map(|pid| pid.parse().ok())
    {
        let exe = fs::metadata(format!("/proc/{pid}/exe"));
        if exe.is_ok_and(|exe| exe.ino() == program) {
            found.push(pid);
        } else {
            found.extend(tracers(pid));
        }
    }
    found
}
