//! `tracer rules preset`: rules that are there already.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use clap_complete::engine::ArgValueCompleter;

use super::{
    complete,
    exit::{Code, Failure},
    live, parse, progress, stdout,
    together::{Content, Failed, Together},
};
use crate::rules::{
    file::{self, RuleText},
    preset::{Origin, PRESETS, Preset, PresetError, Search},
};

/// `tracer rules preset`.
#[derive(Debug, Subcommand)]
pub(super) enum PresetCommand {
    /// List the presets, with the events an hour that were measured on an idle machine and on a busy one
    List {
        /// One JSON object a line
        #[arg(long)]
        json: bool,
    },
    /// Print the rules of presets as this machine can have them
    Show {
        #[command(flatten)]
        chosen: Chosen,
    },
    /// Ask the daemon to keep presets in force, too: all of their rules or, if anything is wrong, none
    Load {
        #[command(flatten)]
        chosen: Chosen,
        /// Write them as files to the daemon's directory of rules instead, for its next start or `tracer rules load`
        #[arg(long)]
        file: bool,
        /// With --file: replace files of these names that are there
        #[arg(long, requires = "file")]
        force: bool,
    },
}

/// Which presets.
#[derive(Debug, Args)]
pub(super) struct Chosen {
    /// Names of presets
    #[arg(required = true, value_name = "NAME", value_parser = parse::preset,
          add = ArgValueCompleter::new(complete::presets))]
    presets: Vec<&'static Preset>,
    /// Where the rule files of auditd are, if they are in no usual place
    #[arg(long, value_name = "DIR", value_parser = parse::path())]
    packaged: Option<PathBuf>,
}

impl Chosen {
    /// Their rules as files, in the order of their names: that of the rules of a directory.
    pub(super) fn texts(&self) -> Result<Vec<RuleText>, Failure> {
        let search = Search::default();
        let all = progress::show(
            || Some(search.progress()),
            || {
                let texts = |preset: &&Preset| preset.texts(self.packaged.as_deref(), &search);
                let all = self.presets.iter().map(texts);
                all.collect::<Result<Vec<_>, PresetError>>()
            },
        );
        let all = all.map_err(|error| Failure::new(Code::Target, error))?;
        let mut texts: Vec<_> = all.into_iter().flatten().collect();
        texts.sort_by(|one, other| one.name.cmp(&other.name));
        texts.dedup_by(|one, other| one.name == other.name);
        Ok(texts)
    }
}

/// Prints them.
pub(super) fn show(chosen: &Chosen) -> Result<(), Failure> {
    let texts = chosen.texts()?;
    stdout::print(texts.iter().map(|text| &*text.text).collect::<String>())
}

/// Prints what there is.
pub(super) fn list(json: bool) -> Result<(), Failure> {
    let mut lines = Vec::new();
    if !json {
        lines.push("NAME         IDLE/HOUR  BUSY/HOUR  ABOUT".to_owned());
    }
    for preset in PRESETS {
        let installed = preset.installed();
        let about = match (&preset.origin, &installed) {
            (Origin::Packaged(_), Some(dir)) => format!("{} ({})", preset.about, dir.display()),
            (Origin::Packaged(_), None) => format!("{} (not installed)", preset.about),
            _ => preset.about.to_owned(),
        };
        let (idle, busy) = preset.hourly;
        lines.push(if json {
            let available = installed.is_some() || !matches!(preset.origin, Origin::Packaged(_));
            let (name, about) = (preset.name, preset.about);
            let line = serde_json::json!({
                "name": name, "about": about, "idle": idle, "busy": busy, "available": available,
                "directory": installed,
            });
            line.to_string()
        } else {
            format!("{:<12} {idle:>9}  {busy:>9}  {about}", preset.name)
        });
    }
    stdout::print_lines(&lines)
}

/// Writes them to the directory of rules: all of them or none.
pub(super) fn write(chosen: &Chosen, dir: &Path, force: bool) -> Result<(), Failure> {
    if dir.is_file() {
        let text = format!(
            "the daemon's rules are one file, {}: write what `tracer rules preset show` prints into it, or set a \
             directory (`rules`)",
            dir.display()
        );
        return Err(Failure::usage(text));
    }
    let mut texts = chosen.texts()?;
    for text in &mut texts {
        text.name = dir.join(&text.name);
    }
    texts.retain(|text| std::fs::read(&text.name).ok().as_deref() != Some(text.text.as_bytes()));
    if let Some(other) = texts.iter().find(|text| text.name.exists() && !force) {
        let text = format!(
            "{} is there, and is another one: --force replaces it",
            other.name.display()
        );
        return Err(Failure::new(Code::Target, text));
    }
    if texts.is_empty() {
        live::complain("tracer: they are there already");
        return Ok(());
    }
    check(dir, &texts)?;
    let mut files = Together::default();
    if let Err((path, error)) = put(&mut files, &texts) {
        if let Some(left) = files.take_back() {
            let left = left.display();
            live::complain(&format!("tracer: {left} could not be put back"));
        }
        return Err(live::cannot_make(&path, &error));
    }
    files.tidy();
    for text in &texts {
        live::complain(&format!("tracer: written: {}", text.name.display()));
    }
    live::complain("tracer: in force with the next `tracer rules load`, or start of the daemon");
    Ok(())
}

/// Would the daemon take the directory with these in it?
fn check(dir: &Path, texts: &[RuleText]) -> Result<(), Failure> {
    match file::check_with(dir, texts) {
        Ok(loaded) => {
            let notes = loaded.notes.iter().map(ToString::to_string);
            notes.for_each(|note| live::complain(&note));
            Ok(())
        }
        Err(error @ file::LoadError::Lines(_)) => {
            live::complain(&error.to_string());
            let dir = dir.display();
            let text =
                format!("the rules in {dir} could not be loaded with these: nothing is written");
            Err(Failure::usage(text))
        }
        Err(error) => Err(Failure::new(Code::Target, error)),
    }
}

/// Each is written whole beside its place first.
fn put(files: &mut Together, texts: &[RuleText]) -> Result<(), Failed> {
    for text in texts {
        let content = Content::Bytes(text.text.clone().into_bytes(), 0o640);
        files.write(&text.name, &content)?;
    }
    let written = files.beside.clone();
    let mut places = written.iter();
    places.try_for_each(|(beside, place)| files.place(beside, place))
}
