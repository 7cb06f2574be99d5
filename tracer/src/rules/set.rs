//! The rules in force, in order, with the control values. Changes are made on a copy and put in
//! place whole, so that nothing is ever half-loaded.

use std::collections::HashSet;

use super::{
    ast::{AuditRule, List},
    parse::{Command, Control},
};

/// The values of the control options.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Controls {
    /// `-e`: 0 off, 1 on, 2 locked.
    pub enabled: u32,
    /// `-f`: what a loss leads to: 0 nothing, 1 a message, 2 panic (which tracer refuses).
    pub failure: u32,
    /// `-r`: events a second, 0 without limit.
    pub rate_limit: u32,
    /// `-b`: kept for the listing; the ring buffer's size is in `tracer.toml`.
    pub backlog_limit: u32,
    /// `--backlog_wait_time`: kept for the listing; tracer never makes a process wait.
    pub backlog_wait_time: u32,
}

impl Default for Controls {
    fn default() -> Self {
        Self {
            enabled: 1,
            failure: 1,
            rate_limit: 0,
            backlog_limit: 64,
            backlog_wait_time: 15_000,
        }
    }
}

/// Rules and controls.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleSet {
    rules: Vec<AuditRule>,
    /// Control values.
    pub controls: Controls,
}

/// Why a change was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The same rule is there already.
    #[error("there is such a rule already: `tracer rules list` shows those in force")]
    Exists,
    /// There is no such rule.
    #[error("there is no such rule: `tracer rules list` shows those in force")]
    NotFound,
    /// `-e 2`
    #[error("the rules are locked (-e 2) until the daemon is restarted")]
    Locked,
    /// `-f 2`
    #[error("tracer does not panic the machine; use -f 0 or -f 1")]
    Panic,
    /// `--loginuid-immutable`
    #[error(
        "tracer cannot keep login ids from being changed, which only the kernel's audit can: leave \
         --loginuid-immutable out, and have the real auditctl do it"
    )]
    LoginuidImmutable,
    /// `-q`
    #[error(
        "tracer does not take one tree for a part of another: leave -q out, and add a rule for the \
         other tree, too (-w PATH)"
    )]
    Subtree,
}

impl Refused {
    /// In the words that the kernel's answer has in auditctl, with the reason where they have none.
    pub fn as_of_kernel(self) -> String {
        match self {
            Self::Exists => "Rule exists".to_owned(),
            Self::NotFound => "No such file or directory".to_owned(),
            Self::Locked => format!("Operation not permitted: {self}"),
            Self::Panic | Self::LoginuidImmutable | Self::Subtree => {
                format!("Operation not supported: {self}")
            }
        }
    }
}

/// One change, for a `CONFIG_CHANGE` record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A rule was added.
    Added(AuditRule),
    /// A rule was removed.
    Removed(AuditRule),
    /// A control value: its name in the record, new and old value.
    Set(&'static str, u32, u32),
}

impl RuleSet {
    /// The rules in order.
    pub fn rules(&self) -> &[AuditRule] {
        &self.rules
    }

    /// How many rules of another set this one does not have.
    pub fn lacks_of(&self, other: &Self) -> usize {
        let own: HashSet<&AuditRule> = self.rules.iter().collect();
        let lacks = other.rules.iter().filter(|rule| !own.contains(rule));
        lacks.count()
    }

    /// Are changes refused?
    pub fn is_locked(&self) -> bool {
        self.controls.enabled == 2
    }

    /// Makes a change. Commands that change nothing (listing, status, messages) are ignored.
    pub fn apply(&mut self, command: &Command) -> Result<Vec<Change>, Refused> {
        let changes = matches!(
            command,
            Command::Add { .. }
                | Command::Delete(_)
                | Command::DeleteAll(_)
                | Command::Control(
                    Control::Enabled(_)
                        | Control::Failure(_)
                        | Control::Rate(_)
                        | Control::Backlog(_)
                        | Control::BacklogWait(_)
                        | Control::LoginuidImmutable
                )
        );
        if changes && self.is_locked() {
            return Err(Refused::Locked);
        }
        match command {
            Command::Add { rule, first } => self.add(rule, *first).map(|change| vec![change]),
            Command::Delete(rule) => self.delete(rule).map(|change| vec![change]),
            Command::DeleteAll(key) => Ok(self.delete_all(key.as_deref())),
            Command::Control(control) => self.control(*control).map(|c| c.into_iter().collect()),
            Command::Subtree => Err(Refused::Subtree),
            Command::List(_)
            | Command::Read(_)
            | Command::Message(_)
            | Command::Status
            | Command::Trees
            | Command::Signal(_)
            | Command::Version
            | Command::Help => Ok(Vec::new()),
        }
    }

    fn add(&mut self, rule: &AuditRule, first: bool) -> Result<Change, Refused> {
        if self.rules.contains(rule) {
            return Err(Refused::Exists);
        }
        let at = if first { 0 } else { self.rules.len() };
        self.rules.insert(at, rule.clone());
        Ok(Change::Added(rule.clone()))
    }

    fn delete(&mut self, rule: &AuditRule) -> Result<Change, Refused> {
        let at = self.rules.iter().position(|r| r == rule);
        let at = at.ok_or(Refused::NotFound)?;
        Ok(Change::Removed(self.rules.remove(at)))
    }

    fn delete_all(&mut self, key: Option<&str>) -> Vec<Change> {
        let goes = |rule: &AuditRule| key.is_none_or(|key| rule.keys.iter().any(|k| k == key));
        let (gone, kept) = std::mem::take(&mut self.rules).into_iter().partition(goes);
        self.rules = kept;
        let gone: Vec<AuditRule> = gone;
        gone.into_iter().map(Change::Removed).collect()
    }

    fn control(&mut self, control: Control) -> Result<Option<Change>, Refused> {
        let values = &mut self.controls;
        let (name, slot, new) = match control {
            Control::Enabled(n) => ("audit_enabled", &mut values.enabled, n),
            Control::Failure(2) => return Err(Refused::Panic),
            Control::Failure(n) => ("audit_failure", &mut values.failure, n),
            Control::Rate(n) => ("audit_rate_limit", &mut values.rate_limit, n),
            Control::Backlog(n) => ("audit_backlog_limit", &mut values.backlog_limit, n),
            Control::BacklogWait(n) => {
                ("audit_backlog_wait_time", &mut values.backlog_wait_time, n)
            }
            Control::LoginuidImmutable => return Err(Refused::LoginuidImmutable),
            Control::ResetLost
            | Control::ResetBacklogWait
            | Control::Continue
            | Control::Ignore => return Ok(None),
        };
        let old = std::mem::replace(slot, new);
        Ok(Some(Change::Set(name, new, old)))
    }

    /// The lines of `-l`, list by list as auditctl shows them.
    pub fn listing(&self, key: Option<&str>, interpret: bool) -> Vec<String> {
        let mut out = Vec::new();
        for (list, ..) in List::ALL {
            let of_list = self.rules.iter().filter(|r| r.list == list);
            let wanted = of_list.filter(|r| key.is_none_or(|key| r.keys.iter().any(|k| k == key)));
            out.extend(wanted.map(|r| r.listing(interpret)));
        }
        out
    }
}
