//! The file of `--config`: several jobs.

use std::{fs, path::Path};

use serde::Deserialize;

use super::{
    super::{
        exit::{Code, Failure},
        live,
    },
    job::{JobArgs, add_rsync_options, job},
};
use crate::{sync::Job, toml_file};

/// The file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default, rename = "job")]
    jobs: Vec<JobArgs>,
}

/// Reads the jobs, all or those of the given names.
pub(super) fn read(file: &Path, only: &[String], state_dir: &Path) -> Result<Vec<Job>, Failure> {
    let name = file.display();
    let text = fs::read_to_string(file)
        .map_err(|error| Failure::new(Code::Target, format!("cannot read {name}: {error}")))?;
    let content: File = toml_file::read(file, &text).map_err(|error| {
        live::complain(&error.to_string());
        Failure::usage("no job was started")
    })?;
    if content.jobs.is_empty() {
        return Err(Failure::usage(format!(
            "{name} has no job: each begins with the line [[job]]"
        )));
    }
    for (at, entry) in content.jobs.iter().enumerate() {
        if entry.name.is_empty() {
            return Err(Failure::usage(format!(
                "{name}: job {} has no name",
                at + 1
            )));
        }
        if content.jobs[..at]
            .iter()
            .any(|other| other.name == entry.name)
        {
            return Err(Failure::usage(format!(
                "{name}: two jobs are called {}",
                entry.name
            )));
        }
    }
    if let Some(missing) = only
        .iter()
        .find(|name| content.jobs.iter().all(|entry| entry.name != **name))
    {
        let known: Vec<_> = content.jobs.iter().map(|entry| &*entry.name).collect();
        return Err(Failure::usage(format!(
            "{name} has no job {missing}: there are {}",
            known.join(", ")
        )));
    }
    content
        .jobs
        .iter()
        .filter(|entry| only.is_empty() || only.contains(&entry.name))
        .map(|entry| one(entry, state_dir))
        .collect()
}

fn one(args: &JobArgs, state_dir: &Path) -> Result<Job, Failure> {
    let in_job =
        |failure: Failure| Failure::new(failure.code(), format!("job {}: {failure}", args.name));
    if args.source.is_relative() {
        return Err(in_job(Failure::usage(format!(
            "source {:?} is not an absolute path",
            args.source.display().to_string()
        ))));
    }
    let name = args.name.clone();
    let mut job = job(name, &args.source, &args.destinations, args, state_dir).map_err(in_job)?;
    add_rsync_options(&mut job, &args.rsync_options).map_err(in_job)?;
    Ok(job)
}
