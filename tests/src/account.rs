//! What the fixture says that it did.

use std::fmt::Write;

use serde_json::Value;

use crate::unhex;

/// One call, or the end of one task.
#[derive(Clone, Debug)]
pub struct Line(Value);

/// How a task ended.
#[derive(Clone, Debug)]
pub struct End {
    /// Process.
    pub pid: u64,
    /// Thread.
    pub tid: u64,
    /// Exit status, unless a signal killed it.
    pub status: Option<u64>,
    /// The signal that killed it.
    pub signal: Option<i32>,
    /// It dumped core.
    pub core: bool,
    /// The whole process ended.
    pub last_thread: bool,
}

/// Where a name leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Leads {
    /// To this absolute path.
    To(Vec<u8>),
    /// Nobody can know.
    Nowhere,
    /// To this absolute path, or to an explicit unknown.
    Perhaps(Vec<u8>),
    /// Not looked at.
    Unchecked,
}

/// A file of a call.
#[derive(Clone, Debug)]
pub struct Expected {
    /// Index of its argument.
    pub arg: u64,
    /// It came by name; `Some(None)` when nobody can read the name.
    pub name: Option<Option<Vec<u8>>>,
    /// Where it leads.
    pub leads: Leads,
    /// What it is in the call, where that matters.
    pub role: Option<String>,
    /// It is not linked any more.
    pub deleted: bool,
}

impl Line {
    /// A number.
    pub fn number(&self, key: &str) -> Option<i64> {
        self.0[key].as_i64()
    }

    /// A word.
    pub fn word(&self, key: &str) -> Option<&str> {
        self.0[key].as_str()
    }

    /// A string of any bytes.
    pub fn bytes(&self, key: &str) -> Option<Vec<u8>> {
        self.0[key].as_str().map(unhex)
    }

    /// Any member.
    pub fn get(&self, key: &str) -> &Value {
        &self.0[key]
    }

    /// Name of the call.
    pub fn syscall(&self) -> &str {
        self.word("syscall").unwrap_or("?")
    }

    /// Process.
    pub fn pid(&self) -> u64 {
        self.0["pid"].as_u64().unwrap_or(0)
    }

    /// Thread.
    pub fn tid(&self) -> u64 {
        self.0["tid"].as_u64().unwrap_or(0)
    }

    /// Is it a call that replaced the program?
    pub fn is_exec(&self) -> bool {
        self.syscall().starts_with("execve") && self.number("ret") == Some(0)
    }

    /// Strings by argument index, for `texts`.
    pub fn texts(&self) -> Vec<(String, Vec<u8>)> {
        let texts = self.0["texts"].as_object();
        let pairs = texts.into_iter().flatten();
        pairs
            .filter_map(|(k, v)| Some((k.clone(), unhex(v.as_str()?))))
            .collect()
    }

    /// Arguments of a program.
    pub fn argv(&self) -> Option<Vec<Vec<u8>>> {
        let list = self.0["argv"].as_array()?;
        Some(list.iter().filter_map(|v| v.as_str().map(unhex)).collect())
    }

    /// The files it is about.
    pub fn paths(&self) -> Vec<Expected> {
        let list = self.0["paths"].as_array();
        list.into_iter().flatten().map(Expected::of).collect()
    }

    /// Absolute paths that it certainly is about.
    pub fn certain_paths(&self) -> Vec<Vec<u8>> {
        let to = |e: Expected| match e.leads {
            Leads::To(path) => Some(path),
            Leads::Nowhere | Leads::Perhaps(_) | Leads::Unchecked => None,
        };
        self.paths().into_iter().filter_map(to).collect()
    }
}

impl Expected {
    fn of(value: &Value) -> Self {
        let path = value["path"].as_str().map(unhex);
        let leads = match path {
            Some(path) if value["perhaps"] == true => Leads::Perhaps(path),
            Some(path) => Leads::To(path),
            None if value.get("path").is_some() => Leads::Nowhere,
            None => Leads::Unchecked,
        };
        Self {
            arg: value["arg"].as_u64().unwrap_or(99),
            name: value.get("name").map(|n| n.as_str().map(unhex)),
            leads,
            role: value["role"].as_str().map(str::to_owned),
            deleted: value["deleted"] == true,
        }
    }
}

/// Bytes as the fixture writes them.
fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Everything that a fixture and its children did.
#[derive(Clone, Debug, Default)]
pub struct Account {
    /// The calls, of each thread in order.
    pub calls: Vec<Line>,
    /// The ends of tasks.
    pub ends: Vec<End>,
    /// Why this machine cannot play the scenario.
    pub unsupported: Option<String>,
}

impl Account {
    /// Reads what a fixture printed; lines that are not JSON are its other messages.
    ///
    /// # Panics
    /// When a line begins like JSON and is none.
    pub fn read(text: &[u8]) -> Self {
        let mut account = Self::default();
        for line in text.split(|b| *b == b'\n') {
            if let Some(why) = line.strip_prefix(b"unsupported: ") {
                account.unsupported = Some(String::from_utf8_lossy(why).into_owned());
            }
            if line.first() != Some(&b'{') {
                continue;
            }
            let value: Value = serde_json::from_slice(line)
                .unwrap_or_else(|e| panic!("{e}: {}", String::from_utf8_lossy(line)));
            match value.get("end") {
                Some(end) => account.ends.push(End {
                    pid: value["pid"].as_u64().unwrap_or(0),
                    tid: value["tid"].as_u64().unwrap_or(0),
                    status: end["status"].as_u64(),
                    signal: end["signal"].as_i64().map(|n| n as i32),
                    core: end["core"] == true,
                    last_thread: value["last_thread"] == true,
                }),
                None => account.calls.push(Line(value)),
            }
        }
        account
    }

    /// The threads that made calls, in the order of their first line.
    pub fn threads(&self) -> Vec<u64> {
        let mut tids = Vec::new();
        for line in &self.calls {
            if !tids.contains(&line.tid()) {
                tids.push(line.tid());
            }
        }
        tids
    }

    /// The same, where the files of some calls are told below another directory than they were named in.
    #[must_use]
    pub fn seen_at(&self, from: &[u8], to: &[u8], is_so: impl Fn(&Line) -> bool) -> Self {
        let mut account = self.clone();
        for line in account.calls.iter_mut().filter(|line| is_so(line)) {
            let paths = line.0["paths"].as_array_mut().into_iter().flatten();
            for path in paths.filter_map(|path| path.get_mut("path")) {
                let named = path.as_str().map(unhex).unwrap_or_default();
                if let Some(below) = named.strip_prefix(from) {
                    *path = hex(&[to, below].concat()).into();
                }
            }
        }
        account
    }

    /// Only the calls that satisfy a condition.
    #[must_use]
    pub fn only(&self, keep: impl Fn(&Line) -> bool) -> Self {
        let mut account = self.clone();
        account.calls.retain(|line| keep(line));
        account
    }
}
