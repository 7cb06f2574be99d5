//! What the fuzz targets and the tests of this package start from, made of the golden files, and what
//! fuzzers have found and is kept (`corpus/`).

use std::{
    fs,
    io::{self, Cursor},
    path::{Path, PathBuf},
};

use tracer::{daemon::sockets::Request, recording::Reader};

use crate::{control, events, kernel_records, logs, recordings, rules};

/// As much of a log as a fuzzer turns over quickly.
const LOG: usize = 4096;

/// What looks whether everything holds for an input.
pub type Check = fn(&[u8]);

/// One kind of input.
pub struct Target {
    /// The name of the fuzz target.
    pub name: &'static str,
    /// Checks one input.
    pub check: Check,
    /// Inputs.
    pub seeds: Vec<Vec<u8>>,
}

/// Every kind of input with its seeds.
///
/// # Errors
/// When a golden file cannot be read.
pub fn all() -> Result<Vec<Target>, Box<dyn std::error::Error>> {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let golden = package.join("../../tests/golden");
    let lines = fs::read_to_string(golden.join("audit-rules/rule-listing.jsonl"))?;
    let rules = rule_lines(&lines)?;
    let recording = fs::read(golden.join("recording/v2.rec"))?;
    let targets: [(&str, Check, Vec<Vec<u8>>); 6] = [
        ("control", control::check, requests(&rules)?),
        ("events", events::check, items(&recording)?),
        ("kernel_records", kernel_records::check, Vec::new()),
        ("logs", logs::check_sized, beginnings(&golden)?),
        ("recordings", recordings::check, vec![recording]),
        (
            "rules",
            rules::check,
            rules.into_iter().map(String::into_bytes).collect(),
        ),
    ];
    let mut all = Vec::new();
    for (name, check, mut seeds) in targets {
        for path in files(&package.join("corpus").join(name))? {
            seeds.push(fs::read(path)?);
        }
        all.push(Target { name, check, seeds });
    }
    Ok(all)
}

/// The files of a directory in order; none where it is not there.
fn files(dir: &Path) -> io::Result<Vec<PathBuf>> {
    if !dir.exists() {
        return Ok(Vec::new());
    }
    let entries = fs::read_dir(dir)?;
    let mut files = entries
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<io::Result<Vec<_>>>()?;
    files.sort();
    Ok(files)
}

/// The rules of a golden file of rules and what they are listed as.
fn rule_lines(lines: &str) -> serde_json::Result<Vec<String>> {
    let rule = |line| {
        let value: serde_json::Value = serde_json::from_str(line)?;
        Ok(value["rule"].as_str().unwrap_or_default().to_owned())
    };
    lines.lines().map(rule).collect()
}

/// A request for each rule, its words as a shell would part them where there are no quotes.
fn requests(rules: &[String]) -> serde_json::Result<Vec<Vec<u8>>> {
    let words = |rule: &String| rule.split_whitespace().map(str::to_owned).collect();
    let request = |rule| serde_json::to_vec(&Request::Auditctl(words(rule)));
    rules.iter().map(request).collect()
}

/// The items of a recording, each by itself.
fn items(recording: &[u8]) -> Result<Vec<Vec<u8>>, Box<dyn std::error::Error>> {
    let mut reader = Reader::new(Cursor::new(recording), Path::new("v2.rec"))?;
    let mut events = Vec::new();
    while let Some(item) = reader.next_item()? {
        events.push(postcard::to_stdvec(&item)?);
    }
    Ok(events)
}

/// The beginning of each golden log, behind the two bytes for the size of the blocks.
fn beginnings(golden: &Path) -> io::Result<Vec<Vec<u8>>> {
    let mut logs = Vec::new();
    for room in ["audit-forms", "audit-reference"] {
        let mut files = files(&golden.join(room))?;
        files.retain(|path| path.extension().is_some_and(|ending| ending == "log"));
        for file in files {
            let log = fs::read(file)?;
            let log = &log[..log.len().min(LOG)];
            logs.push([&[0xff, 0x0f], log].concat());
        }
    }
    Ok(logs)
}
