//! Small conversions of bytes that have no better home.

use bytes::Bytes;

/// A NUL-padded command name (`TASK_COMM_LEN` is 16) without its padding.
pub fn comm_bytes(comm: &[u8; 16]) -> Bytes {
    let len = memchr::memchr(0, comm).unwrap_or(comm.len());
    Bytes::copy_from_slice(&comm[..len])
}
