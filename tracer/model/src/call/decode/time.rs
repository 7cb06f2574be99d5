//! Times: points, spans, timers.

use libc::{itimerspec, itimerval, timespec, timeval, timex, tms, utimbuf};

use super::{Constants, Writer, tables, writer::foreign};
use crate::calls::Arg;

foreign!(
    timespec,
    timeval,
    [timespec; 2],
    [timeval; 2],
    itimerspec,
    itimerval,
    tms,
    timex,
    utimbuf
);

/// `struct timespec` from the program.
pub(crate) const TIMESPEC: Arg = Arg::input(size_of::<timespec>(), |w, _, at| w.at(at, spec));
/// A time limit that the call overwrites with what is left of it.
pub(crate) const LIMIT_SPEC: Arg =
    Arg::input(size_of::<timespec>(), |w, _, at| w.at_before(at, spec)).at_entry();
/// The same in microseconds.
pub(crate) const LIMIT_VAL: Arg =
    Arg::input(size_of::<timeval>(), |w, _, at| w.at_before(at, val)).at_entry();
/// `struct timespec` from the kernel.
pub(crate) const TIMESPEC_OUT: Arg = Arg::output(size_of::<timespec>(), |w, _, at| {
    w.at(at, |w, t| w.moment(|w| spec(w, t)));
});
/// What is left of a sleep: only there when it was interrupted.
pub(crate) const REMAINDER: Arg = Arg::input(size_of::<timespec>(), |w, _, at| {
    if matches!(w.call.errno(), Some(libc::EINTR | 516)) {
        w.at(at, spec);
    } else {
        w.address(at);
    }
});
/// `struct timeval` from the program.
pub(crate) const TIMEVAL: Arg = Arg::input(size_of::<timeval>(), |w, _, at| w.at(at, val));
/// `struct timeval` from the kernel.
pub(crate) const TIMEVAL_OUT: Arg = Arg::output(size_of::<timeval>(), |w, _, at| {
    w.at(at, |w, t| w.moment(|w| val(w, t)));
});
/// `struct timezone`
pub(crate) const TIMEZONE: Arg = Arg::input(8, |w, _, at| {
    w.at(at, |w, [west, dst]: [i32; 2]| {
        w.structure(|w| {
            w.field("tz_minuteswest").dec(west);
            w.field("tz_dsttime").dec(dst);
        });
    });
});
/// `struct itimerspec` from the program.
pub(crate) const ITIMERSPEC: Arg =
    Arg::input(size_of::<itimerspec>(), |w, _, at| w.at(at, itimer_spec));
/// `struct itimerspec` from the kernel.
pub(crate) const ITIMERSPEC_OUT: Arg = Arg::output(size_of::<itimerspec>(), |w, _, at| {
    w.at(at, |w, t| w.moment(|w| itimer_spec(w, t)));
});
/// `struct itimerval` from the program.
pub(crate) const ITIMERVAL: Arg =
    Arg::input(size_of::<itimerval>(), |w, _, at| w.at(at, itimer_val));
/// `struct itimerval` from the kernel.
pub(crate) const ITIMERVAL_OUT: Arg = Arg::output(size_of::<itimerval>(), |w, _, at| {
    w.at(at, |w, t| w.moment(|w| itimer_val(w, t)));
});
/// Access and modification time (utimes(2)).
pub(crate) const TIMEVALS: Arg = Arg::input(2 * size_of::<timeval>(), |w, _, at| {
    w.at(at, |w, times: [timeval; 2]| pair(w, times, dated_val));
});
/// The same with nanoseconds (utimensat(2)).
pub(crate) const TIMESPECS: Arg = Arg::input(2 * size_of::<timespec>(), |w, _, at| {
    w.at(at, |w, times: [timespec; 2]| pair(w, times, dated_spec));
});
/// `struct utimbuf`
pub(crate) const UTIMBUF: Arg = Arg::input(size_of::<utimbuf>(), |w, _, at| {
    w.at(at, |w, times: utimbuf| {
        w.structure(|w| {
            for (name, seconds) in [("actime", times.actime), ("modtime", times.modtime)] {
                w.field(name).dec(seconds);
                date(w, seconds, None);
            }
        });
    });
});
/// `struct tms`
pub(crate) const TMS: Arg = Arg::output(size_of::<tms>(), |w, _, at| {
    w.at(at, |w, t: tms| {
        w.moment(|w| ticks(w, t));
    });
});

fn ticks(w: &mut Writer<'_>, t: tms) {
    w.structure(|w| {
        w.field("tms_utime").ticks(t.tms_utime);
        w.field("tms_stime").ticks(t.tms_stime);
        w.field("tms_cutime").ticks(t.tms_cutime);
        w.field("tms_cstime").ticks(t.tms_cstime);
    });
}

impl Writer<'_> {
    /// A time in the kernel's ticks for programs, and in seconds.
    pub(super) fn ticks(&mut self, ticks: i64) {
        /// `USER_HZ`
        const HZ: u64 = 100;
        if ticks < 0 {
            self.text("-");
        }
        self.fraction(ticks.unsigned_abs(), HZ);
    }

    /// A time in parts of a second, of which there are `second` (10, 100, ...), and in seconds.
    pub(super) fn fraction(&mut self, parts: u64, second: u64) {
        self.dec(parts);
        if parts != 0 && self.constants != Constants::Numbers {
            let digits = second.ilog10() as usize;
            let (whole, rest) = (parts / second, parts % second);
            self.comment(&format!("{whole}.{rest:0digits$} s"));
        }
    }
}

/// The state of the clock that `adjtimex(2)` returns.
pub(super) fn clock_state_result(w: &mut Writer<'_>) {
    let ret = w.call.ret;
    w.dec(ret);
    if let Some(name) = tables::TIME_STATES.of(ret as u64) {
        w.text(" (");
        w.text(name);
        w.text(")");
    }
}

/// `time_t` from the kernel.
pub(crate) const SECONDS_OUT: Arg = Arg::output(8, |w, _, at| {
    w.at(at, |w, seconds: i64| {
        w.group(["[", "]"], |w| {
            w.moment(|w| {
                w.dec(seconds);
                date(w, seconds, None);
            });
        });
    });
});
/// `struct timex`
pub(crate) const TIMEX: Arg = Arg::output(size_of::<timex>(), |w, _, at| {
    w.at(at, |w, t: timex| {
        w.structure(|w| {
            w.field("modes").flags(t.modes.into(), &tables::ADJ);
            w.field("offset").dec(t.offset);
            w.field("freq").dec(t.freq);
            w.field("maxerror").dec(t.maxerror);
            w.field("esterror").dec(t.esterror);
            w.field("status")
                .flags(u64::from(t.status as u32), &tables::STA);
            w.field("constant").dec(t.constant);
            w.field("precision").dec(t.precision);
            w.field("tolerance").dec(t.tolerance);
            w.field("time");
            val(w, t.time);
            w.field("tick").dec(t.tick);
            w.field("ppsfreq").dec(t.ppsfreq);
            w.field("jitter").dec(t.jitter);
            w.field("shift").dec(t.shift);
            w.field("stabil").dec(t.stabil);
            w.field("jitcnt").dec(t.jitcnt);
            w.field("calcnt").dec(t.calcnt);
            w.field("errcnt").dec(t.errcnt);
            w.field("stbcnt").dec(t.stbcnt);
            w.field("tai").dec(t.tai);
        });
    });
});

/// `{tv_sec=1, tv_nsec=0}`
pub(super) fn spec(w: &mut Writer<'_>, t: timespec) {
    if w.options.stable && is_computed(t.tv_sec, t.tv_nsec) {
        w.moment(|_| {});
        return;
    }
    w.structure(|w| {
        w.field("tv_sec").dec(t.tv_sec);
        w.field("tv_nsec").dec(t.tv_nsec as u64);
    });
}

/// Is it rather a moment, or what is left of a time, than a time that somebody chose? Seconds since
/// 1970, or more digits than people give.
fn is_computed(seconds: i64, nanoseconds: i64) -> bool {
    seconds >= 1_000_000_000 || nanoseconds % 100_000 != 0
}

/// `{tv_sec=1, tv_usec=0}`
pub(super) fn val(w: &mut Writer<'_>, t: timeval) {
    if w.options.stable && is_computed(t.tv_sec, t.tv_usec * 1000) {
        w.moment(|_| {});
        return;
    }
    w.structure(|w| {
        w.field("tv_sec").dec(t.tv_sec);
        w.field("tv_usec").dec(t.tv_usec as u64);
    });
}

fn itimer_spec(w: &mut Writer<'_>, t: itimerspec) {
    w.structure(|w| {
        w.field("it_interval");
        spec(w, t.it_interval);
        w.field("it_value");
        spec(w, t.it_value);
    });
}

fn itimer_val(w: &mut Writer<'_>, t: itimerval) {
    w.structure(|w| {
        w.field("it_interval");
        val(w, t.it_interval);
        w.field("it_value");
        val(w, t.it_value);
    });
}

fn pair<T: Copy>(w: &mut Writer<'_>, times: [T; 2], show: fn(&mut Writer<'_>, T)) {
    w.group(["[", "]"], |w| {
        for time in times {
            w.separate();
            show(w, time);
        }
    });
}

fn dated_val(w: &mut Writer<'_>, t: timeval) {
    val(w, t);
    date(w, t.tv_sec, Some((t.tv_usec, 6)));
}

fn dated_spec(w: &mut Writer<'_>, t: timespec) {
    match t.tv_nsec {
        special @ (libc::UTIME_NOW | libc::UTIME_OMIT) => {
            let name = if special == libc::UTIME_NOW {
                "UTIME_NOW"
            } else {
                "UTIME_OMIT"
            };
            match w.constants {
                super::Constants::Names => w.text(name),
                super::Constants::Numbers => spec(w, t),
                super::Constants::Both => {
                    spec(w, t);
                    w.comment(name);
                }
            }
        }
        nanoseconds => {
            spec(w, t);
            date(w, t.tv_sec, Some((nanoseconds, 9)));
        }
    }
}

/// The time as a date of the local zone, in a comment; nothing for zero. `fraction` is a part of
/// a second and how many digits it has.
pub(super) fn date(w: &mut Writer<'_>, seconds: i64, fraction: Option<(i64, usize)>) {
    let is_valid = |(part, digits): (i64, usize)| (0..10_i64.pow(digits as u32)).contains(&part);
    if seconds == 0 && fraction.is_none_or(|(part, _)| part == 0)
        || fraction.is_some_and(|fraction| !is_valid(fraction))
    {
        return;
    }
    let start = w.out.len();
    w.text(" /* ");
    if date_text(w, seconds, fraction) {
        w.text(" */");
    } else {
        w.out.truncate(start);
    }
}

/// The date itself; false for a time that has none.
fn date_text(w: &mut Writer<'_>, seconds: i64, fraction: Option<(i64, usize)>) -> bool {
    let Ok(time) = jiff::Timestamp::from_second(seconds) else {
        return false;
    };
    let local = time.to_zoned(jiff::tz::TimeZone::system());
    let part = match fraction {
        Some((part, digits)) if part != 0 => format!(".{part:0digits$}"),
        _ => String::new(),
    };
    w.text(&format!(
        "{}{part}{}",
        local.strftime("%Y-%m-%dT%H:%M:%S"),
        local.strftime("%z")
    ));
    true
}

/// The result of time(2), with its date.
pub(super) fn date_result(w: &mut Writer<'_>) {
    let ret = w.call.ret;
    w.moment(|w| {
        w.dec(ret);
        if ret != 0 && w.constants != super::Constants::Numbers {
            w.text(" (");
            date_text(w, ret, None);
            w.text(")");
        }
    });
}

/// The result of recvmmsg(2), with what is left of its time limit.
pub(super) fn left_result(w: &mut Writer<'_>) {
    let ret = w.call.ret;
    w.dec(ret);
    let limit = w.args[4];
    if ret == 0 {
        w.text(" (Timeout)");
    } else if let Some(left) = w.read::<timespec>(limit) {
        w.text(" (left ");
        w.moment(|w| spec(w, left));
        w.text(")");
    }
}

/// A clock: one of the system's, or that of a process or thread (`clock_getcpuclockid(3)`).
pub(crate) const CLOCK: Arg = Arg::value(|w, _, v| {
    let id = v as i32;
    if id >= 0 {
        w.one_of(v & 0xffff_ffff, &tables::CLOCKS);
        return;
    }
    // The low three bits: kind of clock, and whether it is a thread's; the rest the inverted id.
    let pid = !(id >> 3);
    match (id & 3, id & 4 != 0) {
        (3, _) => w.text(&format!("FD_TO_CLOCKID({pid})")),
        (kind, per_thread) => {
            let scope = if per_thread { "THREAD" } else { "PROCESS" };
            let clock = ["PROF", "VIRT", "SCHED"][kind as usize];
            w.text(&format!("MAKE_{scope}_CPUCLOCK("));
            w.process(pid);
            w.text(&format!(", CPUCLOCK_{clock})"));
        }
    }
});
