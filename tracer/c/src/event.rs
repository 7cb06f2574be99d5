//! An event as a structure of C.

use std::{
    ffi::{CString, c_char, c_int},
    ptr,
};

use tracer::event::{Event, Item};

/// What happened. Numbers that are not known are -1, strings NULL. Later versions have more members, behind these.
#[repr(C)]
#[derive(Debug)]
pub struct tracer_event {
    /// What, in one word: `write`, `delete`, ...; `loss`: records were lost here.
    pub op: *const c_char,
    /// Nanoseconds since 1970.
    pub wall_ns: u64,
    /// `CLOCK_MONOTONIC`, in nanoseconds; 0: the source has none.
    pub mono_ns: u64,
    /// Process.
    pub pid: i64,
    /// Thread.
    pub tid: i64,
    /// Parent process.
    pub ppid: i64,
    /// Real user.
    pub uid: i64,
    /// Login user; 4294967295: unset.
    pub auid: i64,
    /// Command name.
    pub comm: *const c_char,
    /// Absolute path of the program.
    pub exe: *const c_char,
    /// Working directory.
    pub cwd: *const c_char,
    /// Name of the system call; NULL for a notification.
    pub syscall: *const c_char,
    /// Its result: negative errno on failure. It means something where `syscall` is there and `success` is known.
    pub result: i64,
    /// 1: it succeeded, 0: it failed.
    pub success: c_int,
    /// How many paths there are.
    pub path_count: usize,
    /// Absolute paths of the files that it is about, in the order of the arguments; NULL for one that is not known.
    pub paths: *const *const c_char,
    /// The key of the rule that reported it.
    pub key: *const c_char,
    /// Of a loss: how many records; -1 where the kernel does not count them.
    pub lost: i64,
    /// Of a loss: why.
    pub reason: *const c_char,
}

/// An event, and what its pointers lead to.
pub(crate) struct Shown {
    event: Box<tracer_event>,
    _strings: Vec<CString>,
    _paths: Vec<*const c_char>,
}

impl Shown {
    pub(crate) fn of(item: &Item) -> Self {
        let mut made = Made::default();
        let mut event = Box::new(tracer_event {
            op: c"loss".as_ptr(),
            wall_ns: 0,
            mono_ns: 0,
            pid: -1,
            tid: -1,
            ppid: -1,
            uid: -1,
            auid: -1,
            comm: ptr::null(),
            exe: ptr::null(),
            cwd: ptr::null(),
            syscall: ptr::null(),
            result: -1,
            success: -1,
            path_count: 0,
            paths: ptr::null(),
            key: ptr::null(),
            lost: -1,
            reason: ptr::null(),
        });
        match item {
            Item::Event(of) => made.event(&mut event, of),
            Item::Loss(loss) => {
                event.wall_ns = loss.time.wall_ns;
                event.mono_ns = loss.time.mono_ns;
                event.lost = number(loss.count);
                event.reason = made.string(loss.reason.as_str());
            }
        }
        Self {
            event,
            _strings: made.strings,
            _paths: made.paths,
        }
    }

    pub(crate) fn event(&self) -> *const tracer_event {
        &raw const *self.event
    }
}

/// What was made on the way.
#[derive(Default)]
struct Made {
    strings: Vec<CString>,
    paths: Vec<*const c_char>,
}

impl Made {
    /// A string of C. No name of the kernel has a NUL in it; of a text that has, what stands before it.
    fn string(&mut self, text: impl AsRef<[u8]>) -> *const c_char {
        let text = text.as_ref();
        let end = text
            .iter()
            .position(|byte| *byte == 0)
            .unwrap_or(text.len());
        let string = CString::new(&text[..end]).unwrap_or_default();
        let at = string.as_ptr();
        self.strings.push(string);
        at
    }

    fn known(&mut self, text: Option<impl AsRef<[u8]>>) -> *const c_char {
        text.map_or(ptr::null(), |text| self.string(text))
    }

    fn event(&mut self, to: &mut tracer_event, of: &Event) {
        to.op = self.string(of.op.as_str());
        to.wall_ns = of.time.wall_ns;
        to.mono_ns = of.time.mono_ns;
        if let Ok(actor) = &of.actor {
            to.pid = i64::from(actor.pid.0);
            to.tid = number(actor.tid.map(|tid| tid.0));
            to.ppid = number(actor.ppid.map(|ppid| ppid.0));
            to.uid = number(actor.creds.map(|creds| creds.uid.0));
            to.auid = number(actor.auid);
            to.comm = self.known(actor.comm.as_ref().ok());
            to.exe = self.known(actor.exe.as_ref().ok());
            to.cwd = self.known(actor.cwd.as_ref().ok());
        }
        if let Some(call) = &of.call {
            to.syscall = self.known(call.arch.name(call.nr));
            to.result = call.ret;
        }
        to.success = of.success().map_or(-1, c_int::from);
        for path in &of.paths {
            let path = self.known(path.resolved.as_ref().ok());
            self.paths.push(path);
        }
        to.path_count = self.paths.len();
        if !self.paths.is_empty() {
            to.paths = self.paths.as_ptr();
        }
        to.key = self.known(of.rules.key.as_ref());
    }
}

fn number(n: Option<impl Into<u64>>) -> i64 {
    n.map_or(-1, |n| n.into() as i64)
}
