//! Events that no call tells of: what a source found on looking ([`Event::synthesised`]).

use bytes::Bytes;

use crate::{
    calls::Op,
    event::{
        Backend, ByRules, Certainty, Event, Notice, PathItem, PathRole, Time, Unknown, Via, notice,
    },
};

/// What was done to these files, with the notice that tells it; by whom is not known.
pub(super) fn of_nobody(
    backend: Backend,
    time: Time,
    op: Op,
    paths: Vec<PathItem>,
    notice: Notice,
) -> Event {
    Event {
        time,
        backend,
        place: None,
        op,
        actor: Err(Unknown::Source),
        call: None,
        exit: None,
        timing: None,
        signal: None,
        paths,
        rules: ByRules::default(),
        synthesised: false,
        below_root: true,
        certainty: Certainty::default(),
        of_tracer: false,
        is_dir: notice.mask & notice::ISDIR != 0,
        notice: Some(notice),
    }
}

/// What must have been done to these files.
pub(super) fn event(
    backend: Backend,
    time: Time,
    op: Op,
    files: Vec<(PathRole, Bytes)>,
    is_dir: bool,
) -> Event {
    let item = |(role, path)| PathItem {
        role,
        arg: None,
        requested: None,
        resolved: Ok(path),
        via: Via::Lookup,
        deleted: op == Op::Delete,
        file: None,
    };
    let mask = match op {
        Op::Create => notice::CREATE,
        Op::Delete => notice::DELETE,
        Op::Rename => notice::MOVED_FROM | notice::MOVED_TO,
        Op::Attribute => notice::ATTRIB,
        _ => notice::MODIFY,
    };
    let notice = Notice {
        mask: mask | if is_dir { notice::ISDIR } else { 0 },
        ..Notice::default()
    };
    let paths = files.into_iter().map(item).collect();
    Event {
        synthesised: true,
        ..of_nobody(backend, time, op, paths, notice)
    }
}

/// A file that is there now.
pub(super) fn created(backend: Backend, time: Time, path: &[u8], is_dir: bool) -> Event {
    let files = vec![(PathRole::Target, Bytes::copy_from_slice(path))];
    event(backend, time, Op::Create, files, is_dir)
}
