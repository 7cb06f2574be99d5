//! Waiting for descriptors: poll(2), select(2), epoll(7).

use libc::{epoll_event, pollfd};

use super::{Writer, number::dec, tables, time, writer::foreign};
use crate::{
    calls::{Arg, Role},
    event::OpenFile,
};

foreign!(pollfd, epoll_event);

/// `struct pollfd` array of poll(2).
pub(crate) const POLLFDS: Arg = Arg::inputs(SIZE, 1, |w, _, at| {
    let count = w.args[1] & 0xffff_ffff;
    let start = at;
    w.array(at, SIZE as u64, count, |w, at| {
        if let Some(poll) = w.read::<pollfd>(at) {
            one_poll(w, (at - start) / SIZE as u64, poll);
        }
    });
})
.descriptors(SIZE as u8)
.role(Role::Polled);

/// Bytes of a `struct pollfd`, which begins with its descriptor.
const SIZE: usize = size_of::<pollfd>();

fn one_poll(w: &mut Writer<'_>, number: u64, poll: pollfd) {
    w.structure(|w| {
        w.field("fd")
            .descriptor(poll.fd, OpenFile::inside(number as usize));
        if poll.fd >= 0 {
            w.field("events")
                .flags(u64::from(poll.events as u16), &tables::POLL_EVENTS);
        }
    });
}

/// What poll(2) found, behind its result.
pub(super) fn polled(w: &mut Writer<'_>) {
    let ret = w.call.ret;
    dec(w.out, ret);
    if ret == 0 {
        w.text(" (Timeout)");
        return;
    }
    let (at, count) = (w.args[0], w.args[1] & 0xffff_ffff);
    let found = (0..count.min(1024))
        .map_while(|i| w.read::<pollfd>(at + i * SIZE as u64))
        .filter(|poll| poll.revents != 0 && poll.fd >= 0)
        .collect::<Vec<_>>();
    if found.is_empty() {
        return;
    }
    let most = if w.options.verbose {
        usize::MAX
    } else {
        w.options.strings
    };
    w.text(" (");
    w.group(["[", "]"], |w| {
        for (i, poll) in found.iter().enumerate() {
            w.separate();
            if i == most {
                w.text("...");
                break;
            }
            w.structure(|w| {
                w.field("fd").dec(poll.fd);
                w.field("revents")
                    .flags(u64::from(poll.revents as u16), &tables::POLL_EVENTS);
            });
        }
    });
    if let Some(left) = w.read::<libc::timespec>(w.args[2]).filter(|_| is_ppoll(w)) {
        w.text(", left ");
        w.moment(|w| time::spec(w, left));
    }
    w.text(")");
}

fn is_ppoll(w: &Writer<'_>) -> bool {
    w.call.arch.name(w.call.nr) == Some("ppoll")
}

/// Bytes of an `fd_set` that are captured: 1,024 descriptors.
const FD_SET: usize = 128;

/// `fd_set` of select(2). The kernel leaves in it what it found.
pub(crate) const FD_SETS: Arg = Arg::input(FD_SET, |w, _, at| {
    let call = w.call;
    let given = call.memory_before(at).or_else(|| call.memory(at));
    match given.and_then(|bytes| fds(w, bytes)) {
        Some(fds) if w.is_native() => list(w, &fds),
        _ => w.address(at),
    }
})
.at_entry()
.role(Role::Selected);

/// The descriptors in a set, below the first argument.
fn fds(w: &Writer<'_>, bytes: &[u8]) -> Option<Vec<u32>> {
    let wanted = u32::try_from(w.args[0] as i32).unwrap_or(0);
    // The kernel reads whole words.
    if wanted == 0 || bytes.len() < (wanted.div_ceil(64) as usize * 8).min(FD_SET) {
        return None;
    }
    let count = wanted.min(bytes.len() as u32 * 8);
    Some(
        (0..count)
            .filter(|fd| bytes[*fd as usize / 8] >> (fd % 8) & 1 != 0)
            .collect(),
    )
}

fn list(w: &mut Writer<'_>, fds: &[u32]) {
    w.text("[");
    for (i, fd) in fds.iter().enumerate() {
        if i > 0 {
            w.text(" ");
        }
        w.dec(*fd);
    }
    w.text("]");
}

/// What select(2) found, behind its result.
pub(super) fn selected(w: &mut Writer<'_>) {
    let ret = w.call.ret;
    dec(w.out, ret);
    if ret == 0 {
        w.text(" (Timeout)");
        return;
    }
    w.text(" (");
    let mut before = "";
    for (name, at) in [
        ("in ", w.args[1]),
        ("out ", w.args[2]),
        ("except ", w.args[3]),
    ] {
        let found = w.call.memory(at).and_then(|bytes| fds(w, bytes));
        if let Some(fds) = found.filter(|fds| !fds.is_empty()) {
            w.text(before);
            w.text(name);
            list(w, &fds);
            before = ", ";
        }
    }
    let left = w.args[4];
    let is_pselect = w.call.arch.name(w.call.nr) == Some("pselect6");
    if is_pselect && let Some(time) = w.read::<libc::timespec>(left) {
        w.text(before);
        w.text("left ");
        time::spec(w, time);
    } else if let Some(time) = w.read::<libc::timeval>(left) {
        w.text(before);
        w.text("left ");
        time::val(w, time);
    }
    w.text(")");
}

/// Signal mask of pselect6(2): a pointer and its size.
pub(crate) const SIGMASK_AND_SIZE: Arg = Arg::behind(16, 0, (8, 8), 1, |w, _, at| {
    w.at(at, |w, [mask, size]: [u64; 2]| {
        w.structure(|w| {
            w.field("sigmask").signal_set(mask, size);
            w.field("sigsetsize").dec(size);
        });
    });
});
/// `struct epoll_event` of `epoll_ctl(2)`.
pub(crate) const EPOLL_EVENT: Arg = Arg::input(size_of::<epoll_event>(), |w, _, at| {
    const EPOLL_CTL_DEL: u64 = 2;
    if w.args[1] & 0xffff_ffff == EPOLL_CTL_DEL {
        w.address(at);
    } else {
        w.at(at, one_epoll);
    }
});
/// `struct epoll_event` array of `epoll_wait(2)`, as long as the result says.
pub(crate) const EPOLL_EVENTS: Arg = Arg::results(size_of::<epoll_event>(), |w, _, at| {
    let count = w.call.ret;
    let size = size_of::<epoll_event>() as u64;
    match u64::try_from(count) {
        Ok(0) => w.text("[]"),
        Err(_) => w.address(at),
        Ok(count) => w.array(at, size, count, |w, at| {
            if let Some(event) = w.read::<epoll_event>(at) {
                one_epoll(w, event);
            }
        }),
    }
});

fn one_epoll(w: &mut Writer<'_>, event: epoll_event) {
    let (events, data) = (event.events, event.u64);
    w.structure(|w| {
        w.field("events")
            .flags(events.into(), &tables::EPOLL_EVENTS);
        w.field("data");
        // Programs put an address or a descriptor there.
        if w.options.stable {
            w.text("DATA");
        } else {
            w.hex(data);
        }
    });
}
