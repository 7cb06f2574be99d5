//! `tracer daemon`: keeps a rule set in force and writes what it tells into the audit log.
//!
//! kernel side -> source -> the rules decide -> audit records -> journal -> log. Beside it,
//! requests come in by signal and by socket.

pub mod client;
pub mod config;
mod enrich;
mod journal;
mod limits;
mod node;
mod packer;
mod records;
mod rules;
mod serve;
pub mod sockets;
mod told;

use std::{
    io,
    time::{Duration, Instant},
};

use tokio::{
    io::{Interest, unix::AsyncFd},
    net::UnixDatagram,
    signal::unix::{Signal, SignalKind, signal},
    sync::mpsc,
    time::sleep,
};

use crate::{
    enrich::files,
    event::{Account, Event, Item, Loss, LossReason},
    format::{Audit, Format},
    privileges::Needs,
    records::Head,
    rules::Verdict,
    sink::{Found, LogFile, directory_mode, make_directory},
    source::{
        Source,
        ebpf::{Ebpf, EbpfPlan},
    },
};
use config::{Compress, LogFormat, Place, Settings};
use enrich::Enricher;
use journal::{Journal, tell};
use limits::{Rate, WallClock};
use records::Who;
use rules::InForce;
use sockets::{Asked, Bound};
use told::Told;

/// How often things are looked after that nothing announces.
const HOUSEKEEPING: Duration = Duration::from_secs(1);

/// Why the daemon cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The configuration is wrong.
    #[error(transparent)]
    Config(#[from] config::ConfigError),
    /// The rules are wrong.
    #[error("{0}")]
    Rules(#[from] crate::rules::file::LoadError),
    /// The kernel refuses.
    #[error(transparent)]
    Ebpf(#[from] crate::source::ebpf::EbpfError),
    /// Something cannot be opened or made.
    #[error("{what}: {error}")]
    Io {
        /// What.
        what: String,
        /// Why.
        error: io::Error,
    },
}

fn cannot(what: impl Into<String>) -> impl FnOnce(io::Error) -> StartError {
    let what = what.into();
    move |error| StartError::Io { what, error }
}

/// The daemon.
struct Daemon {
    /// Where the settings were read.
    place: Place,
    settings: Settings,
    source: Ebpf,
    output: Output,
    control: mpsc::Receiver<Asked>,
    messages: UnixDatagram,
    /// The sockets' places, which it takes away in the end.
    _sockets: [Bound; 2],
    looked: Instant,
}

/// Everything behind the source: what an item goes through.
struct Output {
    rules: InForce,
    audit: Audit,
    enricher: Enricher,
    journal: Journal,
    told: Told,
    account: Account,
    rate: Rate,
    /// A watched file may be another one now.
    replaced: bool,
    clock: WallClock,
    settings: Settings,
}

/// Runs the daemon until it is asked to end.
pub async fn run(place: Place) -> Result<(), StartError> {
    let settings = place.read()?;
    // Before anybody can know that it is there, because an early signal would end it.
    let signals = Signals::new().map_err(cannot("signals"))?;
    let (mut daemon, found) = Daemon::start(place, settings)?;
    daemon.begin(found);
    daemon
        .serve(signals)
        .await
        .map_err(cannot("cannot go on"))?;
    let log = daemon.settings.config.log_file.display().to_string();
    daemon.end().map_err(cannot(log))
}

impl Daemon {
    fn start(place: Place, settings: Settings) -> Result<(Self, Found), StartError> {
        let mut rules = InForce::load(&settings.config)?;
        let plan = EbpfPlan::of_rules(Some(settings.ring_size));
        let mut source = Ebpf::open(&plan)?;
        for lack in source.lacks() {
            tell(&format!("not known on this kernel: {lack}"));
        }
        rules.install(&mut source)?;
        let config = &settings.config;
        if let Some(directory) = config.log_file.parent() {
            make_directory(directory, directory_mode(settings.keeping.mode))
                .map_err(cannot(format!("cannot make {}", directory.display())))?;
        }
        let needs = Needs {
            backends: source.backends(),
            // `disk_full_action` and its like.
            programs: true,
            ..Needs::default()
        };
        needs
            .keep_only()
            .map_err(cannot("cannot lay down privileges"))?;
        let (log, found) = LogFile::open(&config.log_file, settings.keeping.clone())
            .map_err(cannot(format!("cannot open {}", config.log_file.display())))?;
        // Only for who has the log: another daemon leaves nothing behind.
        let (control, control_place) = sockets::control(&config.control_socket)
            .map_err(cannot(config.control_socket.display().to_string()))?;
        let (messages, messages_place) =
            sockets::messages(&config.message_socket, settings.message_socket_mode)
                .map_err(cannot(config.message_socket.display().to_string()))?;
        // A reader that waits for the CPU loses events.
        let _ = rustix::process::setpriority_process(None, -4);
        let mut audit = Audit::new(found.serial + 1);
        audit.configure(settings.node.as_deref(), config.own_records);
        let output = Output {
            rules,
            audit,
            enricher: Enricher::default(),
            journal: Journal::new(log),
            told: Told::default(),
            account: Account::default(),
            rate: Rate::default(),
            replaced: false,
            clock: WallClock::default(),
            settings: settings.clone(),
        };
        let daemon = Self {
            place,
            settings,
            source,
            output,
            control,
            messages,
            // In this order: the first to be made made the directory.
            _sockets: [messages_place, control_place],
            looked: Instant::now(),
        };
        Ok((daemon, found))
    }

    /// Has segments packed, if the settings ask for it.
    fn pack(&mut self) {
        let config = &self.settings.config;
        let log = self.output.journal.log();
        let waker = match config.compress {
            Compress::Zstd => Some(packer::start(log.path().to_owned(), log.names())),
            Compress::None => None,
        };
        log.tell_rotations(waker);
    }

    /// Writes that it begins, and says that it is ready.
    fn begin(&mut self, found: Found) {
        self.pack();
        let who = Who::own();
        self.output
            .record("DAEMON_START", records::start(who).as_bytes());
        if found.torn > 0 || found.unclean {
            let text = format!(
                "tracer=\"restart\" tr_unclean=\"yes\" tr_cut=\"{}\" tr_serial=\"{}\"",
                found.torn, found.serial
            );
            self.output.record(crate::format::OWN_TYPE, text.as_bytes());
            // What was in the ring of the one that was killed is gone, uncounted.
            self.output.loss(&Loss {
                time: now(),
                cpu: None,
                count: None,
                reason: LossReason::Restart,
            });
        }
        for change in self.output.rules.take_changes() {
            self.output
                .record("CONFIG_CHANGE", &records::change(&change, who));
        }
        self.output.flush();
        let ready = self.output.rules.summary();
        tell(&format!(
            "ready: {ready}, log {}",
            self.settings.config.log_file.display()
        ));
        serve::notify(&["READY=1", &format!("STATUS={ready}")]);
    }

    async fn serve(&mut self, mut signals: Signals) -> io::Result<()> {
        let fd = self.source.fd().try_clone_to_owned()?;
        // SAFETY: the duplicate belongs to the `AsyncFd` alone, which keeps it open.
        let ready = unsafe { AsyncFd::register_with_interest(fd, Interest::READABLE) }?;
        loop {
            self.read()?;
            // Signals and questions are looked for while events come without end, too.
            tokio::task::yield_now().await;
            let pause = self.source.longest_sleep();
            tokio::select! {
                biased;
                _ = signals.int.recv() => break,
                _ = signals.term.recv() => break,
                _ = signals.hup.recv() => self.reload(None, Who::own()).told(),
                _ = signals.usr1.recv() => self.rotate(),
                _ = signals.usr2.recv() => self.output.journal.retry(&self.settings),
                Some(asked) = self.control.recv() => self.answer(asked),
                _ = self.messages.readable() => self.take_messages(),
                guard = ready.readable() => guard?.clear_ready(),
                () = sleep(pause) => {}
            }
        }
        Ok(())
    }

    fn read(&mut self) -> io::Result<()> {
        let Self { source, output, .. } = self;
        source
            .read(&mut |item| output.take(item))
            .map_err(io::Error::other)?;
        output.flush();
        source.take_warnings().iter().for_each(|line| tell(line));
        let is_due = self.looked.elapsed() >= HOUSEKEEPING;
        // A directory above a watched one may be another one, too: nothing tells that.
        if std::mem::take(&mut self.output.replaced) || is_due {
            self.look_again();
        }
        if is_due {
            self.looked = Instant::now();
            self.output.housekeeping(&self.settings);
        }
        Ok(())
    }

    /// Finds watched files again.
    fn look_again(&mut self) {
        if let Err(error) = self.output.rules.look_again(&mut self.source) {
            tell(&format!("cannot watch a replaced file: {error}"));
        }
    }

    fn rotate(&mut self) {
        let (who, settings) = (Who::own(), &self.settings);
        self.output.journal.rotate(settings);
        self.output.record(
            "DAEMON_ROTATE",
            records::daemon("rotate-logs", who, true).as_bytes(),
        );
        self.output.flush();
    }

    /// Writes what there is, and says what was not written.
    fn end(&mut self) -> io::Result<()> {
        serve::notify(&["STOPPING=1"]);
        self.take_messages();
        let Self { source, output, .. } = self;
        source
            .finish(&mut |item| output.take(item))
            .map_err(io::Error::other)?;
        source.take_warnings().iter().for_each(|line| tell(line));
        output.journal.retry(&self.settings);
        output.tell_losses();
        let who = Who::own();
        output.record(
            "DAEMON_END",
            records::daemon("terminate", who, true).as_bytes(),
        );
        output.flush();
        output.told.rest().iter().for_each(|line| tell(line));
        let unwritten = output.journal.give_up();
        if unwritten > 0 {
            *output.account.lost.entry(LossReason::Output).or_default() += unwritten;
        }
        tell(&self.account().to_string());
        if unwritten > 0 {
            let s = if unwritten == 1 { "" } else { "s" };
            return Err(io::Error::other(format!(
                "{unwritten} event{s} that waited could not be written"
            )));
        }
        self.output.journal.log().sync()
    }

    /// The sums so far.
    fn account(&self) -> Account {
        let mut account = self.output.account.clone();
        account.written = self.output.journal.written;
        let untold = self.output.journal.untold();
        if untold > 0 {
            *account.lost.entry(LossReason::Output).or_default() += untold;
        }
        account.add(self.source.sums());
        account
    }
}

/// The signals that it knows.
struct Signals {
    int: Signal,
    term: Signal,
    hup: Signal,
    usr1: Signal,
    usr2: Signal,
}

impl Signals {
    fn new() -> io::Result<Self> {
        Ok(Self {
            int: signal(SignalKind::interrupt())?,
            term: signal(SignalKind::terminate())?,
            hup: signal(SignalKind::hangup())?,
            usr1: signal(SignalKind::user_defined1())?,
            usr2: signal(SignalKind::user_defined2())?,
        })
    }
}

impl Output {
    /// What happens to an item: decided, completed, written.
    fn take(&mut self, item: Item) {
        match item {
            Item::Event(event) => self.event(event),
            Item::Loss(loss) => self.loss(&loss),
        }
    }

    fn event(&mut self, mut event: Box<Event>) {
        let decided = self.rules.decide(&mut event);
        self.replaced |= decided.replaces;
        let why = decided.reason();
        let Verdict::Told(key) = decided.verdict else {
            *self.account.filtered.entry(why.into()).or_default() += 1;
            return;
        };
        if !self
            .rate
            .allows(event.time.mono_ns, self.rules.rate_limit())
        {
            *self.account.lost.entry(LossReason::RateLimit).or_default() += 1;
            return;
        }
        event.rules.key = key;
        files::add_parents(&mut event);
        self.check_clock(event.time.wall_ns);
        let start = self.journal.out.len();
        let item = Item::Event(event);
        self.audit.item(&mut self.journal.out, &item);
        if let Item::Event(event) = &item {
            self.exclude(start, Some(event));
        }
        self.enrich(start);
        self.journal.event(&self.settings);
    }

    /// A wall clock that was set back is told in the log, because its times are in no order there.
    /// Serial numbers are.
    fn check_clock(&mut self, wall_ns: u64) {
        if let Some(ns) = self.clock.set_back(wall_ns) {
            let start = self.journal.out.len();
            let text = format!("tracer=\"clock\" tr_set_back_ns=\"{ns}\"");
            self.audit.record(
                &mut self.journal.out,
                wall_ns,
                crate::format::OWN_TYPE,
                text.as_bytes(),
            );
            self.enrich(start);
        }
    }

    /// Adds names to the records from there on, where that is asked for.
    fn enrich(&mut self, start: usize) {
        if self.settings.config.log_format == LogFormat::Enriched {
            self.enricher.lines(&mut self.journal.out, start);
        }
    }

    /// Takes the types of records out that the rules leave out.
    fn exclude(&mut self, start: usize, event: Option<&Event>) {
        if !self.rules.has_excludes() {
            return;
        }
        let lines = self.journal.out.split_off(start);
        for line in lines.split_inclusive(|b| *b == b'\n') {
            let kind = Head::parse(line).ok().and_then(|head| head.kind);
            if !kind.is_some_and(|kind| self.rules.excludes(event, kind.0)) {
                self.journal.out.extend_from_slice(line);
            }
        }
    }

    fn loss(&mut self, loss: &Loss) {
        let start = self.journal.out.len();
        self.audit
            .item(&mut self.journal.out, &Item::Loss(loss.clone()));
        self.enrich(start);
        if self.rules.tells_losses() {
            self.told.add(loss);
            self.told.now().iter().for_each(|line| tell(line));
        }
    }

    /// Writes a record that is no event of the source.
    fn record(&mut self, kind: &str, text: &[u8]) {
        let start = self.journal.out.len();
        self.audit
            .record(&mut self.journal.out, now().wall_ns, kind, text);
        self.exclude(start, None);
        self.enrich(start);
    }

    fn flush(&mut self) {
        self.journal.flush(&self.settings);
    }

    fn housekeeping(&mut self, settings: &Settings) {
        if self.journal.is_stuck() {
            self.journal.retry(settings);
        }
        self.journal.check_space(settings);
        self.tell_losses();
        self.flush();
    }

    /// Writes what was lost since the last time, once it can be written.
    fn tell_losses(&mut self) {
        let limited = self.rate.take_refused();
        for (count, reason) in [
            (self.journal.take_lost(), LossReason::Output),
            (limited, LossReason::RateLimit),
        ] {
            if count > 0 {
                if reason == LossReason::Output {
                    *self.account.lost.entry(reason).or_default() += count;
                }
                self.loss(&Loss {
                    time: now(),
                    cpu: None,
                    count: Some(count),
                    reason,
                });
            }
        }
        self.told.now().iter().for_each(|line| tell(line));
    }
}

/// This moment.
fn now() -> crate::event::Time {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    crate::event::Time {
        wall_ns: since.map_or(0, |d| d.as_nanos() as u64),
        mono_ns: 0,
    }
}
