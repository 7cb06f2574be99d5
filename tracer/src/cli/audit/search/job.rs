//! What a search is to find and how it prints it, from its options.

use std::path::PathBuf;

use super::table::Key;
use crate::{
    calls,
    cli::{
        audit::{
            machine,
            options::{self, Given},
            source,
        },
        exit::Failure,
    },
    enrich::users,
    query::{
        clock::{self, End, Here},
        criteria::{Criteria, UserIs},
        expression::{Expression, Judge},
        history::Ask,
        interpret::{self, Escape, Readable},
        output::{Columns, Format},
    },
    records::RecordType,
    source::replay::{Needles, TIMEOUT, Window},
    words::instead,
};

/// What is to be done.
#[derive(Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an option of its own"
)]
pub(super) struct Job {
    pub(super) criteria: Criteria,
    pub(super) expression: Option<Expression>,
    pub(super) window: Window,
    pub(super) format: Option<Format>,
    pub(super) columns: Columns,
    pub(super) how: Readable,
    /// `--passwd`
    passwd: Option<PathBuf>,
    /// The call, and the architecture, that are asked for: which they are, the log's machine says.
    syscall: Option<Given<Key>>,
    arch: Option<Given<Key>>,
    pub(super) input: Option<PathBuf>,
    pub(super) input_logs: bool,
    pub(super) just_one: bool,
    pub(super) follow: bool,
    pub(super) line_buffered: bool,
    pub(super) checkpoint: Option<PathBuf>,
    pub(super) from_checkpoint_time: bool,
    pub(super) timeout: u64,
    pub(super) threads: usize,
    pub(super) here: Here,
}

impl Job {
    /// From the options.
    pub(super) fn new(given: &[Given<Key>]) -> Result<Self, Failure> {
        let mut job = Self {
            criteria: Criteria::default(),
            expression: None,
            window: Window::ALL,
            format: None,
            columns: Columns::default(),
            how: Readable::of(users::of_system()),
            passwd: None,
            syscall: None,
            arch: None,
            input: None,
            input_logs: false,
            just_one: false,
            follow: false,
            line_buffered: false,
            checkpoint: None,
            from_checkpoint_time: false,
            timeout: TIMEOUT,
            threads: source::default_threads(),
            here: Here::system(),
        };
        // What times and users mean is known before any is read.
        for option in given {
            match option.key {
                Key::Zone => job.here = machine::zone(option, job.here)?,
                Key::Passwd => {
                    machine::passwd(option, &mut job.how)?;
                    job.passwd = Some(option.value().into());
                }
                _ => {}
            }
        }
        for option in given {
            job.take(option)?;
        }
        let extra = job.columns != Columns::default();
        if extra && job.format != Some(Format::Csv) {
            return Err(Failure::usage("the --extra options are for --format csv"));
        }
        if job.from_checkpoint_time && job.checkpoint.is_none() {
            return Err(Failure::usage("-ts checkpoint needs --checkpoint FILE"));
        }
        if job.follow && job.window.end != u64::MAX {
            return Err(Failure::usage(
                "--follow goes on until Ctrl-C: leave the end (-te) out, or --follow",
            ));
        }
        if job.window.start > job.window.end {
            return Err(Failure::usage("the end (-te) is before the start (-ts)"));
        }
        Ok(job)
    }

    fn take(&mut self, option: &Given<Key>) -> Result<(), Failure> {
        match option.key {
            Key::Checkpoint => self.checkpoint = Some(option.value().into()),
            Key::Escape => {
                self.how.escape = Escape::from_name(option.value())
                    .ok_or_else(|| bad(option, "raw, tty, shell or shell_quote"))?;
            }
            Key::EoeTimeout => self.timeout = number(option)?,
            Key::ExtraKeys => self.columns.keys = true,
            Key::ExtraLabels => self.columns.labels = true,
            Key::ExtraObj2 => self.columns.obj2 = true,
            Key::ExtraTime => self.columns.time = true,
            Key::Format => self.set_format(option, format_of(option)?)?,
            Key::Interpret => self.set_format(option, Format::Interpret)?,
            Key::Raw => self.set_format(option, Format::Raw)?,
            Key::Input => self.input = Some(option.value().into()),
            Key::InputLogs => self.input_logs = true,
            Key::JustOne => self.just_one = true,
            Key::Follow => self.follow = true,
            Key::LineBuffered => self.line_buffered = true,
            Key::End => self.window.end = time(option, End::End, &self.here)?,
            Key::Start if option.values == ["checkpoint"] => self.from_checkpoint_time = true,
            Key::Start => self.window.start = time(option, End::Start, &self.here)?,
            Key::Threads => self.threads = number::<usize>(option)?.max(1),
            Key::Where => self.expression = Some(options::expression(option, &self.here)?),
            Key::Word => self.criteria.whole = true,
            Key::Syscall => self.syscall = Some(option.clone()),
            Key::Arch => self.arch = Some(option.clone()),
            Key::AnyUid => self.criteria.any_uid = Some(self.user(option)?),
            Key::Euid => self.criteria.euid = Some(self.user(option)?),
            Key::Uid => self.criteria.uid = Some(self.user(option)?),
            Key::Auid => self.criteria.auid = Some(self.user(option)?),
            Key::AnyGid => self.criteria.any_gid = Some(self.group(option)?),
            Key::Egid => self.criteria.egid = Some(self.group(option)?),
            Key::Gid => self.criteria.gid = Some(self.group(option)?),
            Key::Debug | Key::Help | Key::Version | Key::Zone | Key::Passwd => {}
            _ => condition(&mut self.criteria, option)?,
        }
        Ok(())
    }

    /// Who decides about the expression, where there is one.
    pub(super) fn judge(&self) -> Option<Judge<'_>> {
        let expression = self.expression.as_ref();
        expression.map(|expression| Judge::new(expression, &self.how))
    }

    /// What the sidecars of packed segments can tell of.
    pub(super) fn ask(&self) -> Ask {
        let of_expression = self.expression.as_ref().and_then(Expression::ask);
        let parts = [Some(self.criteria.ask()), of_expression];
        Ask::All(parts.into_iter().flatten().collect())
    }

    /// Byte strings one of which is in a line of every event that is asked for.
    pub(super) fn needles(&self) -> Option<Needles> {
        let of_expression = || Needles::new(&self.expression.as_ref()?.needles()?);
        self.criteria.needles().or_else(of_expression)
    }

    /// Does the log's machine matter for what is asked for?
    pub(super) fn asks_machine(&self) -> bool {
        self.syscall.is_some() || self.arch.is_some()
    }

    /// Says which call is meant, in whichever order the options stand. `machine` is the architecture
    /// of the machine that wrote the log.
    pub(super) fn call_of(&mut self, machine: u32) -> Result<(), Failure> {
        if let Some(option) = &self.arch {
            let arch = match option.value() {
                "b64" => Some(machine),
                "b32" => interpret::arch_32(machine),
                name => interpret::arch_number(name),
            };
            self.criteria.arch = Some(
                arch.ok_or_else(|| bad(option, "x86_64, i386, aarch64, ppc64le, b64, b32, ..."))?,
            );
        }
        let Some(option) = &self.syscall else {
            return Ok(());
        };
        let text = option.value();
        if let Ok(number) = text.parse() {
            self.criteria.syscall = Some(number);
            return Ok(());
        }
        let arch = self.criteria.arch.unwrap_or(machine);
        let number = interpret::call_number(arch, text).ok_or_else(|| {
            let name = interpret::arch_name(arch).unwrap_or("this architecture");
            let help = calls::instead_of(text, arch, "--arch");
            Failure::usage(format!(
                "{} {text}: unknown {name} system call: {help}",
                option.name
            ))
        })?;
        self.criteria.syscall = Some(number);
        self.criteria.arch = Some(arch);
        Ok(())
    }

    fn user(&self, option: &Given<Key>) -> Result<UserIs, Failure> {
        let text = option.value();
        let id = |id| UserIs { id, name: None };
        if text == "unset" || text == "-1" {
            return Ok(id(u32::MAX));
        }
        if let Ok(number) = text.parse() {
            return Ok(id(number));
        }
        let known = self.how.users.id(text);
        let known = known.ok_or_else(|| self.nobody(option, "user", users::USERS))?;
        Ok(UserIs {
            id: known.0,
            name: Some(text.to_owned()),
        })
    }

    fn group(&self, option: &Given<Key>) -> Result<u32, Failure> {
        let text = option.value();
        if let Ok(number) = text.parse() {
            return Ok(number);
        }
        let known = if let Some(groups) = &self.how.groups {
            groups.id(text).map(|id| id.0)
        } else {
            let group = nix::unistd::Group::from_name(text).ok().flatten();
            group.map(|group| group.gid.as_raw())
        };
        known.ok_or_else(|| self.nobody(option, "group", users::GROUPS))
    }

    /// There is no such user or group: the nearest that there is.
    fn nobody(&self, option: &Given<Key>, what: &str, file: &str) -> Failure {
        let (place, file) = match &self.passwd {
            Some(passwd) if what == "user" => ("in the file of --passwd", passwd.clone()),
            Some(passwd) => (
                "beside the file of --passwd",
                passwd.with_file_name("group"),
            ),
            None => ("on this machine", file.into()),
        };
        let expected = match self.passwd {
            Some(_) => "expected a name or a number",
            None => "expected a name or a number; --passwd FILE has those of another machine",
        };
        let help = users::instead(option.value(), &file, expected);
        wrong(option, &format!("there is no such {what} {place}: {help}"))
    }

    fn set_format(&mut self, option: &Given<Key>, format: Format) -> Result<(), Failure> {
        if self.format.is_some_and(|before| before != format) {
            return Err(Failure::usage(format!(
                "{} asks for a second output format: use one",
                option.name
            )));
        }
        self.format = Some(format);
        Ok(())
    }
}

/// Takes an option that is a condition.
fn condition(criteria: &mut Criteria, option: &Given<Key>) -> Result<(), Failure> {
    let text = || Some(option.value().as_bytes().to_vec());
    match option.key {
        Key::Event => criteria.serial = Some(number(option)?),
        Key::Comm => criteria.comm = text(),
        Key::Exit => criteria.exit = Some(exit_code(option)?),
        Key::File => criteria.file = text(),
        Key::Host => criteria.host = text(),
        Key::Key => criteria.key = text(),
        Key::Message => types(criteria, option)?,
        Key::Node => criteria.nodes.push(option.value().to_owned()),
        Key::Object => criteria.object = text(),
        Key::Pid => criteria.pid = Some(number(option)?),
        Key::Ppid => criteria.ppid = Some(number(option)?),
        Key::Label => criteria.label = text(),
        Key::Session => {
            criteria.session = Some(match option.value() {
                "unset" | "-1" => u32::MAX,
                _ => number(option)?,
            });
        }
        Key::Subject => criteria.subject = text(),
        Key::Success => {
            criteria.success = Some(match option.value() {
                "yes" => true,
                "no" => false,
                _ => return Err(bad(option, "yes or no")),
            });
        }
        Key::Terminal => criteria.terminal = text(),
        Key::Uuid => criteria.uuid = text(),
        Key::Vm => criteria.vm = text(),
        Key::Exe => criteria.exe = text(),
        _ => {}
    }
    Ok(())
}

fn bad(option: &Given<Key>, expected: &str) -> Failure {
    wrong(option, &format!("expected {expected}"))
}

fn wrong(option: &Given<Key>, help: &str) -> Failure {
    Failure::usage(format!("{} {}: {help}", option.name, option.value()))
}

/// The same of a word: with the nearest that there is.
fn bad_word<'a>(
    option: &Given<Key>,
    word: &str,
    known: impl Iterator<Item = &'a str>,
    expected: &str,
) -> Failure {
    let help = instead(word, known, || format!("expected {expected}"));
    wrong(option, &help)
}

fn number<T: std::str::FromStr>(option: &Given<Key>) -> Result<T, Failure> {
    option.value().parse().map_err(|_| bad(option, "a number"))
}

fn time(option: &Given<Key>, end: End, here: &Here) -> Result<u64, Failure> {
    let words: Vec<&str> = option.values.iter().map(String::as_str).collect();
    clock::parse(&words, end, here, &clock::now())
        .map_err(|error| Failure::usage(format!("{}: {error}", option.name)))
}

fn format_of(option: &Given<Key>) -> Result<Format, Failure> {
    Ok(match option.value() {
        "raw" => Format::Raw,
        "default" => Format::Default,
        "csv" => Format::Csv,
        "text" => Format::Text,
        "json" => Format::Json,
        name if name.starts_with("interp") => Format::Interpret,
        name => {
            let all = "raw, default, interpret, csv, text or json";
            return Err(bad_word(option, name, super::FORMATS.into_iter(), all));
        }
    })
}

fn exit_code(option: &Given<Key>) -> Result<i64, Failure> {
    let text = option.value();
    if let Ok(number) = text.parse() {
        return Ok(number);
    }
    // Errors are negative results; ausearch takes the name for the positive number, which no call
    // returns.
    let name = text.strip_prefix('-').unwrap_or(text);
    (1..134)
        .find(|errno| crate::decode::names::errno(*errno) == name)
        .map(|errno| -i64::from(errno))
        .ok_or_else(|| {
            let names = (1..134).map(crate::decode::names::errno);
            bad_word(
                option,
                name,
                names,
                "a number or the name of an error, such as EACCES",
            )
        })
}

fn types(criteria: &mut Criteria, option: &Given<Key>) -> Result<(), Failure> {
    for name in option.value().split(',').filter(|name| !name.is_empty()) {
        if name.eq_ignore_ascii_case("ALL") {
            continue;
        }
        let known = name
            .parse()
            .ok()
            .map(RecordType)
            .or_else(|| RecordType::from_name(name.to_uppercase().as_bytes()));
        criteria.types.push(known.ok_or_else(|| {
            let names: Vec<_> = RecordType::names().collect();
            let all = format!("types of records: ALL {}", names.join(" "));
            bad_word(option, &name.to_uppercase(), names.into_iter(), &all)
        })?);
    }
    Ok(())
}
