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

/// What was printed, as text in which nothing is that a terminal acts on, whatever it was made of.
fn harmless<'a>(name: &str, printed: &'a [u8]) -> &'a str {
    let text = std::str::from_utf8(printed).unwrap_or_else(|e| panic!("{name}: {e}"));
    let bad = |c: char| c.is_control() && c != '\n' || c == '\u{202e}';
    assert!(!text.contains(bad), "{name}: {text:?}");
    text
}

/// JSON, whatever it was made of.
fn json(text: &str) {
    serde_json::from_str::<serde_json::Value>(text).unwrap_or_else(|e| panic!("{e}: {text:?}"));
}
