//! `libtracer`: the library for programs in C. `include/tracer.h` is made from this file.
//!
//! Whatever a program gives is a string that ends with NUL; whatever it gets stays what it is until the call that its
//! description names. A function that fails returns NULL or a negative number, and [`tracer_error`] says why.

mod event;
mod failure;
mod search;

pub use event::tracer_event;
pub use failure::{tracer_error, tracer_error_is_privilege};
pub use search::{tracer_found, tracer_message, tracer_search};

use std::{
    cell::UnsafeCell,
    ffi::{CStr, CString, OsStr, c_char, c_int},
    os::{
        fd::{AsFd as _, AsRawFd as _},
        unix::ffi::OsStrExt as _,
    },
    path::Path,
    process::Command,
    time::Duration,
};

use ::tracer::{
    Builder, Error, SourceKind, Stopper, Tracer,
    event::{Item, Op},
    format::{Format as _, Json},
    rules::{RuleSet, file},
};

use event::Shown;
use failure::{done, fail, guard};

/// The best source that works and can tell what is asked for.
pub const TRACER_AUTO: c_int = 0;
/// eBPF: who, what and with what result. Needs root.
pub const TRACER_EBPF: c_int = 1;
/// fanotify(7): who and what, successes only. Needs root.
pub const TRACER_FANOTIFY: c_int = 2;
/// inotify(7): what, but not who.
pub const TRACER_INOTIFY: c_int = 3;

/// What `tracer_next` returns: there is an event.
pub const TRACER_EVENT: c_int = 1;
/// There was none within the time.
pub const TRACER_NOTHING: c_int = 0;
/// There will be none any more.
pub const TRACER_ENDED: c_int = 2;

/// What is asked for. With paths alone it is a watch: what anybody does to these files and trees. With processes, a
/// command or calls it is a trace. With rules it is what an audit rule set reports.
#[expect(non_camel_case_types, reason = "as C has it")]
#[derive(Default)]
pub struct tracer_options(Builder);

/// Events, while they happen.
#[expect(non_camel_case_types, reason = "as C has it")]
pub struct tracer {
    /// What another thread may ask for, too.
    stopper: Stopper,
    /// What belongs to the one that reads.
    reader: UnsafeCell<Reader>,
}

struct Reader {
    run: Tracer,
    /// The last item, and as C has it.
    item: Option<(Item, Shown)>,
    json: Json,
    line: Vec<u8>,
    why: CString,
}

/// The part of the one that reads; `None`, and an error that is kept, for NULL.
unsafe fn reader<'a>(tracer: *const tracer) -> Option<&'a mut Reader> {
    // SAFETY: it is one of `tracer_open`, as the callers say, or NULL.
    let Some(this) = (unsafe { tracer.as_ref() }) else {
        fail("the tracer is NULL");
        return None;
    };
    // SAFETY: one thread at a time reads, as the header says, and has no other reference when it calls.
    Some(unsafe { &mut *this.reader.get() })
}

/// Nothing is asked for yet. `tracer_open` takes it back, and `tracer_options_free` where that is not called.
#[unsafe(no_mangle)]
pub extern "C" fn tracer_options_new() -> *mut tracer_options {
    Box::into_raw(Box::default())
}

/// Takes it back. NULL is fine.
///
/// # Safety
/// It is one of `tracer_options_new`, and is not used again.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracer_options_free(options: *mut tracer_options) {
    if !options.is_null() {
        // SAFETY: it was made by `tracer_options_new`, as the caller says.
        drop(unsafe { Box::from_raw(options) });
    }
}

/// Says something of what is asked for.
unsafe fn with(options: *mut tracer_options, change: impl FnOnce(Builder) -> Builder) -> c_int {
    // SAFETY: it is one of `tracer_options_new`, as the callers say, or NULL.
    let Some(options) = (unsafe { options.as_mut() }) else {
        return fail("the options are NULL");
    };
    done(|| {
        options.0 = change(std::mem::take(&mut options.0));
        Ok::<_, Error>(())
    })
}

/// The text of a string.
unsafe fn text<'a>(string: *const c_char) -> Result<&'a OsStr, &'static str> {
    if string.is_null() {
        return Err("a string is NULL");
    }
    // SAFETY: it ends with NUL, as the callers say.
    Ok(OsStr::from_bytes(
        unsafe { CStr::from_ptr(string) }.to_bytes(),
    ))
}

/// The same of a text that has to be UTF-8: a pattern, names of calls.
unsafe fn words(string: *const c_char) -> Result<String, &'static str> {
    // SAFETY: it ends with NUL, as the callers say.
    let text = unsafe { text(string) }?;
    text.to_str()
        .map(str::to_owned)
        .ok_or("a pattern is no UTF-8")
}

/// Says something with a string.
macro_rules! with_text {
    ($options:ident, $read:ident($string:ident), $method:ident) => {{
        // SAFETY: the string ends with NUL, as the caller says.
        match unsafe { $read($string) } {
            // SAFETY: the options are those of `tracer_options_new`, as the caller says.
            Ok(text) => unsafe { with($options, |builder| builder.$method(text)) },
            Err(why) => fail(why),
        }
    }};
}

/// Only what is done to this file, or in this tree; may be called again for another.
///
/// # Safety
/// The options are those of `tracer_options_new`, the string ends with NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracer_options_path(
    options: *mut tracer_options,
    path: *const c_char,
) -> c_int {
    with_text!(options, text(path), path)
}

/// Leaves out absolute paths that match a pattern, and what is below them; may be called again.
///
/// # Safety
/// The options are those of `tracer_options_new`, the string ends with NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracer_options_exclude(
    options: *mut tracer_options,
    pattern: *const c_char,
) -> c_int {
    with_text!(options, words(pattern), exclude)
}

/// Only these system calls: names, sets such as `%file`, `/REGEX`, with commas between.
///
/// # Safety
/// The options are those of `tracer_options_new`, the string ends with NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracer_options_calls(
    options: *mut tracer_options,
    calls: *const c_char,
) -> c_int {
    with_text!(options, words(calls), calls)
}

/// Only commands of this name, which may have wildcards; may be called again.
///
/// # Safety
/// The options are those of `tracer_options_new`, the string ends with NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracer_options_comm(
    options: *mut tracer_options,
    pattern: *const c_char,
) -> c_int {
    with_text!(options, words(pattern), comm)
}

/// Only programs whose absolute path matches a pattern; may be called again.
///
/// # Safety
/// The options are those of `tracer_options_new`, the string ends with NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracer_options_exe(
    options: *mut tracer_options,
    pattern: *const c_char,
) -> c_int {
    with_text!(options, words(pattern), exe)
}

/// Only this process, or this single thread; may be called again.
///
/// # Safety
/// The options are those of `tracer_options_new`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracer_options_pid(options: *mut tracer_options, pid: u32) -> c_int {
    // SAFETY: as the caller says.
    unsafe { with(options, |builder| builder.pid(pid)) }
}

/// Descendants of the processes, too.
///
/// # Safety
/// The options are those of `tracer_options_new`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracer_options_follow(
    options: *mut tracer_options,
    follow: bool,
) -> c_int {
    // SAFETY: as the caller says.
    unsafe { with(options, |builder| builder.follow(follow)) }
}

/// Only this real user; may be called again.
///
/// # Safety
/// The options are those of `tracer_options_new`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracer_options_uid(options: *mut tracer_options, uid: u32) -> c_int {
    // SAFETY: as the caller says.
    unsafe { with(options, |builder| builder.uid(uid)) }
}

/// Only what succeeded, or only what failed.
///
/// # Safety
/// The options are those of `tracer_options_new`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracer_options_success(
    options: *mut tracer_options,
    success: bool,
) -> c_int {
    // SAFETY: as the caller says.
    unsafe { with(options, |builder| builder.success(success)) }
}

/// Only this operation, by the word of a `tracer_event`: `write`, `delete`, ...; may be called again.
///
/// # Safety
/// The options are those of `tracer_options_new`, the string ends with NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracer_options_op(
    options: *mut tracer_options,
    op: *const c_char,
) -> c_int {
    // SAFETY: it ends with NUL, as the caller says.
    let op = unsafe { words(op) }.ok();
    match op.and_then(|op| Op::ALL.into_iter().find(|one| one.as_str() == op)) {
        // SAFETY: as the caller says.
        Some(op) => unsafe { with(options, |builder| builder.op(op)) },
        None => fail("there is no such operation"),
    }
}

/// Are trees watched, and not only what is directly in a directory? They are, if nothing else is said.
///
/// # Safety
/// The options are those of `tracer_options_new`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracer_options_recursive(
    options: *mut tracer_options,
    recursive: bool,
) -> c_int {
    // SAFETY: as the caller says.
    unsafe { with(options, |builder| builder.recursive(recursive)) }
}

/// Only these notifications of inotify(7): `IN_...` of `sys/inotify.h`.
///
/// # Safety
/// The options are those of `tracer_options_new`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracer_options_events(options: *mut tracer_options, mask: u32) -> c_int {
    // SAFETY: as the caller says.
    unsafe { with(options, |builder| builder.events(mask)) }
}

/// Size of the ring between the kernel and this program, in bytes (16 MiB, if nothing else is said).
///
/// # Safety
/// The options are those of `tracer_options_new`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracer_options_ring(options: *mut tracer_options, bytes: u32) -> c_int {
    // SAFETY: as the caller says.
    unsafe { with(options, |builder| builder.ring(bytes)) }
}

/// Uses this source and no other: `TRACER_AUTO`, `TRACER_EBPF`, `TRACER_FANOTIFY`, `TRACER_INOTIFY`.
///
/// # Safety
/// The options are those of `tracer_options_new`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracer_options_source(
    options: *mut tracer_options,
    source: c_int,
) -> c_int {
    let source = match source {
        TRACER_AUTO => SourceKind::Auto,
        TRACER_EBPF => SourceKind::Ebpf,
        TRACER_FANOTIFY => SourceKind::Fanotify,
        TRACER_INOTIFY => SourceKind::Inotify,
        _ => return fail("there is no such source: TRACER_AUTO takes the best one"),
    };
    // SAFETY: as the caller says.
    unsafe { with(options, |builder| builder.source(source)) }
}

/// Runs a command, and traces it from its first instruction with its descendants: its name or path and its arguments,
/// with NULL behind the last.
///
/// # Safety
/// The options are those of `tracer_options_new`; each string ends with NUL, and the list with NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracer_options_command(
    options: *mut tracer_options,
    words: *const *const c_char,
) -> c_int {
    if words.is_null() {
        return fail("the command is NULL");
    }
    let mut given = Vec::new();
    // SAFETY: the list ends with NULL, as the caller says.
    while let word = unsafe { *words.add(given.len()) }
        && !word.is_null()
    {
        // SAFETY: it ends with NUL, as the caller says.
        match unsafe { text(word) } {
            Ok(word) => given.push(word),
            Err(why) => return fail(why),
        }
    }
    let Some((program, arguments)) = given.split_first() else {
        return fail("the command has no words");
    };
    let mut command = Command::new(program);
    command.args(arguments);
    // SAFETY: as the caller says.
    unsafe { with(options, |builder| builder.command(command)) }
}

/// What the rules of a file report (audit's rule language, as auditctl reads it).
///
/// # Safety
/// The options are those of `tracer_options_new`, the string ends with NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracer_options_rules(
    options: *mut tracer_options,
    path: *const c_char,
) -> c_int {
    // SAFETY: it ends with NUL, as the caller says.
    let path = match unsafe { text(path) } {
        Ok(path) => Path::new(path).to_owned(),
        Err(why) => return fail(why),
    };
    let loaded =
        guard(|| file::load(&[path], RuleSet::default()).map_err(|error| error.to_string()));
    match loaded {
        // SAFETY: as the caller says.
        Some(loaded) => unsafe { with(options, |builder| builder.rules(loaded.set)) },
        None => -1,
    }
}

/// Begins, and takes the options back, also when it fails (NULL). What happens from here on is told.
///
/// # Safety
/// The options are those of `tracer_options_new`, and are not used again.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracer_open(options: *mut tracer_options) -> *mut tracer {
    if options.is_null() {
        fail("the options are NULL");
        return std::ptr::null_mut();
    }
    // SAFETY: they were made by `tracer_options_new`, as the caller says.
    let options = unsafe { Box::from_raw(options) };
    let begun = guard(|| {
        let run = options.0.build()?;
        Ok::<_, Error>(Box::new(tracer {
            stopper: run.stopper(),
            reader: UnsafeCell::new(Reader {
                why: CString::new(run.why().replace('\0', " ")).unwrap_or_default(),
                run,
                item: None,
                json: Json::new(None),
                line: Vec::new(),
            }),
        }))
    });
    begun.map_or(std::ptr::null_mut(), Box::into_raw)
}

/// Waits for the next event for so many milliseconds, for ever if they are negative: `TRACER_EVENT`, and `*event` is
/// what it is until the next call of this function or `tracer_close`; `TRACER_NOTHING`; `TRACER_ENDED`; negative when
/// the source broke.
///
/// # Safety
/// `tracer` is one of `tracer_open`, and `event` leads to a pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracer_next(
    tracer: *mut tracer,
    milliseconds: c_int,
    event: *mut *const tracer_event,
) -> c_int {
    // SAFETY: as the caller says.
    let (Some(this), Some(event)) = (unsafe { reader(tracer) }, unsafe { event.as_mut() }) else {
        return fail("the tracer, or where the event goes, is NULL");
    };
    this.item = None;
    *event = std::ptr::null();
    let next = guard(|| {
        let next = match u64::try_from(milliseconds) {
            Ok(time) => this.run.next_within(Duration::from_millis(time)),
            Err(_) => this.run.next().transpose(),
        };
        next.map(|item| item.map(|item| (Shown::of(&item), item)))
    });
    match next {
        None => -1,
        Some(None) if this.run.outcome().is_some() => TRACER_ENDED,
        Some(None) => TRACER_NOTHING,
        Some(Some((shown, item))) => {
            let (_, shown) = this.item.insert((item, shown));
            *event = shown.event();
            TRACER_EVENT
        }
    }
}

/// The last event as one line of JSON with all that is known of it, without the end of the line; NULL where there is
/// none. It is what it is until the next call of this function or `tracer_next`.
///
/// # Safety
/// `tracer` is one of `tracer_open`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracer_json(tracer: *mut tracer) -> *const c_char {
    // SAFETY: as the caller says.
    let Some(this) = (unsafe { reader(tracer) }) else {
        return std::ptr::null();
    };
    let made = guard(|| {
        let (item, _) = this.item.as_ref().ok_or("there is no event")?;
        this.line.clear();
        this.json.item(&mut this.line, item);
        // The end of the line; JSON has no NUL in it.
        this.line.pop();
        this.line.push(0);
        Ok::<_, &'static str>(this.line.as_ptr().cast())
    });
    made.unwrap_or(std::ptr::null())
}

/// A descriptor that can be polled: readable when `tracer_next` may have something. Then call that with 0 until it says
/// `TRACER_NOTHING`. It belongs to the tracer.
///
/// # Safety
/// `tracer` is one of `tracer_open`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracer_fd(tracer: *const tracer) -> c_int {
    // SAFETY: as the caller says.
    unsafe { reader(tracer) }.map_or(-1, |this| this.run.as_fd().as_raw_fd())
}

/// Which source it is and, if it is not the best one, why. It is what it is until `tracer_close`.
///
/// # Safety
/// `tracer` is one of `tracer_open`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracer_why(tracer: *const tracer) -> *const c_char {
    // SAFETY: as the caller says.
    unsafe { reader(tracer) }.map_or(std::ptr::null(), |this| this.why.as_ptr())
}

/// The process of the command; negative where there is none. Where the run ends before it, nobody waits for it:
/// waitpid(2) does.
///
/// # Safety
/// `tracer` is one of `tracer_open`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracer_child(tracer: *const tracer) -> i64 {
    // SAFETY: as the caller says.
    let child = unsafe { reader(tracer) }.and_then(|this| this.run.child());
    child.map_or(-1, i64::from)
}

/// How many records were lost in all, once it has ended; negative before.
///
/// # Safety
/// `tracer` is one of `tracer_open`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracer_lost(tracer: *const tracer) -> i64 {
    // SAFETY: as the caller says.
    let reader = unsafe { reader(tracer) };
    let outcome = reader.and_then(|this| this.run.outcome());
    outcome.map_or(-1, |outcome| {
        outcome.account.lost.values().sum::<u64>() as i64
    })
}

/// Ends it: what the kernel already has still comes, and then `TRACER_ENDED`. May be called by another thread.
///
/// # Safety
/// `tracer` is one of `tracer_open`, and `tracer_close` is not called meanwhile.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracer_stop(tracer: *const tracer) {
    // SAFETY: as the caller says; what stops it is shared between threads.
    if let Some(this) = unsafe { tracer.as_ref() } {
        this.stopper.stop();
    }
}

/// How the command ended, as waitpid(2) says it; negative where there is none, or it goes on.
///
/// # Safety
/// `tracer` is one of `tracer_open`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracer_status(tracer: *const tracer) -> c_int {
    // SAFETY: as the caller says.
    let outcome = unsafe { reader(tracer) }.and_then(|this| this.run.outcome());
    let status = outcome.and_then(|outcome| outcome.status);
    status.map_or(-1, std::os::unix::process::ExitStatusExt::into_raw)
}

/// Ends it at once and takes it back. NULL is fine.
///
/// # Safety
/// `tracer` is one of `tracer_open`, and is not used again.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tracer_close(tracer: *mut tracer) {
    if !tracer.is_null() {
        // SAFETY: it was made by `tracer_open`, as the caller says.
        drop(unsafe { Box::from_raw(tracer) });
    }
}
