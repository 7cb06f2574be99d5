//! The debug log of the eBPF programs, by aya-log.

use std::time::Duration;

use anyhow::Context;
use aya_log::EbpfLogger;

/// How often the log is looked at.
const PERIOD: Duration = Duration::from_millis(100);

/// Prints one line of the programs' log on standard error.
struct Stderr;

impl log::Log for Stderr {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        errln!("tracer: ebpf: {} {}", record.level(), record.args());
    }

    fn flush(&self) {}
}

/// Reads the programs' log in the background of the current tokio runtime.
pub(super) fn start(ebpf: &mut aya::Ebpf) -> anyhow::Result<()> {
    let mut logger = EbpfLogger::init_with_logger(ebpf, Stderr)
        .context("cannot read the log of the eBPF programs")?;
    tokio::spawn(async move {
        loop {
            logger.flush();
            tokio::time::sleep(PERIOD).await;
        }
    });
    Ok(())
}
