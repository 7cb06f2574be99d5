//! `inotifywatch`: counts events per watched file or directory, and prints a table.

use std::{
    collections::HashMap,
    ffi::OsString,
    io::{self, Write},
    os::fd::AsFd,
    process::ExitCode,
    time::{Duration, Instant},
};

use clap::{Parser, builder::Styles};
use nix::sys::{
    signal::{SigSet, Signal},
    signalfd::{SfdFlags, SignalFd},
};
use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::{Common, FAILURE, Names, Refusal, Task, parse, plain, print_help};
use crate::{
    cli::live::{complain, one_line},
    event::{Event, Item, notice},
    format::Shown,
    source::Source,
};

/// Count events on files and directories.
#[derive(Debug, Parser)]
#[command(
    name = "inotifywatch",
    disable_help_flag = true,
    infer_long_args = true,
    styles = Styles::plain(),
    max_term_width = 100
)]
#[command(after_help = "\
Ends after --timeout, with Ctrl-C or SIGTERM, and prints its table then; SIGUSR1 prints it at once.

Exit status: 0 done; 1 an error.

Examples:
  inotifywatch -r -t 60 /srv/data        a minute of a tree
  inotifywatch -e access -e modify -d modify ~/src

This is tracer under the name of inotifywatch; `tracer top` shows it live, and who did it.")]
pub(super) struct WatchArgs {
    #[command(flatten)]
    common: Common,
    /// Say more on standard error
    #[arg(short, long, action = clap::ArgAction::Count)]
    verbose: u8,
    /// Also rows and columns of nothing but zeros
    #[arg(short, long, action = clap::ArgAction::Count)]
    zero: u8,
    /// Sort by this event or by `total`, the smallest first
    #[arg(short, long, value_name = "EVENT")]
    ascending: Vec<String>,
    /// Sort by this event or by `total`, the largest first (total, if nothing is given)
    #[arg(short, long, value_name = "EVENT")]
    descending: Vec<String>,
}

/// The columns behind the total, in order.
const COLUMNS: [(&str, u32); 13] = [
    ("access", notice::ACCESS),
    ("modify", notice::MODIFY),
    ("attrib", notice::ATTRIB),
    ("close_write", notice::CLOSE_WRITE),
    ("close_nowrite", notice::CLOSE_NOWRITE),
    ("open", notice::OPEN),
    ("moved_from", notice::MOVED_FROM),
    ("moved_to", notice::MOVED_TO),
    ("move_self", notice::MOVE_SELF),
    ("create", notice::CREATE),
    ("delete", notice::DELETE),
    ("delete_self", notice::DELETE_SELF),
    ("unmount", notice::UNMOUNT),
];

/// What the rows are sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Order {
    /// A column; the total, if none.
    column: Option<usize>,
    ascending: bool,
}

impl WatchArgs {
    fn order(&self, asked: u32) -> Result<Order, Refusal> {
        let (key, ascending) = match (&self.ascending[..], &self.descending[..]) {
            ([], []) => ("total", false),
            ([key], []) => (key.as_str(), true),
            ([], [key]) => (key.as_str(), false),
            _ => return Err(Refusal("Please specify -a or -d once only!".to_owned())),
        };
        let key = key.to_ascii_lowercase();
        let advice = match key.as_str() {
            "total" => {
                return Ok(Order {
                    column: None,
                    ascending,
                });
            }
            "move" => Some("`moved_from' or `moved_to'"),
            "close" => Some("`close_write' or `close_nowrite'"),
            _ => None,
        };
        if let Some(use_instead) = advice {
            return Err(Refusal(format!(
                "Cannot sort by `{key}' event; please use {use_instead}."
            )));
        }
        let column = COLUMNS
            .iter()
            .position(|(name, _)| *name == key)
            .ok_or_else(|| Refusal(format!("'{key}' is not a valid key for sorting!")))?;
        if COLUMNS[column].1 & asked == 0 {
            let text = "Can't sort by an event which isn't being watched for!";
            return Err(Refusal(text.to_owned()));
        }
        Ok(Order {
            column: Some(column),
            ascending,
        })
    }
}

/// Counts of one watched file or directory.
type Row = [u64; COLUMNS.len() + 1];

/// The counts.
struct Table {
    names: Names,
    shown: Shown,
    asked: u32,
    order: Order,
    with_zeros: bool,
    rows: HashMap<Vec<u8>, Row>,
    name: Vec<u8>,
}

impl Table {
    fn take(&mut self, item: &Item) {
        if let Item::Event(event) = item {
            self.count(event);
        }
    }

    fn count(&mut self, event: &Event) {
        let name_at = self.shown.split(event, &mut self.name);
        if !self.names.has(&self.name) {
            return;
        }
        let mask = event.as_notice().mask;
        let row = match self.rows.get_mut(&self.name[..name_at]) {
            Some(row) => row,
            None => self
                .rows
                .entry(self.name[..name_at].to_vec())
                .or_insert([0; COLUMNS.len() + 1]),
        };
        row[0] += 1;
        for (at, (_, bits)) in COLUMNS.iter().enumerate() {
            row[at + 1] += u64::from(mask & bits != 0);
        }
    }

    fn print(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut sums = [0; COLUMNS.len() + 1];
        for row in self.rows.values() {
            for (sum, n) in sums.iter_mut().zip(row) {
                *sum += n;
            }
        }
        if sums[0] == 0 {
            errln!("No events occurred.");
            return Ok(());
        }
        let columns: Vec<_> = COLUMNS
            .iter()
            .enumerate()
            .filter(|(at, (_, bits))| {
                self.asked & bits != 0 && (self.with_zeros || sums[at + 1] > 0)
            })
            .map(|(at, (name, _))| (at + 1, *name))
            .collect();
        write!(out, "total  ")?;
        for (_, name) in &columns {
            write!(out, "{name}  ")?;
        }
        writeln!(out, "filename")?;
        for (name, row) in self.sorted() {
            write!(out, "{:<5}  ", row[0])?;
            for (at, column) in &columns {
                write!(out, "{:<width$}  ", row[*at], width = column.len())?;
            }
            out.write_all(name)?;
            writeln!(out)?;
        }
        Ok(())
    }

    /// Rows in their order; of two that are equal, what is below comes first.
    fn sorted(&self) -> Vec<(&Vec<u8>, &Row)> {
        let key = |row: &Row| row[self.order.column.map_or(0, |column| column + 1)];
        let mut rows: Vec<_> = self
            .rows
            .iter()
            .filter(|(_, row)| self.with_zeros || row[0] > 0)
            .collect();
        rows.sort_by(|(a_name, a), (b_name, b)| {
            let by_key = if self.order.ascending {
                key(a).cmp(&key(b))
            } else {
                key(b).cmp(&key(a))
            };
            by_key.then_with(|| b_name.cmp(a_name))
        });
        rows
    }
}

/// Runs `inotifywatch` with these arguments, its name first.
pub(in crate::cli) fn main(args: Vec<OsString>) -> ExitCode {
    let args: WatchArgs = match parse("inotifywatch", args) {
        Ok(args) => args,
        Err(code) => return code,
    };
    if args.common.help {
        return print_help::<WatchArgs>();
    }
    match run(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Refusal(text)) => {
            complain(&text);
            FAILURE.into()
        }
    }
}

fn run(args: &WatchArgs) -> Result<(), Refusal> {
    let task = args.common.task()?;
    let order = args.order(task.asked)?;
    errln!("Establishing watches...");
    if args.verbose > 0 && args.common.recursive > 0 {
        for root in &task.roots {
            let given = root.given.display().to_string();
            errln!("Setting up watch(es) on {}", one_line(&given));
        }
    }
    let mut source = task.open(true, "Failed to watch")?;
    if args.verbose > 0 {
        errln!("Total of {} watches.", source.watches());
    }
    errln!("Finished establishing watches, now collecting statistics.");
    if let (Some(seconds), true) = (task.timeout, args.verbose > 0) {
        errln!("Will listen for events for {seconds} seconds.");
    }
    let failed = |error: nix::Error| Refusal(error.desc().to_owned());
    let mut set = SigSet::empty();
    for signal in [
        Signal::SIGINT,
        Signal::SIGHUP,
        Signal::SIGTERM,
        Signal::SIGUSR1,
    ] {
        set.add(signal);
    }
    set.thread_block().map_err(failed)?;
    let flags = SfdFlags::SFD_NONBLOCK | SfdFlags::SFD_CLOEXEC;
    let signals = SignalFd::with_flags(&set, flags).map_err(failed)?;
    let table = collect(&task, order, args.zero > 0, &mut source, &signals)?;
    print(&table, b"")
}

/// Prints the table, and behind it an end.
fn print(table: &Table, end: &[u8]) -> Result<(), Refusal> {
    let mut text = Vec::new();
    let printed = table
        .print(&mut text)
        .and_then(|()| text.write_all(end))
        .and_then(|()| io::stdout().write_all(&text))
        .and_then(|()| io::stdout().flush());
    printed.or_else(|error| match error.kind() {
        io::ErrorKind::BrokenPipe => Ok(()),
        _ => Err(Refusal(plain(&error))),
    })
}

/// Counts until it is time or a signal comes.
fn collect(
    task: &Task,
    order: Order,
    with_zeros: bool,
    source: &mut dyn Source,
    signals: &SignalFd,
) -> Result<Table, Refusal> {
    let mut table = Table {
        names: task.names.clone(),
        shown: task.shown.clone(),
        asked: task.asked,
        order,
        with_zeros,
        rows: HashMap::new(),
        name: Vec::new(),
    };
    let failed = |error: anyhow::Error| Refusal(format!("{error:#}"));
    let start = Instant::now();
    loop {
        source.read(&mut |item| table.take(&item)).map_err(failed)?;
        source
            .take_warnings()
            .iter()
            .for_each(|warning| errln!("{}", one_line(warning)));
        match signals.read_signal() {
            Ok(Some(info)) if info.ssi_signo == Signal::SIGUSR1 as u32 => {
                print(&table, b"\n")?;
            }
            Ok(Some(_)) => break,
            Ok(None) | Err(_) => (),
        }
        let left = task
            .timeout
            .map(|seconds| Duration::from_secs(seconds).saturating_sub(start.elapsed()));
        if left.is_some_and(|left| left.is_zero()) {
            break;
        }
        let longest = source.longest_sleep();
        let span = Timespec::try_from(left.map_or(longest, |left| left.min(longest))).ok();
        let (fd, signal_fd) = (source.fd(), signals.as_fd());
        let mut fds = [
            PollFd::from_borrowed_fd(fd, PollFlags::IN),
            PollFd::from_borrowed_fd(signal_fd, PollFlags::IN),
        ];
        match poll(&mut fds, span.as_ref()) {
            Ok(_) | Err(rustix::io::Errno::INTR) => (),
            Err(error) => return Err(Refusal(plain(&error.into()))),
        }
    }
    source
        .finish(&mut |item| table.take(&item))
        .map_err(failed)?;
    Ok(table)
}
