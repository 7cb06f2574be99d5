//! Options of rsync's that would break what the sync relies on. Knows rsync's option table only as
//! far as that needs.

use std::ffi::OsStr;

/// What is wrong with an option.
type Why = &'static str;

const DRY_RUN: Why = "use tracer's own --dry-run, before the paths";
const LIST: Why = "tracer gives the list of files itself";
const FILTERS: Why = "give filters to tracer itself, before `--`, so that it knows them too";
const NOT_EQUAL: Why = "the destination would not be equal to the source";
const NO_TRANSFER: Why = "it is no transfer";
const NUMBERS: Why = "tracer reads the numbers that rsync prints";
const LINKS: Why = "what a symlink leads to is not watched, so what changes there would not be \
                    copied; copy that directory in a job of its own, or leave the option out, and \
                    links are copied as links";

/// Letters that may stand with others behind one dash.
const LETTERS: [(char, Why); 9] = [
    ('n', DRY_RUN),
    ('0', LIST),
    ('f', FILTERS),
    ('F', FILTERS),
    ('C', FILTERS),
    ('u', NOT_EQUAL),
    ('L', LINKS),
    ('k', LINKS),
    ('h', NUMBERS),
];

/// Letters whose value is the rest of the word.
const WITH_VALUE: &str = "eMBT@";

/// Why an option cannot be given to rsync here.
pub fn refused_option(option: &OsStr) -> Option<&'static str> {
    let option = option.to_string_lossy();
    let Some(long) = option.strip_prefix("--") else {
        let letters = option.strip_prefix('-')?;
        return letters
            .chars()
            .take_while(|letter| !WITH_VALUE.contains(*letter))
            .find_map(|letter| LETTERS.iter().find(|(other, _)| *other == letter))
            .map(|(_, why)| *why);
    };
    match long.split('=').next().unwrap_or("") {
        "dry-run" => Some(DRY_RUN),
        "files-from" | "from0" => Some(LIST),
        "remove-source-files" | "remove-sent-files" => {
            Some("it deletes the source, and with it the copy")
        }
        "daemon" | "server" | "sender" | "list-only" | "help" | "version" => Some(NO_TRANSFER),
        "exclude" | "include" | "filter" | "exclude-from" | "include-from" | "cvs-exclude" => {
            Some(FILTERS)
        }
        "max-size"
        | "min-size"
        | "existing"
        | "ignore-non-existing"
        | "ignore-existing"
        | "update"
        | "no-r"
        | "no-recursive"
        | "no-relative"
        | "no-R" => Some(NOT_EQUAL),
        "copy-links" | "copy-dirlinks" | "copy-unsafe-links" => Some(LINKS),
        "human-readable" => Some(NUMBERS),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_that_would_break_it() {
        for option in [
            "-n",
            "--dry-run",
            "--files-from=x",
            "--exclude=x",
            "-L",
            "-k",
            "-HL",
            "-aAXk",
            "-f- x",
            "--copy-links",
            "--copy-dirlinks",
            "--copy-unsafe-links",
        ] {
            assert!(refused_option(OsStr::new(option)).is_some(), "{option}");
        }
        for option in [
            "-H",
            "-HAX",
            "--chmod=F644",
            "--max-delete=10",
            "-z",
            "-K",
            "--safe-links",
            "-essh -L 1:h:2",
            "-T/tmp/kL",
            "",
            "-",
        ] {
            assert!(refused_option(OsStr::new(option)).is_none(), "{option}");
        }
    }
}
