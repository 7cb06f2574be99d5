//! Small conversions of bytes that have no better home.

use bytes::Bytes;

/// A NUL-padded command name (`TASK_COMM_LEN` is 16 bytes, here two words) without its padding.
pub fn comm_bytes(comm: [u64; 2]) -> Bytes {
    let mut bytes = [0; 16];
    for (part, word) in bytes.chunks_exact_mut(8).zip(comm) {
        part.copy_from_slice(&word.to_ne_bytes());
    }
    let len = memchr::memchr(0, &bytes).unwrap_or(bytes.len());
    Bytes::copy_from_slice(&bytes[..len])
}
