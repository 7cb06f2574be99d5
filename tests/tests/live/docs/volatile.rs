//! What may differ between two runs: each page names it, and only that is left out of account.

use std::sync::LazyLock;

use regex::Regex;

use super::page::CUT;

/// The words that a mark may use, and what each covers.
const WORDS: &[(&str, &str)] = &[
    (
        "time",
        r"\d{4}-\d\d-\d\d[T ][\d:.]+Z?|\d\d/\d\d/\d\d|\b\d\d:\d\d(:\d\d(\.\d+)?)?\b|audit\(\d+\.\d+|\b\d+(\.\d+)? (ns|us|ms|s|seconds?)\b",
    ),
    ("address", r"\b0x[0-9a-f]+\b|\ba[0-3]=[0-9a-f]+"),
    // Of the account: what is written and lost stays.
    ("sums", r"seen \d+|filtered \d+"),
    ("version", r"\b\d+\.\d+(\.\d+)?[-.\w]*"),
    ("pid", r"\b[1-9]\d{1,6}\b"),
    ("number", r"\b\d+(\.\d+)?[kMG]?\b"),
];

/// A part of the sums that is there only where there is something.
static UNDECIDED: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r" \+ undecided \d+").expect("it is one"));

/// Lines from the beginning, and from the end, that a failure shows.
const SHOWN: usize = 25;

/// What a block leaves out of account.
#[derive(Default)]
pub(super) struct Volatile {
    parts: Vec<(String, Regex)>,
    /// The order of the lines.
    order: bool,
}

impl Volatile {
    /// Reads `time, pid, /regular expression/`.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let mut volatile = Self::default();
        let mut rest = text.trim();
        while !rest.is_empty() {
            let (word, after) = match rest.strip_prefix('/') {
                Some(inner) => {
                    let end = inner.find('/').ok_or("a `/` is missing")?;
                    (&rest[..end + 2], &inner[end + 1..])
                }
                None => rest.split_at(rest.find(',').unwrap_or(rest.len())),
            };
            volatile.add(word.trim())?;
            rest = after.trim_start_matches([',', ' ']);
        }
        Ok(volatile)
    }

    fn add(&mut self, word: &str) -> Result<(), String> {
        if word == "order" {
            self.order = true;
            return Ok(());
        }
        let known = WORDS.iter().find(|(name, _)| *name == word);
        let (name, pattern) = match word.strip_prefix('/').and_then(|w| w.strip_suffix('/')) {
            Some(pattern) => ("any", pattern),
            None => *known.ok_or_else(|| {
                let names: Vec<_> = WORDS.iter().map(|(name, _)| *name).collect();
                format!("`{word}` is none of {}, order, /regex/", names.join(", "))
            })?,
        };
        let regex = Regex::new(pattern).map_err(|error| error.to_string())?;
        self.parts.push((format!("<{name}>"), regex));
        // What is more special first, in whatever order the page names them.
        let rank = |name: &str| {
            WORDS
                .iter()
                .position(|(word, _)| name == format!("<{word}>"))
        };
        self.parts.sort_by_key(|(name, _)| rank(name));
        Ok(())
    }

    /// A line without what may differ. Columns are as wide as what is in them.
    fn fixed(&self, line: &str) -> String {
        let mut line = line.split_whitespace().collect::<Vec<_>>().join(" ");
        for (name, regex) in &self.parts {
            if name == "<sums>" {
                // The reasons stand behind, where there are any.
                let leads = [" (filtered: ", " (undecided: ", " (lost: "];
                let reasons = leads.map(|lead| line.find(lead));
                line.truncate(reasons.into_iter().flatten().min().unwrap_or(line.len()));
                // What others do in mount namespaces of their own may be undecided.
                line = UNDECIDED.replace(&line, "").into_owned();
            }
            line = regex.replace_all(&line, name.as_str()).into_owned();
        }
        line
    }

    /// Did it print what the page says?
    pub(super) fn same(&self, page: &[String], printed: &[String]) -> bool {
        let mut page: Vec<_> = page.iter().map(|line| self.fixed(line)).collect();
        let mut printed: Vec<_> = printed.iter().map(|line| self.fixed(line)).collect();
        if self.order {
            page.sort();
            printed.sort();
        }
        let page: Vec<_> = page.iter().map(|line| Line::new(line)).collect();
        matches(&page, &printed)
    }

    /// Lines as they are compared, but not all of very many.
    pub(super) fn shown(&self, lines: &[String]) -> String {
        let mut fixed: Vec<_> = lines.iter().map(|line| self.fixed(line)).collect();
        if fixed.len() > 2 * SHOWN {
            let more = format!("[{} more lines]", fixed.len() - 2 * SHOWN);
            fixed.splice(SHOWN..fixed.len() - SHOWN, [more]);
        }
        fixed.join("\n")
    }
}

/// A line of a page.
enum Line {
    /// `...`: any number of lines.
    Any,
    /// One line, in which `...` may stand for anything.
    Like(Regex),
}

impl Line {
    fn new(line: &str) -> Self {
        if line == CUT {
            return Self::Any;
        }
        let parts: Vec<_> = line.split(CUT).map(regex::escape).collect();
        let whole = format!("^{}$", parts.join(".*"));
        Self::Like(Regex::new(&whole).expect("it is escaped"))
    }
}

fn matches(page: &[Line], printed: &[String]) -> bool {
    match (page.split_first(), printed.split_first()) {
        (None, None) => true,
        (Some((Line::Any, rest)), _) => {
            (0..=printed.len()).any(|skipped| matches(rest, &printed[skipped..]))
        }
        (Some((Line::Like(pattern), rest)), Some((line, others))) => {
            pattern.is_match(line) && matches(rest, others)
        }
        (None, Some(_)) | (Some(_), None) => false,
    }
}

#[test]
fn what_is_named_may_differ_and_nothing_else() {
    for (volatile, page, printed, same) in [
        ("", "a\nb", "a\nb", true),
        ("", "a  1", "a 1", true),
        ("", "a 1", "a 2", false),
        ("", "a\n...\nd", "a\nb\nc\nd", true),
        ("", "a\n...", "a", true),
        ("", "a\n...\nd", "a\nb", false),
        ("", "x ... z", "x y z", true),
        ("time", "22:33:12.288929 a", "01:02:03.1 a", true),
        ("time", "22:33:12.288929 a", "01:02:03.1 b", false),
        (
            "pid",
            "[pid  7202] x(0666) = 3",
            "[pid 12] x(0666) = 3",
            true,
        ),
        ("pid", "x(0666) = 3", "x(0644) = 3", false),
        // Of the account: what is written and lost stays.
        (
            "sums",
            "seen 5 = written 1 + filtered 4",
            "seen 9 = written 1 + filtered 8",
            true,
        ),
        // Of the account: what is written and lost stays.
        (
            "sums",
            "seen 5 = written 1 + lost 0",
            "seen 5 = written 2 + lost 0",
            false,
        ),
        (
            "sums",
            "seen 5 = written 1 + filtered 4 + lost 0",
            "seen 9 = written 1 + filtered 7 + undecided 1 + lost 0",
            true,
        ),
        ("order", "a\nb", "b\na", true),
        ("/x+y/, time", "xxy 10:00", "xy 11:00", true),
    ] {
        let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
        let volatile = Volatile::parse(volatile).expect("known");
        assert_eq!(
            volatile.same(&lines(page), &lines(printed)),
            same,
            "{page} {printed}"
        );
    }
}
