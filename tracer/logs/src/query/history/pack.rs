//! Packs a segment: frames of about a mebibyte that end with a line, a seek table behind them
//! (`zstd_seekable_compression_format.md` of zstd), and the sidecar beside.

use std::{
    fs::File,
    io::{BufWriter, Write},
    ops::ControlFlow,
    path::Path,
    sync::atomic::AtomicU64,
};

use memchr::memrchr;

use super::index::{About, Builder};
use crate::{
    query::{
        criteria::{KEY_SEPARATOR, full_name},
        items::{Items, number},
    },
    records::{Fields, Value, enriched},
    replay::{self, Event, FOOTER, Input, Plan, ReplayError, TABLE_END, TABLE_FRAME, Worker},
};

/// Text of a frame.
const FRAME: u64 = 1024 * 1024;

/// How hard it is packed: more takes much longer, and saves little of a log.
const LEVEL: i32 = 3;

/// Writes a log, packed, in frames of this size, and makes its sidecar.
pub(super) fn pack(input: &Input, frame: u64, into: &File) -> Result<Vec<u8>, ReplayError> {
    let failed = ReplayError::Output;
    let mut out = BufWriter::with_capacity(1 << 20, into);
    let (mut table, mut begins) = (Vec::new(), Vec::new());
    let mut packer = zstd::bulk::Compressor::new(LEVEL).map_err(failed)?;
    packer.include_checksum(true).map_err(failed)?;
    let (mut at, mut text) = (0, Vec::new());
    while at < input.len() {
        text.clear();
        input.read(at, input.len().min(at + frame), &mut text)?;
        // A line that is longer than a frame is divided: it is no record.
        if let Some(end) = memrchr(b'\n', &text) {
            text.truncate(end + 1);
        }
        let bytes = packer.compress(&text).map_err(failed)?;
        out.write_all(&bytes).map_err(failed)?;
        table.extend((bytes.len() as u32).to_le_bytes());
        table.extend((text.len() as u32).to_le_bytes());
        begins.push(at);
        at += text.len() as u64;
    }
    let table = seek_table(&table, begins.len() as u32);
    out.write_all(&table)
        .and_then(|()| out.flush())
        .map_err(failed)?;
    let builder = index(input, &begins)?;
    Ok(builder.finish(crc32fast::hash(&table)))
}

fn seek_table(entries: &[u8], frames: u32) -> Vec<u8> {
    let mut table = TABLE_FRAME.to_le_bytes().to_vec();
    table.extend((entries.len() as u32 + FOOTER as u32).to_le_bytes());
    table.extend(entries);
    table.extend(frames.to_le_bytes());
    table.push(0);
    table.extend(TABLE_END.to_le_bytes());
    table
}

/// Notes what is in which frame.
struct Noter<'b> {
    begins: &'b [u64],
    builder: Builder,
    /// The end of the segment.
    len: u64,
}

/// Looks at every event.
fn index(input: &Input, begins: &[u64]) -> Result<Builder, ReplayError> {
    let new = || Noter {
        begins,
        builder: Builder::new(begins.len()),
        len: input.len(),
    };
    let deliver = |()| Ok(ControlFlow::Continue(()));
    let outcome = replay::scan(input, &Plan::whole(input), &AtomicU64::new(0), new, deliver)?;
    let noter = outcome.workers.into_iter().next();
    Ok(noter.map_or_else(|| Builder::new(begins.len()), |noter| noter.builder))
}

impl Worker for Noter<'_> {
    type Made = ();

    fn event(&mut self, event: &Event<'_>) {
        let mut frames: Vec<usize> = event
            .offsets()
            .map(|offset| self.begins.partition_point(|begin| *begin <= offset) - 1)
            .collect();
        frames.dedup();
        let open = !event.is_ended() && event.end() + NEAR >= self.len;
        for frame in &frames {
            self.builder.time(*frame, event.id().sec, open);
        }
        let mut note = |about, value: &[u8]| {
            for frame in &frames {
                self.builder.value(*frame, about, value);
            }
        };
        values(event, &mut note);
    }

    fn block(&mut self) {}
}

/// Records of one event are never further apart.
const NEAR: u64 = 128 * 1024;

/// Everything that can be asked for.
fn values(event: &Event<'_>, note: &mut impl FnMut(About, &[u8])) {
    let mut scratch = Vec::new();
    for record in event.records() {
        note(About::Type, record.kind.0.to_string().as_bytes());
        for field in Fields::new(record.body()) {
            let about = match field.name {
                b"key" => About::Key,
                b"exe" => About::Exe,
                b"comm" => About::Comm,
                b"uid" | b"euid" | b"auid" | b"loginuid" => {
                    if let Some(id) = number(field.raw) {
                        note(About::User, id.to_string().as_bytes());
                    }
                    continue;
                }
                _ => continue,
            };
            let value = Value::untrusted(field.raw).decode(&mut scratch);
            match about {
                About::Key => value
                    .split(|b| *b == KEY_SEPARATOR)
                    .for_each(|key| note(about, key)),
                _ => note(about, value),
            }
        }
        for field in [&b"uid"[..], b"euid", b"auid"] {
            if let Some(name) = enriched(record.names(), field) {
                let name = Value::untrusted(name).decode(&mut scratch);
                note(About::User, &[b"=", name].concat());
            }
        }
    }
    let items = Items::of(event);
    for file in &items.files {
        note(About::Name, file.name.decode(&mut scratch));
        note(About::Name, &full_name(file, items.cwd, &mut scratch));
    }
    if let Some(cwd) = items.cwd {
        note(About::Name, cwd.decode(&mut scratch));
    }
}

/// Packs a segment that is open, and brings it and its sidecar to the disk under these names. The segment's
/// own name is only for messages.
pub fn pack_to(name: &Path, segment: File, packed: &Path, index: &Path) -> Result<(), ReplayError> {
    let failed = ReplayError::Output;
    let input = Input::of(name, segment)?;
    let file = File::create(packed).map_err(failed)?;
    let sidecar_text = pack(&input, FRAME, &file)?;
    file.sync_data().map_err(failed)?;
    let sidecar = File::create(index).map_err(failed)?;
    (&sidecar).write_all(&sidecar_text).map_err(failed)?;
    sidecar.sync_data().map_err(failed)
}
