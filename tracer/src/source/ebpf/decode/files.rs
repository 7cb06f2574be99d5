//! The files behind descriptors.

use std::net::{IpAddr, SocketAddr};

use bytes::Bytes;
use tracer_ebpf::abi::wire::{self, FileInfo, OF_INSIDE, OF_RESULT, Part, SocketInfo};

use super::super::record::{Piece, Record};
use crate::{
    calls::Row,
    decode::Outcome,
    enrich::files,
    event::{Ends, FileId, Gid, Known, OpenFile, PathItem, PathRole, Socket, Uid, Unknown, Via},
};

/// The files behind the descriptors of a call.
pub(super) fn open_files(record: &Record<'_>, row: Option<&Row>) -> Vec<OpenFile> {
    let Some(row) = row else {
        return Vec::new();
    };
    let is_descriptor = |of: u8| match row.args.get(usize::from(of)) {
        Some(arg) => arg.role.is_descriptor(),
        None if of >= OF_INSIDE => true,
        None => of == OF_RESULT && row.result == Outcome::Descriptor,
    };
    record
        .pieces()
        .filter(|piece| piece.part == Part::Walk && is_descriptor(piece.of))
        .map(|walk| {
            let mut file = walked(record, walk);
            // A file in memory never had a directory.
            file.deleted |= walk.leaf().is_some_and(|leaf| leaf.starts_with(b"memfd:"));
            OpenFile {
                of: (walk.of != OF_RESULT).then_some(walk.of),
                name: name(&walk, &file),
                file,
                socket: socket(record, &walk),
            }
        })
        .collect()
}

/// The socket at the end of a walk, whose last name is that of its protocol.
fn socket(record: &Record<'_>, walk: &Piece<'_>) -> Option<Socket> {
    let info = record.piece(Part::Socket, walk.of)?.socket()?;
    Some(Socket {
        protocol: Bytes::copy_from_slice(walk.leaf().unwrap_or_default()),
        ends: ends(&info),
    })
}

fn ends(info: &SocketInfo) -> Ends {
    let address = |at: usize, port| {
        let bytes = &info.bytes[at..at + 16];
        let ip = if i32::from(info.family) == libc::AF_INET {
            let v4: [u8; 4] = bytes[..4].try_into().ok()?;
            IpAddr::from(v4)
        } else {
            let v6: [u8; 16] = bytes.try_into().ok()?;
            IpAddr::from(v6)
        };
        Some(SocketAddr::new(ip, port))
    };
    match i32::from(info.family) {
        // A raw socket's number is that of its protocol.
        libc::AF_INET | libc::AF_INET6
            if info.local_port != 0 && i32::from(info.kind) != libc::SOCK_RAW =>
        {
            let remote = (info.remote_port != 0).then(|| address(16, info.remote_port));
            address(0, info.local_port)
                .map_or(Ends::None, |local| Ends::Internet(local, remote.flatten()))
        }
        libc::AF_UNIX => {
            let name = info.bytes.get(..info.name_len as usize).unwrap_or_default();
            Ends::Unix {
                // One that has not been accepted yet has no inode.
                peer: (info.has_peer != 0 && info.peer != 0).then_some(info.peer),
                name: Bytes::copy_from_slice(name),
            }
        }
        libc::AF_NETLINK if info.peer != 0 => Ends::Netlink {
            protocol: info.local_port,
            port: info.peer as u32,
        },
        _ => Ends::None,
    }
}

/// What `/proc/PID/fd` shows of a file: its path, or what it is where it has none.
fn name(walk: &Piece<'_>, file: &PathItem) -> Known<Bytes> {
    let Some(id) = file
        .file
        .filter(|_| file.resolved == Err(Unknown::Detached))
    else {
        return file.resolved.clone();
    };
    let kind = match id.mode & libc::S_IFMT {
        libc::S_IFIFO => "pipe",
        libc::S_IFSOCK => "socket",
        _ => {
            let leaf = walk.leaf().unwrap_or_default();
            if files::pidfs().is_some_and(|dev| dev == id.dev) {
                return Ok(Bytes::from_static(b"anon_inode:[pidfd]"));
            }
            // What has no name of its own is no file on any file system.
            let before: &[u8] = if leaf.starts_with(b"[") || leaf == b"inotify" {
                b"anon_inode:"
            } else {
                b"/"
            };
            return Ok([before, leaf].concat().into());
        }
    };
    Ok(format!("{kind}:[{}]", id.ino).into())
}

/// The file at the end of a walk.
pub(super) fn walked(record: &Record<'_>, walk: Piece<'_>) -> PathItem {
    let info = record.piece(Part::File, walk.of).and_then(|p| p.file());
    PathItem {
        role: PathRole::Target,
        arg: None,
        requested: None,
        resolved: walk.path(),
        via: Via::Kernel,
        deleted: walk.flags & wire::DELETED != 0,
        file: info.map(|info| file_id(&info)),
    }
}

fn file_id(info: &FileInfo) -> FileId {
    FileId {
        ino: info.ino,
        dev: info.dev,
        rdev: info.rdev,
        mode: info.mode,
        uid: Uid(info.uid),
        gid: Gid(info.gid),
    }
}
