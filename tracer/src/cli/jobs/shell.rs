//! What a shell would do something with, where none is started.

use super::{
    reread,
    template::{PATHS, places},
};

/// How a character stands in a command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Quotes {
    None,
    Single,
    Double,
}

/// What stands in a command line, and how it is quoted there. Neither quotes nor what is behind a
/// backslash is among it.
fn quoted(text: &str) -> Vec<(usize, char, Quotes)> {
    let (mut all, mut quotes) = (Vec::new(), Quotes::None);
    let mut letters = text.char_indices();
    while let Some((at, letter)) = letters.next() {
        match (quotes, letter) {
            (Quotes::None, '\'') => quotes = Quotes::Single,
            (Quotes::None, '"') => quotes = Quotes::Double,
            (Quotes::Single, '\'') | (Quotes::Double, '"') => quotes = Quotes::None,
            (Quotes::None | Quotes::Double, '\\') => drop(letters.next()),
            _ => all.push((at, letter, quotes)),
        }
    }
    all
}

/// The first thing in a command line for which a shell is needed.
fn first<'a>(text: &'a str, words: &[String]) -> Option<&'a str> {
    let all = quoted(text.trim());
    let text = text.trim();
    // A program of a shell and its like has its own `$`, which needs no backslash here.
    let is_program = reread::is_for_others(words);
    all.iter().find_map(|(at, letter, quotes)| {
        let rest = &text[*at..];
        let starts_word = text[..*at].is_empty() || text[..*at].ends_with(char::is_whitespace);
        let long = match (quotes, letter) {
            (Quotes::None, '|' | '&' | '<' | '>') => {
                rest.len() - rest.trim_start_matches(*letter).len()
            }
            (Quotes::None, ';' | '(' | ')' | '`' | '*' | '\n') => 1,
            (Quotes::None, '~') if starts_word => 1,
            (Quotes::None, '$') => variable(rest)?,
            (Quotes::Double, '$') if !is_program => variable(rest)?,
            (Quotes::Double, '`') if !is_program => 1,
            _ => return None,
        };
        Some(&rest[..long])
    })
}

/// How long the beginning is that a shell takes for a variable or a command.
fn variable(text: &str) -> Option<usize> {
    let behind = &text[1..];
    let is_name = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let name = behind.len() - behind.trim_start_matches(is_name).len();
    let is_other = behind.starts_with(['(', '{', '@', '*', '#', '?', '$', '!']);
    (name > 0 || is_other).then_some(1 + name.max(1))
}

/// Why a command line is refused that only a shell understands, and the one that has a shell.
pub(super) fn refusal(text: &str, words: &[String]) -> Option<String> {
    let found = first(text, words)?;
    let shown = found.escape_debug();
    Some(format!(
        "`{shown}` means something to a shell, and none is started: have one with --exec {}; in \
         quotes ('...') it is passed on as it is",
        shell_words::quote(&with_a_shell(text.trim()))
    ))
}

/// The command line with a shell, to which what is filled in is passed as arguments.
fn with_a_shell(text: &str) -> String {
    let (all, mut given) = (quoted(text), Vec::new());
    for (_, place) in places(text) {
        if place != PATHS && !given.contains(&place) {
            given.push(place);
        }
    }
    let has_all = places(text).any(|(_, place)| place == PATHS);
    let name = |place: &str| place.trim_matches(['{', '}']).to_owned();
    let mut program = String::new();
    if has_all {
        let kept = given
            .iter()
            .map(|place| format!("{}=$1; shift; ", name(place)));
        program.extend(kept);
    }
    let mut done = 0;
    for (at, place) in places(text) {
        let quotes = all.iter().find(|(here, ..)| *here == at);
        let nr = given.iter().position(|known| *known == place);
        let value = match nr {
            None => "$@".to_owned(),
            Some(_) if has_all => format!("${{{}}}", name(place)),
            Some(nr) => format!("${}", nr + 1),
        };
        program.push_str(&text[done..at]);
        let quotes = match quotes {
            Some((_, _, Quotes::Single)) => ["'\"", "\"'"],
            Some((_, _, Quotes::Double)) => ["", ""],
            _ => ["\"", "\""],
        };
        program.extend([quotes[0], &value, quotes[1]]);
        done = at + place.len();
    }
    program.push_str(&text[done..]);
    let program = program.replace('\\', "\\\\").replace('"', "\\\"");
    given.extend(has_all.then_some(PATHS));
    if !given.is_empty() {
        given.insert(0, "sh");
    }
    let program = format!("sh -c \"{program}\"");
    let words = [program.as_str()].into_iter().chain(given);
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> Option<String> {
        refusal(text, &shell_words::split(text).expect("it is a command"))
    }

    #[test]
    fn what_only_a_shell_understands() {
        for (text, wanted) in [
            ("echo {path} > x", ">"),
            ("echo {path} >>x", ">>"),
            ("make 2>&1", ">"),
            ("a && b", "&&"),
            ("a | b", "|"),
            ("a; b", ";"),
            ("sleep 9 &", "&"),
            ("echo $HOME", "$HOME"),
            ("echo \"$TRACER_PATH\"", "$TRACER_PATH"),
            ("echo ${HOME}", "${"),
            ("echo `date`", "`"),
            ("echo \"$(date)\"", "$("),
            ("cp {path} ~/kept", "~"),
            ("rm *.o", "*"),
            ("(a)", "("),
            ("one\ntwo", "\\n"),
            ("sh -c $PROGRAM", "$PROGRAM"),
        ] {
            let why = refused(text).unwrap_or_else(|| panic!("taken: {text}"));
            let wanted = format!("`{wanted}` means");
            assert!(why.starts_with(&wanted), "{text}: {why}");
        }
    }

    #[test]
    fn what_is_passed_on_as_it_is() {
        for text in [
            "gzip {path}",
            "echo '>' \\> \">\" '$HOME' \\$HOME",
            "grep \"x$\" a=~ {path}",
            "sh -c \"gzip -k \\\"$1\\\"\" sh {path}",
            "sh -c 'a && b > c' sh {paths}",
            "nice bash -c \"echo $HOME\"",
            "awk '{print $1}' {path}",
            "awk \"{print $1}\" {path}",
            "find /x -name '*.o' -exec rm {path} \\;",
            "curl http://host/?a=1#b",
            " echo\n",
        ] {
            assert_eq!(refused(text), None, "{text}");
        }
    }

    /// The command that is said to do it does what a shell does with the one that was given.
    #[test]
    fn what_is_said_to_do_instead() {
        for (text, wanted) in [
            ("echo {path} | cat", "a 'b\" $c\n"),
            (
                "echo \"is {path}.\" '{path}'x; echo $((1 + 1))",
                "is a 'b\" $c. a 'b\" $cx\n2\n",
            ),
            (
                "printf '%s\\n' {op} {path} && echo \"\\$\"",
                "write\na 'b\" $c\n$\n",
            ),
            ("printf '<%s>' {paths} | cat", "<one><two three>"),
            (
                "printf '<%s>' {op} {paths} {op} | cat",
                "<write><one><two three><write>",
            ),
        ] {
            let instead = with_a_shell(text);
            let words = shell_words::split(&instead).expect("it is a command");
            assert_eq!(refusal(&instead, &words), None, "{instead}");
            assert_eq!(reread::refusal(&words), None, "{instead}");
            let mut run = std::process::Command::new(&words[0]);
            for word in &words[1..] {
                match word.as_str() {
                    PATHS => run.args(["one", "two three"]),
                    "{path}" => run.arg("a 'b\" $c"),
                    "{op}" => run.arg("write"),
                    other => run.arg(other),
                };
            }
            let said = run.output().expect("sh runs").stdout;
            assert_eq!(String::from_utf8_lossy(&said), wanted, "{instead}");
        }
    }
}
