//! Recordings: whatever is in the file, it is read to its end or refused at a place, and what was read can
//! be shown.

use std::{io::Cursor, path::Path};

use tracer::recording::Reader;

use crate::events;

/// Bytes of a recording before its first frame: magic and version.
const START: usize = 10;
/// Bytes of a frame's header, the last four of them its checksum.
const HEADER: usize = 17;

/// Checks a recording. Its checksums are made right first: with wrong ones, only these would be tested.
///
/// # Panics
/// When an item that is read cannot be shown.
pub fn check(file: &[u8]) {
    let file = summed(file.to_vec());
    let Ok(mut reader) = Reader::new(Cursor::new(file), Path::new("fuzz.rec")) else {
        return;
    };
    while let Ok(Some(item)) = reader.next_item() {
        events::show(&item);
    }
}

/// The same file with the checksum of every frame that is whole.
fn summed(mut file: Vec<u8>) -> Vec<u8> {
    let mut at = START;
    while let Some(header) = file.get(at..at + HEADER) {
        let stored = header[9..13].try_into().map(u32::from_le_bytes);
        let end = at + HEADER + stored.expect("four bytes") as usize;
        let Some(packed) = file.get(at + HEADER..end) else {
            break;
        };
        let mut sum = crc32fast::Hasher::new();
        sum.update(&header[..HEADER - 4]);
        sum.update(packed);
        let sum = sum.finalize().to_le_bytes();
        file[at + HEADER - 4..at + HEADER].copy_from_slice(&sum);
        at = end;
    }
    file
}
