//! History: segments that were packed, and what a search need not unpack of them.

mod filter;
mod index;
mod pack;
#[cfg(test)]
mod tests;

use std::ops::Range;

use memchr::memmem;

pub use index::{About, Builder, Index, IndexError, path_of};
pub use pack::pack_to;

use crate::replay::{Input, Only, Window};

/// What every event that is asked for has.
#[derive(Clone, Debug)]
pub enum Ask {
    /// All of these.
    All(Vec<Ask>),
    /// One of these.
    Any(Vec<Ask>),
    /// This value.
    Is(About, Vec<u8>),
    /// A value with this part.
    Has(About, Vec<u8>),
}

/// A sidecar that cannot be used: all of its segment is read.
#[derive(Debug)]
pub struct Unused {
    /// Which, and why.
    pub text: String,
}

/// The parts of a log that can have an event of this time with what is asked for, as far as the
/// sidecars of its packed segments tell; `None` where there are none.
pub fn parts(input: &Input, ask: Option<&Ask>, window: Window) -> (Option<Vec<Only>>, Vec<Unused>) {
    let (mut only, mut unused) = (Vec::new(), Vec::new());
    let mut is_any = false;
    for segment in input.segments() {
        let whole = segment.start..segment.end();
        let bounds = segment.frames().map(|frames| {
            let bounds: Vec<u64> = frames.bounds().collect();
            (bounds, frames.table_crc())
        });
        let frames = bounds.as_ref().and_then(|(bounds, crc)| {
            frames_of(segment.name.as_path(), bounds.len() - 1, *crc, ask, window).unwrap_or_else(
                |error| {
                    let name = path_of(&segment.name).display().to_string();
                    let text = format!("{name}: {error}: all of its segment is read");
                    unused.push(Unused { text });
                    None
                },
            )
        });
        let (Some((bounds, _)), Some(frames)) = (bounds, frames) else {
            add(&mut only, whole, false);
            continue;
        };
        is_any = true;
        for (number, wanted) in frames.into_iter().enumerate() {
            if wanted {
                let (from, to) = (bounds[number], bounds[number + 1]);
                add(&mut only, segment.start + from..segment.start + to, true);
            }
        }
    }
    (is_any.then_some(only), unused)
}

/// Adds a part, to the one before where they are one.
fn add(only: &mut Vec<Only>, range: Range<u64>, timed: bool) {
    match only.last_mut() {
        Some(last) if last.timed == timed && last.range.end == range.start => {
            last.range.end = range.end;
        }
        _ => only.push(Only { range, timed }),
    }
}

/// Which frames of a segment are to be read; `None` when there is no sidecar.
fn frames_of(
    segment: &std::path::Path,
    frames: usize,
    crc: u32,
    ask: Option<&Ask>,
    window: Window,
) -> Result<Option<Vec<bool>>, IndexError> {
    let Some(index) = Index::open(segment, frames, crc)? else {
        return Ok(None);
    };
    let (mut wanted, open) = index.at_time(window.start, window.end)?;
    if let Some(ask) = ask
        && wanted.contains(&true)
    {
        for ((frame, asked), open) in wanted.iter_mut().zip(ask.frames(&index)?).zip(open) {
            *frame &= asked || open;
        }
    }
    Ok(Some(wanted))
}

impl Ask {
    fn frames(&self, index: &Index) -> Result<Vec<bool>, IndexError> {
        match self {
            Self::All(parts) => fold(parts, index, true, |all, one| all & one),
            Self::Any(parts) => fold(parts, index, false, |any, one| any | one),
            Self::Is(About::Name, name) | Self::Has(About::Name, name) => index.with_name(name),
            Self::Is(about, value) => index.with_value(*about, |found| found == value),
            Self::Has(about, part) => {
                index.with_value(*about, |found| memmem::find(found, part).is_some())
            }
        }
    }
}

fn fold(
    parts: &[Ask],
    index: &Index,
    empty: bool,
    join: impl Fn(bool, bool) -> bool,
) -> Result<Vec<bool>, IndexError> {
    let mut all = vec![empty; index.frames()];
    for part in parts {
        for (all, one) in all.iter_mut().zip(part.frames(index)?) {
            *all = join(*all, one);
        }
    }
    Ok(all)
}
