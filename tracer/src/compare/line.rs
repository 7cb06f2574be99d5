//! What a task did, as a line that is the same in each run of the same program: what differs from
//! run to run is shown by its kind.

use std::{borrow::Cow, collections::HashMap, rc::Rc, sync::LazyLock};

use bytes::Bytes;
use regex::bytes::{Captures, Regex};

use crate::{
    decode::{self, Constants, Descriptors, HexStrings, Options, names},
    event::{Event, Exit, Known},
};

/// Texts of both runs, each of which is kept once.
#[derive(Debug, Default)]
pub struct Texts {
    ids: HashMap<Rc<[u8]>, u32>,
    all: Vec<Rc<[u8]>>,
}

impl Texts {
    /// The number of a text.
    pub(super) fn id(&mut self, text: &[u8]) -> u32 {
        if let Some(id) = self.ids.get(text) {
            return *id;
        }
        let (id, text) = (self.all.len() as u32, Rc::<[u8]>::from(text));
        self.all.push(text.clone());
        self.ids.insert(text, id);
        id
    }

    /// The text of a number that this has given.
    pub fn text(&self, id: u32) -> &[u8] {
        &self.all[id as usize]
    }
}

/// One line: `what` and `how` one behind the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// The call with its arguments, the signal, or that it is the end: lines are aligned by it.
    pub what: u32,
    /// The result.
    pub how: u32,
    /// It succeeded; `None` for what neither succeeds nor fails.
    pub success: Option<bool>,
    /// Its place among all events of its run.
    pub at: u64,
}

/// How calls are shown.
fn options(strings: usize) -> Options {
    Options {
        strings,
        verbose: false,
        hex: HexStrings::Escapes,
        descriptors: Descriptors::PATH,
        constants: Constants::Names,
        stable: true,
        ..Options::default()
    }
}

/// Makes lines.
#[derive(Debug)]
pub(super) struct Lines {
    options: Options,
    /// The working directory at the beginning: names below it are told from there.
    base: Option<Bytes>,
}

impl Lines {
    pub(super) fn new(strings: usize) -> Self {
        Self {
            options: options(strings),
            base: None,
        }
    }

    /// Names below this directory are told from there.
    pub(super) fn begin_in(&mut self, directory: &Known<Bytes>) {
        if let (None, Ok(directory)) = (&self.base, directory)
            && **directory != *b"/"
        {
            self.base = Some(directory.clone());
        }
    }

    /// A path, from the working directory at the beginning where it is below that.
    pub(super) fn path(&self, path: &[u8]) -> Bytes {
        let below = self
            .base
            .as_ref()
            .and_then(|base| path.strip_prefix(&**base));
        match below {
            Some([]) => Bytes::from_static(b"."),
            Some(rest @ [b'/', ..]) => [b".", rest].concat().into(),
            _ => tidy(path).into_owned().into(),
        }
    }

    /// The line of an event; `None` where its place among the others says nothing.
    pub(super) fn line(&self, event: &mut Event, at: u64, texts: &mut Texts) -> Option<Line> {
        let (mut what, mut how) = (Vec::with_capacity(128), Vec::with_capacity(32));
        if let Some(exit) = event.exit {
            what.extend_from_slice(b"+++ ");
            how.extend_from_slice(ended(exit).as_bytes());
            how.extend_from_slice(b" +++");
        } else if let Some(signal) = &event.signal {
            // When it comes is the kernel's choice.
            if signal.number == libc::SIGCHLD as u32 {
                return None;
            }
            what.extend_from_slice(b"--- ");
            names::signal(&mut what, signal.number.into());
            what.extend_from_slice(b" ---");
        } else if event.call.is_some() {
            self.call(event, &mut what, &mut how)?;
        } else {
            what.extend_from_slice(event.op.as_str().as_bytes());
            for path in &event.paths {
                what.push(b' ');
                let resolved = path.resolved.as_ref().map_or(&b"?"[..], |path| path);
                what.extend_from_slice(self.path(resolved).escape_ascii().to_string().as_bytes());
            }
        }
        Some(Line {
            what: texts.id(&what),
            how: texts.id(&how),
            success: event.success(),
            at,
        })
    }

    fn call(&self, event: &mut Event, what: &mut Vec<u8>, how: &mut Vec<u8>) -> Option<()> {
        if let Some(call) = &mut event.call {
            for file in &mut call.files {
                if let Ok(name) = &mut file.name {
                    *name = self.path(name);
                }
            }
        }
        let call = event.call.as_ref()?;
        let name = call.arch.name_or_number(call.nr);
        // It goes on after a signal and is told then; what a handler returns to is no result.
        if call.errno().is_some_and(|errno| errno >= 512) || name == "rt_sigreturn" {
            return None;
        }
        let mut arguments = Vec::with_capacity(128);
        decode::write_arguments(&mut arguments, event, &self.options);
        what.extend_from_slice(name.as_bytes());
        what.push(b'(');
        what.extend_from_slice(&tidy(&arguments));
        what.push(b')');
        how.extend_from_slice(b" = ");
        let mut result = Vec::with_capacity(32);
        decode::write_result(&mut result, event, &self.options);
        how.extend_from_slice(&tidy(&result));
        Some(())
    }
}

/// The numbers in names that are other ones in each run.
fn tidy(text: &[u8]) -> Cow<'_, [u8]> {
    static NUMBERED: LazyLock<Regex> = LazyLock::new(|| {
        let pattern = r"(?-u)(/proc/|/dev/pts/|pipe:\[|socket:\[)[0-9]+";
        Regex::new(pattern).expect("a regular expression")
    });
    NUMBERED.replace_all(text, |found: &Captures<'_>| [&found[1], b"*"].concat())
}

/// `exited with 0`, `killed by SIGKILL`
pub(super) fn ended(exit: Exit) -> String {
    match exit.signal {
        None => format!("exited with {}", exit.status.unwrap_or(0)),
        Some(signal) => {
            let mut name = Vec::new();
            names::signal(&mut name, signal.into());
            format!("killed by {}", String::from_utf8_lossy(&name))
        }
    }
}
