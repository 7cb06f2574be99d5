//! Words of messages: numbers with their nouns, what was perhaps meant, what is wrong with a regular
//! expression.

/// Why a text is no regular expression, in one line.
pub fn no_regex(error: &regex::Error) -> String {
    if let regex::Error::CompiledTooBig(_) = error {
        return "this regular expression is too large".to_owned();
    }
    // Several lines with a drawing; the last says what is wrong.
    let said = error.to_string();
    let last = said.lines().next_back().unwrap_or_default();
    let why = last.strip_prefix("error: ").unwrap_or(last);
    format!("this is no regular expression: {why}")
}

/// `1 file`, `2 files`, `3 directories`.
pub fn counted(count: u64, noun: &str) -> String {
    let stem = noun
        .strip_suffix('y')
        .filter(|stem| !stem.ends_with(['a', 'e', 'o', 'u']));
    match (count, stem) {
        (1, _) => format!("1 {noun}"),
        (_, Some(stem)) => format!("{count} {stem}ies"),
        (_, None) => format!("{count} {noun}s"),
    }
}

/// The form of a noun that goes with a number.
pub fn noun<'a>(count: u64, one: &'a str, several: &'a str) -> &'a str {
    if count == 1 { one } else { several }
}

/// What would be right in the place of a word that is not known: the nearest one, else what is
/// expected.
pub fn instead<'a>(
    word: &str,
    known: impl Iterator<Item = &'a str>,
    expected: impl FnOnce() -> String,
) -> String {
    nearest(word, known).map_or_else(expected, |near| format!("did you mean `{near}`?"))
}

/// The known word nearest to one that is not known.
pub fn nearest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    known
        .map(|name| (strsim::damerau_levenshtein(word, name), name))
        .min()
        .filter(|(distance, name)| *distance <= 2 && *distance < name.len())
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_nouns() {
        for (count, noun, wanted) in [
            (0, "file", "0 files"),
            (1, "file", "1 file"),
            (2, "directory", "2 directories"),
            (1, "directory", "1 directory"),
            (3, "day", "3 days"),
        ] {
            assert_eq!(counted(count, noun), wanted);
        }
    }
}
