//! `tracer sync --dry-run`: what would be watched, run, copied and deleted. Nothing is done.

use std::{
    io::{BufRead, BufReader},
    process::{ExitCode, Stdio},
};

use serde_json::json;

use super::{
    super::{
        exit::{Code, Failure},
        live,
        stdout::print,
    },
    job::shell_word,
};
use crate::sync::{Dest, Job, Scope};

/// Asks rsync about every destination of every job.
pub(super) fn run(jobs: &[Job], as_json: bool) -> Result<ExitCode, Failure> {
    let mut result = Ok(Code::Success.into());
    for job in jobs {
        for dest in &job.dests {
            if let Err(failure) = one(job, dest, as_json) {
                errln!("tracer: {}", live::one_line(&failure.to_string()));
                result = Ok(Code::Failed.into());
            }
        }
    }
    result
}

fn one(job: &Job, dest: &Dest, as_json: bool) -> Result<(), Failure> {
    let command = |job: &Job| {
        job.options
            .command(&job.source, dest, &job.filters, Scope::Full)
    };
    if !as_json {
        let command = command(job);
        let words: Vec<_> = [command.get_program()]
            .into_iter()
            .chain(command.get_args())
            .map(shell_word)
            .collect();
        print(format!(
            "{}\n  would run: {}\n  would do now:\n",
            live::one_line(&format!("{} -> {dest}", job.source.display())),
            live::one_line(&words.join(" "))
        ))?;
    }
    let mut job_asked = job.clone();
    for option in ["--dry-run", "--itemize-changes", "--info=progress0,stats0"] {
        job_asked.options.extra.push(option.into());
    }
    let mut child = command(&job_asked)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut items = 0;
    if let Some(out) = child.stdout.take() {
        for line in BufReader::new(out).split(b'\n') {
            let line = line?;
            let line = String::from_utf8_lossy(&line);
            // `YXcstpoguax name`, or `*deleting name`: rsync(1), --itemize-changes.
            let Some((item, name)) = line.split_once(' ').filter(|(item, _)| item.len() >= 9)
            else {
                continue;
            };
            items += 1;
            let name = name.trim_start();
            if as_json {
                let record = json!({
                    "type": "sync", "job": job.name, "destination": dest.to_string(),
                    "event": "would", "item": item, "path": name,
                });
                print(format!("{record}\n"))?;
            } else {
                print(format!("    {item} {}\n", live::one_line(name)))?;
            }
        }
    }
    let status = child.wait()?;
    if !status.success() {
        return Err(Failure::new(
            Code::Failed,
            format!("{dest}: rsync ended with {status}: see its lines above"),
        ));
    }
    if !as_json && items == 0 {
        print("    nothing: they are equal\n")?;
    }
    Ok(())
}
