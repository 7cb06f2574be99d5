//! What a person looks at: which rows, in which order, and what keys do to that. Draws nothing.

use std::{cmp::Ordering, collections::HashMap, rc::Rc, time::Duration};

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use regex::Regex;

use crate::{
    enrich::users,
    event::{Uid, Users},
    fold::activity::{Activity, By, Group, Row},
    format::one_line,
};

/// What rows are ordered by, the most first; [`Sort::Name`] the other way round.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Sort {
    /// Operations in the last interval
    Ops,
    /// Files opened
    Opens,
    /// Reads
    Reads,
    /// Writes
    Writes,
    /// Names, attributes and sizes changed, programs run
    Changes,
    /// Failures
    Errors,
    /// Bytes read and written
    Bytes,
    /// Operations since the start
    Total,
    /// The name
    Name,
}

impl Sort {
    const ALL: [Self; 9] = [
        Self::Ops,
        Self::Opens,
        Self::Reads,
        Self::Writes,
        Self::Changes,
        Self::Errors,
        Self::Bytes,
        Self::Total,
        Self::Name,
    ];

    fn next(self) -> Self {
        let at = Self::ALL.iter().position(|sort| *sort == self).unwrap_or(0);
        Self::ALL[(at + 1) % Self::ALL.len()]
    }

    /// The word for it.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Ops => "ops",
            Self::Opens => "opens",
            Self::Reads => "reads",
            Self::Writes => "writes",
            Self::Changes => "changes",
            Self::Errors => "errors",
            Self::Bytes => "bytes",
            Self::Total => "total",
            Self::Name => "name",
        }
    }

    fn of(self, row: &Row) -> u64 {
        let last = &row.last;
        match self {
            Self::Ops => last.operations(),
            Self::Opens => last.opens,
            Self::Reads => last.reads,
            Self::Writes => last.writes,
            Self::Changes => last.changes,
            Self::Errors => last.errors,
            Self::Bytes => last.read_bytes + last.written_bytes,
            Self::Total => row.total.operations(),
            Self::Name => 0,
        }
    }
}

/// Every view, with its word and its key.
pub(super) const VIEWS: [(By, &str, char); 5] = [
    (By::Files, "files", '1'),
    (By::Dirs, "dirs", '2'),
    (By::Programs, "programs", '3'),
    (By::Users, "users", '4'),
    (By::Processes, "processes", '5'),
];

/// The word for a view.
pub(super) fn word(by: By) -> &'static str {
    VIEWS
        .iter()
        .find(|view| view.0 == by)
        .map_or("", |view| view.1)
}

/// A row with its name as it is shown.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub(super) name: Rc<str>,
    pub(super) row: Row,
}

/// More rows than a screen has.
pub(super) const ROOM: usize = 1000;

/// Which of two lines comes first.
fn in_order(sort: Sort, a: &Line, b: &Line) -> Ordering {
    let most = sort.of(&b.row).cmp(&sort.of(&a.row));
    // What was busy until just now stays above what never was.
    let order = most.then_with(|| match sort {
        Sort::Name => Ordering::Equal,
        _ => b.row.history.iter().rev().cmp(a.row.history.iter().rev()),
    });
    order.then_with(|| a.name.cmp(&b.name))
}

/// What is looked at.
#[derive(Debug)]
pub(super) struct View {
    pub(super) by: By,
    /// What was entered, the last innermost, and the view that each was a row of.
    pub(super) within: Vec<Group>,
    pub(super) sort: Sort,
    pub(super) reverse: bool,
    pub(super) filter: Option<Regex>,
    /// The filter that is being typed.
    pub(super) typed: Option<String>,
    /// The last thing that was wrong.
    pub(super) complaint: Option<String>,
    pub(super) paused: bool,
    pub(super) help: bool,
    pub(super) selected: usize,
    /// As of the last interval, or of the moment when it was paused.
    pub(super) lines: Vec<Line>,
    /// So many of them are in order, and before all others.
    ordered: usize,
    /// So many are looked at, from the selected one on.
    pub(super) room: usize,
    /// How long the interval of `lines` was.
    pub(super) measured: Duration,
    /// How long the last one was.
    last: Duration,
    users: Users,
    names: HashMap<Group, Rc<str>>,
}

/// What a key asks for beyond the view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    Nothing,
    End,
    /// A shorter or a longer interval.
    Faster,
    Slower,
}

impl View {
    pub(super) fn new(by: By, sort: Sort, reverse: bool) -> Self {
        Self {
            by,
            within: Vec::new(),
            sort,
            reverse,
            filter: None,
            typed: None,
            complaint: None,
            paused: false,
            help: false,
            selected: 0,
            lines: Vec::new(),
            ordered: 0,
            room: ROOM,
            measured: Duration::from_secs(1),
            last: Duration::from_secs(1),
            users: users::of_system(),
            names: HashMap::new(),
        }
    }

    /// Takes the rows from what was done in the last interval, unless it is paused.
    pub(super) fn refresh(&mut self, activity: &Activity, measured: Duration) {
        self.last = measured;
        if !self.paused {
            self.take(activity);
        }
    }

    fn take(&mut self, activity: &Activity) {
        let kept = self.lines.get(self.selected).map(|l| l.row.group.clone());
        let rows = activity.rows(self.by, &self.within);
        let mut lines: Vec<_> = rows
            .into_iter()
            .map(|row| Line {
                name: self.name(&row.group),
                row,
            })
            .collect();
        if let Some(filter) = &self.filter {
            lines.retain(|line| filter.is_match(&line.name));
        }
        self.lines = lines;
        self.ordered = 0;
        self.measured = self.last;
        if self.names.len() / 4 > self.lines.len().max(1000) {
            self.names = HashMap::new();
        }
        // The first row stays the first: who has chosen none looks at the busiest.
        if self.selected == 0 {
            return self.order(self.room);
        }
        let last = self.lines.len().saturating_sub(1);
        self.order(self.selected.min(last).saturating_add(self.room));
        let is_kept = |line: &Line| Some(&line.row.group) == kept.as_ref();
        let found = self.lines.iter().position(is_kept);
        if found.is_some_and(|found| found >= self.ordered) {
            self.order(self.lines.len());
        }
        let found = self.lines.iter().position(is_kept);
        self.selected = found.unwrap_or(self.selected).min(last);
    }

    /// Puts so many lines in order: there may be tens of thousands, of which few are looked at.
    fn order(&mut self, wanted: usize) {
        let (sort, reverse) = (self.sort, self.reverse);
        let compare = |a: &Line, b: &Line| {
            let order = in_order(sort, a, b);
            if reverse { order.reverse() } else { order }
        };
        let rest = &mut self.lines[self.ordered..];
        let wanted = wanted.saturating_sub(self.ordered);
        if wanted == 0 || rest.is_empty() {
            return;
        }
        if wanted < rest.len() {
            rest.select_nth_unstable_by(wanted, compare);
        }
        let wanted = wanted.min(rest.len());
        rest[..wanted].sort_unstable_by(compare);
        self.ordered += wanted;
    }

    /// A name that can neither break a line nor drive the terminal.
    pub(super) fn name(&mut self, group: &Group) -> Rc<str> {
        if let Some(known) = self.names.get(group) {
            return Rc::clone(known);
        }
        if self.names.len() > 100_000 {
            self.names.clear();
        }
        let text = |bytes: &[u8]| one_line(&String::from_utf8_lossy(bytes));
        let name = match group {
            Group::File(Some(path)) | Group::Dir(Some(path)) | Group::Program(Some(path)) => {
                text(path)
            }
            Group::User(Some(uid)) => match self.users.name(Uid(*uid)) {
                Some(name) => one_line(&name),
                None => uid.to_string(),
            },
            Group::Process(Some((pid, comm))) => format!("{pid} {}", text(comm)),
            _ => "?".to_owned(),
        };
        let name: Rc<str> = name.into();
        self.names.insert(group.clone(), Rc::clone(&name));
        name
    }

    /// Does what a key means.
    pub(super) fn key(&mut self, key: KeyEvent, activity: &Activity, page: usize) -> Asked {
        self.complaint = None;
        if key.modifiers.contains(KeyModifiers::CONTROL) {
            return match key.code {
                KeyCode::Char('c' | 'd') => Asked::End,
                _ => Asked::Nothing,
            };
        }
        if self.typed.is_some() {
            self.type_filter(key.code, activity);
            return Asked::Nothing;
        }
        if std::mem::take(&mut self.help) {
            return Asked::Nothing;
        }
        match key.code {
            KeyCode::Char('q') => return Asked::End,
            KeyCode::Char('+') => return Asked::Slower,
            KeyCode::Char('-') => return Asked::Faster,
            KeyCode::Char('?' | 'h') => self.help = true,
            KeyCode::Char('p' | ' ') => self.paused = !self.paused,
            KeyCode::Char('/') => self.typed = Some(String::new()),
            KeyCode::Up | KeyCode::Char('k') => self.selected = self.selected.saturating_sub(1),
            KeyCode::Down | KeyCode::Char('j') => self.move_down(1),
            KeyCode::PageUp => self.selected = self.selected.saturating_sub(page),
            KeyCode::PageDown => self.move_down(page),
            KeyCode::Home => self.selected = 0,
            KeyCode::End => self.move_down(usize::MAX),
            code => {
                self.choose(code);
                self.take(activity);
            }
        }
        Asked::Nothing
    }

    fn move_down(&mut self, by: usize) {
        let last = self.lines.len().saturating_sub(1);
        self.selected = self.selected.saturating_add(by).min(last);
        self.order(self.selected.saturating_add(self.room));
    }

    /// Keys after which there are other rows.
    fn choose(&mut self, code: KeyCode) {
        let step = |by: By, steps: usize| {
            let at = VIEWS.iter().position(|view| view.0 == by).unwrap_or(0);
            VIEWS[(at + steps) % VIEWS.len()].0
        };
        let show = match code {
            KeyCode::Char('s') => {
                self.sort = self.sort.next();
                None
            }
            KeyCode::Char('r') => {
                self.reverse = !self.reverse;
                None
            }
            KeyCode::Tab | KeyCode::Right => Some(step(self.by, 1)),
            KeyCode::BackTab | KeyCode::Left => Some(step(self.by, VIEWS.len() - 1)),
            KeyCode::Char(key) => VIEWS.iter().find(|v| v.2 == key).map(|v| v.0),
            KeyCode::Enter => self.lines.get(self.selected).map(|line| {
                // Who uses this file; which files this one uses.
                let group = line.row.group.clone();
                let into = match group.by() {
                    By::Files | By::Dirs => By::Processes,
                    By::Programs | By::Users | By::Processes => By::Files,
                };
                self.within.push(group);
                self.filter = None;
                into
            }),
            KeyCode::Esc | KeyCode::Backspace if self.filter.take().is_some() => None,
            KeyCode::Esc | KeyCode::Backspace => self.within.pop().map(|group| group.by()),
            _ => None,
        };
        if let Some(by) = show {
            self.by = by;
            self.selected = 0;
        }
    }

    fn type_filter(&mut self, code: KeyCode, activity: &Activity) {
        let Some(typed) = &mut self.typed else {
            return;
        };
        match code {
            KeyCode::Char(c) => typed.push(c),
            KeyCode::Backspace => drop(typed.pop()),
            KeyCode::Esc => self.typed = None,
            KeyCode::Enter => {
                let text = self.typed.take().unwrap_or_default();
                match Regex::new(&text) {
                    Ok(_) if text.is_empty() => self.filter = None,
                    Ok(filter) => self.filter = Some(filter),
                    Err(_) => self.complaint = Some(format!("no regular expression: {text}")),
                }
                self.selected = 0;
                self.take(activity);
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fold::activity::{Counts, HISTORY};

    /// Of many lines as many are in order as are looked at, and the others come behind them.
    #[test]
    fn the_busiest_come_first() {
        let mut view = View::new(By::Users, Sort::Total, false);
        let line = |writes: u64| Line {
            name: "x".into(),
            row: Row {
                group: Group::User(None),
                last: Counts::default(),
                total: Counts {
                    writes,
                    ..Counts::default()
                },
                history: [0; HISTORY],
            },
        };
        let count = 10_007;
        view.lines = (0..count).map(|nr| line(nr * 7919 % count)).collect();
        let totals = |view: &View, many: usize| -> Vec<u64> {
            let lines = view.lines.iter().take(many);
            lines.map(|line| line.row.total.writes).collect()
        };
        let wanted: Vec<u64> = (0..count).rev().collect();
        view.order(ROOM);
        assert_eq!(totals(&view, ROOM), wanted[..ROOM]);
        view.move_down(5000);
        assert_eq!(view.selected, 5000);
        assert_eq!(totals(&view, 5000 + ROOM), wanted[..5000 + ROOM]);
        view.move_down(usize::MAX);
        assert_eq!(totals(&view, usize::MAX), wanted);
    }
}
