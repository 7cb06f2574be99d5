//! Options in the style of the audit tools: `-ts today 10:00`, `-gi 0`, `--just-one`. A table of
//! them is parsed here, and printed as help. Knows nothing of what an option means.

use std::{fmt::Write as _, path::Path};

use crate::{
    cli::exit::Failure,
    query::{clock::Here, expression::Expression},
    words::counted,
};

/// What an option takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Takes {
    /// Nothing.
    Nothing,
    /// One value.
    Value(&'static str),
    /// One value that may begin with a `-`.
    Negative(&'static str),
    /// A date, a time, or both in any order.
    Time,
}

/// An option.
#[derive(Debug)]
pub(super) struct Opt<K: 'static> {
    /// What it is.
    pub(super) key: K,
    /// How it is written, the usual way first.
    pub(super) names: &'static [&'static str],
    /// What it takes.
    pub(super) takes: Takes,
    /// What it does.
    pub(super) help: &'static str,
}

/// Why arguments are refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum OptionError {
    /// No such option.
    #[error("{0} is an unsupported option{1}")]
    Unknown(String, String),
    /// A word where an option should be.
    #[error("`{0}` is no option{1}")]
    Word(String, String),
    /// It needs a value.
    #[error("Argument is required for {0}: {1}")]
    NoValue(String, &'static str),
}

/// Options as given: what, as it was written, and its values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Given<K> {
    pub(super) key: K,
    pub(super) name: String,
    pub(super) values: Vec<String>,
}

impl<K> Given<K> {
    /// The value of an option that takes one.
    pub(super) fn value(&self) -> &str {
        self.values.first().map_or("", String::as_str)
    }
}

/// Every way in which the options of a table are written.
pub(super) fn names<K>(table: &'static [Opt<K>]) -> impl Iterator<Item = &'static str> {
    table.iter().flat_map(|option| option.names.iter().copied())
}

/// Parses arguments by a table.
pub(super) fn parse<K: Copy>(
    table: &[Opt<K>],
    args: &[String],
) -> Result<Vec<Given<K>>, OptionError> {
    let mut given = Vec::new();
    let mut args = args.iter().peekable();
    while let Some(arg) = args.next() {
        let option = table
            .iter()
            .find(|option| option.names.contains(&arg.as_str()))
            .ok_or_else(|| unknown(table, arg, given.last()))?;
        let mut values = Vec::new();
        let (most, negative, what) = match option.takes {
            Takes::Nothing => (0, false, ""),
            Takes::Value(what) => (1, false, what),
            Takes::Negative(what) => (1, true, what),
            Takes::Time => (2, false, "a date, a time, or a word such as today"),
        };
        while values.len() < most {
            let is_value = |next: &&String| negative || !next.starts_with('-') || next.len() == 1;
            match args.next_if(is_value) {
                Some(value) => values.push(value.clone()),
                None => break,
            }
        }
        if values.is_empty() && most > 0 {
            return Err(OptionError::NoValue(arg.clone(), what));
        }
        given.push(Given {
            key: option.key,
            name: arg.clone(),
            values,
        });
    }
    Ok(given)
}

/// `--where`
pub(super) fn expression<K>(option: &Given<K>, here: &Here) -> Result<Expression, Failure> {
    Expression::parse(option.value(), here).map_err(|error| {
        let text = error.to_string();
        let (what, place) = text.split_once('\n').unwrap_or((&text, ""));
        Failure::usage(format!("{}: {what}", option.name)).with_place(place)
    })
}

/// What is said of a word that is no option. `before` is the option before it, which has its values.
fn unknown<K>(table: &[Opt<K>], arg: &str, before: Option<&Given<K>>) -> OptionError {
    let names = || table.iter().flat_map(|option| option.names.iter().copied());
    if !arg.starts_with('-') {
        let hint = match before {
            _ if names().any(|name| name == "-if") && Path::new(arg).exists() => {
                format!(": a log is named by -if {arg}")
            }
            Some(before) => format!(
                ": {} takes {}; quote a value that has spaces",
                before.name,
                match before.values.len() {
                    0 => "no value".to_owned(),
                    values => counted(values as u64, "word"),
                }
            ),
            None => ": conditions are options with a value, such as -k KEY; see --help".to_owned(),
        };
        return OptionError::Word(arg.to_owned(), hint);
    }
    // The name of an option that takes one of several words is known better than its own.
    let word = arg.trim_start_matches('-');
    let is_format =
        super::search::FORMATS.contains(&word) && names().any(|name| name == "--format");
    let near = names()
        .map(|name| (strsim::damerau_levenshtein(arg, name), name))
        .filter(|(distance, _)| *distance <= (word.len() / 3).clamp(1, 2) && arg.len() > 3)
        .min()
        .map(|(_, name)| name.to_owned());
    let near = if is_format {
        Some(format!("--format {word}"))
    } else {
        near
    };
    let hint = near.map_or_else(String::new, |near| format!(" (is {near} meant?)"));
    OptionError::Unknown(arg.to_owned(), hint)
}

/// The table as help: how each option is written, and what it does.
pub(super) fn rows<K>(table: &[Opt<K>]) -> Vec<(String, &'static str)> {
    let row = |option: &Opt<K>| {
        let mut left = option.names.join(", ");
        match option.takes {
            Takes::Nothing => {}
            Takes::Value(what) | Takes::Negative(what) => {
                let _ = write!(left, " <{what}>");
            }
            Takes::Time => left.push_str(" [date] [time]"),
        }
        (left, option.help)
    };
    table.iter().map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: [Opt<u8>; 4] = [
        Opt {
            key: 1,
            names: &["-k", "--key"],
            takes: Takes::Value("key"),
            help: "",
        },
        Opt {
            key: 2,
            names: &["-e", "--exit"],
            takes: Takes::Negative("code"),
            help: "",
        },
        Opt {
            key: 3,
            names: &["-ts", "--start"],
            takes: Takes::Time,
            help: "",
        },
        Opt {
            key: 4,
            names: &["-i"],
            takes: Takes::Nothing,
            help: "",
        },
    ];

    fn parsed(args: &str) -> Result<Vec<(u8, Vec<String>)>, OptionError> {
        let args: Vec<String> = args.split(' ').map(str::to_owned).collect();
        let given = parse(&TABLE, &args)?;
        Ok(given.into_iter().map(|g| (g.key, g.values)).collect())
    }

    #[test]
    fn one_row_per_shape() {
        let v = |words: &[&str]| words.iter().map(|w| (*w).to_owned()).collect::<Vec<_>>();
        for (args, wanted) in [
            ("-k x -i", vec![(1, v(&["x"])), (4, v(&[]))]),
            ("--exit -13", vec![(2, v(&["-13"]))]),
            ("-ts today -i", vec![(3, v(&["today"])), (4, v(&[]))]),
            ("-ts 01/02/26 10:00", vec![(3, v(&["01/02/26", "10:00"]))]),
        ] {
            assert_eq!(parsed(args), Ok(wanted), "{args}");
        }
        for args in ["-k", "-k -i", "-ts", "x", "--kei"] {
            assert!(parsed(args).is_err(), "{args}");
        }
        for (args, wanted) in [
            (
                "--kei x",
                "--kei is an unsupported option (is --key meant?)",
            ),
            (
                "--exot 1",
                "--exot is an unsupported option (is --exit meant?)",
            ),
            // Two letters of four are another word.
            ("--text", "--text is an unsupported option"),
            ("-x", "-x is an unsupported option"),
            (
                "word",
                "`word` is no option: conditions are options with a value, such as -k KEY; see --help",
            ),
            (
                "-k a b",
                "`b` is no option: -k takes 1 word; quote a value that has spaces",
            ),
            (
                "-i b",
                "`b` is no option: -i takes no value; quote a value that has spaces",
            ),
        ] {
            assert_eq!(parsed(args).unwrap_err().to_string(), wanted, "{args}");
        }
    }
}
