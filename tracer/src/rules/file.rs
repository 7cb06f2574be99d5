//! Rule files and directories of them: every line is parsed and checked, whatever is wrong with
//! the others, and the result is all of it or none.

use std::{
    collections::BTreeMap,
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
    #[error("{}", all(.0))]
    Lines(Vec<RuleError>),
}

/// The text of a rule file, and what it is called in messages.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct RuleText {
    /// A name, or where the file is or is to be.
    pub name: PathBuf,
    /// What stands in it.
    pub text: String,
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

/// Reads texts on top of `base`, as files of a directory. Rules that are there already are passed over.
pub fn load_texts(texts: &[RuleText], base: RuleSet) -> Result<Loaded, LoadError> {
    let mut loader = Loader::new(base, own_file::read, true);
    loader.adds_missing = true;
    for text in texts {
        loader.bytes(&text.name, text.text.as_bytes());
    }
    loader.end()
}

/// What a directory would lead to with these files in it.
pub fn check_with(dir: &Path, added: &[RuleText]) -> Result<Loaded, LoadError> {
    let there = match files(dir) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            let path = dir.to_owned();
            return Err(LoadError::Read { path, error });
        }
        there => there.unwrap_or_default(),
    };
    let mut all: BTreeMap<_, _> = there.into_iter().map(|path| (path, None)).collect();
    all.extend(added.iter().map(|a| (a.name.clone(), Some(&a.text))));
    let mut loader = Loader::new(RuleSet::default(), own_file::read, true);
    for (path, text) in all {
        match text {
            Some(text) => loader.bytes(&path, text.as_bytes()),
            None => loader.file(&path)?,
        }
    }
    loader.end()
}

fn load_by(paths: &[PathBuf], base: RuleSet, read: own_file::Read) -> Result<Loaded, LoadError> {
    let merges = paths.len() > 1 || paths.iter().any(|path| path.is_dir());
    let mut loader = Loader::new(base, read, merges);
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
    /// What is wrong, in the order of the files.
    errors: Vec<RuleError>,
    /// Something of it keeps all from being loaded.
    is_refused: bool,
    /// The last `-e`, which comes last whatever file it is in, as augenrules(8) puts it.
    last: Option<(Command, RuleError)>,
    /// `-c` or `-i`
    tolerant: Option<Control>,
    /// Several files make one set: `-D` comes first and `-e` last whatever file it is in, as
    /// augenrules(8) puts them, and `-D` deletes nothing of what the files hold.
    merges: bool,
    /// A rule that is there already is no mistake.
    adds_missing: bool,
    /// The line that locked the rules.
    locked_at: Option<usize>,
}

impl Loader {
    fn new(base: RuleSet, read: own_file::Read, merges: bool) -> Self {
        Self {
            read,
            out: Loaded {
                set: base,
                ..Loaded::default()
            },
            errors: Vec::new(),
            is_refused: false,
            last: None,
            locked_at: None,
            tolerant: None,
            merges,
            adds_missing: false,
        }
    }

    fn file(&mut self, path: &Path) -> Result<(), LoadError> {
        let bytes = (self.read)(path, FILE_MAX).map_err(|error| LoadError::Read {
            path: path.to_owned(),
            error,
        })?;
        self.bytes(path, &bytes);
        Ok(())
    }

    fn bytes(&mut self, path: &Path, bytes: &[u8]) {
        self.out.files += 1;
        let name = path.display().to_string();
        for (i, line) in bytes.split(|b| *b == b'\n').enumerate() {
            self.line(&name, i + 1, line);
        }
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
            return self.wrong(vec![whole]);
        }
        let (parsed, mut errors) = match parse::line(line, Some((file, number))) {
            Ok(parsed) => (parsed, Vec::new()),
            Err(mistakes) => (mistakes.parsed, mistakes.errors),
        };
        errors.extend(lacks(&parsed, &whole));
        errors.sort_by_key(|error| error.span.start);
        if errors.is_empty() {
            return self.commands(parsed, &whole);
        }
        self.wrong(errors);
    }

    fn commands(&mut self, parsed: Parsed, whole: &RuleError) {
        self.out.notes.extend(parsed.notes);
        for command in parsed.commands {
            match &command {
                Command::Control(control @ (Control::Continue | Control::Ignore)) => {
                    self.tolerant = Some(*control);
                }
                Command::Control(Control::Enabled(_)) if self.merges => {
                    self.last = Some((command, whole.clone()));
                }
                Command::DeleteAll(None) if self.merges => {}
                Command::Add { .. }
                | Command::Delete(_)
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
                | Command::Help => self.wrong(vec![RuleError {
                    what: "this option does not go into a rule file".to_owned(),
                    help: "a rule file holds rules (-a -w ...), -D and control options".to_owned(),
                    ..whole.clone()
                }]),
            }
        }
    }

    fn apply(&mut self, command: &Command, whole: &RuleError) {
        let was_locked = self.out.set.is_locked();
        match self.out.set.apply(command) {
            Ok(changes) => self.out.changes.extend(changes),
            Err(Refused::Exists) if self.adds_missing => {}
            Err(refused) => {
                let (what, help) = match (refused, self.locked_at) {
                    (Refused::Locked, Some(line)) => (
                        format!("the rules are locked by -e 2 in line {line}"),
                        "put -e 2 at the end of the file",
                    ),
                    _ => (refused.to_string(), ""),
                };
                self.wrong(vec![RuleError {
                    what,
                    help: help.to_owned(),
                    // Usual files have these; the rules beside them are good.
                    lacking: matches!(refused, Refused::LoginuidImmutable | Refused::Subtree),
                    ..whole.clone()
                }]);
            }
        }
        if self.out.set.is_locked() && !was_locked {
            self.locked_at = whole.place.as_ref().map(|(_, line)| *line);
        }
    }

    /// What is wrong with a line.
    fn wrong(&mut self, errors: Vec<RuleError>) {
        let passes = match self.tolerant {
            None if errors.iter().any(|error| !error.lacking) => None,
            None => Some("left out"),
            Some(Control::Ignore) => Some("passed over (-i)"),
            Some(_) => Some("passed over (-c)"),
        };
        match passes {
            Some(passes) => self.out.notes.push(Note {
                place: None,
                text: format!("{passes}: {}", all(&errors)),
            }),
            None => self.is_refused = true,
        }
        self.out.failed |= self.tolerant != Some(Control::Ignore);
        self.errors.extend(errors);
    }

    fn end(mut self) -> Result<Loaded, LoadError> {
        if let Some((command, whole)) = self.last.take() {
            self.apply(&command, &whole);
        }
        if self.is_refused {
            Err(LoadError::Lines(self.errors))
        } else {
            Ok(self.out)
        }
    }
}

/// Mistakes, one below the other.
fn all(errors: &[RuleError]) -> String {
    let errors: Vec<_> = errors.iter().map(ToString::to_string).collect();
    errors.join("\n")
}

/// What this machine lacks for the rule of a line.
fn lacks(parsed: &Parsed, whole: &RuleError) -> Vec<RuleError> {
    let rules = parsed.commands.iter().filter_map(|command| match command {
        Command::Add { rule, .. } => Some(rule),
        _ => None,
    });
    let lacks = rules.flat_map(check::rule);
    let error = |(at, lack): (usize, check::Lack)| RuleError {
        span: parsed.tests.get(at).unwrap_or(&whole.span).clone(),
        what: lack.what,
        help: lack.help,
        lacking: true,
        ..whole.clone()
    };
    lacks.map(error).collect()
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
    fn every_mistake_of_every_line_is_told_in_the_order_of_the_file() {
        let text = b"-a always,exti -F arch=b46 -S opnat,open,clsoe -F uidd=0 -C uid=pid -k x\n\
            -w rel -p z -S open -k\n\
            -F arch=b64 -S opnat -a always,exit -F uid=no-such-user\n\
            -w /no/such/dir/file -p wa -F auid=no-such-user\n\
            -a always,exit -F dir=/no/such/dir -S clsoe -x 1 2 -F perm=z\n\
            -w /etc -p wa -a always,exit -S opnat\n\
            -a always,exclude\n-k x\n";
        let Err(LoadError::Lines(errors)) = load_text(text) else {
            panic!("loaded");
        };
        let told: Vec<_> = errors
            .iter()
            .map(|e| {
                (
                    e.place.as_ref().unwrap().1,
                    e.span.start + 1,
                    e.what.as_str(),
                )
            })
            .collect();
        let wanted = [
            (1, 11, "`exti` is no list and action"),
            (1, 24, "unknown architecture `b46`"),
            (1, 31, "unknown system call `opnat`"),
            (1, 42, "unknown system call `clsoe`"),
            (1, 51, "unknown field `uidd`"),
            (1, 65, "pid cannot be compared"),
            (2, 4, "path `rel` is not an absolute path"),
            (2, 11, "`z` is no permission"),
            (2, 16, "a watch has no system calls"),
            (2, 21, "option -k needs a value"),
            (3, 4, "a list or watch must be given before a field"),
            (3, 16, "unknown x86_64 system call `opnat`"),
            (3, 44, "unknown user `no-such-user`"),
            (
                4,
                4,
                "cannot watch /no/such/dir/file: No such file or directory (os error 2)",
            ),
            (4, 36, "unknown user `no-such-user`"),
            (
                5,
                19,
                "cannot watch /no/such/dir: No such file or directory (os error 2)",
            ),
            (5, 39, "unknown system call `clsoe`"),
            (5, 45, "option -x is not known"),
            (5, 60, "`z` is no permission"),
            (6, 15, "a watch (-w) and a rule (-a) cannot be in one line"),
            (7, 1, "a rule on the list exclude needs a field"),
            (8, 1, "a key needs a rule, -D or -l before it"),
        ];
        assert_eq!(told, wanted);
    }

    #[test]
    fn a_path_alone_is_shown_as_a_watch() {
        let error = load_text(b"/etc/passwd\n").unwrap_err().to_string();
        assert!(
            error.ends_with("^ a watch is -w /etc/passwd -p wa"),
            "{error}"
        );
    }

    #[test]
    fn nothing_can_be_changed_behind_a_lock() {
        let Err(LoadError::Lines(errors)) =
            load_text(b"-D\n-e 2\n-w /etc/passwd -p wa\n-b 100\n# end\n")
        else {
            panic!("loaded");
        };
        let told: Vec<_> = errors.iter().map(ToString::to_string).collect();
        assert_eq!(told.len(), 2, "{told:?}");
        let wanted = "a.rules:3:1: the rules are locked by -e 2 in line 2";
        assert!(told[0].contains(wanted), "{told:?}");
        assert!(
            told[0].ends_with("put -e 2 at the end of the file"),
            "{told:?}"
        );
        // Of several files, the last -e comes last.
        let dir = tempfile::tempdir().unwrap();
        let first = dir.path().join("1.rules");
        fs::write(&first, "-e 2\n-w /etc/passwd -p wa\n").unwrap();
        for (second, locked) in [("-w /etc/group -p wa\n", true), ("-e 1\n", false)] {
            fs::write(dir.path().join("2.rules"), second).unwrap();
            let loaded = check_all(&[dir.path().to_owned()]).unwrap();
            assert_eq!(loaded.set.is_locked(), locked, "{second}");
        }
    }

    #[test]
    fn what_can_only_be_given_once() {
        for (rule, what) in [
            (
                "-a always,exit -F arch=b64 -F arch=b32 -S open",
                "a.rules:1:31: no call is of two tables: this rule would never match",
            ),
            (
                "-a always,exit -F exe=/bin/a -F exe!=/bin/b",
                "a.rules:1:33: a rule holds one exe",
            ),
            (
                "-a always,exit -F path=/etc/passwd -F dir=/etc",
                "a.rules:1:39: a rule holds one of path, dir and inode, once",
            ),
        ] {
            let error = load_text(rule.as_bytes()).expect_err(rule).to_string();
            assert!(error.contains(what), "{error}");
        }
        for (rule, notes) in [
            ("-a always,exit -F arch=b64 -F arch=b64 -S open", ""),
            ("-a always,exit -F perm=r -F perm=w -F path=/etc/passwd", ""),
            ("-a always,exit -F uid>=1 -F uid<=5 -F uid!=3 -F uid!=4", ""),
            (
                "-a always,exit -F arch=b64 -F uid=1 -F uid=2 -S open",
                "uid=1 and uid=2 never hold at once: this rule tells nothing",
            ),
        ] {
            let loaded = load_text(rule.as_bytes()).expect(rule);
            let told: Vec<_> = loaded.notes.iter().map(|note| &*note.text).collect();
            assert_eq!(told.join("\n"), notes, "{rule}");
        }
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
        let text = b"## comment\n-D\n-b 8192\n-f 1\n--backlog_wait_time 60000\n\
            -w /etc/passwd -p wa -k id\r\n-a always,exit -F arch=b64 -S openat -k o\n-e 2\n";
        let loaded = load_text(text).unwrap();
        assert_eq!(loaded.set.rules().len(), 2);
        assert_eq!(loaded.set.controls.backlog_limit, 8192);
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
            notes[0].contains("a.rules:1:4: cannot watch /no/such/dir/file"),
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
