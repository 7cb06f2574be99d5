//! Rule files and directories of them: every line is parsed and checked, whatever is wrong with
//! the others, and the result is all of it or none.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use super::{
    Note, RuleError, check,
    parse::{self, Command, Control, Parsed},
    set::{Change, Refused, RuleSet},
};
use crate::own_file;

/// Largest rule file that is read: a thousand times the longest seen.
const FILE_MAX: u64 = 16 << 20;

/// Something that keeps rules from being loaded.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The file cannot be read.
    #[error("cannot read {}: {error}", .path.display())]
    Read {
        /// Which.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// The configuration names what is not there.
    #[error(
        "cannot read the rules: {} does not exist, which the configuration names (`rules`): make \
         it, or write down another path",
        .0.display()
    )]
    NoRules(PathBuf),
    /// Lines are wrong: all of them.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Lines(Vec<RuleError>),
}

/// Rule files, read.
#[derive(Debug, Default)]
pub struct Loaded {
    /// The rules and controls that they lead to.
    pub set: RuleSet,
    /// What was done on the way.
    pub changes: Vec<Change>,
    /// Remarks, and what `-i` and `-c` made pass.
    pub notes: Vec<Note>,
    /// Something was left out because this machine does not have it, or because it was wrong and
    /// `-c` was there.
    pub failed: bool,
    /// How many files were read.
    pub files: usize,
}

/// The rule files below a directory (`*.rules`, by name), or the file itself.
fn files(path: &Path) -> io::Result<Vec<PathBuf>> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut out = Vec::new();
    for entry in fs::read_dir(path)? {
        let path = entry?.path();
        let hidden = path
            .file_name()
            .is_some_and(|n| n.as_encoded_bytes().starts_with(b"."));
        if path.extension().is_some_and(|e| e == "rules") && !hidden {
            out.push(path);
        }
    }
    out.sort();
    Ok(out)
}

/// Reads files, and the files of directories, on top of `base`. What is right but about something
/// that this machine does not have is left out and told; anything wrong keeps all from being
/// loaded, and so does a file that others than root can write.
pub fn load(paths: &[PathBuf], base: RuleSet) -> Result<Loaded, LoadError> {
    load_by(paths, base, own_file::read)
}

/// The same, only to see what is in them.
pub fn check_all(paths: &[PathBuf]) -> Result<Loaded, LoadError> {
    load_by(paths, RuleSet::default(), own_file::read_any)
}

fn load_by(paths: &[PathBuf], base: RuleSet, read: own_file::Read) -> Result<Loaded, LoadError> {
    let mut loader = Loader {
        read,
        out: Loaded {
            set: base,
            ..Loaded::default()
        },
        errors: Vec::new(),
        last: Vec::new(),
        tolerant: None,
        merges: paths.len() > 1 || paths.iter().any(|path| path.is_dir()),
    };
    for path in paths {
        let files = files(path).map_err(|error| LoadError::Read {
            path: path.clone(),
            error,
        })?;
        for file in files {
            loader.file(&file)?;
        }
    }
    loader.end()
}

struct Loader {
    read: own_file::Read,
    out: Loaded,
    errors: Vec<RuleError>,
    /// `-e`, which comes last whatever file it is in, as augenrules(8) puts it.
    last: Vec<(Command, RuleError)>,
    /// `-c` or `-i`
    tolerant: Option<Control>,
    /// Several files make one set: `-D` comes first whatever file it is in, as augenrules(8) puts
    /// it, and deletes nothing of what the files hold.
    merges: bool,
}

impl Loader {
    fn file(&mut self, path: &Path) -> Result<(), LoadError> {
        let bytes = (self.read)(path, FILE_MAX).map_err(|error| LoadError::Read {
            path: path.to_owned(),
            error,
        })?;
        self.out.files += 1;
        let name = path.display().to_string();
        for (i, line) in bytes.split(|b| *b == b'\n').enumerate() {
            self.line(&name, i + 1, line);
        }
        Ok(())
    }

    fn line(&mut self, file: &str, number: usize, bytes: &[u8]) {
        let text = String::from_utf8_lossy(bytes);
        let line = text.trim_end_matches('\r');
        if line.trim_start().starts_with('#') || line.trim().is_empty() {
            return;
        }
        let whole = RuleError {
            place: Some((file.to_owned(), number)),
            line: line.into(),
            span: 0..line.len(),
            what: "the line is not UTF-8".to_owned(),
            help: "rules are UTF-8 text".to_owned(),
            lacking: false,
        };
        if std::str::from_utf8(bytes).is_err() {
            return self.wrong(whole);
        }
        match parse::line(line, Some((file, number))) {
            Ok(parsed) => self.commands(parsed, &whole),
            Err(error) => self.wrong(error),
        }
    }

    fn commands(&mut self, parsed: Parsed, whole: &RuleError) {
        self.out.notes.extend(parsed.notes);
        let error = |what: String, help: String, lacking: bool| RuleError {
            what,
            help,
            lacking,
            ..whole.clone()
        };
        for command in parsed.commands {
            match &command {
                Command::Control(control @ (Control::Continue | Control::Ignore)) => {
                    self.tolerant = Some(*control);
                }
                Command::Control(Control::Enabled(_)) => {
                    self.last.push((command, whole.clone()));
                }
                Command::Add { rule, .. } => match check::rule(rule) {
                    Ok(()) => self.apply(&command, whole),
                    Err(lack) => self.wrong(error(lack.what, lack.help, true)),
                },
                Command::DeleteAll(_) if self.merges => {}
                Command::Delete(_)
                | Command::DeleteAll(_)
                | Command::Control(_)
                | Command::Subtree
                | Command::Trees => self.apply(&command, whole),
                Command::List(_)
                | Command::Read(_)
                | Command::Message(_)
                | Command::Status
                | Command::Signal(_)
                | Command::Version
                | Command::Help => self.wrong(error(
                    "this option does not go into a rule file".to_owned(),
                    "a rule file holds rules (-a -w ...), -D and control options".to_owned(),
                    false,
                )),
            }
        }
    }

    fn apply(&mut self, command: &Command, whole: &RuleError) {
        match self.out.set.apply(command) {
            Ok(changes) => self.out.changes.extend(changes),
            Err(refused) => self.wrong(RuleError {
                what: refused.to_string(),
                help: String::new(),
                // Usual files have these; the rules beside them are good.
                lacking: matches!(refused, Refused::LoginuidImmutable | Refused::Subtree),
                ..whole.clone()
            }),
        }
    }

    fn wrong(&mut self, error: RuleError) {
        let what = match self.tolerant {
            None if !error.lacking => return self.errors.push(error),
            None => "left out",
            Some(Control::Ignore) => "passed over (-i)",
            Some(_) => "passed over (-c)",
        };
        self.out.failed |= self.tolerant != Some(Control::Ignore);
        self.out.notes.push(Note {
            place: None,
            text: format!("{what}: {error}"),
        });
    }

    fn end(mut self) -> Result<Loaded, LoadError> {
        for (command, whole) in std::mem::take(&mut self.last) {
            self.apply(&command, &whole);
        }
        if self.errors.is_empty() {
            Ok(self.out)
        } else {
            Err(LoadError::Lines(self.errors))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load_text(text: &[u8]) -> Result<Loaded, LoadError> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.rules");
        fs::write(&path, text).unwrap();
        check_all(&[path])
    }

    #[test]
    fn every_wrong_line_is_told_and_nothing_is_loaded() {
        let text =
            b"-w /etc/passwd -p wa\n# no -rule\n-a always,exit -S opnat\n\n-w rel\n-x\n\xff\n";
        let Err(LoadError::Lines(errors)) = load_text(text) else {
            panic!("loaded");
        };
        let lines: Vec<usize> = errors.iter().map(|e| e.place.as_ref().unwrap().1).collect();
        assert_eq!(lines, [3, 5, 6, 7]);
        let shown = errors[0].to_string();
        assert!(
            shown.contains("a.rules:3:19: unknown system call `opnat`"),
            "{shown}"
        );
        assert!(
            shown.ends_with("\n    |                   ^^^^^ did you mean `openat`?"),
            "{shown}"
        );
    }

    #[test]
    fn control_options_that_are_not_kept() {
        let Err(LoadError::Lines(errors)) = load_text(b"-f 2") else {
            panic!("loaded");
        };
        assert!(errors[0].to_string().contains("does not panic"));
        // As the packaged 11-loginuid.rules has it: the rules beside it are loaded.
        for (line, why) in [
            ("--loginuid-immutable", "leave --loginuid-immutable out"),
            ("-q /a,/b", "leave -q out"),
        ] {
            let text = format!("{line}\n-w /etc/passwd -p wa\n");
            let loaded = load_text(text.as_bytes()).unwrap();
            assert_eq!(loaded.set.rules().len(), 1, "{line}");
            assert!(loaded.failed, "{line}");
            let note = loaded.notes[0].to_string();
            assert!(note.contains("left out") && note.contains(why), "{note}");
        }
    }

    #[test]
    fn a_usual_file() {
        let text = b"## comment\n-D\n-b 8192\n-f 1\n--backlog_wait_time 60000\n-e 2\n\
            -w /etc/passwd -p wa -k id\r\n-a always,exit -F arch=b64 -S openat -k o\n";
        let loaded = load_text(text).unwrap();
        assert_eq!(loaded.set.rules().len(), 2);
        assert_eq!(loaded.set.controls.backlog_limit, 8192);
        // The lock comes last, although rules follow it.
        assert!(loaded.set.is_locked());
    }

    #[test]
    fn errors_pass_where_the_file_says_so() {
        for (option, failed) in [("-i", false), ("-c", true)] {
            let text = format!("{option}\n-a nonsense\n-w /etc/passwd -p wa\n");
            let loaded = load_text(text.as_bytes()).unwrap();
            assert_eq!(loaded.set.rules().len(), 1, "{option}");
            assert_eq!(loaded.failed, failed, "{option}");
            assert_eq!(loaded.notes.len(), 1, "{option}");
        }
    }

    #[test]
    fn what_this_machine_lacks_is_left_out_and_told() {
        let text = b"-w /no/such/dir/file -p wa\n-w /etc/passwd -p wa\n\
            -a never,exit -F arch=b64 -S openat -F uid=no-such-user\n";
        let loaded = load_text(text).unwrap();
        assert_eq!(loaded.set.rules().len(), 1);
        assert!(loaded.failed);
        let notes: Vec<_> = loaded.notes.iter().map(ToString::to_string).collect();
        assert_eq!(notes.len(), 2, "{notes:?}");
        assert!(notes[0].starts_with("left out: "), "{notes:?}");
        assert!(
            notes[0].contains("a.rules:1:1: cannot watch /no/such/dir/file"),
            "{notes:?}"
        );
        assert!(notes[1].contains("a.rules:3:44: unknown user"), "{notes:?}");
        // A mistake in the text keeps all from being loaded, all the same.
        assert!(load_text(b"-w /no/such/dir/file -p wa\n-w rel\n").is_err());
    }

    #[test]
    fn deleting_all_comes_first_in_a_directory_and_in_its_place_in_one_file() {
        let dir = tempfile::tempdir().unwrap();
        let (one, two) = (dir.path().join("1.rules"), dir.path().join("2.rules"));
        fs::write(&one, "-w /etc/passwd -p wa\n").unwrap();
        fs::write(&two, "-w /etc/group -p wa\n-D\n-w /etc/hosts -p wa\n").unwrap();
        for (paths, rules) in [
            (vec![dir.path().to_owned()], 3),
            (vec![one, two.clone()], 3),
            (vec![two], 1),
        ] {
            let loaded = check_all(&paths).unwrap();
            assert_eq!(loaded.set.rules().len(), rules, "{paths:?}");
        }
    }

    #[test]
    fn slashes_at_the_end_of_a_watch_say_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let there = dir.path().display();
        let rules = "-w DIR/ -p wa\n-w DIR/none// -p wa\n-w / -p wa\n-W DIR// -p wa\n";
        let loaded = load_text(rules.replace("DIR", &there.to_string()).as_bytes()).unwrap();
        assert_eq!(
            loaded.set.listing(None, false),
            [format!("-w {there}/none -p wa"), "-w / -p wa".to_owned()]
        );
    }

    #[test]
    fn a_directory_is_read_by_name() {
        let dir = tempfile::tempdir().unwrap();
        for name in ["20-b.rules", "10-a.rules", "x.txt", ".hid.rules"] {
            fs::write(dir.path().join(name), "").unwrap();
        }
        let names: Vec<_> = files(dir.path())
            .unwrap()
            .iter()
            .map(|p| p.file_name().unwrap().to_str().unwrap().to_owned())
            .collect();
        assert_eq!(names, ["10-a.rules", "20-b.rules"]);
    }
}
