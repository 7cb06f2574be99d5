//! Configuration files: TOML, with mistakes told as those of rules are.

use std::path::Path;

use serde::de::DeserializeOwned;

use crate::{rules::RuleError, words::nearest};

/// Reads a file's text; `path` is for the message.
pub(crate) fn read<T: DeserializeOwned>(path: &Path, text: &str) -> Result<T, Box<RuleError>> {
    toml::from_str(text).map_err(|error| Box::new(mistake(path, text, &error)))
}

fn mistake(path: &Path, text: &str, error: &toml::de::Error) -> RuleError {
    // At the end of the text, where something lacks.
    let span = error.span().unwrap_or(text.len()..text.len());
    let start = text.floor_char_boundary(span.start);
    let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
    let line = text[line_start..].lines().next().unwrap_or("");
    let within = |at: usize| at.saturating_sub(line_start).min(line.len());
    let (what, help) = words(error.message());
    RuleError {
        place: Some((
            path.display().to_string(),
            text[..start].matches('\n').count() + 1,
        )),
        line: line.into(),
        span: within(start)..line.floor_char_boundary(within(span.end)),
        what,
        help,
        lacking: false,
    }
}

/// What is wrong, and what would be right. The parts of an unknown word are between backticks.
fn words(message: &str) -> (String, String) {
    let message = message.trim_end();
    let (what, right) = match message.split_once(", expected ") {
        Some((what, right)) => (what, format!("expected {}", kind(right))),
        None => (message, String::new()),
    };
    let quoted = |text: &str| -> Vec<String> {
        text.split('`')
            .skip(1)
            .step_by(2)
            .map(str::to_owned)
            .collect()
    };
    let (unknown, known) = (quoted(what), quoted(&right));
    let what = match what.strip_prefix("unknown field ") {
        Some(field) => format!("unknown key {field}"),
        None => what.replace("unknown variant ", "no such word: "),
    };
    let near = match &unknown[..] {
        [word] => nearest(word, known.iter().map(String::as_str)),
        _ => None,
    };
    let help = match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => right,
    };
    (what.replace('\n', ": "), help.replace('\n', " "))
}

/// A type of Rust's in words. TOML has no whole numbers beyond an `i64`.
fn kind(right: &str) -> String {
    let (min, max) = match right {
        "u8" => (0, u8::MAX.into()),
        "u16" => (0, u16::MAX.into()),
        "u32" => (0, u32::MAX.into()),
        "u64" | "usize" => (0, i64::MAX),
        "i64" => (i64::MIN, i64::MAX),
        "a boolean" => return "true or false".to_owned(),
        other => return other.to_owned(),
    };
    format!("a whole number from {min} to {max}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct File {
        #[expect(dead_code, reason = "only read")]
        num_logs: u32,
    }

    fn told(text: &str) -> String {
        let result: Result<File, _> = read(Path::new("a.toml"), text);
        result.expect_err("a mistake").to_string()
    }

    #[test]
    fn mistakes_have_a_place_and_a_way_out() {
        assert_eq!(
            told("# first\nnum_log = 5\n"),
            "a.toml:2:1: unknown key `num_log`\n  2 | num_log = 5\n    | ^^^^^^^ did you mean \
             `num_logs`?"
        );
        assert_eq!(
            told("num_logs = \"five\"\n"),
            "a.toml:1:12: invalid type: string \"five\"\n  1 | num_logs = \"five\"\n    |            \
             ^^^^^^ expected a whole number from 0 to 4294967295"
        );
        let negative = told("num_logs = -1\n");
        assert!(
            negative.ends_with("^^ expected a whole number from 0 to 4294967295"),
            "{negative}"
        );
        assert!(told("").contains("missing field `num_logs`"));
        assert!(told("num_logs = [\n").starts_with("a.toml:"));
        assert!(told("é = \"\u{1}").starts_with("a.toml:1:"));
    }
}
