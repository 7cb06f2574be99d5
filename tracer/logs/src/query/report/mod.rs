//! Reports: what happened in a log, as aureport tells it. Which events belong to a report, its title
//! and its columns are one table.

mod page;
mod row;
mod tally;
mod totals;

pub use page::{Page, PageWorker};
pub use row::Rows;
pub use tally::{Tally, TallyWorker};
pub use totals::{Totals, TotalsWorker};

use super::{
    interpret::{Interpreter, Readable},
    items::Items,
    wanted::{self, Wanted},
};
use crate::{records::RecordType, replay::Event};

/// What a report is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is what it says")]
pub enum Subject {
    Avc,
    Mac,
    Integrity,
    Virtualization,
    Config,
    Authentication,
    Login,
    Account,
    Event,
    File,
    Host,
    Pid,
    Syscall,
    Terminal,
    User,
    Executable,
    Command,
    Anomaly,
    Response,
    Crypto,
    Key,
    Tty,
}

/// How a report looks.
#[derive(Debug)]
pub struct Look {
    /// The subject.
    pub subject: Subject,
    /// Title of the list of events.
    pub title: &'static str,
    /// Its columns.
    pub columns: &'static str,
    /// Length of the line above the columns, and of the one below.
    lines: (usize, usize),
    /// Title of the sums, what is summed, and the length of the lines. `None`: there are none.
    sums: Option<(&'static str, &'static str, usize)>,
}

/// Every report.
#[rustfmt::skip]
pub static LOOKS: [Look; 22] = [
    look(Subject::Avc, "AVC Report", "date time comm subj syscall class permission obj result event", (63, 63), Some(("Avc Object", "obj", 33))),
    look(Subject::Mac, "MAC Report", "date time auid type success event", (35, 35), Some(("MAC", "type", 18))),
    look(Subject::Integrity, "Integrity Report", "date time type success event", (30, 30), Some(("Integrity", "type", 24))),
    look(Subject::Virtualization, "Virtualization Report", "date time type success event", (30, 30), Some(("Virtualization", "type", 29))),
    look(Subject::Config, "Config Change Report", "date time type auid success event", (35, 35), Some(("Config Change", "type", 28))),
    look(Subject::Authentication, "Authentication Report", "date time acct host term exe success event", (44, 44), Some(("Authentication", "acct", 29))),
    look(Subject::Login, "Login Report", "date time auid host term exe success event", (44, 44), Some(("Login", "auid", 28))),
    look(Subject::Account, "Account Modifications Report", "date time auid addr term exe acct success event", (49, 49), Some(("Acct Modification", "type", 32))),
    look(Subject::Event, "Event Report", "date time event type auid success", (35, 35), Some(("Event", "type", 22))),
    look(Subject::File, "File Report", "date time file syscall success exe auid event", (47, 47), Some(("File", "file", 27))),
    look(Subject::Host, "Host Report", "date time host syscall auid event", (35, 35), Some(("Host", "host", 27))),
    look(Subject::Pid, "Process ID Report", "date time pid exe syscall auid event", (38, 38), Some(("Pid", "pid", 26))),
    look(Subject::Syscall, "Syscall Report", "date time syscall pid comm auid event", (39, 39), Some(("Syscall", "syscall", 26))),
    look(Subject::Terminal, "Terminal Report", "date time term host exe auid event", (36, 36), Some(("Terminal", "terminal", 31))),
    look(Subject::User, "User ID Report", "date time auid term host exe event", (36, 36), Some(("User", "auid", 27))),
    look(Subject::Executable, "Executable Report", "date time exe term host auid event", (36, 36), Some(("Executable", "file", 33))),
    look(Subject::Command, "Command Report", "date time comm term host auid event", (36, 37), Some(("Command", "command", 33))),
    look(Subject::Anomaly, "Anomaly Report", "date time type exe term host auid event", (41, 41), Some(("Anomaly", "type", 22))),
    look(Subject::Response, "Response to Anomaly Report", "date time type success event", (30, 30), Some(("Anomaly Response", "type", 31))),
    look(Subject::Crypto, "Crypto Report", "date time auid type success event", (35, 35), Some(("Crypto", "type", 21))),
    look(Subject::Key, "Key Report", "date time key success exe auid event", (47, 47), Some(("Key", "key", 27))),
    look(Subject::Tty, "TTY Report", "date time event auid term sess comm data", (47, 47), None),
];

const fn look(
    subject: Subject,
    title: &'static str,
    columns: &'static str,
    lines: (usize, usize),
    sums: Option<(&'static str, &'static str, usize)>,
) -> Look {
    Look {
        subject,
        title,
        columns,
        lines,
        sums,
    }
}

impl Look {
    /// Of this subject.
    pub fn of(subject: Subject) -> &'static Self {
        LOOKS
            .iter()
            .find(|look| look.subject == subject)
            .unwrap_or(&LOOKS[0])
    }

    /// What stands above the list of events.
    pub fn head(&self) -> String {
        let (above, below) = (bar(self.lines.0), bar(self.lines.1));
        format!("\n{}\n{above}\n# {}\n{below}\n", self.title, self.columns)
    }

    /// What stands above the sums; `None` when this report has no sums.
    pub fn sums_head(&self, only: Option<bool>) -> Option<String> {
        let (title, what, length) = self.sums?;
        let bar = bar(length);
        Some(format!(
            "\n{}{title} Summary Report\n{bar}\ntotal  {what}\n{bar}\n",
            only_word(only)
        ))
    }

    /// What is summed.
    pub fn summed(&self) -> Option<&'static str> {
        self.sums.map(|(_, what, _)| what)
    }
}

fn bar(length: usize) -> String {
    "=".repeat(length)
}

/// What a report that leaves events out has in front of its title.
pub(super) fn only_word(only: Option<bool>) -> &'static str {
    match only {
        None => "",
        Some(true) => "Success ",
        Some(false) => "Failed ",
    }
}

/// Which events a report is made of.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Only what succeeded, or what failed.
    pub success: Option<bool>,
    /// Not the changes of the audit configuration.
    pub no_config: bool,
    /// Only of these machines.
    pub nodes: Vec<String>,
}

impl Selection {
    /// Hands on an event that is selected, and the items that are wanted of it.
    fn with_items<'a>(&self, event: &Event<'a>, wanted: &Wanted, take: impl FnOnce(&Items<'a>)) {
        let is_here = |node: &[u8]| self.nodes.iter().any(|wanted| wanted.as_bytes() == node);
        if !self.nodes.is_empty() && !event.node().is_some_and(is_here) {
            return;
        }
        if self.no_config && event.kind() == RecordType::CONFIG_CHANGE {
            return;
        }
        // Which are selected is one of the items.
        let wanted = if self.success.is_some() {
            &wanted::ALL
        } else {
            wanted
        };
        let items = Items::some(event, wanted);
        if self.success.is_none() || self.success == items.success {
            take(&items);
        }
    }
}

impl Subject {
    /// What the sums of this report are made of.
    fn summed(self) -> &'static Wanted {
        match self {
            Self::File => &wanted::FILES,
            Self::Executable => &wanted::EXE,
            Self::Command => &wanted::COMM,
            Self::Terminal => &wanted::TERMINAL,
            Self::Key => &wanted::KEYS,
            Self::Pid => &wanted::PID,
            _ => &wanted::ALL,
        }
    }

    /// Does an event belong to this report?
    fn has(self, event: &Event<'_>, items: &Items<'_>) -> bool {
        let any = |wanted: &dyn Fn(u16) -> bool| event.records().any(|r| wanted(r.kind.0));
        match self {
            Self::Avc => any(&|kind| matches!(kind, 1400 | 1107)),
            Self::Mac => any(&|kind| is_mac(kind) || matches!(kind, 2300..=2399)),
            Self::Integrity => any(&|kind| matches!(kind, 1800..=1899)),
            Self::Virtualization => any(&|kind| matches!(kind, 2500..=2599)),
            Self::Config => any(&is_config),
            Self::Authentication => {
                // Of changes of accounts only those that were refused.
                any(&|kind| kind == 1100)
                    || (any(&|kind| kind == 1102) && items.success == Some(false))
            }
            Self::Login => any(&|kind| kind == 1112),
            Self::Account => any(&is_account),
            Self::Event => true,
            Self::File => !items.files.is_empty(),
            Self::Host => items.host.is_some(),
            Self::Pid => items.pid.is_some(),
            Self::Syscall => items.syscall.is_some(),
            Self::Terminal => items.terminal.is_some(),
            Self::User => items.uid.is_some(),
            Self::Executable => items.exe.is_some(),
            Self::Command => items.comm.is_some(),
            Self::Anomaly => any(&|kind| matches!(kind, 2100..=2199 | 1700..=1799 | 1326)),
            Self::Response => any(&|kind| matches!(kind, 2200..=2299)),
            Self::Crypto => any(&|kind| matches!(kind, 1600..=1699 | 2400..=2499)),
            Self::Key => items.keys.first().is_some_and(|key| !key.is_null()),
            Self::Tty => matches!(event.kind(), RecordType::TTY | RecordType::USER_TTY),
        }
    }
}

/// Changes of policies of security modules, and of labelled networking.
fn is_mac(kind: u16) -> bool {
    matches!(kind, 1403..=1417)
}

/// Changes of configurations.
fn is_config(kind: u16) -> bool {
    matches!(kind, 1305 | 1203 | 1111 | 1325 | 1328 | 2312) || is_mac(kind)
}

/// Changes of accounts, groups and roles.
fn is_account(kind: u16) -> bool {
    matches!(kind, 1108 | 1114..=1117 | 1102 | 1132 | 2301 | 2302)
}

/// Prints the values that reports have in common.
#[derive(Debug)]
struct Values {
    interpret: bool,
    interpreter: Interpreter,
}

impl Values {
    fn new(interpret: bool, how: &Readable) -> Self {
        Self {
            interpret,
            interpreter: Interpreter::new(how),
        }
    }

    /// A user id.
    fn user(&mut self, out: &mut Vec<u8>, id: Option<u32>, names: &[u8], field: &[u8]) {
        // auditd's tools have one number for no login user, and another for no word of one.
        if id.is_none() && field == b"auid" {
            let none: &[u8] = if self.interpret {
                b"unknown(-2)"
            } else {
                b"-2"
            };
            return out.extend_from_slice(none);
        }
        let id = id.unwrap_or(u32::MAX);
        if !self.interpret {
            return out.extend_from_slice((id as i32).to_string().as_bytes());
        }
        match crate::records::enriched(names, field).filter(|_| id != u32::MAX) {
            Some(name) => {
                let mut text = Vec::new();
                crate::records::Value::untrusted(name).append_to(&mut text);
                self.interpreter.escape.write(out, &text);
            }
            None => self.interpreter.uid(out, id),
        }
    }

    /// A system call.
    fn call(&self, out: &mut Vec<u8>, items: &Items<'_>) {
        let number = items.syscall.unwrap_or_default();
        let name = self
            .interpret
            .then(|| super::interpret::call_name(items.arch?, number))
            .flatten();
        match name {
            Some(name) => out.extend_from_slice(name.as_bytes()),
            // Without a call there is no table to look in.
            None if self.interpret && items.syscall.is_none() => out.push(b'?'),
            None => out.extend_from_slice(number.to_string().as_bytes()),
        }
    }
}

/// What came of something.
fn success_word(success: Option<bool>) -> &'static str {
    match success {
        None => "unset",
        Some(false) => "no",
        Some(true) => "yes",
    }
}
