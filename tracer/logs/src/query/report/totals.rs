//! The summary: how much of everything there is in a log.

use std::collections::HashSet;

use foldhash::fast::RandomState;

use super::{
    Selection,
    tally::{Tally, files, host, keys},
};
use crate::{
    query::{items::Items, wanted},
    records::Value,
    replay::{Event, Worker},
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
    pub processes: HashSet<u32, RandomState>,
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
            ("process IDs", "processes", self.processes.len() as u64),
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
            (&mut self.terminals, other.terminals),
            (&mut self.hosts, other.hosts),
            (&mut self.executables, other.executables),
            (&mut self.commands, other.commands),
            (&mut self.files, other.files),
            (&mut self.users, other.users),
            (&mut self.keys, other.keys),
        ] {
            tally.append(more);
        }
        self.processes.extend(other.processes);
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
        if let Some(user) = items.auid {
            let mut digits = itoa::Buffer::new();
            self.users.add(digits.format(user).as_bytes(), at);
        }
        self.processes.extend(items.pid);
        host(&mut self.hosts, items, at);
        files(&mut self.files, items, at);
        keys(&mut self.keys, items, at);
        if items.success == Some(false) && items.syscall.is_some() {
            self.failed_calls += 1;
        }
    }

    /// What the types of the records tell. Each counts once for an event, however many of its
    /// records have it: a call that was refused several things is one decision.
    fn types(&mut self, event: &Event<'_>, items: &Items<'_>) {
        let mut seen = 0_u32;
        for record in event.records() {
            // What nearly all records are counts for nothing.
            if !matches!(record.kind.0, 1300 | 1302 | 1307 | 1309 | 1320 | 1327) {
                seen |= class(record.kind.0);
            }
        }
        if seen == 0 {
            return;
        }
        let has = |class: u32| u64::from(seen & class != 0);
        let failed = u64::from(items.success == Some(false));
        let succeeded = u64::from(items.success == Some(true));
        self.logins += has(LOGIN) * succeeded;
        self.failed_logins += has(LOGIN) * failed;
        self.authentications += has(AUTHENTICATION) * succeeded;
        self.failed_authentications += has(AUTHENTICATION | MANAGEMENT) * failed;
        self.avcs += has(AVC);
        self.integrity += has(INTEGRITY);
        self.anomalies += has(ANOMALY) + has(KERNEL_ANOMALY);
        self.responses += has(RESPONSE);
        self.crypto += has(CRYPTO);
        self.virtualization += has(VIRTUALIZATION);
        self.config += u64::from((seen & CONFIG).count_ones()) + has(MAC);
        self.accounts += u64::from((seen & ACCOUNT).count_ones());
        self.mac += has(MAC) + has(LABELS);
    }
}

const LOGIN: u32 = 1;
const AUTHENTICATION: u32 = 1 << 1;
const AVC: u32 = 1 << 2;
const INTEGRITY: u32 = 1 << 3;
const ANOMALY: u32 = 1 << 4;
const KERNEL_ANOMALY: u32 = 1 << 5;
const RESPONSE: u32 = 1 << 6;
const CRYPTO: u32 = 1 << 7;
const VIRTUALIZATION: u32 = 1 << 8;
const MAC: u32 = 1 << 9;
const LABELS: u32 = 1 << 10;
const MANAGEMENT: u32 = 1 << 11;
/// Changes of accounts: by a password, a user or group, its management, a group's, a role.
const ACCOUNT: u32 = MANAGEMENT | 0xf << 12;
/// Changes of configurations, one bit for each type but those of security modules.
const CONFIG: u32 = 0x3f << 16;

/// What a type of record counts for.
fn class(kind: u16) -> u32 {
    match kind {
        1112 => LOGIN,
        1100 | 1126 => AUTHENTICATION,
        1400 | 1107 => AVC,
        1800..=1899 => INTEGRITY,
        2100..=2199 => ANOMALY,
        1700..=1799 => KERNEL_ANOMALY,
        2200..=2299 => RESPONSE,
        1600..=1699 | 2400..=2499 => CRYPTO,
        2500..=2599 => VIRTUALIZATION,
        1403..=1417 => MAC,
        1102 => MANAGEMENT,
        1108 => 1 << 12,
        1114..=1117 => 1 << 13,
        1132 => 1 << 14,
        2301 | 2302 => LABELS | 1 << 15,
        2312 => LABELS | 1 << 16,
        2300..=2399 => LABELS,
        1305 => 1 << 17,
        1203 => 1 << 18,
        1111 => 1 << 19,
        1325 => 1 << 20,
        1328 => 1 << 21,
        _ => 0,
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
        let selection = self.selection;
        selection.with_items(event, &wanted::SUMMED, |items| {
            self.totals.add(event, items);
        });
    }

    fn block(&mut self) {}
}
