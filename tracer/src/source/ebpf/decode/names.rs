//! The names of a call, on their way to absolute paths.

use std::borrow::Cow;

use bytes::Bytes;
use smallvec::SmallVec;
use tracer_ebpf::abi::{
    call::{EXECS, MOVES_CWD, MOVES_ROOT, RETURNS_FD},
    wire::{self, OF_CWD, OF_EXE, OF_RESULT, OF_ROOT, OWN_PROGRAM, Part},
};

use super::{
    super::record::{Piece, Record},
    files::walked,
    open_flags,
};
use crate::{
    calls::{Op, Role, Row},
    enrich::paths::{Below, IsBelow, Place, Resolved, Resolver, is_here},
    event::{Actor, Call, Known, PathItem, PathRole, Unknown, Via},
};

/// `AT_SYMLINK_NOFOLLOW` and `AT_SYMLINK_FOLLOW` of `linux/fcntl.h`.
const AT_SYMLINK_NOFOLLOW: u64 = 0x100;
const AT_SYMLINK_FOLLOW: u64 = 0x400;
/// `AT_FDCWD`.
const AT_FDCWD: i32 = libc::AT_FDCWD;

/// Files, each with whether the kernel saw it below a watched root.
pub(super) type Found = SmallVec<[(PathItem, Below); 2]>;

/// What is needed to look a name up.
pub(super) struct Lookup<'a> {
    pub(super) resolver: &'a mut Resolver,
    pub(super) is_below: IsBelow<'a>,
}

/// Who called.
pub(super) struct Caller<'a> {
    pub(super) actor: &'a Actor,
    /// What `/proc` calls the process and the thread, where it shows them.
    pub(super) id: Option<(u32, u32)>,
}

/// The names of one call, on their way to absolute paths.
pub(super) struct Names<'a> {
    pub(super) record: &'a Record<'a>,
    pub(super) row: Option<&'a Row>,
    pub(super) caller: &'a Caller<'a>,
    pub(super) call: &'a Call,
}

impl Names<'_> {
    /// Every file of the call, each with whether the kernel saw it below a watched root.
    pub(super) fn paths(&self, lookup: &mut Lookup<'_>) -> Found {
        let Some(row) = self.row else {
            return Found::new();
        };
        let names: SmallVec<[u8; 8]> = (0..row.args.len() as u8)
            .filter(|i| row.args[usize::from(*i)].role == Role::Path)
            .collect();
        let mut out = Found::new();
        for (n, &arg) in names.iter().enumerate() {
            let role = match (names.len(), n) {
                (1, _) => PathRole::Target,
                (_, 0) => PathRole::Source,
                _ => PathRole::Dest,
            };
            out.push(self.named(row, arg, role, lookup));
        }
        out.extend(self.mount_source(row, lookup));
        for (i, arg) in row.args.iter().enumerate() {
            if arg.role == Role::Fd {
                out.extend(self.of_walk(i as u8, None));
            }
        }
        if names.is_empty() && row.flags & RETURNS_FD != 0 && self.succeeded() {
            out.extend(self.of_walk(OF_RESULT, None));
        }
        if row.flags & EXECS != 0 && self.succeeded() {
            self.executed(&mut out);
        }
        out
    }

    /// The file behind a walk; `named` is the argument that named it.
    fn of_walk(&self, of: u8, named: Option<(u8, Known<Bytes>)>) -> Option<(PathItem, Below)> {
        let walk = self.record.piece(Part::Walk, of)?;
        let mut item = walked(self.record, walk);
        if let Some((arg, name)) = named {
            (item.arg, item.requested) = (Some(arg), Some(name));
        }
        let mut below = self.below(of, walk);
        if self.caller.actor.mnt_ns.is_some() {
            let at = item.resolved.as_ref().ok().zip(item.file);
            below.near = below.near && at.is_some_and(|(path, file)| is_here(path, file.ino));
        }
        Some((item, below))
    }

    /// What the walk for `of` has met.
    fn below(&self, of: u8, walk: Piece<'_>) -> Below {
        let met = self.record.piece(Part::Met, of).and_then(|p| p.met());
        Below {
            root: walk.flags & wire::BELOW != 0,
            near: walk.flags & wire::NEAR != 0,
            holds: walk.flags & wire::HOLDS != 0,
            inside: false,
            met: met.unwrap_or_default(),
        }
    }

    /// A file that the call names.
    fn named(
        &self,
        row: &Row,
        arg: u8,
        role: PathRole,
        lookup: &mut Lookup<'_>,
    ) -> (PathItem, Below) {
        let requested = match self.record.piece(Part::Text, arg) {
            Some(piece) => piece.bytes(),
            None => Err(Unknown::Cut),
        };
        let requested = match (requested, &self.call.args) {
            (Err(_), Ok(args)) if args[usize::from(arg)] == 0 => Err(Unknown::Null),
            (requested, _) => requested,
        };
        if let Some(truth) = self.truth(row) {
            return self
                .of_walk(truth, Some((arg, requested.clone())))
                .unwrap_or_else(|| (self.root_as_path(arg, requested), Below::default()));
        }
        let (base, below) = self.base(row, arg);
        // A NULL or empty name stands for the descriptor before it (utimensat(2), AT_EMPTY_PATH).
        let stands_for_base = match &requested {
            Ok(name) => name.is_empty(),
            Err(why) => *why == Unknown::Null,
        };
        if stands_for_base
            && let Some(mut item) = arg.checked_sub(1).and_then(|fd| self.of_walk(fd, None))
        {
            (item.0.role, item.0.arg, item.0.requested) = (role, Some(arg), Some(requested));
            return item;
        }
        let found = match &requested {
            Err(why) => Resolved {
                path: Err(*why),
                via: Via::Lexical,
                below: Below::default(),
            },
            Ok(name) if name.is_empty() => Resolved {
                path: base.into_owned(),
                via: Via::Kernel,
                below,
            },
            Ok(name) => self.look_up(row, &base, name, lookup),
        };
        let item = PathItem {
            role,
            arg: Some(arg),
            requested: Some(requested),
            resolved: found.path,
            via: found.via,
            deleted: matches!(row.op, Op::Delete) && self.succeeded(),
            file: None,
        };
        let below = if found.via == Via::Base && found.below == Below::default() {
            below.name()
        } else {
            found.below
        };
        (item, below)
    }

    /// Looks a name up as the process would.
    fn look_up(
        &self,
        row: &Row,
        base: &Known<Bytes>,
        name: &Bytes,
        lookup: &mut Lookup<'_>,
    ) -> Resolved {
        // In another mount namespace, its root is so, too, and names are as they are there.
        let elsewhere = match self.caller.actor.mnt_ns {
            Some(_) => wire::OUTSIDE,
            None => wire::OUTSIDE | wire::OTHER_MOUNTS,
        };
        let place = Place {
            id: self.caller.id,
            mnt_ns: self.caller.actor.mnt_ns,
            root: self.caller.actor.root.as_ref(),
            elsewhere: self
                .record
                .piece(Part::Walk, OF_ROOT)
                .is_some_and(|root| root.flags & elsewhere != 0),
            base,
        };
        // Two tracers that looked each other's names up would never end.
        if self.record.head.flags & OWN_PROGRAM != 0 {
            return place.by_text(name);
        }
        let mut found = lookup
            .resolver
            .resolve(&place, name, self.follows(row), lookup.is_below);
        // The kernel's own name for the descriptor of an execveat(2). By now it may be closed, or
        // be that of a file which the program has opened since.
        let is_execveat = self.call.args == Err(Unknown::Replaced) && name.starts_with(b"/dev/fd/");
        if is_execveat && (found.path.is_err() || found.path != self.caller.actor.exe) {
            found.path = Err(Unknown::Replaced);
        }
        found
    }

    /// The source of a bind or move mount is a path; of any other it is a word (mount(2)).
    fn mount_source(&self, row: &Row, lookup: &mut Lookup<'_>) -> Option<(PathItem, Below)> {
        let flags = self.call.args.ok()?[3];
        if row.name != "mount" || flags & (libc::MS_BIND | libc::MS_MOVE) == 0 {
            return None;
        }
        Some(self.named(row, 0, PathRole::Other, lookup))
    }

    /// Did the call succeed, as far as anybody knows?
    fn succeeded(&self) -> bool {
        self.call.result().is_some_and(|ret| ret >= 0)
    }

    /// The walk that is the truth about the named file.
    fn truth(&self, row: &Row) -> Option<u8> {
        let ok = self.succeeded();
        if ok && row.flags & (RETURNS_FD | MOVES_CWD) != 0 {
            Some(OF_RESULT)
        } else if ok && row.flags & MOVES_ROOT != 0 {
            Some(OF_ROOT)
        } else {
            None
        }
    }

    /// chroot(2) to the root of the mount namespace: there is no root walk then.
    fn root_as_path(&self, arg: u8, requested: Known<Bytes>) -> PathItem {
        let is_chroot = self.row.is_some_and(|r| r.flags & MOVES_ROOT != 0);
        PathItem {
            role: PathRole::Target,
            arg: Some(arg),
            requested: Some(requested),
            resolved: if is_chroot {
                Ok(Bytes::from_static(b"/"))
            } else {
                Err(Unknown::Cut)
            },
            via: Via::Kernel,
            deleted: false,
            file: None,
        }
    }

    /// The directory that a relative name starts from, and whether it is below a watched root.
    fn base(&self, row: &Row, arg: u8) -> (Cow<'_, Known<Bytes>>, Below) {
        let fd_arg = arg
            .checked_sub(1)
            .filter(|i| row.args[usize::from(*i)].role == Role::DirFd);
        let of = match (fd_arg, &self.call.args) {
            (Some(i), Ok(args)) if args[usize::from(i)] as i32 != AT_FDCWD => i,
            _ => OF_CWD,
        };
        match self.record.piece(Part::Walk, of) {
            Some(walk) if of == OF_CWD => {
                (Cow::Borrowed(&self.caller.actor.cwd), self.below(of, walk))
            }
            Some(walk) => (Cow::Owned(walk.path()), self.below(of, walk)),
            None => (Cow::Owned(Err(Unknown::UnknownBase)), Below::default()),
        }
    }

    /// Does the call follow a symlink in the last component?
    fn follows(&self, row: &Row) -> bool {
        let at_flags = row
            .args
            .iter()
            .position(|a| a.role == Role::AtFlags)
            .and_then(|i| self.call.args.ok().map(|args| args[i]));
        match row.name {
            "linkat" => at_flags.is_some_and(|f| f & AT_SYMLINK_FOLLOW != 0),
            name if name.starts_with('l') && row.op == Op::Attribute => false,
            _ if matches!(row.op, Op::Delete | Op::Rename | Op::Create) => false,
            "readlink" | "readlinkat" => false,
            "open" | "openat" | "openat2" => {
                open_flags(row, self.call).is_none_or(|f| f & libc::O_NOFOLLOW as u64 == 0)
            }
            _ => at_flags.is_none_or(|f| f & AT_SYMLINK_NOFOLLOW == 0),
        }
    }

    /// A successful exec: the kernel's truth is the program that now runs. When that is not the
    /// named file (a script), the interpreter is a second file of the event.
    fn executed(&self, out: &mut Found) {
        let Some((mut program, below)) = self.of_walk(OF_EXE, None) else {
            return;
        };
        let Some((named, _)) = out.first_mut() else {
            out.push((program, below));
            return;
        };
        // A directory that the exec has closed is not known any more; what is named in one that it
        // closes is no script, as the interpreter could not open that (execveat(2)).
        let same = named.resolved == program.resolved
            || named.resolved == Err(Unknown::UnknownBase)
            || !matches!(named.via, Via::Lookup | Via::Base)
            || named
                .requested
                .as_ref()
                .is_some_and(|r| r.as_ref().is_ok_and(Bytes::is_empty));
        if same {
            program.arg = named.arg;
            program.requested = named.requested.take();
            *named = program;
            out[0].1 = below;
        } else {
            program.role = PathRole::Other;
            out.push((program, below));
        }
    }
}
