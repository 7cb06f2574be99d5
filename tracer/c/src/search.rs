//! Logs, and messages into them.

use std::{
    ffi::{c_char, c_int, c_void},
    ops::ControlFlow,
    path::Path,
    sync::{atomic::AtomicU64, mpsc},
    thread,
};

use tracer::{
    daemon::{
        client,
        config::{self, Settings},
    },
    enrich::users,
};
use tracer_logs::{
    query::{
        clock::Here,
        expression::{Expression, Filtered},
        interpret::Readable,
    },
    replay::{Event, Input, Needles, Plan, ReplayError, Worker, scan, segments},
};

use crate::{
    failure::{done, fail, guard},
    text, words,
};

/// Is given the records of one event, a line each, without a NUL behind them. What is not 0 ends the search. It returns:
/// no exception and no longjmp(3) may leave it.
#[expect(non_camel_case_types, reason = "as C has it")]
pub type tracer_found =
    Option<unsafe extern "C" fn(lines: *const c_char, length: usize, data: *mut c_void) -> c_int>;

/// Keeps the lines of events.
struct Lines(Vec<Vec<u8>>);

impl Worker for Lines {
    type Made = Vec<Vec<u8>>;

    fn event(&mut self, event: &Event<'_>) {
        let mut lines = Vec::new();
        for record in event.records() {
            lines.extend_from_slice(record.line);
            lines.push(b'\n');
        }
        self.0.push(lines);
    }

    fn block(&mut self) -> Self::Made {
        std::mem::take(&mut self.0)
    }
}

/// Searches an audit log (a file, with what was rotated away, or the directory that it is in) for events that an
/// expression is true of, as `tracer search --where` has it: `key == "passwd" and not success`. NULL: all of them.
/// Gives each to `found`, with `data`. Returns how many it gave, negative on failure.
///
/// # Safety
/// The strings end with NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracer_search(
    log: *const c_char,
    expression: *const c_char,
    found: tracer_found,
    data: *mut c_void,
) -> i64 {
    let failed = |why: &dyn std::fmt::Display| i64::from(fail(why));
    let Some(found) = found else {
        return failed(&"the function is NULL");
    };
    // SAFETY: it ends with NUL, as the caller says.
    let log = match unsafe { text(log) } {
        Ok(log) => Path::new(log),
        Err(why) => return failed(&why),
    };
    let expression = if expression.is_null() {
        None
    } else {
        // SAFETY: it ends with NUL, as the caller says.
        let text = unsafe { words(expression) };
        let parsed = guard(|| {
            let parsed = Expression::parse(&text?, &Here::system());
            parsed.map_err(|error| error.to_string())
        });
        match parsed {
            Some(expression) => Some(expression),
            None => return -1,
        }
    };
    let mut count = 0;
    let mut give = |lines: &[u8]| {
        count += 1;
        // SAFETY: the lines are there until it returns.
        let answer = unsafe { found(lines.as_ptr().cast(), lines.len(), data) };
        if answer == 0 {
            ControlFlow::Continue(())
        } else {
            ControlFlow::Break(())
        }
    };
    match guard(|| search(log, expression.as_ref(), &mut give)) {
        Some(()) => count,
        None => -1,
    }
}

fn search(
    log: &Path,
    expression: Option<&Expression>,
    give: &mut dyn FnMut(&[u8]) -> ControlFlow<()>,
) -> Result<(), ReplayError> {
    let input = Input::open(segments(log, true)?)?;
    let plan = Plan {
        needles: expression
            .and_then(Expression::needles)
            .and_then(|needles| Needles::new(&needles)),
        ..Plan::whole(&input)
    };
    let how = Readable::of(users::of_system());
    let worker = || Filtered::new(Lines(Vec::new()), expression, &how);
    // The function is called by the thread that has asked.
    let (put, take) = mpsc::sync_channel::<Vec<Vec<u8>>>(4);
    thread::scope(|scope| {
        let searched = scope.spawn(move || {
            scan(&input, &plan, &AtomicU64::new(0), worker, |events| {
                let is_taken = put.send(events).is_ok();
                Ok(if is_taken {
                    ControlFlow::Continue(())
                } else {
                    ControlFlow::Break(())
                })
            })
        });
        let _ = take.iter().flatten().try_for_each(|lines| give(&lines));
        drop(take);
        match searched.join() {
            Ok(searched) => searched.map(drop),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}

/// Sends a text into the audit log of this machine's daemon, as a USER record; with `type=USER_CMD ` and its like
/// before it, as another one for user space.
///
/// # Safety
/// The string ends with NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracer_message(message: *const c_char) -> c_int {
    // SAFETY: it ends with NUL, as the caller says.
    let message = unsafe { words(message) };
    done(|| {
        let settings = Settings::read(config::named().as_deref());
        let config = settings.map_err(|error| error.to_string())?.config;
        let socket = config.message_socket;
        client::message(&config.control_socket, &socket, &message?)
            .map_err(|error| format!("no message to {}: {error}", socket.display()))
    })
}
