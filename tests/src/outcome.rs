//! What came of a run of `tracer`: its records, its sums, its exit code.

use std::{fmt, path::Path, process::ExitStatus};

use serde_json::Value;

use crate::{Loss, Record};

/// The sums at the end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    /// Events that the source looked at.
    pub seen: u64,
    /// Records written.
    pub written: u64,
    /// Not asked for.
    pub filtered: u64,
    /// Nobody can tell whether they were asked for.
    pub undecided: u64,
    /// Lost.
    pub lost: u64,
}

/// All that a `tracer` said, and how it ended.
pub struct Outcome {
    /// Exit status.
    pub status: ExitStatus,
    /// Standard output.
    pub stdout: Vec<u8>,
    /// Standard error.
    pub stderr: String,
    /// Events among the records (`--format json`).
    pub records: Vec<Record>,
    /// Losses among the records, each with the number of events before it.
    pub losses: Vec<(usize, Loss)>,
    /// Lines that begin like records and are none.
    pub broken: Vec<String>,
}

impl fmt::Debug for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}; {} records\n{}",
            self.status,
            self.records.len(),
            self.stderr
        )
    }
}

/// The records of an output.
#[derive(Default)]
pub(crate) struct Parsed {
    pub(crate) records: Vec<Record>,
    losses: Vec<(usize, Loss)>,
    broken: Vec<String>,
}

pub(crate) fn parse(text: &[u8]) -> Parsed {
    let mut parsed = Parsed::default();
    for line in text
        .split_inclusive(|b| *b == b'\n')
        .filter(|l| l.starts_with(b"{\"type\":"))
    {
        let text = String::from_utf8_lossy(line).trim_end().to_owned();
        let value: Value = match serde_json::from_slice(line) {
            Ok(value) if line.ends_with(b"\n") => value,
            _ => {
                parsed.broken.push(text);
                continue;
            }
        };
        match value["type"].as_str() {
            Some("event") => parsed.records.push(Record::new(value, text)),
            Some("loss") => parsed.losses.push((
                parsed.records.len(),
                Loss {
                    cpu: value["cpu"].as_u64(),
                    count: value["count"].as_u64(),
                    reason: value["reason"].as_str().unwrap_or("").to_owned(),
                },
            )),
            _ => parsed.broken.push(text),
        }
    }
    parsed
}

impl Outcome {
    pub(crate) fn of(status: ExitStatus, stdout: Vec<u8>, stderr: &[u8]) -> Self {
        let Parsed {
            records,
            losses,
            broken,
        } = parse(&stdout);
        let stderr = String::from_utf8(stderr.to_vec()).expect("standard error is UTF-8");
        assert!(
            !stderr.contains("panicked at") && !stderr.contains("RUST_BACKTRACE"),
            "tracer panicked:\n{stderr}"
        );
        Self {
            status,
            stdout,
            stderr,
            records,
            losses,
            broken,
        }
    }

    /// Takes the records from the file that `-o` named.
    ///
    /// # Panics
    /// When it cannot be read.
    #[must_use]
    pub fn with_file(self, file: &Path) -> Self {
        let text = std::fs::read(file).unwrap_or_else(|e| panic!("{e}; {self:?}"));
        let Parsed {
            records,
            losses,
            broken,
        } = parse(&text);
        Self {
            records,
            losses,
            broken,
            ..self
        }
    }

    /// Exit code, or 128 and the number of the signal that killed it.
    pub fn code(&self) -> i32 {
        use std::os::unix::process::ExitStatusExt;
        self.status
            .code()
            .unwrap_or_else(|| 128 + self.status.signal().unwrap_or(0))
    }

    /// Fails the test unless it ended with this code.
    ///
    /// # Panics
    /// When it did not.
    #[must_use]
    pub fn ended(self, code: i32) -> Self {
        assert_eq!(self.code(), code, "exit code; {self:?}");
        self
    }

    /// Lines of standard error that are not empty.
    pub fn complaints(&self) -> Vec<&str> {
        self.stderr
            .lines()
            .filter(|line| !line.trim().is_empty())
            .collect()
    }

    /// The sums, which must be there exactly once and add up.
    ///
    /// # Panics
    /// When they are not, or do not.
    pub fn sums(&self) -> Sums {
        let lines: Vec<_> = self
            .stderr
            .lines()
            .filter_map(|line| line.strip_prefix("tracer: seen "))
            .collect();
        let [line] = lines[..] else {
            panic!("{} lines of sums; {self:?}", lines.len())
        };
        let numbers: Vec<u64> = line
            .split(' ')
            .filter_map(|word| word.parse().ok())
            .collect();
        let has_undecided = line.contains(" + undecided ");
        let (seen, written, filtered, undecided, lost) = match numbers[..] {
            [seen, written, filtered, undecided, lost, ..] if has_undecided => {
                (seen, written, filtered, undecided, lost)
            }
            [seen, written, filtered, lost, ..] => (seen, written, filtered, 0, lost),
            _ => panic!("sums: {line}"),
        };
        let middle = if has_undecided {
            format!(" + undecided {undecided}")
        } else {
            String::new()
        };
        let form =
            format!("{seen} = written {written} + filtered {filtered}{middle} + lost {lost}");
        let rest = line
            .strip_prefix(&form)
            .unwrap_or_else(|| panic!("sums: {line}"));
        assert!(rest.is_empty() || rest.starts_with(" ("), "sums: {line}");
        assert_eq!(
            seen,
            written + filtered + undecided + lost,
            "the sums do not add up: {line}"
        );
        Sums {
            seen,
            written,
            filtered,
            undecided,
            lost,
        }
    }

    /// The sums add up, the records are as many as were written, and the losses in the stream are
    /// as many as were lost (`--format json`).
    ///
    /// # Panics
    /// When anything of it is not so.
    #[must_use]
    pub fn conserved(self) -> Self {
        let sums = self.sums();
        let broken = self.broken.last();
        assert!(
            broken.is_none(),
            "{} broken records: {broken:?}; {self:?}",
            self.broken.len()
        );
        assert_eq!(
            self.records.len() as u64,
            sums.written,
            "records in the output; {self:?}"
        );
        let lost: u64 = self
            .losses
            .iter()
            .map(|(_, loss)| loss.count.unwrap_or(1))
            .sum();
        assert_eq!(
            lost, sums.lost,
            "losses in the stream {:?}; {self:?}",
            self.losses
        );
        self
    }

    /// Conserved, and every record is sound.
    ///
    /// # Panics
    /// When anything of it is not so.
    #[must_use]
    pub fn sound(self) -> Self {
        let this = self.conserved();
        let problems: Vec<_> = this.records.iter().flat_map(Record::problems).collect();
        assert!(
            problems.is_empty(),
            "{} problems:\n{}",
            problems.len(),
            problems.join("\n")
        );
        this
    }

    /// The events of one process.
    pub fn of_pid(&self, pid: u64) -> Vec<&Record> {
        self.records.iter().filter(|r| r.pid() == pid).collect()
    }
}
