//! x
use anyhow::Result;
pub(crate) fn command(_: &crate::args::BenchArgs) -> Result<()> {
    Ok(())
}
