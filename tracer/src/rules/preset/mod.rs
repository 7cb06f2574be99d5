//! Sets of rules for a purpose: some are written here (`tracer/presets`), one is made for the machine, and
//! some are those that come with auditd, read where they are installed.

mod privileged;

use std::{
    io,
    path::{Path, PathBuf},
};

use super::{
    check,
    file::RuleText,
    parse::{self, Command},
};
use crate::own_file;

pub use privileged::Search;

/// Largest packaged rule file that is read.
const PACKAGED_MAX: u64 = 1 << 20;

/// Where rule files lie that come with auditd: on Debian, on Fedora, and elsewhere.
pub const PACKAGED: [&str; 4] = [
    "/usr/share/audit-rules",
    "/usr/share/audit/sample-rules",
    "/usr/share/doc/auditd/examples/rules",
    "/usr/share/doc/audit/rules",
];

/// A set of rules for a purpose.
#[derive(Debug)]
pub struct Preset {
    /// Its name.
    pub name: &'static str,
    /// What it is for.
    pub about: &'static str,
    /// Where its rules come from.
    pub origin: Origin,
    /// Events an hour on the machine that they were measured on: idle, and busy (docs/presets.md).
    pub hourly: (u32, u32),
}

/// Where rules come from.
#[derive(Debug)]
pub enum Origin {
    /// They are written here. The number is the place of their file among others: the first rule that
    /// matches decides.
    Written(u8, &'static str),
    /// Made from the programs that the machine has.
    Made,
    /// Files that come with auditd: the beginnings of their names.
    Packaged(&'static [&'static str]),
}

/// Every preset.
pub const PRESETS: &[Preset] = &[
    Preset {
        name: "identity",
        about: "users, groups, passwords, who may become root, and sudo",
        origin: Origin::Written(30, include_str!("../../../presets/identity.rules")),
        hourly: (0, 0),
    },
    Preset {
        name: "logins",
        about: "the records of logins, and what decides who may log in",
        origin: Origin::Written(30, include_str!("../../../presets/logins.rules")),
        hourly: (0, 0),
    },
    Preset {
        name: "etc",
        about: "integrity of /etc: whatever is changed there",
        origin: Origin::Written(40, include_str!("../../../presets/etc.rules")),
        hourly: (0, 0),
    },
    Preset {
        name: "modules",
        about: "modules that are loaded, file systems that are mounted",
        origin: Origin::Written(30, include_str!("../../../presets/modules.rules")),
        hourly: (0, 0),
    },
    Preset {
        name: "deletion",
        about: "what users remove, or rename over something else",
        origin: Origin::Written(30, include_str!("../../../presets/deletion.rules")),
        hourly: (0, 16_000),
    },
    Preset {
        name: "privileged",
        about: "programs run by users that give them more rights, as this machine has them",
        origin: Origin::Made,
        hourly: (0, 0),
    },
    Preset {
        name: "containers",
        about: "escape signs of containers",
        origin: Origin::Written(30, include_str!("../../../presets/containers.rules")),
        hourly: (0, 0),
    },
    Preset {
        name: "stig",
        about: "the STIG rules that come with auditd",
        origin: Origin::Packaged(&["30-stig"]),
        hourly: (0, 20_900),
    },
    Preset {
        name: "pci-dss",
        about: "the PCI-DSS rules that come with auditd",
        origin: Origin::Packaged(&["30-pci-dss"]),
        hourly: (0, 0),
    },
    Preset {
        name: "ospp",
        about: "the OSPP rules that come with auditd",
        origin: Origin::Packaged(&["30-ospp"]),
        hourly: (0, 80),
    },
];

/// The preset of this name.
#[must_use]
pub fn named(name: &str) -> Option<&'static Preset> {
    PRESETS.iter().find(|preset| preset.name == name)
}

/// Why there are no rules.
#[derive(Debug, thiserror::Error)]
pub enum PresetError {
    /// The packaged rules are not installed.
    #[error(
        "the rules of {0} come with auditd, and are in none of {dirs}: install its package (Debian: auditd, Fedora: \
         audit-rules), or name the directory with --packaged",
        dirs = PACKAGED.join(", ")
    )]
    NotInstalled(&'static str),
    /// There are none in the directory that was named.
    #[error("there are no rules of {0} in {1}: it has no file {2}*.rules")]
    NotThere(&'static str, PathBuf, &'static str),
    /// They cannot be read.
    #[error("cannot read {}: {error}", .path.display())]
    Read {
        /// Which file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
}

impl Preset {
    /// Its rules as files, named as they are to be. `packaged` is where those of auditd are, if that is known.
    ///
    /// # Errors
    /// When it has none on this machine.
    pub fn texts(
        &self,
        packaged: Option<&Path>,
        search: &Search,
    ) -> Result<Vec<RuleText>, PresetError> {
        let text = |place: u8, text: String| {
            let name = format!("{place}-{}.rules", self.name).into();
            vec![RuleText { name, text }]
        };
        match self.origin {
            Origin::Written(place, rules) => Ok(text(place, fitting(rules))),
            Origin::Made => Ok(text(30, search.rules())),
            Origin::Packaged(starts) => self.packaged(packaged, starts),
        }
    }

    /// Where its files are, if they are packaged and installed.
    #[must_use]
    pub fn installed(&self) -> Option<PathBuf> {
        let Origin::Packaged(starts) = self.origin else {
            return None;
        };
        let mut dirs = PACKAGED.iter().map(PathBuf::from);
        dirs.find(|dir| !files_in(dir, starts).is_empty())
    }

    fn packaged(
        &self,
        named: Option<&Path>,
        starts: &'static [&'static str],
    ) -> Result<Vec<RuleText>, PresetError> {
        let dir = named.map_or_else(|| self.installed(), |dir| Some(dir.to_owned()));
        let dir = dir.ok_or(PresetError::NotInstalled(self.name))?;
        let files = files_in(&dir, starts);
        if files.is_empty() {
            return Err(PresetError::NotThere(self.name, dir, starts[0]));
        }
        let read = |path: PathBuf| match own_file::read(&path, PACKAGED_MAX) {
            Ok(bytes) => Ok(RuleText {
                name: path.file_name().map(Into::into).unwrap_or_default(),
                text: String::from_utf8_lossy(&bytes).into_owned(),
            }),
            Err(error) => Err(PresetError::Read { path, error }),
        };
        files.into_iter().map(read).collect()
    }
}

/// Rule files in a directory whose names begin so, in order.
fn files_in(dir: &Path, starts: &[&str]) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(dir).into_iter().flatten().flatten();
    let mut files: Vec<_> = entries
        .filter(|entry| {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            name.ends_with(".rules") && starts.iter().any(|start| name.starts_with(start))
        })
        .map(|entry| entry.path())
        .collect();
    files.sort();
    files
}

/// Rules as this machine can have them: what it lacks is a comment that says why.
fn fitting(rules: &str) -> String {
    let mut out = String::with_capacity(rules.len());
    for line in rules.lines() {
        if let Some(why) = lacking(line) {
            out.push_str("# left out: ");
            out.push_str(&why);
            out.push_str(": ");
        }
        out.push_str(line);
        out.push('\n');
    }
    out
}

/// What this machine lacks for a line.
fn lacking(line: &str) -> Option<String> {
    let commands = parse::line(line, None).ok()?.commands;
    let mut lacks = commands.iter().flat_map(|command| match command {
        Command::Add { rule, .. } => check::rule(rule),
        _ => Vec::new(),
    });
    lacks.next().map(|(_, lack)| lack.what)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::{
        RuleSet,
        file::{self, Loaded},
    };

    fn written() -> impl Iterator<Item = (&'static Preset, &'static str)> {
        PRESETS.iter().filter_map(|preset| match preset.origin {
            Origin::Written(_, rules) => Some((preset, rules)),
            _ => None,
        })
    }

    fn load(texts: &[RuleText], base: RuleSet) -> Loaded {
        file::load_texts(texts, base).expect("they are right")
    }

    #[test]
    fn each_is_right_and_has_keys() {
        for (preset, rules) in written() {
            for line in rules.lines().filter(|line| line.starts_with('-')) {
                let parsed = parse::line(line, None).unwrap_or_else(|e| panic!("{e}"));
                for command in &parsed.commands {
                    let Command::Add { rule, first: false } = command else {
                        panic!("{}: not only rules: {line}", preset.name);
                    };
                    assert_eq!(rule.keys.len(), 1, "{line}");
                }
            }
        }
    }

    #[test]
    fn they_can_be_in_force_together_and_twice() {
        let search = Search::default();
        let texts: Vec<_> = written()
            .flat_map(|(preset, _)| preset.texts(None, &search).unwrap())
            .collect();
        let all = load(&texts, RuleSet::default());
        assert!(!all.failed, "{:?}", all.notes);
        let dir = tempfile::tempdir().unwrap();
        let named = texts.iter().map(|text| RuleText {
            name: dir.path().join(&text.name),
            text: text.text.clone(),
        });
        let as_files = file::check_with(dir.path(), &named.collect::<Vec<_>>()).unwrap();
        assert_eq!(as_files.set.rules().len(), all.set.rules().len());
        let again = load(&texts, all.set.clone());
        assert_eq!(again.set, all.set);
        assert!(again.changes.is_empty());
    }

    #[test]
    fn what_a_machine_lacks_is_a_comment() {
        let text = fitting("# head\n-w /no/such/dir/file -p wa -k x\n-w /etc/passwd -p wa -k x\n");
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(lines.len(), 3);
        assert_eq!(
            lines[1],
            "# left out: cannot watch /no/such/dir/file: No such file or directory (os error 2): \
             -w /no/such/dir/file -p wa -k x"
        );
        assert_eq!(
            (lines[0], lines[2]),
            ("# head", "-w /etc/passwd -p wa -k x")
        );
    }

    #[test]
    fn packaged_rules_are_those_of_a_directory() {
        let dir = tempfile::tempdir().unwrap();
        let stig = named("stig").unwrap();
        let search = Search::default();
        let texts = || stig.texts(Some(dir.path()), &search);
        let error = texts().unwrap_err().to_string();
        assert!(error.ends_with("no file 30-stig*.rules"), "{error}");
        for name in ["30-stig.rules", "30-stig.rules.rpmsave", "30-pci-dss.rules"] {
            std::fs::write(dir.path().join(name), "-w /etc/passwd -p wa -k x\n").unwrap();
        }
        let texts = texts().map(|texts| texts.into_iter().map(|t| t.name).collect::<Vec<_>>());
        let is_root = nix::unistd::geteuid().is_root();
        match texts {
            Ok(names) => assert_eq!(names, [PathBuf::from("30-stig.rules")]),
            Err(error) => assert!(!is_root, "{error}"),
        }
    }
}
