//! The records of fanotify(7) as bytes: checked and taken apart. Looks nothing up.
//!
//! ```text
//! metadata: event_len u32, vers u8, reserved u8, metadata_len u16, mask u64, fd i32, pid i32
//! then info records: info_type u8, pad u8, len u16, and for those with a handle
//!     fsid i32 * 2, handle_bytes u32, handle_type i32, the handle, a name and its NUL
//! or pidfd i32
//! ```

use std::os::fd::{FromRawFd, OwnedFd};

use smallvec::SmallVec;

use crate::event::Time;

/// Bytes that are mostly few, as there are many of them.
pub(in crate::source) type Short = SmallVec<[u8; 24]>;

/// A file as the kernel identifies it beyond its name: what `open_by_handle_at(2)` takes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(in crate::source) struct Handle {
    /// File system, as `f_fsid` of statvfs(3) has it.
    pub(in crate::source) fsid: u64,
    pub(in crate::source) kind: i32,
    pub(in crate::source) bytes: Short,
}

/// A name in a directory; `.` is the directory itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::source) struct DirName {
    pub(in crate::source) dir: Handle,
    pub(in crate::source) name: Short,
}

/// The process of an event when the event was read.
#[derive(Debug, Default)]
pub(super) enum Process {
    /// The kernel does not say (before 5.15, or for lack of descriptors).
    #[default]
    Untold,
    /// It had ended and been waited for: its id may be another's.
    Gone,
    /// A pidfd (`pidfd_open(2)`).
    There(OwnedFd),
}

/// One event, which may stand for several things that happened to one file.
#[derive(Debug)]
pub(super) struct Record {
    /// `FAN_...`
    pub(super) mask: u64,
    /// Process; 0 when it is in a pid namespace that this one cannot see.
    pub(super) pid: i32,
    pub(super) process: Process,
    /// The file, from a group that does not report names.
    pub(super) fd: Option<OwnedFd>,
    pub(super) at: Option<DirName>,
    pub(super) old: Option<DirName>,
    pub(super) new: Option<DirName>,
    /// The file itself, where the kernel tells it (5.17).
    pub(super) target: Option<Handle>,
    /// When it was read.
    pub(super) time: Time,
    /// How many were read before it.
    pub(super) number: u64,
}

impl Record {
    pub(super) fn has(&self, flag: u64) -> bool {
        self.mask & flag != 0
    }
}

/// [`Handle`], where it stands in the bytes that were read.
#[derive(Clone, Copy, Debug)]
pub(in crate::source) struct HandleRef<'a> {
    fsid: u64,
    kind: i32,
    bytes: &'a [u8],
}

impl HandleRef<'_> {
    pub(in crate::source) fn is(self, handle: &Handle) -> bool {
        (self.fsid, self.kind, self.bytes) == (handle.fsid, handle.kind, &*handle.bytes)
    }
}

impl From<HandleRef<'_>> for Handle {
    fn from(HandleRef { fsid, kind, bytes }: HandleRef<'_>) -> Self {
        Self {
            fsid,
            kind,
            bytes: Short::from_slice(bytes),
        }
    }
}

/// [`DirName`], where it stands in the bytes that were read.
#[derive(Clone, Copy, Debug)]
pub(in crate::source) struct DirNameRef<'a> {
    pub(in crate::source) dir: HandleRef<'a>,
    pub(in crate::source) name: &'a [u8],
}

impl From<DirNameRef<'_>> for DirName {
    fn from(DirNameRef { dir, name }: DirNameRef<'_>) -> Self {
        Self {
            dir: dir.into(),
            name: Short::from_slice(name),
        }
    }
}

/// [`Record`], where it stands in the bytes that were read.
#[derive(Debug)]
pub(in crate::source) struct RecordRef<'a> {
    pub(in crate::source) mask: u64,
    pub(in crate::source) pid: i32,
    process: Process,
    fd: Option<OwnedFd>,
    pub(in crate::source) at: Option<DirNameRef<'a>>,
    pub(in crate::source) old: Option<DirNameRef<'a>>,
    pub(in crate::source) new: Option<DirNameRef<'a>>,
    pub(in crate::source) target: Option<HandleRef<'a>>,
    pub(in crate::source) time: Time,
}

impl From<RecordRef<'_>> for Record {
    fn from(record: RecordRef<'_>) -> Self {
        Self {
            mask: record.mask,
            pid: record.pid,
            process: record.process,
            fd: record.fd,
            at: record.at.map(Into::into),
            old: record.old.map(Into::into),
            new: record.new.map(Into::into),
            target: record.target.map(Into::into),
            time: record.time,
            number: 0,
        }
    }
}

/// The bytes are not what fanotify(7) describes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::source) struct Malformed;

const METADATA: usize = size_of::<libc::fanotify_event_metadata>();

/// The first bytes of something.
struct Cursor<'a>(&'a [u8]);

impl<'a> Cursor<'a> {
    fn take(&mut self, len: usize) -> Result<&'a [u8], Malformed> {
        let (first, rest) = self.0.split_at_checked(len).ok_or(Malformed)?;
        self.0 = rest;
        Ok(first)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Malformed> {
        self.take(N)?.try_into().map_err(|_| Malformed)
    }

    fn u8(&mut self) -> Result<u8, Malformed> {
        Ok(self.array::<1>()?[0])
    }

    fn u16(&mut self) -> Result<u16, Malformed> {
        Ok(u16::from_ne_bytes(self.array()?))
    }

    fn u32(&mut self) -> Result<u32, Malformed> {
        Ok(u32::from_ne_bytes(self.array()?))
    }

    fn i32(&mut self) -> Result<i32, Malformed> {
        Ok(i32::from_ne_bytes(self.array()?))
    }
}

/// Takes apart what one read(2) of a group returned. A malformed event ends it: where the next
/// one begins is then unknown.
///
/// # Safety
///
/// The bytes come from the kernel: the descriptors in them are open and nobody else's.
pub(super) unsafe fn parse(
    mut bytes: &[u8],
    time: Time,
    take: &mut dyn FnMut(Result<RecordRef<'_>, Malformed>),
) {
    while !bytes.is_empty() {
        // SAFETY: passed on.
        match unsafe { parse_one(bytes, time) } {
            Ok((record, rest)) => {
                take(Ok(record));
                bytes = rest;
            }
            Err(malformed) => return take(Err(malformed)),
        }
    }
}

/// # Safety
///
/// As [`parse`].
unsafe fn parse_one(bytes: &[u8], time: Time) -> Result<(RecordRef<'_>, &[u8]), Malformed> {
    let mut cursor = Cursor(bytes);
    let event_len = cursor.u32()? as usize;
    let version = cursor.u8()?;
    cursor.u8()?;
    let metadata_len = usize::from(cursor.u16()?);
    let mask = u64::from_ne_bytes(cursor.array()?);
    let fd = cursor.i32()?;
    let pid = cursor.i32()?;
    let fits = METADATA <= metadata_len && metadata_len <= event_len && event_len <= bytes.len();
    if !fits || version != libc::FANOTIFY_METADATA_VERSION {
        return Err(Malformed);
    }
    // SAFETY: the kernel opened this descriptor for us with this event, and nothing else owns it.
    let fd = (fd >= 0).then(|| unsafe { OwnedFd::from_raw_fd(fd) });
    let mut record = RecordRef {
        mask,
        pid,
        process: Process::Untold,
        fd,
        at: None,
        old: None,
        new: None,
        target: None,
        time,
    };
    let mut infos = Cursor(&bytes[metadata_len..event_len]);
    while !infos.0.is_empty() {
        // SAFETY: passed on.
        unsafe { parse_info(&mut infos, &mut record) }?;
    }
    Ok((record, &bytes[event_len..]))
}

/// # Safety
///
/// As [`parse`].
unsafe fn parse_info<'a>(
    infos: &mut Cursor<'a>,
    record: &mut RecordRef<'a>,
) -> Result<(), Malformed> {
    let kind = infos.u8()?;
    infos.u8()?;
    let len = usize::from(infos.u16()?);
    let mut info = Cursor(infos.take(len.checked_sub(4).ok_or(Malformed)?)?);
    match kind {
        libc::FAN_EVENT_INFO_TYPE_FID => record.target = Some(parse_handle(&mut info)?),
        libc::FAN_EVENT_INFO_TYPE_DFID => {
            let dir = parse_handle(&mut info)?;
            record.at = Some(DirNameRef { dir, name: b"." });
        }
        libc::FAN_EVENT_INFO_TYPE_DFID_NAME => record.at = Some(parse_name(&mut info)?),
        libc::FAN_EVENT_INFO_TYPE_OLD_DFID_NAME => record.old = Some(parse_name(&mut info)?),
        libc::FAN_EVENT_INFO_TYPE_NEW_DFID_NAME => record.new = Some(parse_name(&mut info)?),
        libc::FAN_EVENT_INFO_TYPE_PIDFD => {
            record.process = match info.i32()? {
                // SAFETY: the kernel opened it for us with this event, and nothing else owns it.
                fd if fd >= 0 => Process::There(unsafe { OwnedFd::from_raw_fd(fd) }),
                libc::FAN_NOPIDFD => Process::Gone,
                _ => Process::Untold,
            }
        }
        // Later kernels may add more.
        _ => (),
    }
    Ok(())
}

fn parse_handle<'a>(info: &mut Cursor<'a>) -> Result<HandleRef<'a>, Malformed> {
    let fsid = u64::from(info.u32()?) | u64::from(info.u32()?) << 32;
    let len = info.u32()? as usize;
    let kind = info.i32()?;
    let bytes = info.take(len)?;
    Ok(HandleRef { fsid, kind, bytes })
}

fn parse_name<'a>(info: &mut Cursor<'a>) -> Result<DirNameRef<'a>, Malformed> {
    let dir = parse_handle(info)?;
    let end = memchr::memchr(0, info.0).unwrap_or(info.0.len());
    let name = &info.0[..end];
    // Never an empty name: the kernel writes `.` for the directory itself.
    let name = if name.is_empty() { b"." } else { name };
    Ok(DirNameRef { dir, name })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn info(kind: u8, handle: &[u8], name: &[u8]) -> Vec<u8> {
        let mut body = [
            [7_i32.to_ne_bytes(), 8_i32.to_ne_bytes()].concat(),
            Vec::new(),
        ]
        .concat();
        body.extend((handle.len() as u32).to_ne_bytes());
        body.extend(2_i32.to_ne_bytes());
        body.extend(handle);
        if !name.is_empty() {
            body.extend(name);
            body.push(0);
        }
        body.resize(body.len().next_multiple_of(4), 0);
        let mut all = vec![kind, 0];
        all.extend((body.len() as u16 + 4).to_ne_bytes());
        all.extend(body);
        all
    }

    fn event(mask: u64, infos: &[Vec<u8>]) -> Vec<u8> {
        let infos = infos.concat();
        let mut all = ((METADATA + infos.len()) as u32).to_ne_bytes().to_vec();
        all.extend([libc::FANOTIFY_METADATA_VERSION, 0]);
        all.extend((METADATA as u16).to_ne_bytes());
        all.extend(mask.to_ne_bytes());
        all.extend((-1_i32).to_ne_bytes());
        all.extend(42_i32.to_ne_bytes());
        all.extend(infos);
        all
    }

    fn all(bytes: &[u8]) -> Vec<Result<Record, Malformed>> {
        let mut records = Vec::new();
        // SAFETY: the test bytes hold no descriptor: each is -1, or overwritten below.
        unsafe {
            parse(bytes, Time::default(), &mut |record| {
                records.push(record.map(Record::from));
            });
        }
        records
    }

    #[test]
    fn a_name_and_its_file() {
        let bytes = [
            event(
                libc::FAN_CREATE,
                &[info(2, b"dir.", b"na\nme"), info(1, b"file", b"")],
            ),
            event(
                libc::FAN_RENAME,
                &[
                    info(10, b"d", b"a"),
                    info(12, b"e", b"b"),
                    info(99, b"", b""),
                ],
            ),
            event(libc::FAN_Q_OVERFLOW, &[]),
        ]
        .concat();
        let records: Vec<_> = all(&bytes).into_iter().map(Result::unwrap).collect();
        assert_eq!(records.len(), 3);
        let at = records[0].at.as_ref().unwrap();
        assert_eq!((&*at.name, &*at.dir.bytes), (&b"na\nme"[..], &b"dir."[..]));
        assert_eq!((at.dir.fsid, at.dir.kind), (8 << 32 | 7, 2));
        assert_eq!(&*records[0].target.as_ref().unwrap().bytes, b"file");
        assert_eq!(
            (records[0].pid, records[0].has(libc::FAN_CREATE)),
            (42, true)
        );
        assert_eq!(&*records[1].old.as_ref().unwrap().name, b"a");
        assert_eq!(&*records[1].new.as_ref().unwrap().name, b"b");
        assert!(records[2].has(libc::FAN_Q_OVERFLOW) && records[2].at.is_none());
    }

    #[test]
    fn refused_bytes() {
        let good = event(libc::FAN_CREATE, &[info(2, b"dir.", b"name")]);
        let changed = |at: usize, to: u8| {
            let mut bytes = good.clone();
            bytes[at] = to;
            bytes
        };
        let rows = [
            ("cut in the metadata", good[..METADATA - 1].to_vec()),
            ("cut in the handle", good[..good.len() - 9].to_vec()),
            ("longer than it is", changed(0, 255)),
            ("shorter than its metadata", changed(0, 8)),
            ("another version", changed(4, 9)),
            ("metadata too short", changed(6, 8)),
            ("metadata too long", changed(6, 255)),
            ("info of no length", changed(METADATA + 2, 0)),
            ("info too long", changed(METADATA + 2, 255)),
            ("handle too long", changed(METADATA + 12, 255)),
        ];
        for (name, bytes) in rows {
            let records = all(&bytes);
            assert!(
                matches!(records[..], [Err(Malformed)]),
                "{name}: {records:?}"
            );
        }
        assert_eq!(all(&[]).len(), 0);
    }

    proptest! {
        #[test]
        fn no_bytes_upset_it(mut bytes in proptest::collection::vec(any::<u8>(), 0..300), len: u8) {
            if bytes.len() >= METADATA {
                bytes[..4].copy_from_slice(&u32::from(len).to_ne_bytes());
                bytes[4] = libc::FANOTIFY_METADATA_VERSION;
                bytes[6..8].copy_from_slice(&(METADATA as u16).to_ne_bytes());
                bytes[16..20].copy_from_slice(&(-1_i32).to_ne_bytes());
                // One event only, so that no descriptor is taken from random bytes.
                bytes.truncate((len as usize).max(METADATA));
            }
            all(&bytes);
        }
    }
}
