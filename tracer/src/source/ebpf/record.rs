//! Takes the bytes of one record apart: head and sections, checked for length and kind. Knows
//! nothing of what they mean.

use bytes::Bytes;
use tracer_ebpf::abi::{
    Plain,
    rules::MET_MAX,
    wire::{FileInfo, Head, IdsHere, Kind, Part, Section, SocketInfo},
};

use crate::event::{Known, Unknown};
use tracer_ebpf::abi::wire;

/// A record that is not one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("malformed record of {0} bytes")]
pub(super) struct Malformed(pub(super) usize);

/// A record, taken apart.
#[derive(Debug)]
pub(super) struct Record<'a> {
    /// The fixed part.
    pub(super) head: Head,
    /// What it reports.
    pub(super) kind: Kind,
    body: &'a [u8],
}

/// One section.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece<'a> {
    /// What it holds.
    pub(super) part: Part,
    /// Argument index or `OF_...`.
    pub(super) of: u8,
    /// `OK` or why it is not whole.
    pub(super) status: u8,
    /// `DELETED`, ...
    pub(super) flags: u8,
    /// The payload.
    pub(super) data: &'a [u8],
    /// All of the section.
    pub(super) whole: &'a [u8],
}

/// Reads a plain value from the start of `bytes`.
fn plain<T: Plain>(bytes: &[u8]) -> Option<T> {
    let bytes = bytes.get(..size_of::<T>())?;
    // SAFETY: the slice is long enough, `Plain` types are integers for which any bytes are
    // valid, and the read does not need alignment.
    Some(unsafe { bytes.as_ptr().cast::<T>().read_unaligned() })
}

impl<'a> Record<'a> {
    /// Checks the head and the chain of sections.
    pub(super) fn parse(bytes: &'a [u8]) -> Result<Self, Malformed> {
        let malformed = Malformed(bytes.len());
        let head: Head = plain(bytes).ok_or(malformed)?;
        let kind = Kind::from_u8(head.kind).ok_or(malformed)?;
        if head.size as usize != bytes.len() {
            return Err(malformed);
        }
        let record = Self {
            head,
            kind,
            body: &bytes[size_of::<Head>()..],
        };
        let used: usize = record.pieces().map(|p| 8 + padded(p.data.len())).sum();
        if used == record.body.len() {
            Ok(record)
        } else {
            Err(malformed)
        }
    }

    /// The sections, in order.
    pub(super) fn pieces(&self) -> Pieces<'a> {
        Pieces { rest: self.body }
    }

    /// The section of this kind that belongs to `of`.
    pub(super) fn piece(&self, part: Part, of: u8) -> Option<Piece<'a>> {
        self.pieces().find(|p| p.part == part && p.of == of)
    }
}

/// The head of a record.
pub(super) fn head(bytes: &[u8]) -> Option<Head> {
    plain(bytes)
}

/// Replaces the head of a record.
pub(super) fn set_head(bytes: &mut [u8], head: Head) {
    if let Some(at) = bytes.get_mut(..size_of::<Head>()) {
        // SAFETY: the slice is as long as a head, `Plain` types have no padding, and the write
        // does not need alignment.
        unsafe { at.as_mut_ptr().cast::<Head>().write_unaligned(head) };
    }
}

fn padded(len: usize) -> usize {
    (len + 7) & !7
}

/// Iterates over sections; ends at the first that does not fit.
pub(super) struct Pieces<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        let head: Section = plain(self.rest)?;
        let part = Part::from_u8(head.part)?;
        let len = head.len as usize;
        let data = self.rest.get(8..8 + len)?;
        let (whole, rest) = self.rest.split_at_checked(8 + padded(len))?;
        self.rest = rest;
        Some(Piece {
            part,
            of: head.of,
            status: head.status,
            flags: head.flags,
            data,
            whole,
        })
    }
}

/// The reason behind a section's status; `None` when it is whole.
pub(super) fn reason(status: u8) -> Option<Unknown> {
    match status {
        wire::OK => None,
        wire::FAULT => Some(Unknown::Fault),
        wire::CUT => Some(Unknown::Cut),
        wire::TOO_DEEP => Some(Unknown::TooDeep),
        wire::BAD_FD => Some(Unknown::BadFd),
        wire::NO_MM => Some(Unknown::NoMm),
        _ => Some(Unknown::KernelFault),
    }
}

impl Piece<'_> {
    /// The payload as bytes, or why there are none.
    pub(super) fn bytes(&self) -> Known<Bytes> {
        match reason(self.status) {
            None => Ok(Bytes::copy_from_slice(self.data)),
            Some(why) => Err(why),
        }
    }

    /// A [`Part::File`] payload.
    pub(super) fn file(&self) -> Option<FileInfo> {
        plain(self.data)
    }

    /// A [`Part::Socket`] payload.
    pub(super) fn socket(&self) -> Option<SocketInfo> {
        plain(self.data)
    }

    /// The word at the start of the payload: the address of a block, a count.
    pub(super) fn word(&self) -> Option<u64> {
        plain::<Word>(self.data).map(|w| w.0)
    }

    /// The three words of an `io_uring` request's mark.
    pub(super) fn words(&self) -> Option<[u64; 3]> {
        let word = |i: usize| plain::<Word>(self.data.get(i * 8..)?).map(|w| w.0);
        Some([word(0)?, word(1)?, word(2)?])
    }

    /// A [`Part::IdsHere`] payload.
    pub(super) fn ids_here(&self) -> Option<IdsHere> {
        plain(self.data)
    }

    /// A [`Part::Met`] payload.
    pub(super) fn met(&self) -> Option<[u64; MET_MAX]> {
        plain::<Met>(self.data).map(|met| met.0)
    }

    /// The last component of a [`Part::Walk`].
    pub(super) fn leaf(&self) -> Option<&[u8]> {
        let len = plain::<Word>(self.data)?.0 as usize & 0xffff;
        self.data.get(8..8 + len)
    }

    /// A [`Part::Walk`] payload as an absolute path.
    pub(super) fn path(&self) -> Known<Bytes> {
        if let Some(why) = reason(self.status) {
            return Err(why);
        }
        if self.flags & wire::DETACHED != 0 && self.flags & wire::DELETED == 0 {
            return Err(Unknown::Detached);
        }
        if self.flags & wire::OUTSIDE != 0 {
            return Err(Unknown::OutsideRoot);
        }
        join(self.data).ok_or(Unknown::KernelFault)
    }
}

#[derive(Clone, Copy)]
#[repr(C)]
struct Word(u64);
// SAFETY: a u64.
unsafe impl Plain for Word {}

#[derive(Clone, Copy)]
#[repr(C)]
struct Met([u64; MET_MAX]);
// SAFETY: an array of u64.
unsafe impl Plain for Met {}

/// Components, each a length word and padded bytes.
struct Components<'a>(&'a [u8]);

impl<'a> Iterator for Components<'a> {
    /// `None`: it does not fit.
    type Item = Option<&'a [u8]>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let data = std::mem::take(&mut self.0);
        let len = plain::<Word>(data).map(|word| word.0 as usize & 0xffff);
        Some(len.and_then(|len| {
            self.0 = data.get(8 + padded(len)..)?;
            data.get(8..8 + len)
        }))
    }
}

/// Turns components (leaf first) into `/root/.../leaf`.
fn join(data: &[u8]) -> Option<Bytes> {
    if data.is_empty() {
        return Some(Bytes::from_static(b"/"));
    }
    let mut total = 0;
    for name in Components(data) {
        total += name?.len() + 1;
    }
    let mut path = vec![b'/'; total];
    let mut end = total;
    for name in Components(data).flatten() {
        let start = end - name.len();
        path[start..end].copy_from_slice(name);
        end = start - 1;
    }
    Some(path.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn component(name: &[u8]) -> Vec<u8> {
        let mut out = (name.len() as u64).to_ne_bytes().to_vec();
        out.extend_from_slice(name);
        // The kernel side leaves what was there before as padding.
        out.resize(8 + padded(name.len()), 0xaa);
        out
    }

    #[test]
    fn components_are_turned_round() {
        let data: Vec<u8> = [&b"passwd"[..], b"etc", b"12345678", b"a\nb"]
            .iter()
            .flat_map(|n| component(n))
            .collect();
        assert_eq!(join(&data).unwrap(), &b"/a\nb/12345678/etc/passwd"[..]);
        assert_eq!(join(&[]).unwrap(), &b"/"[..]);
    }

    #[test]
    fn cut_components_are_refused() {
        let data = component(b"name");
        for len in 1..data.len() {
            assert_eq!(join(&data[..len]), None, "{len}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_refused_or_read(bytes: Vec<u8>) {
            if let Ok(record) = Record::parse(&bytes) {
                for piece in record.pieces() {
                    let _ = (piece.bytes(), piece.file(), piece.word(), piece.path());
                }
            }
        }

        #[test]
        fn any_paths_come_back(names in proptest::collection::vec("[^/\0]{1,40}", 1..20)) {
            let data: Vec<u8> = names.iter().rev().flat_map(|n| component(n.as_bytes())).collect();
            let wanted = format!("/{}", names.join("/"));
            proptest::prop_assert_eq!(join(&data).unwrap(), wanted.as_bytes());
        }
    }
}
