//! Buffers whole, in hexadecimal and as text, below the line of their call: strace's `read=` and
//! `write=`.

use std::io::Write as _;

use crate::{
    calls::NumberSet,
    event::{Call, Event},
};

/// The descriptors whose data is shown whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dump {
    /// What is read from these.
    pub read: NumberSet,
    /// What is written to these.
    pub written: NumberSet,
}

/// Which way the data of a call goes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Read,
    Written,
}

/// How the second argument of a call leads to data.
#[derive(Clone, Copy)]
enum Shape {
    /// A buffer.
    Buffer,
    /// `struct iovec`s.
    Vector,
    /// A `struct msghdr`.
    Message,
    /// `struct mmsghdr`s.
    Messages,
}

/// Which way the data of a call goes, and where it is.
fn data_of(name: &str) -> Option<(Way, Shape)> {
    Some(match name {
        "read" | "pread64" | "recvfrom" | "mq_timedreceive" => (Way::Read, Shape::Buffer),
        "write" | "pwrite64" | "sendto" | "mq_timedsend" => (Way::Written, Shape::Buffer),
        "readv" | "preadv" | "preadv2" => (Way::Read, Shape::Vector),
        "writev" | "pwritev" | "pwritev2" | "vmsplice" => (Way::Written, Shape::Vector),
        "recvmsg" => (Way::Read, Shape::Message),
        "sendmsg" => (Way::Written, Shape::Message),
        "recvmmsg" => (Way::Read, Shape::Messages),
        "sendmmsg" => (Way::Written, Shape::Messages),
        _ => return None,
    })
}

impl Dump {
    /// Is nothing shown?
    pub fn is_empty(&self) -> bool {
        self.read.is_empty() && self.written.is_empty()
    }

    /// The lines that stand below the one of this event.
    pub(super) fn write(&self, out: &mut Vec<u8>, event: &Event) {
        let Some(call) = event.call.as_ref().filter(|_| !self.is_empty()) else {
            return;
        };
        let (Some((way, shape)), Ok(args)) = (call.arch.name(call.nr).and_then(data_of), call.args)
        else {
            return;
        };
        let set = match way {
            Way::Read => &self.read,
            Way::Written => &self.written,
        };
        let failed = call.result().is_none_or(|ret| ret < 0);
        if !set.contains(args[0] as i32) || (failed && way == Way::Read) {
            return;
        }
        let length = match way {
            Way::Read => call.ret as u64,
            Way::Written => u64::MAX,
        };
        match shape {
            Shape::Buffer => lines(out, call, args[1], length.min(args[2])),
            Shape::Vector => vector(out, call, args[1], args[2], length),
            Shape::Message => message(out, call, args[1], length),
            Shape::Messages => messages(out, call, args[1]),
        }
    }
}

/// The word at an address that was captured.
fn word(call: &Call, at: u64) -> Option<u64> {
    let bytes = call.memory(at)?.get(..8)?;
    Some(u64::from_ne_bytes(bytes.try_into().ok()?))
}

/// The buffers of a vector, `length` bytes of them.
fn vector(out: &mut Vec<u8>, call: &Call, at: u64, count: u64, length: u64) {
    let mut rest = length;
    for i in 0..count {
        let here = at.wrapping_add(i.wrapping_mul(16));
        let (Some(base), Some(len)) = (word(call, here), word(call, here.wrapping_add(8))) else {
            return;
        };
        let len = len.min(rest);
        if len == 0 {
            return;
        }
        rest -= len;
        let _ = writeln!(out, " * {len} bytes in buffer {i}");
        lines(out, call, base, len);
    }
}

/// The buffers of a `struct msghdr`.
fn message(out: &mut Vec<u8>, call: &Call, at: u64, length: u64) {
    if let (Some(iov), Some(count)) = (word(call, at + 16), word(call, at + 24)) {
        vector(out, call, iov, count, length);
    }
}

/// The buffers of as many `struct mmsghdr` as the result says.
fn messages(out: &mut Vec<u8>, call: &Call, at: u64) {
    for i in 0..u64::try_from(call.ret).unwrap_or(0) {
        let here = at + i * 64;
        let (Some(count), Some(length)) = (word(call, here + 24), word(call, here + 56)) else {
            return;
        };
        let _ = writeln!(out, " = {count} buffers in vector {i}");
        message(out, call, here, length & 0xffff_ffff);
    }
}

/// Bytes of a line.
const WIDTH: usize = 16;

/// `length` bytes at an address, 16 a line; what was not captured is said to be missing.
fn lines(out: &mut Vec<u8>, call: &Call, at: u64, length: u64) {
    let Some(bytes) = call.memory(at) else {
        return;
    };
    let bytes = &bytes[..bytes
        .len()
        .min(usize::try_from(length).unwrap_or(usize::MAX))];
    for (i, line) in bytes.chunks(WIDTH).enumerate() {
        let _ = write!(out, " | {:05x} ", i * WIDTH);
        for at in 0..WIDTH {
            if at == WIDTH / 2 {
                out.push(b' ');
            }
            match line.get(at) {
                Some(byte) => {
                    let _ = write!(out, " {byte:02x}");
                }
                None => out.extend_from_slice(b"   "),
            }
        }
        out.extend_from_slice(b"  ");
        let shown = |byte: &u8| {
            if matches!(byte, 0x20..0x7f) {
                *byte
            } else {
                b'.'
            }
        };
        out.extend((0..WIDTH).map(|at| line.get(at).map_or(b' ', shown)));
        out.extend_from_slice(b" |\n");
    }
    if (bytes.len() as u64) < length {
        let rest = length - bytes.len() as u64;
        let _ = writeln!(out, " | ... {rest} more bytes were not captured");
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;
    use crate::{
        calls::Arch,
        event::{Block, Captured, Data},
    };

    #[test]
    fn a_buffer_in_lines_of_sixteen() {
        let at = 0x1000;
        let block = Block {
            at,
            bytes: Bytes::from_static(b"0123456789abcdef\0\n\xff~"),
            incomplete: None,
        };
        let call = Call {
            arch: Arch::NATIVE,
            nr: 0,
            args: Ok([0; 6]),
            ret: 20,
            unfinished: None,
            captured: vec![Captured {
                of: 1,
                data: Data::Block(block),
            }],
            files: Vec::new(),
        };
        let mut out = Vec::new();
        lines(&mut out, &call, at, 20);
        // A line that goes on loses its first spaces.
        let wanted = "\
\x20| 00000  30 31 32 33 34 35 36 37  38 39 61 62 63 64 65 66  0123456789abcdef |
 | 00010  00 0a ff 7e                                       ...~             |
";
        assert_eq!(String::from_utf8(out).unwrap(), wanted);
        let mut out = Vec::new();
        lines(&mut out, &call, at, 25);
        let text = String::from_utf8(out).unwrap();
        assert!(
            text.ends_with(" | ... 5 more bytes were not captured\n"),
            "{text}"
        );
    }
}
