//! Records of `--format json`.

use serde_json::Value;

use crate::unhex;

/// One event.
#[derive(Clone, Debug)]
pub struct Record {
    value: Value,
    /// The line as it was written.
    pub line: String,
}

/// One loss.
#[derive(Clone, Debug)]
pub struct Loss {
    /// CPU, where it is known.
    pub cpu: Option<u64>,
    /// How many events; `None` when the source does not count.
    pub count: Option<u64>,
    /// Why.
    pub reason: String,
}

/// One file of an event.
#[derive(Clone, Debug)]
pub struct PathRecord {
    value: Value,
    index: usize,
}

/// A byte string: `KEY_hex` is authoritative where it is there.
fn bytes(object: &Value, key: &str) -> Option<Vec<u8>> {
    if let Some(hex) = object[format!("{key}_hex")].as_str() {
        return Some(unhex(hex));
    }
    object[key].as_str().map(|text| text.as_bytes().to_vec())
}

impl Record {
    /// Wraps a line's object.
    pub(crate) fn new(value: Value, line: String) -> Self {
        Self { value, line }
    }

    /// Any member.
    pub fn get(&self, key: &str) -> &Value {
        &self.value[key]
    }

    /// A number.
    pub fn number(&self, key: &str) -> Option<i64> {
        self.value[key].as_i64()
    }

    /// A word.
    pub fn word(&self, key: &str) -> Option<&str> {
        self.value[key].as_str()
    }

    /// A string of any bytes.
    pub fn bytes(&self, key: &str) -> Option<Vec<u8>> {
        bytes(&self.value, key)
    }

    /// A string of any bytes in an object.
    pub fn bytes_in(&self, object: &str, key: &str) -> Option<Vec<u8>> {
        bytes(&self.value[object], key)
    }

    /// Name of the call; empty when the source sees no calls.
    pub fn syscall(&self) -> &str {
        self.word("syscall").unwrap_or("")
    }

    /// What it is, in one word.
    pub fn op(&self) -> &str {
        self.word("op").unwrap_or("")
    }

    /// Process.
    pub fn pid(&self) -> u64 {
        self.value["pid"].as_u64().unwrap_or(0)
    }

    /// Thread.
    pub fn tid(&self) -> u64 {
        self.value["tid"].as_u64().unwrap_or(0)
    }

    /// Monotonic time in nanoseconds.
    pub fn mono(&self) -> u64 {
        self.value["mono_ns"].as_u64().unwrap_or(0)
    }

    /// Why a member is not known.
    pub fn unknown(&self, dotted: &str) -> Option<&str> {
        self.value["unknown"][dotted].as_str()
    }

    /// Arguments of a program.
    pub fn argv(&self) -> Option<Vec<Vec<u8>>> {
        let text = |v: &Value| match v["hex"].as_str() {
            Some(hex) => unhex(hex),
            None => v.as_str().unwrap_or("?").as_bytes().to_vec(),
        };
        Some(self.value["argv"].as_array()?.iter().map(text).collect())
    }

    /// The files it is about.
    pub fn paths(&self) -> Vec<PathRecord> {
        let list = self.value["paths"].as_array();
        let with_index = list.into_iter().flatten().enumerate();
        with_index
            .map(|(index, value)| PathRecord {
                value: value.clone(),
                index,
            })
            .collect()
    }

    /// Is one of its files this one?
    pub fn is_about(&self, path: &[u8]) -> bool {
        self.paths()
            .iter()
            .any(|p| p.path().as_deref() == Some(path))
    }

    /// What is wrong with this record, of what must hold for every event.
    pub fn problems(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        for key in ["comm", "exe", "cwd", "root"] {
            self.known_or_reason(&self.value, key, key, &mut wrong);
        }
        for path in self.paths() {
            for key in ["path", "requested"] {
                let dotted = format!("paths.{}.{key}", path.index);
                self.known_or_reason(&path.value, key, &dotted, &mut wrong);
            }
            if path.path().is_some_and(|p| p.first() != Some(&b'/')) {
                wrong.push("a resolved path is not absolute".to_owned());
            }
        }
        self.known_or_reason(&self.value, "ret", "ret", &mut wrong);
        if !self.get("ret").is_null() && self.op() != "exit" {
            let failed = self
                .number("ret")
                .is_some_and(|ret| (-4095..0).contains(&ret));
            if self.value["success"] != !failed || self.word("errno").is_some() != failed {
                wrong.push("ret, success and errno do not agree".to_owned());
            }
        }
        if self.word("time").is_none_or(str::is_empty) || self.op().is_empty() {
            wrong.push("no time or no op".to_owned());
        }
        let here = |what: &String| format!("{what} in the record {}", self.line);
        wrong.iter().map(here).collect()
    }

    /// Never an empty name: a value, or `null` with a reason.
    fn known_or_reason(&self, object: &Value, key: &str, dotted: &str, wrong: &mut Vec<String>) {
        let unknown_actor = self.unknown("actor").is_some();
        match object.get(key) {
            Some(Value::Null) if self.unknown(dotted).is_some() || unknown_actor => {}
            Some(Value::Null) => wrong.push(format!("{dotted} is null without a reason")),
            // The empty string is a name that a program can pass.
            Some(Value::String(s)) if s.is_empty() && key != "requested" => {
                wrong.push(format!("{dotted} is empty"));
            }
            None | Some(Value::String(_) | Value::Number(_)) => {}
            Some(other) => wrong.push(format!("{dotted} is {other}")),
        }
    }
}

impl PathRecord {
    /// Index in the record.
    pub fn index(&self) -> usize {
        self.index
    }

    /// Index of its argument, when it came by name.
    pub fn arg(&self) -> Option<u64> {
        self.value["arg"].as_u64()
    }

    /// What it is in the call.
    pub fn role(&self) -> &str {
        self.value["role"].as_str().unwrap_or("")
    }

    /// The name as passed.
    pub fn requested(&self) -> Option<Vec<u8>> {
        bytes(&self.value, "requested")
    }

    /// The resolved path.
    pub fn path(&self) -> Option<Vec<u8>> {
        bytes(&self.value, "path")
    }

    /// Any member.
    pub fn get(&self, key: &str) -> &Value {
        &self.value[key]
    }
}
