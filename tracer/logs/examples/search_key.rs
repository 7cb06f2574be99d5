//! Prints the events of an audit log that a rule with this key (`-k`) has reported:
//!
//! ```sh
//! cargo run -p tracer-logs --example search_key passwd-changes /var/log/audit
//! ```

use std::{
    error::Error,
    io::{self, Write as _},
    ops::ControlFlow,
    path::PathBuf,
    sync::atomic::AtomicU64,
};

use tracer_logs::{
    query::criteria::Criteria,
    replay::{Event, Input, Plan, ReplayError, Worker, scan, segments},
};

/// Keeps the lines of the events that are wanted.
struct Found<'c> {
    wanted: &'c Criteria,
    lines: Vec<u8>,
}

impl Worker for Found<'_> {
    type Made = Vec<u8>;

    fn event(&mut self, event: &Event<'_>) {
        if self.wanted.hold(event) {
            for record in event.records() {
                self.lines.extend_from_slice(record.line);
                self.lines.push(b'\n');
            }
        }
    }

    fn block(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.lines)
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args_os().skip(1);
    let (Some(key), Some(log)) = (args.next(), args.next()) else {
        return Err("which key, and which log or directory of logs?".into());
    };
    let wanted = Criteria {
        key: Some(key.into_encoded_bytes()),
        whole: true,
        ..Criteria::default()
    };
    let input = Input::open(segments(&PathBuf::from(log), false)?)?;
    let worker = || Found {
        wanted: &wanted,
        lines: Vec::new(),
    };
    let print = |lines: Vec<u8>| {
        io::stdout()
            .write_all(&lines)
            .map_err(ReplayError::Output)?;
        Ok(ControlFlow::Continue(()))
    };
    scan(
        &input,
        &Plan::whole(&input),
        &AtomicU64::new(0),
        worker,
        print,
    )?;
    Ok(())
}
