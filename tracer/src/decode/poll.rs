//! Waiting for descriptors: poll(2), select(2), epoll(7).

use libc::{epoll_event, pollfd};

use super::{Writer, number::dec, tables, time, writer::foreign};
use crate::{calls::Arg, event::OpenFile};

foreign!(pollfd, epoll_event);

/// `struct pollfd` array of poll(2).
pub(crate) const POLLFDS: Arg = Arg::inputs(SIZE, 1, |w, _, at| {
    let count = w.args[1] & 0xffff_ffff;
    if count == 0 && at != 0 {
        w.text("[]");
    } else if w.read::<pollfd>(at).is_none() || !w.is_native() {
        w.address(at);
    } else {
        w.array(count, |w, i| {
            let poll = w.read::<pollfd>(at + i * SIZE as u64);
            poll.inspect(|poll| one_poll(w, i, *poll)).is_some()
        });
    }
})
.descriptors(SIZE as u8);

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
    w.text(" (");
    w.group(["[", "]"], |w| {
        for poll in &found {
            w.separate();
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
pub(crate) const FD_SETS: Arg = Arg::input(FD_SET, |w, _, at| match fds(w, at) {
    Some(fds) if w.is_native() => list(w, &fds),
    _ => w.address(at),
});

/// The descriptors in the set at an address, below the first argument.
fn fds(w: &Writer<'_>, at: u64) -> Option<Vec<u32>> {
    let bytes = w.call.memory(at)?;
    let count = (w.args[0] as u32).min(bytes.len() as u32 * 8);
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
    let mut before = " (";
    for (name, at) in [
        ("in ", w.args[1]),
        ("out ", w.args[2]),
        ("except ", w.args[3]),
    ] {
        if let Some(fds) = fds(w, at).filter(|fds| !fds.is_empty()) {
            w.text(before);
            w.text(name);
            list(w, &fds);
            before = ", ";
        }
    }
    let left = w.args[4];
    let is_pselect = w.call.arch.name(w.call.nr) == Some("pselect6");
    if let Some(time) = w.read::<[u64; 2]>(left) {
        w.text(before);
        w.text("left ");
        let [first, second] = time.map(|n| n as i64);
        if is_pselect {
            time::spec(
                w,
                libc::timespec {
                    tv_sec: first,
                    tv_nsec: second,
                },
            );
        } else {
            time::val(
                w,
                libc::timeval {
                    tv_sec: first,
                    tv_usec: second,
                },
            );
        }
        before = ", ";
    }
    if before == ", " {
        w.text(")");
    }
}

/// Signal mask of pselect6(2): a pointer and its size.
pub(crate) const SIGMASK_AND_SIZE: Arg = Arg::input(16, |w, _, at| {
    w.at(at, |w, [mask, size]: [u64; 2]| {
        w.structure(|w| {
            w.field("sigmask").address(mask);
            w.field("sigsetsize").dec(size);
        });
    });
});

/// `struct epoll_event` of `epoll_ctl(2)`.
pub(crate) const EPOLL_EVENT: Arg = Arg::input(size_of::<epoll_event>(), |w, _, at| {
    const EPOLL_CTL_DEL: u64 = 2;
    if w.args[1] == EPOLL_CTL_DEL {
        w.address(at);
    } else {
        w.at(at, one_epoll);
    }
});
/// `struct epoll_event` array of `epoll_wait(2)`, as long as the result says.
pub(crate) const EPOLL_EVENTS: Arg = Arg::results(size_of::<epoll_event>(), |w, _, at| {
    let count = w.call.ret;
    if count == 0 {
        w.text("[]");
    } else if count < 0 || w.read::<epoll_event>(at).is_none() || !w.is_native() {
        w.address(at);
    } else {
        w.array(count as u64, |w, i| {
            let event = w.read::<epoll_event>(at + i * size_of::<epoll_event>() as u64);
            event.inspect(|event| one_epoll(w, *event)).is_some()
        });
    }
});

fn one_epoll(w: &mut Writer<'_>, event: epoll_event) {
    let (events, data) = (event.events, event.u64);
    w.structure(|w| {
        w.field("events")
            .flags(events.into(), &tables::EPOLL_EVENTS);
        w.field("data").structure(|w| {
            // Programs put an address or a descriptor there.
            if w.options.stable {
                w.more();
                return;
            }
            w.field("u32").dec(data as u32);
            w.field("u64").dec(data);
        });
    });
}
