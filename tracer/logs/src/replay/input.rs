//! The bytes of a log: the segments of a rotation, oldest first, as one text. Of segments that zstd has
//! packed only what is asked for is unpacked; those of gzip and xz, and pipes, are unpacked into a file
//! without a name first, so that everything behind here can read at any offset. Knows nothing of
//! records.

use std::{
    fs::File,
    io::{self, Read, Write},
    os::unix::fs::{FileExt, FileTypeExt, MetadataExt},
    path::{Path, PathBuf},
};

use super::{
    ReplayError,
    frames::{Frames, Stream},
    segments,
};

/// Rotations that may come in between while the files of a log are opened.
const ROTATIONS: u32 = 16;

/// One file of a log.
#[derive(Debug)]
pub struct Segment {
    /// What it is called in messages.
    pub name: PathBuf,
    /// Device and inode number of the file that was named.
    pub identity: (u64, u64),
    body: Body,
    /// Where it begins in the whole text.
    pub start: u64,
    /// Its length.
    pub len: u64,
    /// Its last line has no end: a newline is put there, so that the next segment's first line does
    /// not grow onto it.
    open_end: bool,
}

/// What a segment is read from.
#[derive(Debug)]
enum Body {
    File(File),
    /// What was read before.
    Text(Vec<u8>),
    /// Packed, and each frame can be found.
    Frames(Frames),
    /// Packed.
    Stream(Stream),
}

impl Body {
    /// Appends so many bytes of the text from an offset on, or as many as there are.
    fn read(&self, into: &mut Vec<u8>, bytes: usize, at: u64) -> io::Result<()> {
        let end = into.len() + bytes;
        match self {
            Self::File(file) => read(file, into, bytes, at),
            Self::Text(text) => {
                let rest = text.get(at as usize..).unwrap_or_default();
                into.extend_from_slice(&rest[..rest.len().min(bytes)]);
                Ok(())
            }
            Self::Frames(frames) => {
                let start = into.len();
                into.resize(end, b'\n');
                frames.fill(&mut into[start..], at)
            }
            Self::Stream(stream) => {
                let start = into.len();
                into.resize(end, b'\n');
                stream.fill(&mut into[start..], at)
            }
        }
    }

    fn len(&self) -> io::Result<u64> {
        Ok(match self {
            Self::File(file) => file.metadata()?.len(),
            Self::Text(text) => text.len() as u64,
            Self::Frames(frames) => frames.len(),
            Self::Stream(stream) => stream.len(),
        })
    }
}

impl Segment {
    /// Its frames, where it is packed and each can be found.
    pub fn frames(&self) -> Option<&Frames> {
        match &self.body {
            Body::Frames(frames) => Some(frames),
            Body::File(_) | Body::Text(_) | Body::Stream(_) => None,
        }
    }

    /// Where the next segment begins in the whole text.
    pub fn end(&self) -> u64 {
        self.start + self.len + u64::from(self.open_end)
    }
}

/// A log: one text, in one or more segments.
#[derive(Debug, Default)]
pub struct Input {
    segments: Vec<Segment>,
}

impl Input {
    /// Opens these files; the oldest is the first.
    pub fn open<P: AsRef<Path>>(paths: impl IntoIterator<Item = P>) -> Result<Self, ReplayError> {
        let mut input = Self::default();
        for path in paths {
            let path = path.as_ref();
            let file = File::open(path).map_err(|e| ReplayError::open(path, e))?;
            input.add(path, file)?;
        }
        Ok(input)
    }

    /// Opens the log at this path, with all that was rotated away (`rotated`) or a directory has of it;
    /// `from` says at which of the files to begin. All are of one moment: where a rotation comes in
    /// between, it is looked at again.
    pub fn of_log(
        path: &Path,
        rotated: bool,
        from: impl Fn(&[PathBuf]) -> usize,
    ) -> Result<Self, ReplayError> {
        let mut paths = segments(path, rotated)?;
        for _ in 0..ROTATIONS {
            let opened = Self::open(&paths[from(&paths)..]);
            let now = segments(path, rotated)?;
            match opened {
                Ok(input) if paths == now && input.are_there() => return Ok(input),
                Ok(_) => {}
                Err(ReplayError::Open { cause, .. })
                    if cause.kind() == io::ErrorKind::NotFound && paths != now => {}
                Err(error) => return Err(error),
            }
            paths = now;
        }
        Self::open(&paths[from(&paths)..])
    }

    /// Are the files still called as they were when they were opened?
    fn are_there(&self) -> bool {
        self.segments.iter().all(|segment| {
            std::fs::metadata(&segment.name)
                .is_ok_and(|status| (status.dev(), status.ino()) == segment.identity)
        })
    }

    /// Of one file that is open.
    pub fn of(path: &Path, file: File) -> Result<Self, ReplayError> {
        let mut input = Self::default();
        input.add(path, file)?;
        Ok(input)
    }

    /// Reads standard input to its end.
    pub fn stdin() -> Result<Self, ReplayError> {
        let name = Path::new("stdin");
        let mut input = Self::default();
        let file = spool(&mut io::stdin().lock()).map_err(|e| ReplayError::read(name, e))?;
        input.push(name, Body::File(file), (0, 0))?;
        Ok(input)
    }

    /// Lines that were read before.
    pub fn text(name: &Path, identity: (u64, u64), text: Vec<u8>) -> Self {
        let len = text.len() as u64;
        let open_end = text.last().is_some_and(|last| *last != b'\n');
        let segment = Segment {
            name: name.to_owned(),
            identity,
            body: Body::Text(text),
            start: 0,
            len,
            open_end,
        };
        Self {
            segments: vec![segment],
        }
    }

    /// Another handle of the last segment, where it is a plain file: where it begins, and which file
    /// it is.
    pub fn last_file(&self) -> io::Result<Option<(&Segment, File)>> {
        let Some(last) = self.segments.last() else {
            return Ok(None);
        };
        let Body::File(file) = &last.body else {
            return Ok(None);
        };
        let status = file.metadata()?;
        // What was unpacked is another file.
        let is_plain = (status.dev(), status.ino()) == last.identity;
        Ok(is_plain
            .then(|| file.try_clone())
            .transpose()?
            .map(|file| (last, file)))
    }

    /// The text back, where it is one that was read before.
    pub fn into_text(mut self) -> Vec<u8> {
        match self.segments.pop().map(|segment| segment.body) {
            Some(Body::Text(text)) => text,
            _ => Vec::new(),
        }
    }

    fn add(&mut self, path: &Path, file: File) -> Result<(), ReplayError> {
        let read = |e| ReplayError::read(path, e);
        let status = file.metadata().map_err(read)?;
        let identity = (status.dev(), status.ino());
        if status.is_dir() {
            return Err(ReplayError::read(path, io::ErrorKind::IsADirectory.into()));
        }
        let mut magic = [0; 6];
        let kind = status.file_type();
        let seekable = !(kind.is_fifo() || kind.is_char_device() || kind.is_socket());
        let known = if seekable {
            file.read_at(&mut magic, 0).map_err(read)?
        } else {
            0
        };
        let body = match packed(&magic[..known]) {
            None if seekable => Body::File(file),
            None => Body::File(spool(&mut &file).map_err(read)?),
            Some(packing) => unpack(packing, file).map_err(read)?,
        };
        self.push(path, body, identity)
    }

    fn push(&mut self, name: &Path, body: Body, identity: (u64, u64)) -> Result<(), ReplayError> {
        let read = |e| ReplayError::read(name, e);
        let len = body.len().map_err(read)?;
        let mut last = vec![b'\n'];
        // What tracer packs ends with a line, and is not unpacked only to see that.
        if len > 0 && !matches!(body, Body::Frames(_)) {
            last.clear();
            body.read(&mut last, 1, len - 1).map_err(read)?;
        }
        self.segments.push(Segment {
            name: name.to_owned(),
            identity,
            body,
            start: self.len(),
            len,
            open_end: last != b"\n",
        });
        Ok(())
    }

    /// The segments, oldest first.
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// Length of the whole text.
    pub fn len(&self) -> u64 {
        self.segments.last().map_or(0, Segment::end)
    }

    /// Is there nothing at all?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The segment that an offset of the whole text is in, and the offset there.
    pub fn place(&self, offset: u64) -> Option<(&Segment, u64)> {
        let segment = self.segments.iter().rfind(|s| s.start <= offset)?;
        Some((segment, offset - segment.start))
    }

    /// Appends the bytes from `from` to `to` of the whole text. A segment that became shorter while
    /// it was read has newlines in the missing place.
    pub fn read(&self, from: u64, to: u64, into: &mut Vec<u8>) -> Result<(), ReplayError> {
        for segment in &self.segments {
            let (start, end) = (from.max(segment.start), to.min(segment.end()));
            if start >= end {
                continue;
            }
            let at = into.len();
            let text = (segment.start + segment.len).min(end).saturating_sub(start) as usize;
            segment
                .body
                .read(into, text, start - segment.start)
                .map_err(|e| ReplayError::read(&segment.name, e))?;
            into.resize(at + (end - start) as usize, b'\n');
        }
        Ok(())
    }
}

/// Appends so many bytes, or as many as there are: not into memory that is filled before, which would
/// cost as much as a search in it.
fn read(file: &File, into: &mut Vec<u8>, bytes: usize, mut at: u64) -> io::Result<()> {
    let end = into.len() + bytes;
    into.reserve_exact(bytes);
    while into.len() < end {
        let room = end - into.len();
        let room = &mut into.spare_capacity_mut()[..room];
        let got = match rustix::io::pread(file, room, at) {
            Ok((got, _)) => got.len(),
            Err(rustix::io::Errno::INTR) => continue,
            Err(e) => return Err(e.into()),
        };
        if got == 0 {
            break;
        }
        // SAFETY: so many bytes behind the end were read, within the capacity.
        unsafe { into.set_len(into.len() + got) };
        at += got as u64;
    }
    Ok(())
}

/// How a segment is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Packing {
    Gzip,
    Xz,
    Zstd,
}

/// Tells a packed file by its first bytes (RFC 1952, RFC 8878, the .xz file format).
fn packed(magic: &[u8]) -> Option<Packing> {
    match magic {
        [0x1f, 0x8b, ..] => Some(Packing::Gzip),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => Some(Packing::Zstd),
        [0xfd, b'7', b'z', b'X', b'Z', 0] => Some(Packing::Xz),
        _ => None,
    }
}

fn unpack(packing: Packing, file: File) -> io::Result<Body> {
    let spooled = match packing {
        Packing::Gzip => spool(&mut flate2::read::MultiGzDecoder::new(file)),
        Packing::Xz => spool(&mut liblzma::read::XzDecoder::new_multi_decoder(file)),
        Packing::Zstd => {
            return Ok(match Frames::open(file)? {
                Ok(frames) => Body::Frames(frames),
                Err(file) => Body::Stream(Stream::open(file)?),
            });
        }
    };
    spooled.map(Body::File)
}

/// Copies everything to a file without a name.
fn spool(from: &mut impl Read) -> io::Result<File> {
    let mut file = tempfile::tempfile()?;
    io::copy(from, &mut file)?;
    file.flush()?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn in_dir(files: &[(&str, &[u8])]) -> (tempfile::TempDir, Input) {
        let dir = tempfile::tempdir().unwrap();
        let paths: Vec<_> = files
            .iter()
            .map(|(name, bytes)| {
                let path = dir.path().join(name);
                std::fs::write(&path, bytes).unwrap();
                path
            })
            .collect();
        let input = Input::open(&paths).unwrap();
        (dir, input)
    }

    #[test]
    fn segments_are_one_text() {
        let (_dir, input) = in_dir(&[("a", b"one\ntwo"), ("b", b""), ("c", b"three\n")]);
        let read = |from, to| {
            let mut text = Vec::new();
            input.read(from, to, &mut text).unwrap();
            String::from_utf8(text).unwrap()
        };
        assert_eq!(read(0, input.len()), "one\ntwo\nthree\n");
        assert_eq!(read(5, 10), "wo\nth");
        let (segment, at) = input.place(9).unwrap();
        assert!(segment.name.ends_with("c") && at == 1);
    }

    /// A rotation between looking and opening: every line is there once.
    #[test]
    fn a_rotation_while_it_is_opened() {
        for packs in [false, true] {
            let dir = tempfile::tempdir().unwrap();
            let log = dir.path().join("audit.log");
            let numbered = |n: u32| dir.path().join(format!("audit.log.{n}"));
            for (n, text) in [(2, "one\n"), (1, "two\n")] {
                std::fs::write(numbered(n), text).unwrap();
            }
            std::fs::write(&log, "three\n").unwrap();
            let is_first = std::cell::Cell::new(true);
            let rotate = |_: &[PathBuf]| {
                if is_first.replace(false) {
                    std::fs::rename(numbered(2), numbered(3)).unwrap();
                    std::fs::rename(numbered(1), numbered(2)).unwrap();
                    if packs {
                        let text = zstd::encode_all(&b"two\n"[..], 1).unwrap();
                        std::fs::write(dir.path().join("audit.log.2.zst"), text).unwrap();
                        std::fs::remove_file(numbered(2)).unwrap();
                    }
                    std::fs::rename(&log, numbered(1)).unwrap();
                    std::fs::write(&log, "four\n").unwrap();
                }
                0
            };
            let input = Input::of_log(dir.path(), false, rotate).unwrap();
            let mut text = Vec::new();
            input.read(0, input.len(), &mut text).unwrap();
            assert_eq!(String::from_utf8(text).unwrap(), "one\ntwo\nthree\nfour\n");
        }
    }

    #[test]
    fn packed_segments() {
        let text = b"type=EOE msg=audit(1.000:1): \n".repeat(1000);
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(&text).unwrap();
        let mut xz = liblzma::write::XzEncoder::new(Vec::new(), 1);
        xz.write_all(&text).unwrap();
        let packed = [
            ("gz", gzip.finish().unwrap()),
            ("zst", zstd::encode_all(&text[..], 1).unwrap()),
            ("xz", xz.finish().unwrap()),
        ];
        for (name, bytes) in packed {
            let (_dir, input) = in_dir(&[(name, &bytes)]);
            let mut got = Vec::new();
            input.read(0, input.len(), &mut got).unwrap();
            assert_eq!(got, text, "{name}");
        }
    }

    #[test]
    fn a_segment_that_became_shorter() {
        let (dir, input) = in_dir(&[("a", &b"x".repeat(100))]);
        std::fs::write(dir.path().join("a"), b"yy").unwrap();
        let mut got = Vec::new();
        input.read(0, 10, &mut got).unwrap();
        assert_eq!(got, b"yy\n\n\n\n\n\n\n\n");
    }

    #[test]
    fn broken_packing_is_an_error() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.gz");
        std::fs::write(&path, b"\x1f\x8b\x08garbage").unwrap();
        let error = Input::open([&path]).unwrap_err();
        assert!(error.to_string().contains("a.gz"), "{error}");
    }
}
