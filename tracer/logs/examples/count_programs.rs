//! Counts the events of an audit log by program, with every fact of each event decoded, on one CPU:
//!
//! ```sh
//! cargo run --release -p tracer-logs --example count_programs /var/log/audit
//! ```

use std::{
    collections::BTreeMap, error::Error, ops::ControlFlow, path::PathBuf, sync::atomic::AtomicU64,
    time::Instant,
};

use tracer_logs::{
    query::items::Items,
    replay::{Event, Input, Plan, Worker, scan, segments},
};

/// Counts.
#[derive(Default)]
struct Counts {
    counts: BTreeMap<Vec<u8>, u64>,
    scratch: Vec<u8>,
}

impl Worker for Counts {
    type Made = BTreeMap<Vec<u8>, u64>;

    fn event(&mut self, event: &Event<'_>) {
        let items = Items::of(event);
        let name = match items.exe {
            Some(exe) => exe.decode(&mut self.scratch),
            None => b"?",
        };
        if let Some(count) = self.counts.get_mut(name) {
            *count += 1;
        } else {
            self.counts.insert(name.to_vec(), 1);
        }
    }

    fn block(&mut self) -> Self::Made {
        std::mem::take(&mut self.counts)
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let log = std::env::args_os().nth(1).ok_or("which log?")?;
    let input = Input::open(segments(&PathBuf::from(log), false)?)?;
    let plan = Plan {
        threads: 1,
        ..Plan::whole(&input)
    };
    let began = Instant::now();
    let mut all = BTreeMap::new();
    scan(
        &input,
        &plan,
        &AtomicU64::new(0),
        Counts::default,
        |counts| {
            for (program, count) in counts {
                *all.entry(program).or_insert(0) += count;
            }
            Ok(ControlFlow::Continue(()))
        },
    )?;
    let (took, total) = (began.elapsed(), all.values().sum::<u64>());
    for (program, count) in all {
        println!("{count:>9} {}", String::from_utf8_lossy(&program));
    }
    let each = took / u32::try_from(total.max(1))?;
    println!("{total} events, {each:?} each");
    Ok(())
}
