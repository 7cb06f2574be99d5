//! Doing it, all or nothing. The list takes its place before the files do, with what they were and what they become: what
//! is killed in between can be done again, or undone.

use std::path::Path;

use super::{
    Failure, Place, code_of,
    manifest::{Entry, Kind, Manifest},
    plan::{Plan, Step},
};
use crate::cli::together::{Content, Failed, Together};

/// Carries a plan out.
pub(super) fn all(place: &Place, plan: &Plan) -> Result<(), Failure> {
    place.at(&place.manifest())?;
    for step in &plan.steps {
        place.at(&step.entry().path)?;
    }
    let mut done = Together::default();
    let result = carry_out(&mut done, place, plan);
    result.map_err(|(path, error)| {
        let left = done.take_back();
        let left = left.map_or("nothing was installed".to_owned(), |path| {
            format!("and {} could not be put back", path.display())
        });
        let text = format!("cannot install {}: {error}: {left}", path.display());
        Failure::new(code_of(&error), text)
    })?;
    done.tidy();
    Ok(())
}

fn carry_out(files: &mut Together, place: &Place, plan: &Plan) -> Result<(), Failed> {
    let at = |entry: &Entry| place.root.join(&entry.path);
    for step in &plan.steps {
        if let Step::Put(entry, content) = step {
            files.write(&at(entry), content)?;
        }
    }
    let path = place.root.join(place.manifest());
    files.directory_of(&path)?;
    let after = manifest(files, place, plan);
    let mut meanwhile = Manifest {
        entries: plan.before.entries.clone(),
        unfinished: true,
    };
    let new = |entry: &&Entry| !plan.before.entries.contains(entry);
    meanwhile
        .entries
        .extend(after.entries.iter().filter(new).cloned());
    let written = files.beside.clone();
    list(files, &path, &meanwhile)?;
    for step in &plan.steps {
        if let Step::Remove(entry) = step {
            files.move_away(&at(entry))?;
        }
    }
    written
        .iter()
        .try_for_each(|(beside, path)| files.place(beside, path))?;
    list(files, &path, &after)
}

/// Puts the list into its place.
fn list(files: &mut Together, path: &Path, manifest: &Manifest) -> Result<(), Failed> {
    let text = manifest.text().into_bytes();
    let beside = files.write(path, &Content::Bytes(text, 0o644))?;
    files.place(&beside, path)
}

/// The list of what is there in the end.
fn manifest(files: &Together, place: &Place, plan: &Plan) -> Manifest {
    let mut entries: Vec<Entry> = plan.before.of(Kind::Directory).cloned().collect();
    let made = files.directories.iter();
    entries.extend(made.map(|path| Entry {
        kind: Kind::Directory,
        hash: "-".to_owned(),
        path: path.strip_prefix(&place.root).unwrap_or(path).to_owned(),
    }));
    let kept = plan.steps.iter().filter_map(|step| match step {
        Step::Put(entry, _) => Some(entry.clone()),
        // What was there before is nobody's to remove.
        Step::Keep(entry) => plan.before.find(&entry.path).cloned(),
        Step::Remove(_) => None,
    });
    entries.extend(kept);
    Manifest {
        entries,
        unfinished: false,
    }
}
