//! The table of docs/design.md that says which room may use which.

use std::{collections::BTreeMap, fs};

use anyhow::{Context as _, Result, bail};

use crate::shell;

/// Where the table stands.
pub(crate) const PAGE: &str = "docs/design.md";
/// How its head begins; the last of the head's columns says what a room may use.
const HEAD: &str = "| Room |";
/// What stands for every room of the table.
const EVERY: &str = "all";

/// The rooms and what each may use.
pub(crate) struct Table {
    rows: BTreeMap<String, Vec<String>>,
}

impl Table {
    /// Reads it from the page.
    pub(crate) fn read() -> Result<Self> {
        let text = fs::read_to_string(shell::root().join(PAGE)).context(PAGE)?;
        Self::parse(&text)
    }

    fn parse(text: &str) -> Result<Self> {
        let mut rows = BTreeMap::new();
        let lines = text.lines().skip_while(|line| !line.starts_with(HEAD));
        for line in lines.skip(2).take_while(|line| line.starts_with('|')) {
            let cells: Vec<_> = line.trim_matches('|').split('|').collect();
            let [rooms, .., may] = cells.as_slice() else {
                bail!("{PAGE}: `{line}` has too few columns");
            };
            for room in quoted(rooms) {
                rows.insert(room, quoted(may));
            }
        }
        let table = Self { rows };
        let unknown = table
            .rows
            .values()
            .flatten()
            .find(|name| *name != EVERY && table.full(name).is_none());
        if let Some(name) = unknown {
            bail!("{PAGE}: `{name}` is no room of the table, or more than one");
        }
        Ok(table)
    }

    /// The room that a file is in: that with the longest path of those that it is below.
    pub(crate) fn room_of(&self, file: &str) -> Option<&str> {
        let is_below = |room: &&String| {
            file.strip_prefix(room.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/') || rest == ".rs")
        };
        let rooms = self.rows.keys().filter(is_below);
        rooms.max_by_key(|room| room.len()).map(String::as_str)
    }

    /// May one use the other?
    pub(crate) fn may(&self, from: &str, to: &str) -> bool {
        self.rows.get(from).is_some_and(|may| {
            may.iter()
                .any(|name| name == EVERY || self.full(name) == Some(to))
        })
    }

    /// Every use that the table names.
    pub(crate) fn allowed(&self) -> impl Iterator<Item = (&str, &str)> {
        self.rows.iter().flat_map(|(from, may)| {
            let named = may.iter().filter_map(|name| self.full(name));
            named.map(|to| (from.as_str(), to))
        })
    }

    /// The path of the room that a name is the end of.
    fn full(&self, name: &str) -> Option<&str> {
        let mut rooms = self.rows.keys().filter(|room| {
            let before = room.strip_suffix(name);
            before.is_some_and(|before| before.is_empty() || before.ends_with('/'))
        });
        let first = rooms.next()?;
        rooms.next().is_none().then_some(first)
    }
}

/// What stands between backticks.
fn quoted(cell: &str) -> Vec<String> {
    cell.split('`')
        .skip(1)
        .step_by(2)
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "text\n\n| Room | Its one job | May use |\n|---|---|---|\n\
        | `a/src/x`, `a/src/y` | jobs | `z` |\n| `a/src/x/z` | job | |\n| `a/src/q` | job | `all` |\n\n| `no` | |";

    #[test]
    fn rooms_and_what_they_may_use() {
        let table = Table::parse(TEXT).unwrap();
        assert_eq!(table.room_of("a/src/x/z.rs"), Some("a/src/x/z"));
        assert_eq!(table.room_of("a/src/x/zz.rs"), Some("a/src/x"));
        assert_eq!(table.room_of("a/src/x/z/mod.rs"), Some("a/src/x/z"));
        assert_eq!(table.room_of("a/src/xy.rs"), None);
        assert!(table.may("a/src/y", "a/src/x/z") && table.may("a/src/q", "a/src/x"));
        assert!(!table.may("a/src/x/z", "a/src/x"));
        assert_eq!(table.allowed().count(), 2);
        assert!(Table::parse(&TEXT.replace("`z`", "`zz`")).is_err());
    }
}
