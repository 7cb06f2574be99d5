//! x
use anyhow::Result;
pub(crate) fn command(_: &crate::args::Workload) -> Result<()> {
    Ok(())
}
