//! `report --html FILE --watch`: the page is written anew when there is more in the log.

use std::{
    os::fd::AsFd as _,
    path::Path,
    process::ExitCode,
    time::{Duration, Instant},
};

use crate::{
    cli::{
        exit::{Code, Failure},
        live::one_line,
    },
    sink::Stop,
    source::replay::{Changes, ReplayError, Woken},
};

/// Between two pages is so much time at least.
const PAUSE: Duration = Duration::from_secs(1);

/// Nine tenths of the time nothing is done, however long a page takes.
const IDLE: u32 = 9;

/// Makes a page, and another one whenever the log has changed, until the end is asked for.
pub(super) fn watch(
    log: &Path,
    page: &Path,
    mut make: impl FnMut() -> Result<ExitCode, Failure>,
) -> Result<ExitCode, Failure> {
    let stop = Stop::signals()?;
    let changes = Changes::of_log(log)?;
    let gone = |cause| {
        let path = log.to_owned();
        Failure::from(ReplayError::Read { path, cause })
    };
    let mut is_first = true;
    loop {
        let begun = Instant::now();
        match make() {
            Ok(_) => {}
            // In the moment of a rotation there is no log.
            Err(failure) if failure.code() == Code::Target && !is_first => {}
            Err(failure) => return Err(failure),
        }
        if is_first {
            let page = page.display().to_string();
            errln!(
                "tracer: ready: {} is written anew with the log",
                one_line(&page)
            );
            is_first = false;
        }
        let rest = PAUSE.max(begun.elapsed() * IDLE);
        let until = Instant::now() + rest;
        // What has changed meanwhile is on the next page, when it is time for one.
        let mut due = None;
        loop {
            let woken = changes.wait(stop.as_fd(), None, due);
            match woken.map_err(gone)? {
                Woken::Stopped | Woken::Unread => return Ok(ExitCode::SUCCESS),
                Woken::Changed if Instant::now() < until => due = Some(until),
                Woken::Changed | Woken::Quiet => break,
            }
        }
    }
}
