//! Records of the kernel side, whose sections hold what a traced program had in its memory: each is an
//! event that can be shown, or malformed.

use tracer::source::ebpf::{HEAD_LEN, decode_record};

use crate::events;

/// Checks a record: a head, and sections of 4 bytes (what, of what, status, flags), a length of 2 bytes and
/// so many bytes. Lengths of sections and record are made right: with wrong ones, only these would be tested.
///
/// # Panics
/// When an event that is made of it cannot be shown.
pub fn check(bytes: &[u8]) {
    let Some((head, mut rest)) = bytes.split_at_checked(HEAD_LEN) else {
        return;
    };
    let mut record = head.to_vec();
    while let Some((section, after)) = rest.split_at_checked(6) {
        let len = usize::from(u16::from_le_bytes([section[4], section[5]])).min(after.len());
        record.extend_from_slice(&section[..4]);
        record.extend_from_slice(&(len as u32).to_le_bytes());
        record.extend_from_slice(&after[..len]);
        record.resize(record.len().next_multiple_of(8), 0);
        rest = &after[len..];
    }
    let size = (record.len() as u32).to_le_bytes();
    record[..4].copy_from_slice(&size);
    if let Some(item) = decode_record(&record) {
        events::show(&item);
    }
}
