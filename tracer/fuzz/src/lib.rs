//! What must hold for any input at all: one module for each kind of bytes that tracer reads from others. The
//! fuzz targets of this package (`cargo xtask fuzz`) feed them what a fuzzer makes up, its tests what
//! became of real inputs by damage.

pub mod control;
pub mod events;
pub mod kernel_records;
pub mod logs;
pub mod recordings;
pub mod rules;
pub mod seeds;
#[cfg(test)]
mod tests;
