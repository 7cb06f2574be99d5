//! Writes what the fuzz targets start from, made of the golden files: `seeds DIR` fills `DIR/TARGET/`.

use std::{
    fs,
    io::{self, Cursor},
    path::{Path, PathBuf},
};

use tracer::{daemon::sockets::Request, recording::Reader};

/// As much of a log as a fuzzer turns over quickly.
const LOG: usize = 4096;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args_os().skip(1);
    let dir = PathBuf::from(args.next().ok_or("usage: seeds DIR")?);
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden");
    let rules = rules(&fs::read_to_string(
        golden.join("audit-rules/rule-listing.jsonl"),
    )?)?;
    let request = |rule: &String| {
        let words = shell_like(rule);
        serde_json::to_vec(&Request::Auditctl(words))
    };
    let requests: Vec<_> = rules.iter().map(request).collect::<Result<_, _>>()?;
    write(&dir.join("control"), &requests)?;
    write(&dir.join("rules"), &rules)?;
    let recording = fs::read(golden.join("recording/v2.rec"))?;
    write(&dir.join("events"), &events(&recording)?)?;
    write(&dir.join("recordings"), &[recording])?;
    write(&dir.join("logs"), &logs(&golden)?)?;
    Ok(())
}

/// A file for each, by its number.
fn write(dir: &Path, seeds: &[impl AsRef<[u8]>]) -> io::Result<()> {
    fs::create_dir_all(dir)?;
    for (number, seed) in seeds.iter().enumerate() {
        fs::write(dir.join(format!("seed-{number:03}")), seed)?;
    }
    Ok(())
}

/// The rules of a golden file of rules and what they are listed as.
fn rules(lines: &str) -> serde_json::Result<Vec<String>> {
    let rule = |line| {
        let value: serde_json::Value = serde_json::from_str(line)?;
        Ok(value["rule"].as_str().unwrap_or_default().to_owned())
    };
    lines.lines().map(rule).collect()
}

/// A rule as a shell would give it to auditctl, where it has no quotes.
fn shell_like(rule: &str) -> Vec<String> {
    rule.split_whitespace().map(str::to_owned).collect()
}

/// The items of a recording, each by itself.
fn events(recording: &[u8]) -> Result<Vec<Vec<u8>>, Box<dyn std::error::Error>> {
    let mut reader = Reader::new(Cursor::new(recording), Path::new("v2.rec"))?;
    let mut events = Vec::new();
    while let Some(item) = reader.next_item()? {
        events.push(postcard::to_stdvec(&item)?);
    }
    Ok(events)
}

/// The beginning of each golden log, behind the two bytes for the size of the blocks.
fn logs(golden: &Path) -> io::Result<Vec<Vec<u8>>> {
    let mut logs = Vec::new();
    for room in ["audit-forms", "audit-reference"] {
        let mut files: Vec<_> = fs::read_dir(golden.join(room))?
            .map(|entry| entry.map(|entry| entry.path()))
            .collect::<io::Result<_>>()?;
        files.retain(|path| path.extension().is_some_and(|ending| ending == "log"));
        files.sort();
        for file in files {
            let log = fs::read(file)?;
            let log = &log[..log.len().min(LOG)];
            logs.push([&[0xff, 0x0f], log].concat());
        }
    }
    Ok(logs)
}
