//! The reader's end of the ring buffer (`kernel/bpf/ringbuf.c`).
//!
//! Ours and not aya's for two reasons that were measured. Each page of a mapping counts as
//! resident memory, and the usual second mapping of the data doubles that: here the rare record
//! that crosses the end is copied instead. And the consumer position is told to the kernel once
//! for many records: its cache line is the one that every traced process reads.

use std::{
    io,
    num::NonZeroUsize,
    os::fd::{AsFd, BorrowedFd},
    ptr::NonNull,
    sync::atomic::{AtomicU32, AtomicUsize, Ordering},
};

use aya::maps::{Map, MapData};
use rustix::mm::{MapFlags, ProtFlags, mmap, munmap};

/// Bytes of a record's header: its length with two flag bits, and a page offset.
const HEADER: usize = 8;
/// `BPF_RINGBUF_BUSY_BIT`: the record is still being written.
const BUSY: u32 = 1 << 31;
/// `BPF_RINGBUF_DISCARD_BIT`: the record is to be skipped.
const DISCARD: u32 = 1 << 30;
/// The kernel is told of the progress at least after this part of the ring.
const PUBLISH_PART: usize = 16;

/// A mapping that is taken back with its owner.
struct Mapping {
    start: NonNull<u8>,
    len: usize,
}

impl Mapping {
    fn new(fd: BorrowedFd<'_>, len: usize, prot: ProtFlags, offset: usize) -> io::Result<Self> {
        // SAFETY: a new mapping at an address that the kernel chooses aliases nothing of ours.
        let start = unsafe {
            mmap(
                std::ptr::null_mut(),
                len,
                prot,
                MapFlags::SHARED,
                fd,
                offset as u64,
            )?
        };
        let start = NonNull::new(start.cast()).ok_or(io::ErrorKind::InvalidData)?;
        Ok(Self { start, len })
    }

    /// The position counter at the start of the mapping.
    fn position(&self) -> &AtomicUsize {
        // SAFETY: the kernel keeps an unsigned long there, aligned to a page, as long as the
        // mapping lives; both sides use atomic operations only.
        unsafe { self.start.cast::<AtomicUsize>().as_ref() }
    }
}

impl Drop for Mapping {
    fn drop(&mut self) {
        // SAFETY: the mapping is ours and nothing borrows from it any more. A failure would
        // leave it mapped, which harms nobody.
        let _ = unsafe { munmap(self.start.as_ptr().cast(), self.len) };
    }
}

/// The reader's end.
pub(super) struct Ring {
    map: MapData,
    consumer: Mapping,
    producer: Mapping,
    page: usize,
    size: NonZeroUsize,
    /// Where the next record begins.
    pos: usize,
    /// Position that the kernel knows of.
    published: usize,
    /// A record that crosses the end, in one piece.
    whole: Vec<u8>,
}

impl Ring {
    /// Takes over a ring buffer map of `size` bytes, a power of two.
    pub(super) fn new(map: Map, size: u32) -> io::Result<Self> {
        let (Map::RingBuf(map), Some(size)) = (map, NonZeroUsize::new(size as usize)) else {
            return Err(io::Error::other("not a ring buffer map"));
        };
        let page = rustix::param::page_size();
        let fd = map.fd().as_fd();
        let consumer = Mapping::new(fd, page, ProtFlags::READ | ProtFlags::WRITE, 0)?;
        let producer = Mapping::new(fd, page + size.get(), ProtFlags::READ, page)?;
        let pos = consumer.position().load(Ordering::Acquire);
        Ok(Self {
            map,
            consumer,
            producer,
            page,
            size,
            pos,
            published: pos,
            whole: Vec::new(),
        })
    }

    /// The map's descriptor: readable when the kernel side has asked for a wake-up.
    pub(super) fn fd(&self) -> BorrowedFd<'_> {
        self.map.fd().as_fd()
    }

    /// Gives up to `limit` records to `take`; returns how many there were.
    pub(super) fn drain(&mut self, limit: usize, mut take: impl FnMut(&[u8])) -> usize {
        // The kernel stores with release after it has written a record's header.
        let end = self.producer.position().load(Ordering::Acquire);
        let mut count = 0;
        while self.pos != end && count < limit {
            let header = self.header(self.pos).load(Ordering::Acquire);
            if header & BUSY != 0 {
                break;
            }
            let len = (header & !(BUSY | DISCARD)) as usize;
            if header & DISCARD == 0 {
                take(self.record(len));
                count += 1;
            }
            self.pos = self.pos.wrapping_add(HEADER + len.next_multiple_of(8));
            if self.pos.wrapping_sub(self.published) >= self.size.get() / PUBLISH_PART {
                self.publish();
            }
        }
        self.publish();
        count
    }

    /// Tells the kernel that everything before `pos` may be overwritten.
    fn publish(&mut self) {
        self.consumer.position().store(self.pos, Ordering::Release);
        self.published = self.pos;
    }

    /// Offset in the data area; positions only grow.
    fn offset(&self, pos: usize) -> usize {
        pos & (self.size.get() - 1)
    }

    fn header(&self, pos: usize) -> &AtomicU32 {
        let at = self.page + self.offset(pos);
        // SAFETY: positions are multiples of 8 and the offset is below `size`, so the header is
        // aligned and inside the mapping; the kernel writes it atomically.
        unsafe { self.producer.start.add(at).cast::<AtomicU32>().as_ref() }
    }

    /// The `len` bytes behind the header at `pos`.
    fn record(&mut self, len: usize) -> &[u8] {
        let size = self.size.get();
        let len = len.min(size);
        let from = self.offset(self.pos.wrapping_add(HEADER));
        let first = len.min(size - from);
        // SAFETY: both pieces are inside the data area, and the kernel leaves a record alone
        // from its commit until the consumer position has passed it.
        let (head, tail) = unsafe {
            let data = self.producer.start.add(self.page);
            (
                std::slice::from_raw_parts(data.add(from).as_ptr(), first),
                std::slice::from_raw_parts(data.as_ptr(), len - first),
            )
        };
        if tail.is_empty() {
            return head;
        }
        self.whole.clear();
        self.whole.extend_from_slice(head);
        self.whole.extend_from_slice(tail);
        &self.whole
    }
}
