//! Logs for the readers: what some commands do, as the daemon and `trace --format audit` write it,
//! and what these logs say by the book.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    net::{Ipv4Addr, Ipv6Addr},
    os::unix::process::CommandExt as _,
    path::{Path, PathBuf},
    process::Command,
    sync::LazyLock,
};

use tempfile::TempDir;
use tests::{AuditRecord, Daemon, require_ebpf, tracer};

/// Group of the commands, which nothing else on the machine has.
const GROUP: u32 = 54321;

/// Arguments, names and addresses of every form that audit has.
const SCRIPT: &str = r#"
long=$(head -c 7600 /dev/zero | tr '\0' l)
/bin/echo 'with space' 'quo"te' 'umläut' '' plain=x >/dev/null
/bin/true "$long" end
/bin/true $(seq 1 1500)
echo x > plain; mv plain 'in space'; mkdir dir; ln -s target link; chmod 600 'in space'
touch 'ünï' other; rm 'ünï' 'in space' other; rmdir dir
cat missing 2>/dev/null
/nowhere/program one 2>/dev/null
exec python3 -S -E -c '
import socket as s
for family, to in ((s.AF_INET, ("127.0.0.1", 9)), (s.AF_INET6, ("::1", 9)), (s.AF_UNIX, "/nowhere/socket")):
    try: s.socket(family).connect(to)
    except OSError: pass
'
"#;

/// Where they connect to.
pub(super) const ADDRESSES: [&str; 3] = ["127.0.0.1", "::1", "/nowhere/socket"];

/// The logs, made once.
pub(super) struct Logs {
    dir: TempDir,
}

impl Logs {
    /// The daemon's.
    pub(super) fn raw(&self) -> PathBuf {
        self.dir.path().join("raw.log")
    }

    /// The daemon's with `log_format = "ENRICHED"`.
    pub(super) fn enriched(&self) -> PathBuf {
        self.dir.path().join("enriched.log")
    }

    /// That of `trace --format audit`.
    pub(super) fn traced(&self) -> PathBuf {
        self.dir.path().join("traced.log")
    }

    /// All of them.
    pub(super) fn all(&self) -> [PathBuf; 3] {
        [self.raw(), self.enriched(), self.traced()]
    }
}

/// The logs.
pub(super) fn logs() -> &'static Logs {
    static LOGS: LazyLock<Logs> = LazyLock::new(make);
    &LOGS
}

fn make() -> Logs {
    require_ebpf();
    let logs = Logs {
        dir: TempDir::new().expect("a directory"),
    };
    for (log, settings) in [
        (logs.raw(), "log_format = \"RAW\""),
        (logs.enriched(), "log_format = \"ENRICHED\""),
    ] {
        let rules = format!(
            "-w HERE/watched -p wa -k files\n\
             -a always,exit -F arch=b64 -S execve,connect -F gid={GROUP} -k calls\n"
        );
        let mut daemon = Daemon::start(&rules, settings);
        let run = Command::new("sh")
            .args(["-c", SCRIPT])
            .current_dir(daemon.watched(""))
            .gid(GROUP)
            .status();
        assert!(run.expect("sh runs").success());
        daemon.stop();
        fs::write(log, daemon.log().text).expect("a log");
    }
    let place = logs.dir.path().join("place");
    fs::create_dir(&place).expect("a directory");
    let run = Command::new(tracer())
        .args([
            "trace",
            "-q",
            "--format",
            "audit",
            "-e",
            "file,process",
            "-o",
        ])
        .arg(logs.traced())
        .args(["--", "sh", "-c", SCRIPT])
        .current_dir(place)
        .status();
    assert!(run.expect("tracer runs").success());
    logs
}

/// What one event says.
#[derive(Clone, Debug, Default)]
pub(super) struct Told {
    /// Its time, as it stands there.
    pub(super) time: String,
    /// Its records.
    pub(super) records: Vec<AuditRecord>,
}

impl Told {
    /// Records of a type.
    pub(super) fn of(&self, kind: &str) -> impl Iterator<Item = &AuditRecord> {
        self.records.iter().filter(move |r| r.kind == kind)
    }

    /// Names of its PATH records; nothing for `(null)`.
    pub(super) fn paths(&self) -> Vec<Option<Vec<u8>>> {
        self.of("PATH").map(|r| r.string("name")).collect()
    }

    /// The command line.
    pub(super) fn title(&self) -> Option<Vec<u8>> {
        self.of("PROCTITLE").find_map(|r| r.string("proctitle"))
    }

    /// Where it connects to, read here from the bytes of `saddr`: the host or the path.
    pub(super) fn address(&self) -> Option<String> {
        let bytes = self.of("SOCKADDR").find_map(|r| r.string("saddr"))?;
        let family = i32::from(u16::from_ne_bytes(*bytes.first_chunk().expect("a family")));
        let at = |from: usize| &bytes[from..];
        Some(match family {
            libc::AF_INET => Ipv4Addr::from(*at(4).first_chunk::<4>().expect("a host")).to_string(),
            libc::AF_INET6 => {
                Ipv6Addr::from(*at(8).first_chunk::<16>().expect("a host")).to_string()
            }
            libc::AF_UNIX => {
                let path = at(2).split(|byte| *byte == 0).next().unwrap_or_default();
                String::from_utf8(path.to_vec()).expect("a path of these commands")
            }
            other => panic!("an address of family {other}"),
        })
    }

    /// Strings of its EXECVE records under their names, pieces by themselves.
    pub(super) fn strings(&self) -> BTreeMap<String, Vec<u8>> {
        let is_string = |name: &str| {
            let rest = name.strip_prefix('a');
            rest.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
                && !name.ends_with("_len")
        };
        let of = |r: &AuditRecord| {
            let names = r.fields.keys().filter(|name| is_string(name));
            let strings = names.filter_map(|name| Some((name.clone(), r.string(name)?)));
            strings.collect::<Vec<_>>()
        };
        self.of("EXECVE").flat_map(of).collect()
    }

    /// Arguments of a program.
    pub(super) fn argv(&self) -> Vec<Vec<u8>> {
        let argc = self.of("EXECVE").find_map(|r| r.fields.get("argc"));
        let argc: usize = argc.map_or(0, |argc| argc.parse().expect("a number"));
        let strings = self.strings();
        let argument = |n: usize| {
            strings.get(&format!("a{n}")).cloned().unwrap_or_else(|| {
                (0..)
                    .map_while(|piece| strings.get(&format!("a{n}[{piece}]")))
                    .flatten()
                    .copied()
                    .collect()
            })
        };
        (0..argc).map(argument).collect()
    }
}

/// What a log says, by serial number.
pub(super) fn told(log: &Path) -> BTreeMap<u64, Told> {
    let text = fs::read_to_string(log).expect("a log is ASCII");
    let mut events: BTreeMap<u64, Told> = BTreeMap::new();
    for line in text.lines() {
        // Without the names of an enriched log.
        let line = line.split('\x1d').next().expect("a part");
        let [record] = &AuditRecord::read(line.as_bytes())[..] else {
            panic!("{line}");
        };
        let (time, serial) = record.id.split_once(':').expect("a serial number");
        let event = events.entry(serial.parse().expect("a number")).or_default();
        time.clone_into(&mut event.time);
        event.records.push(record.clone());
    }
    events
}

/// Bytes of a string that has them as Latin-1.
pub(super) fn latin1(text: &str) -> Vec<u8> {
    text.chars()
        .map(|c| u8::try_from(u32::from(c)).expect("Latin-1"))
        .collect()
}

#[test]
#[ignore = "cargo xtask readers"]
fn everything_is_in_the_logs() {
    for log in logs().all() {
        let events = told(&log);
        let has_argv = |argv: &[&str]| {
            let argv: Vec<_> = argv.iter().map(|arg| arg.as_bytes().to_vec()).collect();
            events.values().any(|event| event.argv() == argv)
        };
        assert!(has_argv(&[
            "/bin/echo",
            "with space",
            "quo\"te",
            "umläut",
            "",
            "plain=x"
        ]));
        assert!(has_argv(&["/bin/true", &"l".repeat(7600), "end"]));
        let many = events.values().find(|event| event.argv().len() == 1501);
        assert!(many.is_some_and(|event| event.of("EXECVE").count() > 1));
        for name in ["in space", "ünï", "dir", "link"] {
            let name = Some(name.as_bytes().to_vec());
            assert!(events.values().any(|event| event.paths().contains(&name)));
        }
        // Others may be there: what a machine's C library asks for names is its own.
        let addresses: BTreeSet<_> = events.values().filter_map(Told::address).collect();
        let is_told = |address: &&&str| addresses.contains(**address);
        let wanted = if log == logs().traced() { 0 } else { 3 };
        let found = ADDRESSES.iter().filter(is_told).count();
        assert_eq!(found, wanted, "{}: {addresses:?}", log.display());
    }
}
