//! The summary: how much of everything there is in a log.

use super::{
    Selection, is_account, is_config, is_mac,
    tally::{Tally, files, host, keys},
};
use crate::{
    query::items::Items,
    records::Value,
    source::replay::{Event, Worker},
};

/// The sums.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "the names are those of the summary's lines")]
pub struct Totals {
    pub config: u64,
    pub accounts: u64,
    pub logins: u64,
    pub failed_logins: u64,
    pub authentications: u64,
    pub failed_authentications: u64,
    pub users: Tally,
    pub terminals: Tally,
    pub hosts: Tally,
    pub executables: Tally,
    pub commands: Tally,
    pub files: Tally,
    pub avcs: u64,
    pub mac: u64,
    pub failed_calls: u64,
    pub anomalies: u64,
    pub responses: u64,
    pub crypto: u64,
    pub integrity: u64,
    pub virtualization: u64,
    pub keys: Tally,
    pub processes: Tally,
    pub events: u64,
}

impl Totals {
    /// Every line of the summary: what it says, its name in JSON, and the sum.
    pub fn lines(&self) -> [(&'static str, &'static str, u64); 23] {
        let count = |tally: &Tally| tally.len() as u64;
        [
            ("changes in configuration", "config_changes", self.config),
            (
                "changes to accounts, groups, or roles",
                "account_changes",
                self.accounts,
            ),
            ("logins", "logins", self.logins),
            ("failed logins", "failed_logins", self.failed_logins),
            ("authentications", "authentications", self.authentications),
            (
                "failed authentications",
                "failed_authentications",
                self.failed_authentications,
            ),
            ("users", "users", count(&self.users)),
            ("terminals", "terminals", count(&self.terminals)),
            ("host names", "hosts", count(&self.hosts)),
            ("executables", "executables", count(&self.executables)),
            ("commands", "commands", count(&self.commands)),
            ("files", "files", count(&self.files)),
            ("AVC's", "avcs", self.avcs),
            ("MAC events", "mac_events", self.mac),
            ("failed syscalls", "failed_syscalls", self.failed_calls),
            ("anomaly events", "anomalies", self.anomalies),
            ("responses to anomaly events", "responses", self.responses),
            ("crypto events", "crypto_events", self.crypto),
            ("integrity events", "integrity_events", self.integrity),
            ("virt events", "virt_events", self.virtualization),
            ("keys", "keys", count(&self.keys)),
            ("process IDs", "processes", count(&self.processes)),
            ("events", "events", self.events),
        ]
    }

    /// Adds the sums of another thread.
    pub fn append(&mut self, other: Self) {
        for (sum, more) in [
            (&mut self.config, other.config),
            (&mut self.accounts, other.accounts),
            (&mut self.logins, other.logins),
            (&mut self.failed_logins, other.failed_logins),
            (&mut self.authentications, other.authentications),
            (
                &mut self.failed_authentications,
                other.failed_authentications,
            ),
            (&mut self.avcs, other.avcs),
            (&mut self.mac, other.mac),
            (&mut self.failed_calls, other.failed_calls),
            (&mut self.anomalies, other.anomalies),
            (&mut self.responses, other.responses),
            (&mut self.crypto, other.crypto),
            (&mut self.integrity, other.integrity),
            (&mut self.virtualization, other.virtualization),
            (&mut self.events, other.events),
        ] {
            *sum += more;
        }
        for (tally, more) in [
            (&mut self.users, other.users),
            (&mut self.terminals, other.terminals),
            (&mut self.hosts, other.hosts),
            (&mut self.executables, other.executables),
            (&mut self.commands, other.commands),
            (&mut self.files, other.files),
            (&mut self.keys, other.keys),
            (&mut self.processes, other.processes),
        ] {
            tally.append(more);
        }
    }

    /// Counts an event.
    pub fn add(&mut self, event: &Event<'_>, items: &Items<'_>) {
        self.events += 1;
        self.types(event, items);
        let at = event.offset();
        let mut scratch = Vec::new();
        let mut string = |tally: &mut Tally, value: Option<Value<'_>>| {
            if let Some(value) = value {
                tally.add(value.decode(&mut scratch), at);
            }
        };
        string(&mut self.terminals, items.terminal);
        string(&mut self.executables, items.exe);
        string(&mut self.commands, items.comm);
        let number = |tally: &mut Tally, number: Option<u32>| {
            if let Some(number) = number {
                tally.add(itoa::Buffer::new().format(number).as_bytes(), at);
            }
        };
        number(&mut self.users, items.auid);
        number(&mut self.processes, items.pid);
        host(&mut self.hosts, items, at);
        files(&mut self.files, items, at);
        keys(&mut self.keys, items, at);
        if items.success == Some(false) && items.syscall.is_some() {
            self.failed_calls += 1;
        }
    }

    /// What the types of the records tell.
    fn types(&mut self, event: &Event<'_>, items: &Items<'_>) {
        let failed = u64::from(items.success == Some(false));
        let succeeded = u64::from(items.success == Some(true));
        for record in event.records() {
            match record.kind.0 {
                // What nearly all records are.
                1300 | 1302 | 1307 | 1309 | 1320 | 1327 => {}
                1112 => {
                    self.logins += succeeded;
                    self.failed_logins += failed;
                }
                1100 | 1126 => {
                    self.authentications += succeeded;
                    self.failed_authentications += failed;
                }
                1400 | 1107 => self.avcs += 1,
                1800..=1899 => self.integrity += 1,
                1700..=1799 | 2100..=2199 => self.anomalies += 1,
                2200..=2299 => self.responses += 1,
                1600..=1699 | 2400..=2499 => self.crypto += 1,
                2500..=2599 => self.virtualization += 1,
                kind => {
                    self.config += u64::from(is_config(kind));
                    self.accounts += u64::from(is_account(kind));
                    self.mac += u64::from(is_mac(kind) || (2300..=2399).contains(&kind));
                    if kind == 1102 {
                        self.failed_authentications += failed;
                    }
                }
            }
        }
    }
}

/// Counts everything.
#[derive(Debug)]
pub struct TotalsWorker<'r> {
    selection: &'r Selection,
    /// The sums.
    pub totals: Totals,
}

impl<'r> TotalsWorker<'r> {
    /// Of these events.
    pub fn new(selection: &'r Selection) -> Self {
        Self {
            selection,
            totals: Totals::default(),
        }
    }
}

impl Worker for TotalsWorker<'_> {
    type Made = ();

    fn event(&mut self, event: &Event<'_>) {
        if let Some(items) = self.selection.items(event) {
            self.totals.add(event, &items);
        }
    }

    fn block(&mut self) {}
}
