//! Requests to the daemon: what each does, and what it answers.

use std::path::PathBuf;

use super::{
    Daemon,
    config::Settings,
    journal::tell,
    records,
    records::Who,
    rules,
    sockets::{Answer, Asked, Request, next_message},
};
use crate::{
    records::RecordType,
    rules::{
        RuleSet, Sender, check, file,
        parse::{self, Command, Control},
        set::{Change, Refused},
    },
};

/// What came of a reload.
pub(super) struct Reloaded(Answer);

impl Reloaded {
    /// Says it where the daemon says things.
    pub(super) fn told(self) {
        let lines = self.0.err.iter().chain(&self.0.in_force);
        lines.for_each(|line| tell(line));
    }
}

/// In whose words a refusal is told.
#[derive(Clone, Copy)]
enum Words {
    /// tracer's.
    Own,
    /// auditctl's.
    Auditctl,
}

/// What is kept of a request while it is worked on.
struct Session<'a> {
    set: RuleSet,
    changes: Vec<Change>,
    answer: Answer,
    /// What was right is put in force, and the rest is a failure all the same.
    fails_in_the_end: bool,
    interpret: bool,
    words: Words,
    who: Who,
    daemon: &'a mut Daemon,
}

impl Daemon {
    pub(super) fn answer(&mut self, asked: Asked) {
        let Asked {
            request,
            who,
            answer,
        } = asked;
        let reply = match request {
            Request::Auditctl(args) => self.auditctl(&args, Words::Auditctl, who),
            Request::Rules(args) => self.auditctl(&args, Words::Own, who),
            Request::Load(files) => self.reload(Some(files), who).0,
            Request::Add(texts) => self.add(&texts, who),
            Request::Message(text) => {
                self.message(text.as_bytes(), who);
                Answer::default()
            }
            Request::Status => Answer {
                status: Some(self.status()),
                ..Answer::default()
            },
        };
        // A client that has gone does not wait for it.
        let _ = answer.send(reply);
    }

    /// Rules from files: all of them or none. `None` reads the configuration again, too.
    pub(super) fn reload(&mut self, files: Option<Vec<PathBuf>>, who: Who) -> Reloaded {
        let mut answer = Answer::default();
        let again = files.as_ref().is_none_or(Vec::is_empty);
        // What the daemon says itself has its name already.
        let name = if files.is_some() { "tracer: " } else { "" };
        if files.is_none() {
            self.reread(&mut answer);
        }
        let loaded = if again {
            rules::read(&self.settings.config)
        } else {
            let paths = files.unwrap_or_default();
            file::load(&paths, RuleSet::default())
        };
        self.take(loaded, name, who, &mut answer);
        self.output.record(
            "DAEMON_CONFIG",
            records::daemon("reconfigure", who, !answer.failed).as_bytes(),
        );
        self.output.flush();
        Reloaded(answer)
    }

    /// Rules on top of those in force: all of them or none.
    fn add(&mut self, texts: &[file::RuleText], who: Who) -> Answer {
        let mut answer = Answer::default();
        let loaded = file::load_texts(texts, self.output.rules.set().clone());
        self.take(loaded, "tracer: ", who, &mut answer);
        answer
    }

    /// Puts in force what was read, or says why not, behind our name where the asker has to be told it.
    fn take(
        &mut self,
        loaded: Result<file::Loaded, file::LoadError>,
        name: &str,
        who: Who,
        answer: &mut Answer,
    ) {
        match loaded {
            _ if self.output.rules.set().is_locked() => {
                answer.err.push(format!("{name}{}", Refused::Locked));
                answer.failed = true;
            }
            Ok(loaded) => {
                let notes = loaded.notes.iter().map(ToString::to_string);
                answer.err.extend(notes);
                answer.failed |= loaded.failed;
                self.put_in_force(loaded.set, &loaded.changes, who, answer);
            }
            Err(error) => {
                let mut text = error.to_string();
                if !matches!(error, file::LoadError::Lines(_)) {
                    text.insert_str(0, name);
                }
                answer.err.extend(text.lines().map(str::to_owned));
                answer
                    .err
                    .push(format!("{name}the rules in force stay as they were"));
                answer.failed = true;
            }
        }
    }

    /// Reads the configuration again; what cannot change while it runs stays.
    fn reread(&mut self, answer: &mut Answer) {
        match self.place.read() {
            Ok(settings) => {
                let fixed = |s: &Settings| {
                    let c = &s.config;
                    (
                        c.log_file.clone(),
                        c.control_socket.clone(),
                        c.message_socket.clone(),
                        s.ring_size,
                    )
                };
                if fixed(&settings) != fixed(&self.settings) {
                    answer.err.push(
                        "log_file, sockets and buffer change only when the daemon is restarted"
                            .to_owned(),
                    );
                }
                if self.settings.keeping.seal && !settings.keeping.seal {
                    tell(
                        "the log is not sealed any more: `tracer verify` ends with what was sealed",
                    );
                }
                if let Err(error) = self.output.journal.log().keep(settings.keeping.clone()) {
                    answer.err.push(format!("seal = true: {error}"));
                    answer.failed = true;
                    return;
                }
                let own_records = settings.config.own_records;
                self.output
                    .audit
                    .configure(settings.node.as_deref(), own_records);
                self.output.settings = settings.clone();
                let packs = self.settings.config.compress;
                self.settings = settings;
                if packs != self.settings.config.compress {
                    self.pack();
                }
            }
            Err(error) => {
                answer.err.push(error.to_string());
                answer.failed = true;
            }
        }
    }

    fn put_in_force(&mut self, set: RuleSet, changes: &[Change], who: Who, answer: &mut Answer) {
        let before = self.output.rules.set().clone();
        if let Err(error) = self.output.rules.replace(set, &mut self.source) {
            answer
                .err
                .push(format!("the kernel refuses the rules: {error}"));
            answer.failed = true;
            return;
        }
        answer.in_force = Some(self.output.rules.summary_since(&before));
        for change in changes {
            self.output
                .record("CONFIG_CHANGE", &records::change(change, who));
        }
        self.output.flush();
    }

    fn auditctl(&mut self, args: &[String], words: Words, who: Who) -> Answer {
        let parsed = match parse::args(args) {
            Ok(parsed) => parsed,
            Err(error) => {
                return Answer {
                    err: said(words, &error.to_string()),
                    failed: true,
                    ..Answer::default()
                };
            }
        };
        let interpret = Command::Control(Control::Ignore);
        let mut session = Session {
            set: self.output.rules.set().clone(),
            changes: Vec::new(),
            answer: Answer::default(),
            fails_in_the_end: false,
            interpret: parsed.commands.contains(&interpret),
            words,
            who,
            daemon: self,
        };
        let notes = parsed.notes.iter().map(ToString::to_string);
        session.answer.err.extend(notes);
        session.commands(&parsed.commands);
        let Session {
            set,
            changes,
            mut answer,
            fails_in_the_end,
            ..
        } = session;
        if !answer.failed && !changes.is_empty() {
            self.put_in_force(set, &changes, who, &mut answer);
        }
        answer.failed |= fails_in_the_end;
        answer
    }

    /// Takes the messages that wait.
    pub(super) fn take_messages(&mut self) {
        loop {
            match next_message(&self.messages) {
                Ok(Some((text, who))) => self.message(&text, who),
                Ok(None) => return,
                Err(error) => {
                    tell(&format!("message socket: {error}"));
                    return;
                }
            }
        }
    }

    /// Writes a message: its type is that of `type=NAME ` at its beginning, else USER.
    fn message(&mut self, text: &[u8], who: Who) {
        let text = text.strip_suffix(b"\n").unwrap_or(text);
        let (kind, text) = message_type(text);
        let sender = Sender {
            pid: who.pid,
            uid: who.uid,
            gid: u32::MAX,
            auid: who.auid,
            session: who.session,
            record_type: RecordType::from_name(kind.as_bytes()).map_or(0, |kind| kind.0),
        };
        if self.output.rules.takes_message(&sender) {
            self.output.record(kind, &records::message(text, who));
            self.output.flush();
        }
    }

    fn status(&self) -> serde_json::Value {
        let account = self.account();
        let output = &self.output;
        let controls = output.rules.set().controls;
        let sums = |map: Vec<(&str, u64)>| -> serde_json::Map<String, serde_json::Value> {
            map.into_iter()
                .map(|(k, n)| (k.to_owned(), n.into()))
                .collect()
        };
        let filtered = account.filtered().collect();
        let lost = account.lost.iter().map(|(k, n)| (k.as_str(), *n)).collect();
        serde_json::json!({
            "pid": std::process::id(),
            "enabled": controls.enabled,
            "failure": controls.failure,
            "rate_limit": controls.rate_limit,
            "backlog_limit": controls.backlog_limit,
            "backlog_wait_time": controls.backlog_wait_time,
            "rules": output.rules.set().rules().len(),
            "classes": output.rules.classes(),
            "log": self.settings.config.log_file.display().to_string(),
            "serial": output.audit.serial(),
            "stuck": output.journal.is_stuck(),
            "rotations": output.journal.rotations,
            "waiting": output.journal.waiting(),
            "seen": account.seen,
            "written": account.written,
            "filtered": sums(filtered),
            "undecided": account.undecided(),
            "lost": sums(lost),
        })
    }
}

/// The lines of a refusal: in our words, behind our name.
fn said(words: Words, text: &str) -> Vec<String> {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    if let (Words::Own, Some(first)) = (words, lines.first_mut()) {
        first.insert_str(0, "tracer: ");
    }
    lines
}

/// Types that a program may send (`linux/audit.h`: 1100 to 1199 and 2100 to 2999 are for user
/// space, and USER itself).
fn message_type(text: &[u8]) -> (&'static str, &[u8]) {
    let given = text.strip_prefix(b"type=").and_then(|rest| {
        let end = memchr::memchr(b' ', rest)?;
        let kind = RecordType::from_name(&rest[..end])?;
        let allowed = matches!(kind.0, 1005 | 1100..=1199 | 2100..=2999);
        let name = kind.name().filter(|_| allowed)?;
        Some((name, &rest[end + 1..]))
    });
    given.unwrap_or(("USER", text))
}

impl Session<'_> {
    fn commands(&mut self, commands: &[Command]) {
        for command in commands {
            if self.answer.failed {
                return;
            }
            self.command(command);
        }
    }

    fn command(&mut self, command: &Command) {
        match command {
            Command::Add { rule, .. } => {
                let lacks = check::rule(rule);
                for (_, lack) in &lacks {
                    self.refuse(&format!("{}: {}", lack.what, lack.help));
                }
                if lacks.is_empty() {
                    self.apply(command);
                }
            }
            Command::Delete(_) | Command::Subtree => self.apply(command),
            Command::DeleteAll(_) => {
                self.apply(command);
                if !self.answer.failed && self.set.rules().is_empty() {
                    self.list(None);
                }
            }
            Command::Control(control) => {
                self.apply(command);
                let shows = matches!(
                    control,
                    Control::Enabled(_)
                        | Control::Failure(_)
                        | Control::Rate(_)
                        | Control::Backlog(_)
                        | Control::BacklogWait(_)
                );
                if shows && !self.answer.failed {
                    self.status();
                }
                if *control == Control::ResetBacklogWait {
                    let line = "backlog_wait_time_actual: 0".to_owned();
                    self.answer.out.push(line);
                }
            }
            Command::List(key) => self.list(key.as_deref()),
            Command::Status => self.status(),
            Command::Read(path) => self.read(path),
            Command::Message(text) => {
                let who = self.who;
                self.daemon.message(text.as_bytes(), who);
            }
            Command::Signal(name) => self.refuse(&format!(
                "--signal {name}: use systemctl, or kill with the pid that -s shows"
            )),
            // Nothing to do here: tracer finds trees by itself, and the client says the rest.
            Command::Trees | Command::Version | Command::Help => {}
        }
    }

    /// Refuses something that stands in no file.
    fn refuse(&mut self, text: &str) {
        self.answer.err.extend(said(self.words, text));
        self.answer.failed = true;
    }

    fn fail(&mut self, text: &str) {
        self.answer.err.extend(text.lines().map(str::to_owned));
        self.answer.failed = true;
    }

    fn apply(&mut self, command: &Command) {
        match self.set.apply(command) {
            Ok(changes) => self.changes.extend(changes),
            Err(refused) => match self.words {
                Words::Own => self.refuse(&refused.to_string()),
                Words::Auditctl => {
                    let what = match command {
                        Command::Delete(_) => "delete",
                        Command::Add { .. } => "add",
                        _ => "change",
                    };
                    let why = refused.as_of_kernel();
                    self.fail(&format!("Error sending {what} rule data request ({why})"));
                }
            },
        }
    }

    fn list(&mut self, key: Option<&str>) {
        let lines = self.set.listing(key, self.interpret);
        if lines.is_empty() {
            self.answer.out.push("No rules".to_owned());
        }
        self.answer.out.extend(lines);
    }

    /// `-R`: on top of the rules in force, all of the file or none of it; with `-c` or `-i` in it,
    /// all that is right.
    fn read(&mut self, path: &str) {
        match file::load(&[path.into()], self.set.clone()) {
            Ok(loaded) => {
                let notes = loaded.notes.iter().map(ToString::to_string);
                self.answer.err.extend(notes);
                self.set = loaded.set;
                self.changes.extend(loaded.changes);
                self.fails_in_the_end |= loaded.failed;
            }
            Err(error @ file::LoadError::Lines(_)) => self.fail(&error.to_string()),
            Err(error) => self.refuse(&error.to_string()),
        }
    }

    /// As auditctl shows it.
    fn status(&mut self) {
        let values = self.set.controls;
        let account = self.daemon.account();
        let lines = [
            format!("enabled {}", values.enabled),
            format!("failure {}", values.failure),
            format!("pid {}", std::process::id()),
            format!("rate_limit {}", values.rate_limit),
            format!("backlog_limit {}", values.backlog_limit),
            format!("lost {}", account.all_lost()),
            format!("backlog {}", self.daemon.output.journal.waiting()),
            format!("backlog_wait_time {}", values.backlog_wait_time),
            "backlog_wait_time_actual 0".to_owned(),
            "loginuid_immutable 0 unlocked".to_owned(),
        ];
        self.answer.out.extend(lines);
    }
}

/// Tells systemd how it goes (`sd_notify(3)`); without systemd nothing listens.
pub(super) fn notify(states: &[&str]) {
    let Some(socket) = std::env::var_os("NOTIFY_SOCKET") else {
        return;
    };
    let text = states.join("\n");
    if let Ok(own) = std::os::unix::net::UnixDatagram::unbound()
        && let Err(error) = own.send_to(text.as_bytes(), PathBuf::from(socket))
    {
        tell(&format!("cannot notify systemd: {error}"));
    }
}
