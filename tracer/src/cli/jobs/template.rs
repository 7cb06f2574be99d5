//! The command of `--exec` and what is filled into it. No shell is involved unless the user names
//! one, and a name never becomes part of a program.

use std::{
    ffi::{OsStr, OsString},
    os::unix::ffi::{OsStrExt, OsStringExt},
    path::Path,
};

use bytes::Bytes;

use super::{reread, shell};
use crate::{
    cli::{exit::Failure, started},
    event::{Event, Pid, Users},
    words::nearest,
};

/// What an event says, each under the name that stands for it in the command, and in its
/// environment (`TRACER_PATH`, ...).
const PLACES: [&str; 10] = [
    "path", "event", "op", "pid", "ppid", "uid", "user", "exe", "comm", "ret",
];

/// Stands for all paths, each as an argument.
pub(super) const PATHS: &str = "{paths}";

/// A command with places for what events say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::cli) struct Template(Vec<String>);

/// What one command is run for.
#[derive(Clone, Debug)]
pub(super) struct Task {
    /// What the last event says, in the order of [`PLACES`]; `None` is not known.
    facts: [Option<Vec<u8>>; PLACES.len()],
    /// Every path, once.
    pub(super) paths: Vec<Bytes>,
}

impl Task {
    pub(super) fn of(event: &Event, users: &Users) -> Self {
        let actor = event.actor.as_ref().ok();
        let number = |n: u32| n.to_string().into_bytes();
        let uid = actor.and_then(|actor| actor.creds).map(|creds| creds.uid);
        let text = |text: &Bytes| text.to_vec();
        let mut names = Vec::new();
        event.as_notice().names(&mut names, b',');
        let path = event.named().and_then(|path| path.resolved.as_ref().ok());
        let facts = [
            path.map(text),
            Some(names),
            Some(event.op.as_str().into()),
            actor.map(|actor| number(actor.pid.0)),
            actor
                .and_then(|actor| actor.ppid)
                .map(|Pid(pid)| number(pid)),
            uid.map(|uid| number(uid.0)),
            uid.map(|uid| match users.name(uid) {
                Some(name) => name.as_bytes().to_vec(),
                None => number(uid.0),
            }),
            actor.and_then(|actor| actor.exe.as_ref().ok()).map(text),
            actor.and_then(|actor| actor.comm.as_ref().ok()).map(text),
            event.call.as_ref().map(|call| call.ret.to_string().into()),
        ];
        let mut paths: Vec<Bytes> = Vec::new();
        for path in event.paths.iter().filter_map(|p| p.resolved.as_ref().ok()) {
            if !paths.contains(path) {
                paths.push(path.clone());
            }
        }
        Self { facts, paths }
    }

    /// The environment of the command: `None` takes a variable out.
    pub(super) fn environment(&self) -> Vec<(String, Option<OsString>)> {
        let facts = PLACES.iter().zip(&self.facts).map(|(name, fact)| {
            let value = fact.clone().map(OsString::from_vec);
            (format!("TRACER_{}", name.to_uppercase()), value)
        });
        let mut all = Vec::new();
        for path in &self.paths {
            if !all.is_empty() {
                all.push(b'\n');
            }
            for byte in &**path {
                match byte {
                    b'\n' => all.extend_from_slice(b"\\n"),
                    b'\\' => all.extend_from_slice(b"\\\\"),
                    byte => all.push(*byte),
                }
            }
        }
        let all = ("TRACER_PATHS".to_owned(), Some(OsString::from_vec(all)));
        facts.chain([all]).collect()
    }
}

impl Template {
    /// Splits a command line as a shell would; what only a shell understands is refused.
    pub(in crate::cli) fn parse(text: &str) -> Result<Self, String> {
        let words = shell_words::split(text).map_err(|_| "a quote is not closed".to_owned())?;
        if words.first().is_none_or(String::is_empty) {
            return Err("expected a command, such as 'gzip {path}'".to_owned());
        }
        if let Some(why) = reread::refusal(&words) {
            return Err(why);
        }
        words.iter().try_for_each(|word| check_word(word))?;
        match shell::refusal(text, &words) {
            Some(why) => Err(why),
            None => Ok(Self(words)),
        }
    }

    /// Refuses a command that cannot be run, unless it is an event that says which it is.
    pub(in crate::cli) fn check(&self) -> Result<(), Failure> {
        match self.0.first() {
            Some(program) if places(program).next().is_none() => {
                started::runnable(OsStr::new(program)).map(drop)
            }
            _ => Ok(()),
        }
    }

    /// Does nothing in it stand for a single event? Then one run does for many.
    pub(super) fn is_for_many(&self) -> bool {
        let mut all = self.0.iter().flat_map(|word| places(word));
        all.all(|(_, place)| place == PATHS)
    }

    /// The words of the command. What is not known is `?`.
    pub(super) fn fill(&self, task: &Task) -> Vec<OsString> {
        let mut words = Vec::new();
        for word in &self.0 {
            if word == PATHS {
                let paths = task.paths.iter();
                words.extend(paths.map(|path| OsStr::from_bytes(path).to_owned()));
            } else {
                words.push(fill(word, &task.facts));
            }
        }
        words
    }
}

/// What to write where the words of a command stand behind `--exec` one by one, so that one of them
/// was taken for something else.
pub(in crate::cli) fn unquoted(args: &[OsString], taken: &OsStr) -> Option<String> {
    let at = args.iter().position(|arg| arg == "--exec")?;
    let words = args.get(at + 1..)?;
    let is_one_word = |word: &OsString| !word.as_bytes().contains(&b' ');
    let behind = words.iter().position(|word| word == taken)? + 1;
    if behind == 1 || !words.first().is_some_and(is_one_word) {
        return None;
    }
    let is_another =
        |word: &&OsString| !word.as_bytes().starts_with(b"-") && !Path::new(word).exists();
    let more = words[behind..].iter().take_while(is_another).count();
    let words: Vec<_> = words[..behind + more]
        .iter()
        .map(|word| word.to_string_lossy())
        .collect();
    let command = words.join(" ");
    Some(format!(
        "the command of --exec is one argument: --exec {}",
        shell_words::quote(&command)
    ))
}

/// Every place in a word, and what looks like one, with where it begins.
pub(super) fn places(word: &str) -> impl Iterator<Item = (usize, &str)> {
    let starts = word.match_indices('{').map(|(at, _)| at);
    starts.filter_map(|at| {
        // `${name}` is a shell's.
        if word[..at].ends_with('$') {
            return None;
        }
        let end = word[at..].find('}')?;
        let inside = &word[at + 1..at + end];
        let is_name = |c: char| c.is_ascii_lowercase() || c == '_';
        (!inside.is_empty() && inside.chars().all(is_name)).then(|| (at, &word[at..=at + end]))
    })
}

fn check_word(word: &str) -> Result<(), String> {
    if word == "{}" {
        return Err("nothing is filled into `{}`: `{path}` stands for the path".to_owned());
    }
    for (_, place) in places(word) {
        if place == PATHS {
            if word != PATHS {
                return Err(format!(
                    "`{PATHS}` stands for several arguments, so it must be a word of its own, not \
                     a part of `{word}`"
                ));
            }
            continue;
        }
        let name = place.trim_matches(['{', '}']);
        if PLACES.contains(&name) {
            continue;
        }
        let known = || PLACES.into_iter().chain(["paths"]);
        let near = nearest(name, known())
            .map(|near| format!("did you mean `{{{near}}}`? "))
            .unwrap_or_default();
        let all: Vec<_> = known().map(|name| format!("{{{name}}}")).collect();
        return Err(format!(
            "nothing is known by the name `{place}`: {near}There are {}",
            all.join(", ")
        ));
    }
    Ok(())
}

/// One word, with every place filled; what is filled in is not looked at again.
fn fill(word: &str, facts: &[Option<Vec<u8>>; PLACES.len()]) -> OsString {
    let mut out = Vec::new();
    let mut done = 0;
    for (at, place) in places(word) {
        let name = place.trim_matches(['{', '}']);
        if let Some(known) = PLACES.iter().position(|known| *known == name) {
            out.extend_from_slice(&word.as_bytes()[done..at]);
            out.extend_from_slice(facts[known].as_deref().unwrap_or(b"?"));
            done = at + place.len();
        }
    }
    out.extend_from_slice(&word.as_bytes()[done..]);
    OsString::from_vec(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn task(path: &[u8]) -> Task {
        let mut facts = [const { None }; PLACES.len()];
        (facts[0], facts[1]) = (Some(path.to_vec()), Some(b"CREATE".to_vec()));
        let paths = [path, b"/other"].map(Bytes::copy_from_slice).to_vec();
        Task { facts, paths }
    }

    #[test]
    fn places_are_filled_inside_words_and_only_once() {
        let task = task(b"/a b/{event}\xff");
        for (word, wanted) in [
            ("{path}", &b"/a b/{event}\xff"[..]),
            ("to={path}.{event}", b"to=/a b/{event}\xff.CREATE"),
            ("{event}{pid}{event}", b"CREATE?CREATE"),
            ("${path}{path}", b"${path}/a b/{event}\xff"),
            ("{ print $1 }\u{fc}", "{ print $1 }\u{fc}".as_bytes()),
            ("", b""),
        ] {
            assert_eq!(fill(word, &task.facts).as_bytes(), wanted, "{word}");
        }
    }

    #[test]
    fn all_paths_are_arguments_of_their_own() {
        let template = Template::parse("cp -t /x {paths} end").expect("it is one");
        let words = template.fill(&task(b"/a b\n\\"));
        assert_eq!(words, ["cp", "-t", "/x", "/a b\n\\", "/other", "end"]);
        assert!(template.is_for_many());
        assert!(!Template::parse("gzip {path}").unwrap().is_for_many());
        let all = task(b"/a b\n\\").environment();
        let paths = all.iter().find(|(name, _)| name == "TRACER_PATHS");
        let paths = paths.and_then(|(_, value)| value.clone());
        assert_eq!(paths.unwrap(), "/a b\\n\\\\\n/other");
    }

    #[test]
    fn commands_are_split_as_a_shell_splits_them() {
        let words = |text: &str| Template::parse(text).map(|template| template.0);
        assert_eq!(
            words("sh -c 'echo $1' sh {path}"),
            Ok(["sh", "-c", "echo $1", "sh", "{path}"]
                .map(str::to_owned)
                .to_vec())
        );
        assert!(words("").is_err() && words("'open").is_err() && words("''").is_err());
    }

    #[test]
    fn what_is_refused_and_why() {
        for (text, wanted) in [
            ("echo {pth}", "did you mean `{path}`?"),
            ("echo {file}", "{paths}"),
            ("gzip {}", "`{path}` stands"),
            ("cp x{paths}", "word of its own"),
            ("sh -c 'gzip {path}'", "\"$TRACER_PATH\""),
        ] {
            let why = Template::parse(text).expect_err(text);
            assert!(why.contains(wanted), "{text}: {why}");
        }
    }
}
