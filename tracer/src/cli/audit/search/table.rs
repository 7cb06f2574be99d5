//! The options of a search.

use crate::cli::audit::options::{Opt, Takes};

/// Options of ausearch(8), and what tracer adds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(
    clippy::enum_variant_names,
    reason = "the key of a rule is one of them"
)]
pub(super) enum Key {
    Event,
    Arch,
    Comm,
    Checkpoint,
    Debug,
    Exit,
    Escape,
    EoeTimeout,
    ExtraKeys,
    ExtraLabels,
    ExtraObj2,
    ExtraTime,
    File,
    Follow,
    Format,
    AnyGid,
    Egid,
    Gid,
    Help,
    Host,
    Interpret,
    Input,
    InputLogs,
    JustOne,
    Key,
    LineBuffered,
    Message,
    Node,
    Object,
    Pid,
    Ppid,
    Raw,
    Syscall,
    Label,
    Session,
    Subject,
    Success,
    End,
    Start,
    Terminal,
    AnyUid,
    Euid,
    Uid,
    Auid,
    Uuid,
    Version,
    Vm,
    Where,
    Word,
    Exe,
    Threads,
    Zone,
    Passwd,
}

/// A line of the table.
const fn opt(
    key: Key,
    names: &'static [&'static str],
    takes: Takes,
    help: &'static str,
) -> Opt<Key> {
    Opt {
        key,
        names,
        takes,
        help,
    }
}

/// Every option.
pub(super) const OPTIONS: &[Opt<Key>] = &[
    opt(
        Key::Event,
        &["-a", "--event"],
        Takes::Value("serial"),
        "this event only",
    ),
    opt(
        Key::Arch,
        &["--arch"],
        Takes::Value("name"),
        "calls of this architecture: x86_64, i386, aarch64, ppc64le, s390x, ..., b64, b32",
    ),
    opt(
        Key::Comm,
        &["-c", "--comm"],
        Takes::Value("name"),
        "by command name",
    ),
    opt(
        Key::Checkpoint,
        &["--checkpoint"],
        Takes::Value("file"),
        "go on after the last event of the run before, and note the last one of this run",
    ),
    opt(
        Key::Debug,
        &["--debug"],
        Takes::Nothing,
        "say which lines are no records (tracer always does)",
    ),
    opt(
        Key::Exit,
        &["-e", "--exit"],
        Takes::Negative("code"),
        "calls with this result: a number, or an error such as -13 or EACCES",
    ),
    opt(
        Key::Escape,
        &["--escape", "-escape"],
        Takes::Value("mode"),
        "escape strings: raw, tty (default), shell, shell_quote",
    ),
    opt(
        Key::EoeTimeout,
        &["--eoe-timeout"],
        Takes::Value("seconds"),
        "seconds after which an event is taken to be whole (2)",
    ),
    opt(
        Key::ExtraKeys,
        &["--extra-keys"],
        Takes::Nothing,
        "csv: a column with the key",
    ),
    opt(
        Key::ExtraLabels,
        &["--extra-labels"],
        Takes::Nothing,
        "csv: columns with security labels",
    ),
    opt(
        Key::ExtraObj2,
        &["--extra-obj2"],
        Takes::Nothing,
        "csv: a column with a second object",
    ),
    opt(
        Key::ExtraTime,
        &["--extra-time"],
        Takes::Nothing,
        "csv: columns with the parts of the time",
    ),
    opt(
        Key::File,
        &["-f", "--file"],
        Takes::Value("name"),
        "by file name, or working directory",
    ),
    opt(
        Key::Follow,
        &["--follow"],
        Takes::Nothing,
        "go on with what comes, over rotations: from the end of the log, or from -ts or --checkpoint",
    ),
    opt(
        Key::Format,
        &["--format"],
        Takes::Value("format"),
        "raw, default, interpret, csv, text, json",
    ),
    opt(
        Key::AnyGid,
        &["-ga", "--gid-all"],
        Takes::Value("group"),
        "by real or effective group",
    ),
    opt(
        Key::Egid,
        &["-ge", "--gid-effective"],
        Takes::Value("group"),
        "by effective group",
    ),
    opt(
        Key::Gid,
        &["-gi", "--gid"],
        Takes::Value("group"),
        "by real group",
    ),
    opt(Key::Help, &["-h", "--help"], Takes::Nothing, "this help"),
    opt(
        Key::Host,
        &["-hn", "--host"],
        Takes::Value("name"),
        "by the other machine's name or address",
    ),
    opt(
        Key::Interpret,
        &["-i", "--interpret"],
        Takes::Nothing,
        "make values readable; the same as --format interpret",
    ),
    opt(
        Key::Input,
        &["-if", "--input"],
        Takes::Value("file"),
        "read this file, or the log in this directory with all that was rotated away",
    ),
    opt(
        Key::InputLogs,
        &["--input-logs"],
        Takes::Nothing,
        "read the logs even when standard input is a pipe",
    ),
    opt(
        Key::JustOne,
        &["--just-one"],
        Takes::Nothing,
        "stop after the first event",
    ),
    opt(
        Key::Key,
        &["-k", "--key"],
        Takes::Value("key"),
        "by the key of the rule",
    ),
    opt(
        Key::LineBuffered,
        &["-l", "--line-buffered"],
        Takes::Nothing,
        "write each event at once",
    ),
    opt(
        Key::Message,
        &["-m", "--message"],
        Takes::Value("types"),
        "by types of records, divided by commas; ALL is any",
    ),
    opt(
        Key::Node,
        &["-n", "--node"],
        Takes::Value("name"),
        "by the machine that logged it (repeatable)",
    ),
    opt(
        Key::Object,
        &["-o", "--object"],
        Takes::Value("label"),
        "by the security label of an object",
    ),
    opt(
        Key::Pid,
        &["-p", "--pid"],
        Takes::Value("pid"),
        "by process",
    ),
    opt(
        Key::Ppid,
        &["-pp", "--ppid"],
        Takes::Value("pid"),
        "by parent process",
    ),
    opt(
        Key::Raw,
        &["-r", "--raw"],
        Takes::Nothing,
        "print the lines of the log; the same as --format raw",
    ),
    opt(
        Key::Syscall,
        &["-sc", "--syscall"],
        Takes::Value("call"),
        "by system call, name or number",
    ),
    opt(
        Key::Label,
        &["-se", "--context"],
        Takes::Value("label"),
        "by the security label of subject or object",
    ),
    opt(
        Key::Session,
        &["--session"],
        Takes::Negative("id"),
        "by login session; unset is none",
    ),
    opt(
        Key::Subject,
        &["-su", "--subject"],
        Takes::Value("label"),
        "by the security label of the subject",
    ),
    opt(
        Key::Success,
        &["-sv", "--success"],
        Takes::Value("yes|no"),
        "by what came of it",
    ),
    opt(Key::End, &["-te", "--end"], Takes::Time, "up to this time"),
    opt(
        Key::Start,
        &["-ts", "--start"],
        Takes::Time,
        "from this time on; `checkpoint` is that of --checkpoint",
    ),
    opt(
        Key::Terminal,
        &["-tm", "--terminal"],
        Takes::Value("name"),
        "by terminal",
    ),
    opt(
        Key::AnyUid,
        &["-ua", "--uid-all"],
        Takes::Value("user"),
        "by real, effective or login user",
    ),
    opt(
        Key::Euid,
        &["-ue", "--uid-effective"],
        Takes::Value("user"),
        "by effective user",
    ),
    opt(
        Key::Uid,
        &["-ui", "--uid"],
        Takes::Value("user"),
        "by real user",
    ),
    opt(
        Key::Auid,
        &["-ul", "--loginuid"],
        Takes::Negative("user"),
        "by login user; unset is none",
    ),
    opt(
        Key::Uuid,
        &["-uu", "--uuid"],
        Takes::Value("uuid"),
        "by the UUID of a virtual machine",
    ),
    opt(
        Key::Version,
        &["-v", "--version"],
        Takes::Nothing,
        "print the version",
    ),
    opt(
        Key::Vm,
        &["-vm", "--vm-name"],
        Takes::Value("name"),
        "by the name of a virtual machine",
    ),
    opt(
        Key::Where,
        &["--where"],
        Takes::Value("expression"),
        "by a condition over all fields, as comm == \"rm\" and path =~ \"^/etc/\" and not success",
    ),
    opt(
        Key::Word,
        &["-w", "--word"],
        Takes::Nothing,
        "strings must be equal; otherwise a part is enough",
    ),
    opt(
        Key::Exe,
        &["-x", "--executable"],
        Takes::Value("path"),
        "by program",
    ),
    opt(
        Key::Zone,
        &["--tz"],
        Takes::Negative("zone"),
        "times are of this zone: a name such as Europe/Berlin, or an offset such as +02:00",
    ),
    opt(
        Key::Passwd,
        &["--passwd"],
        Takes::Value("file"),
        "users are those of this file, as /etc/passwd; groups those of the file `group` beside it",
    ),
    opt(
        Key::Threads,
        &["--threads"],
        Takes::Value("n"),
        "threads to read with (as many as there are CPUs, up to 8)",
    ),
];

/// What the help ends with.
pub(super) const EXAMPLES: &str = "
Examples:
  tracer search -k passwd-changes -i               by the key of the rule, readable
  tracer search -f /etc/shadow -sv no -ts today    failed accesses to a file since midnight
  tracer search -x /usr/bin/sudo -ts 11/22/26 19:50 -te 11/22/26 20:00
  tracer search -ua www-data --format csv > www-data.csv
  tracer search -if /var/log/audit -m USER_LOGIN --format json
  tracer search --checkpoint /var/lib/seen -i      only what is new since the run before
  tracer search --where 'exit == -13 and uid >= 1000 and path =~ \"^/etc/\"'
  tracer search --follow -k passwd-changes -i      as it happens, until Ctrl-C

The exit code is 0 when events were found, 1 when none were.
";
