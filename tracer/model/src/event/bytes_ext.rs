//! Small conversions of bytes that have no better home.

use bytes::Bytes;

/// A NUL-padded command name (`TASK_COMM_LEN` is 16 bytes, here two words) without its padding.
pub fn comm_bytes(comm: [u64; 2]) -> Bytes {
    let bytes: Vec<u8> = comm.into_iter().flat_map(u64::to_ne_bytes).collect();
    let len = memchr::memchr(0, &bytes).unwrap_or(bytes.len());
    Bytes::from(bytes).slice(..len)
}
