//! `tracer sync`: keeps copies of a directory equal, by rsync.

mod config;
mod dry_run;
mod job;
mod show;
mod unit;

use std::{ffi::OsString, os::fd::AsFd, path::PathBuf, process::ExitCode};

use clap::Args;
use futures_util::future::join_all;
use tokio::io::Interest;

use super::{
    exit::{Code, Failure},
    live, stdout,
};
use crate::{
    pipeline::when,
    sink::Stop,
    source::Source,
    sync::{self, Job, Root, SyncError},
};
use job::JobArgs;
use show::Show;

/// `tracer sync`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  tracer sync /srv/www /backup/www                 a directory of this machine
  tracer sync /srv/www web1:/srv/www web2:/srv/www two hosts, through ssh, each with its own queue
  tracer sync /srv/www rsync://mirror/www          an rsync daemon
  tracer sync --dry-run /srv/www /backup/www       what would be copied and deleted now
  tracer sync --exclude '*.tmp' --bwlimit 5m /srv/www web1:/srv/www -- -H --chmod=F644
  tracer sync --config /etc/tracer/sync.toml       several jobs
  tracer sync --print-unit --config /etc/tracer/sync.toml > /etc/systemd/system/tracer-sync.service

DEST becomes equal to what is in SRC: names that SRC does not have are deleted there. A slash at
the end of SRC makes no difference. More in docs/sync.md.")]
#[expect(clippy::struct_excessive_bools, reason = "independent options")]
pub(super) struct SyncArgs {
    /// The directory to copy
    #[arg(value_name = "SRC", required_unless_present = "config")]
    src: Option<PathBuf>,
    /// Where it is kept equal: `DIR`, `[USER@]HOST:DIR`, `HOST::MODULE/DIR` or
    /// `rsync://HOST/MODULE/DIR`
    #[arg(value_name = "DEST", required_unless_present = "config")]
    dests: Vec<OsString>,
    /// Take the jobs from this file (TOML, see docs/sync.md)
    #[arg(long, value_name = "FILE", conflicts_with = "src")]
    config: Option<PathBuf>,
    /// Of the jobs in the file, only this one (repeatable)
    #[arg(long = "job", value_name = "NAME")]
    jobs: Vec<String>,
    #[command(flatten)]
    job: JobArgs,
    /// Say what would be copied and deleted now, and do nothing
    #[arg(short = 'n', long)]
    dry_run: bool,
    /// Print one JSON object a line: what was done, progress, failures
    #[arg(long)]
    json: bool,
    /// Print nothing but failures
    #[arg(short, long)]
    quiet: bool,
    /// Where the queues are kept [default: /var/lib/tracer/sync, or ~/.local/state/tracer/sync]
    #[arg(long, value_name = "DIR")]
    state_dir: Option<PathBuf>,
    /// Print a systemd unit that runs this command
    #[arg(long)]
    print_unit: bool,
    /// More options for rsync, such as -H, -A, -X or --chmod=F644
    #[arg(last = true, value_name = "RSYNC-OPTION")]
    rsync_options: Vec<OsString>,
}

/// Runs `tracer sync`.
pub(super) fn run(args: &SyncArgs) -> Result<ExitCode, Failure> {
    let jobs = jobs(args)?;
    job::check_together(&jobs)?;
    if args.print_unit {
        stdout::print(unit::text(args)?)?;
        return Ok(Code::Success.into());
    }
    for job in &jobs {
        job.options
            .check()
            .map_err(|why| Failure::new(Code::NotFound, why))?;
    }
    if args.dry_run {
        return dry_run::run(&jobs, args.json);
    }
    let show = Show::new(args.json, args.quiet, jobs.len() > 1);
    live::block_on(async {
        let stop = Stop::signals()?;
        let mut running = Vec::new();
        for job in &jobs {
            // First the watch, then the full run: what changes between them is not missed.
            let root = Root::open(&job.source).map_err(|e| job::no_source(&job.source, &e))?;
            let (source, how) = job::open_source(job, &show)?;
            show.ready(job, &how);
            running.push((job, root, source));
        }
        let all = join_all(
            running
                .iter_mut()
                .map(|(job, root, source)| to_the_end(job, root, source.as_mut(), &show)),
        );
        let asked = when(stop.as_fd(), Interest::READABLE)?;
        tokio::select! {
            codes = all => Ok(codes.into_iter().max_by_key(|code| *code as u8).unwrap_or(Code::Failed).into()),
            guard = asked.readable() => {
                guard?.clear_ready();
                Ok(Code::Success.into())
            }
            () = show.closed() => Ok(Code::Success.into()),
            never = show.keep_fresh() => match never {},
        }
    })
}

/// Runs one job; that it ended is said at once, because the others go on.
async fn to_the_end(job: &Job, root: &Root, source: &mut dyn Source, show: &Show) -> Code {
    let error = sync::run(job, root, source, show).await;
    show.ended(&job.name, &error);
    match error {
        SyncError::Gone(_) => Code::Target,
        SyncError::Queue { .. } | SyncError::Source(_) | SyncError::NoDestination(_) => {
            Code::Failed
        }
    }
}

/// The jobs that the arguments describe.
fn jobs(args: &SyncArgs) -> Result<Vec<Job>, Failure> {
    if args.config.is_none() && !args.jobs.is_empty() {
        return Err(Failure::usage(
            "--job is a choice among the jobs of --config FILE",
        ));
    }
    let state_dir = match &args.state_dir {
        Some(dir) => std::path::absolute(dir)?,
        None => job::state_dir()?,
    };
    let mut jobs = if let Some(file) = &args.config {
        if args.job != JobArgs::default() {
            return Err(Failure::usage(
                "with --config, the options of a job are given in the file",
            ));
        }
        config::read(file, &args.jobs, &state_dir)?
    } else {
        let src = args.src.clone().unwrap_or_default();
        let name = src
            .file_name()
            .map_or_else(|| "/".to_owned(), |name| name.display().to_string());
        vec![job::job(name, &src, &args.dests, &args.job, &state_dir)?]
    };
    for job in &mut jobs {
        job::add_rsync_options(job, &args.rsync_options)?;
    }
    Ok(jobs)
}
